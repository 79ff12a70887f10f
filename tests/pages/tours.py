"""Guided tours as libraries draw them over a page: each counts what was pressed of the page beneath, in `beneath`.

`at` is the step, None once the tour is over. Words and elements are those of the libraries' own drawings.
"""

# ruff: noqa: E501 - pages read better in long lines

from tests.pages.shop import table

BENEATH = """<div style="padding:8px"><button onclick="beneath.push('续费')">立即续费</button> <button onclick="beneath.push('下一步')">下一步</button>
<button onclick="beneath.push('完成')">完成</button> <a href="javascript:beneath.push('更多')">更多</a></div>"""
STYLE = """<style>
.full { position: fixed; inset: 0; z-index: 10000 } .pop { position: fixed; z-index: 100002; background: #fff; padding: 14px; width: 280px }
.hide { display: none }</style>"""
SCRIPT = """<script>const beneath = [], STEPS = ["这里查看订单", "这里确认服务", "这里申请返款"]; let at = 0;
const over = () => { at = null; for (const el of document.querySelectorAll(".tour-part")) el.remove(); };
const to = (n) => { if (n >= STEPS.length) return over(); at = n; draw(); };
</script>"""
# An SVG with a hole over the third row's button.
HOLE = """<svg class="tour-part full {cls}" width="100%" height="100%" viewBox="0 0 800 600" preserveAspectRatio="none">
<path d="M800,0L0,0L0,600L800,600L800,0Z M500,90 h120 v40 h-120z" fill="rgb(0,0,0)" fill-opacity="0.7" fill-rule="evenodd" style="pointer-events:auto"></path></svg>"""


def page(tour: str, draw: str) -> str:
    """An order list with a tour over it, drawn anew at each step."""
    return table(
        "<button onclick=\"beneath.push('确认')\">确认</button>",
        extra=f"{STYLE}{SCRIPT}{BENEATH}{tour}<script>const draw = () => {{ {draw} }}; draw();</script>",
    )


def _driver(*, close: bool, progress: str, following: str, done: str) -> str:
    cross = (
        '<button type="button" class="driver-popover-close-btn" aria-label="Close" onclick="over()">×</button>'
        if close
        else ""
    )
    pop = f"""<div id="driver-popover-content" class="driver-popover tour-part pop" role="dialog" style="left:200px;top:200px">{cross}
<header class="driver-popover-title">功能引导</header><div class="driver-popover-description"></div>
<footer class="driver-popover-footer"><span class="driver-popover-progress-text"></span><span class="driver-popover-navigation-btns">
<button type="button" class="driver-popover-prev-btn" onclick="to(at - 1)">上一步</button>
<button type="button" class="driver-popover-next-btn" onclick="to(at + 1)"></button></span></footer></div>"""
    draw = f"""document.querySelector(".driver-popover-description").textContent = STEPS[at];
document.querySelector(".driver-popover-progress-text").textContent = `{progress}`;
document.querySelector(".driver-popover-next-btn").textContent = at < 2 ? "{following}" : "{done}";"""
    return page(HOLE.format(cls="driver-overlay driver-overlay-animated") + pop, draw)


def _intro(*, skip: str, following: str, done: str) -> str:
    overlay = '<div class="introjs-overlay tour-part full" style="background:transparent;cursor:pointer"></div>'
    helper = '<div class="introjs-helperLayer tour-part" style="position:absolute;left:500px;top:90px;width:120px;height:40px;z-index:9999998;box-shadow:rgba(33,33,33,.5) 0 0 0 5000px"></div>'
    link = (
        f'<a role="button" tabindex="0" class="introjs-skipbutton" style="cursor:pointer" onclick="over()">{skip}</a>'
        if skip
        else ""
    )
    tip = f"""<div class="introjs-tooltipReferenceLayer tour-part" style="position:absolute;left:300px;top:150px;z-index:100000000"><div class="introjs-tooltip pop" role="dialog">
<div class="introjs-tooltip-header"><h1 class="introjs-tooltip-title">欢迎</h1>{link}</div><div class="introjs-tooltiptext"></div>
<div class="introjs-bullets"><ul role="tablist"><li role="presentation"><a role="tab" style="cursor:pointer;display:inline-block;width:6px;height:6px">&nbsp;</a></li></ul></div>
<div class="introjs-tooltipbuttons"><a role="button" class="introjs-button introjs-prevbutton" style="cursor:pointer" onclick="to(at - 1)">上一步</a>
<a role="button" class="introjs-button introjs-nextbutton" style="cursor:pointer" onclick="to(at + 1)"></a></div></div></div>"""
    draw = f"""document.querySelector(".introjs-tooltiptext").textContent = STEPS[at];
document.querySelector(".introjs-nextbutton").textContent = at < 2 ? "{following}" : "{done}";"""
    return page(overlay + helper + tip, draw)


