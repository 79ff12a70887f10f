"""Refund forms with a choice of where the money goes, drawn as component kits and home-made pages draw them.

Each calls `sent(BODY)` with what it would send, as its own script sees it.
"""

# ruff: noqa: E501 - pages read better in long lines

STYLE = """<!doctype html><meta charset=utf-8><style>
body { font: 14px/1.6 sans-serif; margin: 20px } .hide { display: none }
.ghost { opacity: 0; position: absolute; width: 16px; height: 16px }
.clip { position: absolute; clip: rect(0, 0, 0, 0); width: 1px; height: 1px; overflow: hidden }
.zero { opacity: 0; width: 0; height: 0; position: absolute; pointer-events: none }
.circle { display: inline-block; width: 14px; height: 14px; border: 1px solid; border-radius: 7px }
.card { display: inline-block; border: 1px solid #ccc; padding: 12px 20px; margin-right: 8px; cursor: pointer }
.option { cursor: pointer; padding: 6px 12px } .drop { position: absolute; background: #fff; border: 1px solid }
#dialog { position: fixed; left: 60px; top: 40px; width: 620px; padding: 20px; background: #fff; border: 1px solid }
</style>"""
BOXES = """<div id=boxes{0}><p><label for=b>开户银行</label> <input id=b name=bank></p>
<p><label for=h>户名</label> <input id=h name=holder></p><p><label for=a>账号</label> <input id=a name=account></p></div>"""
HIDDEN = BOXES.format(" class=hide")
SHOWN = BOXES.format("")
# `way` is what the page has chosen; the bank's boxes are drawn where `bank` is chosen, if the page draws them late.
SCRIPT = """<script>
let way = "START";
const pick = (now, ...marked) => { way = now; boxes.classList.toggle("hide", "LATE" && now !== "bank");
  for (const m of marked) m(); };
const mark = (el, name) => { for (const e of el.parentElement.children) e.classList.remove(name); el.classList.add(name); };
const say = (el, attr) => { for (const e of el.parentElement.querySelectorAll(`[${attr}]`)) e.setAttribute(attr, e === el); };
</script>"""


def form(choice: str, *, late: bool = True, start: str = "alipay", foot: str = "") -> str:
    """A dialog with a choice above its boxes, which come only when the bank is chosen if `late`."""
    script = SCRIPT.replace("START", start).replace("LATE", "late" if late else "")
    boxes = HIDDEN if late else SHOWN
    foot = foot or "<button type=button>取消</button> <button type=button>提交</button>"
    return f"{STYLE}{script}<div id=dialog><h3>申请返款</h3>{choice}{boxes}{foot}</div>"


def _native(*options: tuple[str, str]) -> str:
    return "".join(
        f"<label><input type=radio name=w value={value} onchange=\"pick('{value}')\"{' checked' if not i else ''}>"
        f" {text}</label> "
        for i, (text, value) in enumerate(options)
    )


def _kit(cls: str, hidden: str, *options: tuple[str, str]) -> str:
    """Labels that are drawn around an input that is not seen: antd, arco, element, semi."""
    return (
        f"<div class={cls}-group role=radiogroup>"
        + "".join(
            f"<label class='{cls}-wrapper'><span class={cls}><input type=radio name=k class='{hidden}' value={value}"
            f" onchange=\"pick('{value}')\"{' checked' if not i else ''}><i class=circle></i></span><span>{text}</span></label> "
            for i, (text, value) in enumerate(options)
        )
        + "</div>"
    )


def _role(*options: tuple[str, str]) -> str:
    return (
        "<div role=radiogroup aria-label=收款方式>"
        + "".join(
            f"<div role=radio tabindex=0 aria-checked={str(not i).lower()} style='display:inline-block;padding:6px 12px;cursor:pointer'"
            f" onclick=\"pick('{value}'); say(this, 'aria-checked')\">{text}</div>"
            for i, (text, value) in enumerate(options)
        )
        + "</div>"
    )


def _marked(tag: str, name: str, *options: tuple[str, str], first: int = 0, cls: str = "card") -> str:
    return (
        "<div class=group>"
        + "".join(
            f"<{tag} class='{cls}{' ' + name if i == first else ''}' onclick=\"pick('{value}'); mark(this, '{name}')\">{text}</{tag}>"
            for i, (text, value) in enumerate(options)
        )
        + "</div>"
    )


