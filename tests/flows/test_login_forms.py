"""The form for name and password as sites draw it: what a person fills in is filled in, and nothing else."""

# ruff: noqa: E501 - pages read better in long lines

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Route
from pydantic import SecretStr

from agent.domain.errors import AccountError
from agent.domain.merchants import Credentials
from agent.domain.page_errors import PageChanged
from agent.flows.session.access import SiteAccess
from agent.flows.session.password_login import log_in
from agent.pages.live.page import LivePage
from tests.flows.home import Home

LOGIN = Credentials("demo", SecretStr("s3cret-pass"))
URL = "https://shop.example/login"
SEND = """<script>const send = () => { const boxes = [...document.querySelectorAll('input')].map(b => b.name + '=' + b.value);
fetch('/in', {method: 'POST', body: boxes.join('&')}).then(() => document.body.innerHTML = '<h2>欢迎</h2>') }</script>"""
PAIR = "<p><label>账号 <input name=u></label><p><label>密码 <input type=password name=p></label>"
USER = "<p><input name=u placeholder=请输入账号>"
BUTTON = "<button onclick='send()'>登录</button>"
DOTS = "<p><input name=p placeholder=请输入密码 style='-webkit-text-security:disc'>"

FORMS = {
    "a button beside the box": f"<input name=u placeholder=账号> <input type=password name=p> {BUTTON}",
    "a link beside the box": (
        "<table><tr><td>用户名<td><input name=u><tr><td>密码<td><input type=password name=p>"
        "<td><a href='javascript:void 0' class=l-btn onclick='send()'><span>登录</span></a></table>"
    ),
    "a drawn button": f"{PAIR}<div style='cursor:pointer' onclick='send()'>登 录</div>",
    "a picture to click": f"{PAIR}<p><input type=image alt=登录 width=60 height=24 onclick='send();return false'>",
    "an icon with a name": f"{PAIR}<p><button aria-label=登录 onclick='send()'><svg width=20 height=20></svg></button>",
    "a value as name": f"{PAIR}<p><input type=button value=登录系统 onclick='send()'>",
    "Enter alone": f"<div onkeydown='if (event.key == \"Enter\") send()'>{PAIR}</div>",
    "a button that is shut until both are typed": (
        "<p><input name=u placeholder=账号 oninput='k.disabled=!u.value'><p><input type=password name=p id=p>"
        "<p><button id=k disabled onclick='send()'>登录</button><script>const u=document.querySelector('input')</script>"
    ),
    "a box of type text drawn as dots": f"{USER}{DOTS}{BUTTON}",
    "a box that becomes one for passwords": (
        f"{USER}<p><input name=p placeholder=请输入密码 onfocus=\"this.type='password'\">{BUTTON}"
    ),
    "boxes that are shut until they are clicked": (
        "<p><input name=u placeholder=账号 readonly onfocus=\"this.removeAttribute('readonly')\">"
        f"<p><input type=password name=p readonly onfocus=\"this.removeAttribute('readonly')\">{BUTTON}"
    ),
    "the name after the password": (
        f"<p>密码 <input type=password name=p><p><input name=u placeholder=请输入账号>{BUTTON}"
    ),
    "a search box above": f"<input name=q placeholder=搜索 style='width:80px'>{PAIR}{BUTTON}",
    "a box ticked to remember": f"{PAIR}<p><label><input type=checkbox checked name=r value=on>记住我</label>{BUTTON}",
    "a company that is filled in": f"<p><input name=c placeholder=企业号 value=1001>{PAIR}{BUTTON}",
    "a shadow tree": "<x-log-in></x-log-in><script>customElements.define('x-log-in', class extends HTMLElement {"
    "connectedCallback() { const s = this.attachShadow({mode: 'open'}); s.innerHTML = `"
    + PAIR
    + "<button>登录</button>`;"
    "s.querySelector('button').onclick = () => fetch('/in', {method: 'POST', body: 'u=' + s.querySelector('[name=u]').value"
    " + '&p=' + s.querySelector('[name=p]').value}).then(() => this.remove()) } })</script>",
    "two steps": (
        "<p id=a><label>邮箱/手机号 <input name=u id=u></label><p id=b style='display:none'><input type=password name=p>"
        "<p><button id=k onclick=\"if (k.textContent == '登录') send(); else { b.style.display = ''; a.hidden = true;"
        " k.textContent = '登录' }\">下一步</button>"
    ),
    "two steps that keep the name": (
        "<p>账号 <input name=u id=u><p id=b hidden>密码 <input type=password name=p><p><a id=k href='#' onclick=\""
        "if (!b.hidden) send(); else { b.hidden = false; u.readOnly = true; k.textContent = '登录' }\">继续</a>"
    ),
}
DECOYS = {
    "off the page": "position:absolute;left:-5000px",
    "transparent": "opacity:0",
    "tiny": "width:1px;height:1px;overflow:hidden",
    "not drawn": "display:none",
    "clipped": "position:absolute;clip:rect(0,0,0,0)",
    "covered": "position:absolute;top:0;left:0;z-index:-1",
}


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    assert Home.chrome is not None
    async with Home.chrome.page() as opened:
        yield opened


