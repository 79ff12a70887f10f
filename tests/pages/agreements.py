"""Refund forms that are not sent before a box is ticked, drawn as component kits and home-made pages draw them.

Each has 提交 switched off until `agreed` is true, and its link opens another page if it is clicked.
"""

# ruff: noqa: E501 - pages read better in long lines

from tests.pages.refund_forms import SHOWN, STYLE

LINK = "<a href='/rules' onclick='left = true; return false'>《返款规则》</a>"
SAYS = f"我已阅读并同意{LINK}"
SCRIPT = """<script>let agreed = false, left = false, other = false, sent = 0;
const agree = (now) => { agreed = now; send.disabled = !now; };
const flip = (el) => { const now = el.ariaChecked !== "true"; el.ariaChecked = now; el.classList.toggle("is-checked", now); agree(now); };
</script>"""
OFF = "<button type=button>取消</button> <button type=button id=send disabled onclick='sent++'>提交</button>"
# It is not switched off, but asks for the box once it is pressed.
ASKS = "<button type=button>取消</button> <button type=button id=send onclick='press()'>提交</button>"


def form(agreement: str, foot: str = OFF) -> str:
    """A dialog with the boxes of an account, an agreement below them, and its buttons."""
    return f"{STYLE}{SCRIPT}<div id=dialog><h3>申请返款</h3>{SHOWN}{agreement}<p>{foot}</p></div>"


def _native(says: str, more: str = "") -> str:
    return f"<p><label><input type=checkbox id=box onchange='agree(this.checked)'{more}> {says}</label></p>"


def _kit(label: str, box: str, hidden: str, says: str) -> str:
    """A label around an input that is not seen and the box that is drawn in its place."""
    return (
        f"<p><label class='{label}'><span class='{box}' style='position:relative'><input type=checkbox class='{hidden}' onchange='agree(this.checked)'>"
        f"<i class=circle style='border-radius:2px'></i></span><span class='{label}__label'> {says} </span></label></p>"
    )


def _role(says: str, more: str = "") -> str:
    box = "display:inline-block;width:16px;height:16px;border:1px solid;cursor:pointer"
    return f"<p><span role=checkbox tabindex=0 aria-checked=false style='{box}' onclick='flip(this)'{more}></span> <span>{says}</span></p>"


# Those that are to be ticked.
TICKED = {
    "native": form(_native(SAYS)),
    "native, required": form(_native(SAYS, " required"), "<button type=button id=send>提交</button>"),
    "a star": form(
        f"<p><i style='color:red'>*</i> <label><input type=checkbox onchange='agree(this.checked)'> {SAYS}</label></p>",
        ASKS.replace("press()", ""),
    ),
    "it says so": form(_native("我承诺以上信息真实有效") + "<p>请先勾选承诺后再提交</p>", ASKS.replace("press()", "")),
    "antd": form(_kit("ant-checkbox-wrapper", "ant-checkbox", "ghost", SAYS)),
    "element": form(_kit("el-checkbox", "el-checkbox__input", "zero", SAYS)),
    "clipped": form(_kit("x-checkbox", "x-box", "clip", SAYS)),
    "a role": form(_role(SAYS)),
    "a switch": form(_role("本人承诺所填信息真实、准确，如有虚假自行承担责任").replace("role=checkbox", "role=switch")),
    "text beside the box": form(
        f"<div><input type=checkbox id=box onchange='agree(this.checked)'></div><div style='margin:-22px 0 0 26px'>{SAYS}</div>"
    ),
    "label by for": form(
        f"<p><input type=checkbox id=box onchange='agree(this.checked)'><label for=box>{SAYS}</label></p>"
    ),
    "beside its button": form("", f"<label><input type=checkbox onchange='agree(this.checked)'> {SAYS}</label> {OFF}"),
    "a link alone": form(
        "<p><input type=checkbox onchange='agree(this.checked)'> <a href='/rules' onclick='left = true; return false'>我已阅读并同意《返款规则》</a></p>"
    ),
    "radios": form(
        f"<p>{SAYS}</p><p><label><input type=radio name=g onchange='agree(true)'> 同意</label> <label><input type=radio name=g onchange='agree(false)'> 不同意</label></p>"
    ),
    "radios, no chosen": form(
        "<p>返款规则 <label><input type=radio name=g onchange='agree(true)'> 我已阅读并同意</label> <label><input type=radio name=g checked onchange='agree(false)'> 不同意</label></p>"
    ),
}
# Those that are to be left, so that nothing is sent, with the word that the sentence names.
LEFT = {
    "another service": (form(_native("我已阅读并同意《自动续费服务协议》")), "自动续费"),
    "rules and a service": (form(_native("我已阅读并同意《返款规则》，并开通返款保障服务")), "返款保障"),
    "it goes on behind the label": (
        form(
            "<p><label><input type=checkbox onchange='agree(this.checked)'> 我已阅读并同意《返款规则》</label><span>，并同意从返款中抵扣服务费</span></p>"
        ),
        "返款规则",
    ),
    "deduction": (form(_native("同意《返款规则》并授权从返款中扣除手续费")), "手续费"),
    "general terms": (form(_native("我已阅读并同意《用户服务协议》《隐私政策》")), "用户服务协议"),
    "switched off": (form(_native(SAYS, " disabled")), "返款规则"),
    "off until it was read to its end": (
        form(
            "<div style='height:80px;overflow:auto' onscroll='if (this.scrollTop > 800) box.disabled = false'><div style='height:1000px'>返款规则</div></div>"
            + _native(SAYS, " disabled")
        ),
        "返款规则",
    ),
    "drawn as nobody knows": (
        form(
            "<p><i class=circle style='cursor:pointer' onclick='agree(true)'></i> <span>我承诺以上信息真实有效</span></p>"
        ),
        "真实有效",
    ),
    "it jumps back": (
        form("<p><label><input type=checkbox onchange='this.checked = false'> 我承诺以上信息真实有效</label></p>"),
        "真实有效",
    ),
    "radios for another service": (
        form(
            "<p>开通返款提醒服务 <label><input type=radio name=g> 同意</label> <label><input type=radio name=g> 不同意</label></p>"
        ),
        "同意 / 不同意",
    ),
    "not drawn at all": (form(_kit("y-checkbox", "y-box", "hide", "我承诺以上信息真实有效")), "真实有效"),
}
# Not wanted by the form, so left as it stands.
OPTIONAL = form(_native(SAYS), "<button type=button id=send>提交</button>")
# Ticked beforehand for something else: taken away, and the own one ticked.
BOTH = form(
    "<p><label><input type=checkbox checked onchange='other = this.checked'> 同意开通自动续费</label></p>"
    + _native(SAYS)
)