def _antd(*, close: bool, done: str, name: str = "ant-tour") -> str:
    mask = f"""<div class="{name}-mask tour-part full" style="pointer-events:none"><svg style="width:100%;height:100%"><defs><mask id="m"><rect x="0" y="0" width="100vw" height="100vh" fill="white"/>
<rect x="500" y="90" rx="2" width="120" height="40" fill="black"/></mask></defs><rect x="0" y="0" width="100%" height="100%" fill="rgba(0,0,0,0.5)" mask="url(#m)"></rect>
<rect fill="transparent" pointer-events="auto" x="0" y="0" width="100%" height="90"></rect><rect fill="transparent" pointer-events="auto" x="0" y="0" width="500" height="100%"></rect>
<rect fill="transparent" pointer-events="auto" x="0" y="130" width="100%" height="470"></rect><rect fill="transparent" pointer-events="auto" x="620" y="0" width="180" height="100%"></rect></svg></div>"""
    cross = (
        f'<button type="button" aria-label="Close" class="{name}-close" onclick="over()"><span role="img" aria-label="close" class="anticon anticon-close {name}-close-icon"><svg width="14" height="14"><path d="M0 0L14 14M14 0L0 14" stroke="#000"/></svg></span></button>'
        if close
        else ""
    )
    panel = f"""<div class="{name} {name}-primary tour-part pop" style="left:200px;top:220px"><div class="{name}-content"><div class="{name}-inner">{cross}
<div class="{name}-header"><div class="{name}-title">新功能</div></div><div class="{name}-description"></div><div class="{name}-footer">
<div class="{name}-indicators"><span class="{name}-indicator {name}-indicator-active"></span><span class="{name}-indicator"></span></div>
<div class="{name}-buttons"><button type="button" class="{name}-prev-btn" onclick="to(at - 1)"><span>上一步</span></button><button type="button" class="{name}-next-btn" onclick="to(at + 1)"><span class=next></span></button></div></div></div></div></div>"""
    draw = f"""document.querySelector(".{name}-description").textContent = STEPS[at];
document.querySelector(".next").textContent = at < 2 ? "下一步" : "{done}";"""
    return page(mask + panel, draw)


def _joyride() -> str:
    overlay = '<div class="tour-part full" data-test-id="overlay" style="background:rgba(0,0,0,.5)"><div data-test-id="spotlight" style="position:absolute;left:500px;top:90px;width:120px;height:40px;background:gray"></div></div>'
    tip = """<div class="react-joyride__tooltip tour-part pop" role="alertdialog" style="left:200px;top:220px"><div class=what></div><div><button data-action=skip onclick="over()">跳过</button>
<button data-action=primary class=next onclick="to(at + 1)"></button></div></div>"""
    return page(
        overlay + tip,
        'document.querySelector(".what").textContent = STEPS[at]; document.querySelector(".next").textContent = at < 2 ? `下一步（${at + 1}/3）` : "完成";',
    )


def _home_made(button: str, *, last: str) -> str:
    veil = '<div class="tour-part full" style="background:rgba(0,0,0,.6)"></div>'
    tip = f'<div class="tour-part pop" style="left:200px;top:220px"><p class=what></p><span class=next style="cursor:pointer" onclick="to(at + 1)">{button}</span></div>'
    return page(
        veil + tip,
        f'document.querySelector(".what").textContent = STEPS[at]; document.querySelector(".next").textContent = at < 2 ? "{button}" : "{last}";',
    )


def _shepherd() -> str:
    overlay = HOLE.format(cls="shepherd-modal-overlay-container shepherd-modal-is-visible")
    tip = """<div class="shepherd-element tour-part pop" role="dialog" style="left:200px;top:220px"><div class="shepherd-content"><header class="shepherd-header"><h3>欢迎使用</h3>
<button aria-label="Close Tour" class="shepherd-cancel-icon" type="button" onclick="over()"><span aria-hidden="true">×</span></button></header><div class="shepherd-text what"></div>
<footer class="shepherd-footer"><button class="shepherd-button next" onclick="to(at + 1)"></button></footer></div></div>"""
    return page(
        overlay + tip,
        'document.querySelector(".what").textContent = STEPS[at]; document.querySelector(".next").textContent = at < 2 ? "下一步" : "完成";',
    )


TOURS = {
    "driver.js": _driver(close=True, progress="${at + 1} / 3", following="下一步", done="完成"),
    "driver.js without a cross": _driver(
        close=False, progress="${at + 1} of 3", following="Next &rarr;".replace("&rarr;", "→"), done="Done"
    ),
    "driver.js without a count": _driver(close=False, progress="", following="下一条", done="知道了"),
    "intro.js": _intro(skip="×", following="下一步", done="完成"),
    "intro.js, 跳过": _intro(skip="跳过", following="下一步", done="完成"),
    "intro.js without a way to skip": _intro(skip="", following="下一步", done="知道了"),
    "antd": _antd(close=True, done="结束导览"),
    "antd without a cross": _antd(close=False, done="结束导览"),
    "element": _antd(close=False, done="我知道了", name="el-tour"),
    "arco": _antd(close=False, done="好的，我知道了", name="arco-tour"),
    "joyride": _joyride(),
    "shepherd": _shepherd(),
    "home-made": _home_made("知道了", last="知道了"),
    "home-made, 下一步": _home_made("下一步", last="完成"),
    "home-made, 我知道啦": _home_made("下一步", last="我知道啦"),
}
# A tour whose last step asks for something: it is left where it is.
SELLS = {
    "its button opens": _driver(close=False, progress="${at + 1} / 3", following="下一步", done="立即开通"),
    "its button tries": _antd(close=False, done="立即体验"),
    "its words sell": _home_made("下一步", last="完成").replace("这里申请返款", "点击完成即开通极速版"),
}