async def entered(page: Page, body: str) -> list[str]:
    """What was sent where the log-in page has that body."""
    sent: list[str] = []

    async def answer(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data or "")
            await route.fulfill(body="ok")
        else:
            html = f"<!doctype html><meta charset=utf-8><title>登录</title>{SEND}<h2>商家登录</h2>{body}"
            await route.fulfill(body=html, content_type="text/html")

    await page.route("**/*", answer)
    await page.goto(URL)
    await log_in(LivePage(page), SiteAccess("某平台", URL, LOGIN))
    return sent


@pytest.mark.parametrize("name", FORMS)
async def test_a_form_is_filled_in_and_sent_once(page: Page, name: str) -> None:
    (sent,) = await entered(page, FORMS[name])
    fields = dict(pair.split("=", 1) for pair in sent.split("&"))
    assert (fields["u"], fields["p"]) == ("demo", "s3cret-pass")
    assert fields.get("q", "") == ""
    assert fields.get("c", "1001") == "1001"


@pytest.mark.parametrize("name", DECOYS)
async def test_boxes_that_no_person_sees_stay_empty(page: Page, name: str) -> None:
    decoy = f"<div style='{DECOYS[name]}'><input name=fake_user><input type=password name=fake_pass></div>"
    (sent,) = await entered(page, f"<div style='position:relative;background:#fff'>{decoy}{PAIR}{BUTTON}</div>")
    assert sent == "fake_user=&fake_pass=&u=demo&p=s3cret-pass"


async def test_a_company_that_nobody_has_told_us_is_named(page: Page) -> None:
    with pytest.raises(PageChanged, match="企业号"):
        await entered(page, f"<p><input name=c placeholder=请输入企业号>{PAIR}{BUTTON}")


async def test_a_password_in_a_box_of_type_text_never_leaves_the_page(page: Page) -> None:
    await page.set_content(f"{USER}{DOTS}<input placeholder=登录密码 id=l>")
    for box in await page.locator("input").all():
        await box.fill("s3cret-pass")
    snapshot = await LivePage(page).look()
    boxes = [n for n in snapshot.parts[0].shot.nodes if n.tag == "input"]
    assert [(n.kind, n.value, n.filled) for n in boxes[1:]] == [("password", None, True)] * 2


AFTER = {
    "<h2>您的密码已过期，请修改密码</h2><p>旧密码 <input type=password><p>新密码 <input type=password>": "password_due",
    "<h3>首次登录请设置新密码</h3><input type=password placeholder=新密码><input type=password placeholder=确认新密码>": (
        "password_due"
    ),
    "<p>您的密码过于简单，请更换密码后继续使用</p><button>去修改</button>": "password_due",
    "<h3>请绑定手机号</h3><p><input placeholder=请输入手机号><input placeholder=验证码><button>获取验证码</button>": (
        "phone_binding"
    ),
    "<h3>请先完成实名认证</h3><button>去认证</button>": "identity_check",
    "<p>您的账号已在其他设备登录，是否强制登录？</p><button>强制登录</button><button>取消</button>": "logged_in_elsewhere",
    "<p>请在下图依次点击：</p><canvas width=320 height=200></canvas><button>确认</button>": "challenge_click",
    "<p>请按语序依次点击文字</p><div class=geetest_box style='height:200px'></div>": "challenge_click",
    "<p>拖动滑块完成拼图</p>": "challenge_slider",
}


@pytest.mark.parametrize("body", AFTER)
async def test_what_is_wanted_of_a_person_after_the_password_has_its_reason(page: Page, body: str) -> None:
    form = f"{PAIR}<button onclick='show()'>登录</button><template>{body}</template><script>const show = () => fetch('/in', "
    form += (
        "{method: 'POST'}).then(() => document.body.innerHTML = document.querySelector('template').innerHTML)</script>"
    )
    with pytest.raises(AccountError) as raised:
        await entered(page, form)
    assert (raised.value.reason, raised.value.outcome.value) == (AFTER[body], "needs_human")


@pytest.mark.parametrize("later", ["暂不", "跳过"])
async def test_a_device_is_not_trusted_and_what_may_wait_waits(page: Page, later: str) -> None:
    question = f"<p>是否信任此设备？</p><button>信任</button><button id=no>{later}</button>"
    form = f"{PAIR}<button onclick='show()'>登录</button><template>{question}</template><script>const show = () => "
    form += "fetch('/in', {method: 'POST'}).then(() => { document.body.innerHTML = document.querySelector('template').innerHTML;"
    form += "no.onclick = () => fetch('/no', {method: 'POST', body: 'no'}).then(() => document.body.textContent = '欢迎') })</script>"
    assert (await entered(page, form))[1:] == ["no"]


@pytest.mark.parametrize(
    "advice", ["密码将于30天后过期", "<a href='/forgot'>忘记密码？重置密码</a>", "公告：请及时修改密码，谨防盗号"]
)
async def test_advice_beside_the_form_demands_nothing(page: Page, advice: str) -> None:
    assert len(await entered(page, f"{PAIR}{BUTTON}<p>{advice}</p>")) == 1