def _drop(shown: str, *options: tuple[str, str]) -> str:
    items = "".join(
        f"<div class=option onclick=\"pick('{value}'); t.textContent='{text}'; l.classList.add('hide')\">{text}</div>"
        for text, value in options
    )
    return (
        "<p><span>收款方式</span> <span role=combobox id=t style='display:inline-block;width:200px;height:30px;"
        f"border:1px solid;cursor:pointer' onclick=\"l.classList.remove('hide')\">{shown}</span></p>"
        f"<div id=l class='drop hide'>{items}</div>"
    )


PAIR = (("支付宝", "alipay"), ("银行卡", "bank"))
THREE = (("支付宝", "alipay"), ("微信", "wechat"), ("银行账户", "bank"))
SAVED = (("招商银行 尾号8888", "saved"), ("工商银行 尾号1234", "other"), ("使用新账户", "bank"))
FORMS = {
    "native radios": form(f"<p>收款方式 {_native(*PAIR)}</p>"),
    "native radios, boxes there all the time": form(f"<p>返款方式 {_native(*THREE)}</p>", late=False),
    "antd radios": form(f"<p>收款方式</p>{_kit('ant-radio', 'ghost', *THREE)}"),
    "antd radio buttons": form(f"<p>收款方式</p>{_kit('ant-radio-button', 'zero', *PAIR)}"),
    "antd segmented": form(_kit("ant-segmented-item", "zero", *PAIR)),
    "element radios": form(f"<p>到账方式 {_kit('el-radio', 'ghost', *THREE)}</p>"),
    "clipped inputs": form(f"<p>收款方式</p>{_kit('x-radio', 'clip', *PAIR)}"),
    "inputs that are not drawn at all": form(
        f"<p>收款方式</p>{_kit('radio-item', 'hide', *PAIR)}".replace(
            "<label class='radio-item-wrapper'",
            "<label style='cursor:pointer' onclick=\"mark(this, 'active')\" class='radio-item-wrapper'",
        ).replace(
            "class='radio-item-wrapper'><span class=radio-item><input type=radio name=k class='hide' value=alipay",
            "class='radio-item-wrapper active'><span class=radio-item><input type=radio name=k class='hide' value=alipay",
        )
    ),
    "roles": form(_role(*PAIR)),
    "tabs": form(
        "<div role=tablist>"
        + "".join(
            f"<div role=tab aria-selected={str(not i).lower()} style='display:inline-block;padding:8px;cursor:pointer'"
            f" onclick=\"pick('{v}'); say(this, 'aria-selected')\">{s}</div>"
            for i, (s, v) in enumerate(PAIR)
        )
        + "</div>"
    ),
    "tabs by class": form(_marked("div", "is-active", *PAIR, cls="el-tabs__item option")),
    "cards with a class": form(_marked("div", "selected", *THREE)),
    "cards with a tick": form(
        "<div>"
        + "".join(
            f"<div class=card onclick=\"pick('{v}'); document.querySelectorAll('.card i').forEach(i => i.remove());"
            f" this.insertAdjacentHTML('beforeend', '<i class=icon-check>✓</i>')\">{s}{'<i class=icon-check>✓</i>' if not i else ''}</div>"
            for i, (s, v) in enumerate(PAIR)
        )
        + "</div>"
    ),
    "buttons": form(_marked("button", "active", *PAIR, cls="btn").replace("<button", "<button type=button")),
    "native select": form(
        "<p><label for=s>收款方式</label> <select id=s onchange='pick(this.value)'>"
        "<option value=alipay>支付宝<option value=bank>银行卡</select></p>"
    ),
    "native select, nothing chosen": form(
        "<p><label for=s>收款方式</label> <select id=s onchange='pick(this.value)'>"
        "<option value=''>请选择<option value=alipay>支付宝<option value=bank>银行卡</select></p>"
    ),
    "drawn select": form(_drop("支付宝", *PAIR)),
    "drawn select, nothing chosen": form(_drop("请选择收款方式", *THREE)),
    "saved accounts as radios": form(_native(*SAVED), start="saved"),
    "saved accounts as cards": form(_marked("div", "checked", *SAVED), start="saved"),
    "saved accounts as cards with a short mark": form(_marked("div", "sel", *SAVED), start="saved"),
    "saved accounts, boxes there all the time": form(_native(*SAVED), start="saved", late=False),
    "saved accounts in a table": form(
        "<table>"
        + "".join(
            f"<tr><td><input type=radio name=w onchange=\"pick('{v}')\"{' checked' if not i else ''}></td><td>{s}</td></tr>"
            for i, (s, v) in enumerate(SAVED)
        )
        + "</table>",
        start="saved",
    ),
    "a saved account and a link": form(
        "<div id=known>返款账户：招商银行 尾号8888 <a href='#' onclick=\"known.remove(); pick('bank')\">使用新账户</a></div>",
        start="saved",
    ),
    "a default that is ticked": form(
        "<p><label><input type=checkbox checked onchange=\"pick(this.checked ? 'saved' : 'bank')\"> 使用默认账户</label></p>",
        start="saved",
    ),
    "a switch": form(
        "<p>使用已保存账户 <button type=button role=switch aria-checked=true style='width:44px;height:22px'"
        " onclick=\"const on = this.ariaChecked === 'true'; this.ariaChecked = !on; pick(on ? 'bank' : 'saved')\"></button></p>",
        start="saved",
    ),
    "a company's or a person's": form(_native(("支付宝", "alipay"), ("个人银行卡", "person"), ("对公账户", "bank"))),
    "two questions": form(
        f"<p>收款方式 {_native(*PAIR)}</p><p>账户类型 <label><input type=radio name=n checked"
        " onchange=\"self.nature='person'\"> 个人</label> <label><input type=radio name=n id=company> 企业</label></p>"
    ),
    "harmless besides": form(
        f"<p>收款方式 {_native(*PAIR)}</p><p>是否开发票 <label><input type=radio name=f checked> 否</label>"
        " <label><input type=radio name=f> 是</label></p>"
    ),
}
# Forms in which nothing can be chosen that is ours, with the word that the sentence must name.
STOPS = {
    "no bank at all": (
        form(f"<p>收款方式 {_native(('支付宝', 'alipay'), ('微信', 'wechat'))}</p>", late=False),
        "收款方式",
    ),
    "saved ones alone": (form(f"<p>返款账户 {_native(*SAVED[:2])}</p>", late=False, start="saved"), "返款账户"),
    "the bank is switched off": (
        form(
            "<p>收款方式 <label><input type=radio name=w checked> 支付宝</label>"
            " <label><input type=radio name=w disabled> 银行卡</label></p>",
            late=False,
        ),
        "收款方式",
    ),
    "it jumps back": (
        form(
            "<p>收款方式 <label><input type=radio name=w id=p checked> 支付宝</label> <label><input type=radio name=w"
            " onchange='setTimeout(() => p.checked = true)'> 银行卡</label></p>",
            late=False,
        ),
        "收款方式",
    ),
    "a choice that nobody knows": (
        form(
            f"<p>收款方式 {_native(*PAIR)}</p><p><label for=i>*发票类型</label> <select id=i required>"
            "<option value=''>请选择<option>专用发票<option>普通发票</select></p>"
        ),
        "发票类型",
    ),
    "something chosen that nobody knows": (
        form(
            f"<p>收款方式 {_native(*PAIR)}</p><p>处理方式 <label><input type=radio name=z checked>"
            " 转下期</label> <label><input type=radio name=z> 到期处理</label></p>"
        ),
        "处理方式",
    ),
    "cards that do not show which is chosen": (
        form(
            "<div>" + "".join(f"<div class=card onclick=\"pick('{v}')\">{s}</div>" for s, v in PAIR) + "</div>",
            late=False,
        ),
        "支付宝",
    ),
    "another account in words": (form("<p>收款账户：工商银行 尾号4321</p>", late=False, start="saved"), "尾号4321"),
    "only a card that is saved": (
        form("<p><label><input type=radio name=w checked> 银行卡（尾号8888）</label></p>", late=False),
        "银行卡",
    ),
}
