"""Pictures: where a secret stands on the page there is nothing but the mask in the picture."""

import base64
import os
from pathlib import Path

import pytest
from playwright.async_api import CDPSession, Error, Page, Route, async_playwright

from agent.browser import ARGUMENTS, find_browser
from agent.pages.actions.screenshots import picture
from agent.pages.live.page import LivePage

SECRET = "62220812345678901"

# Every pixel of the box that is not of the mask's colour.
_BARE = """async ([png, x, y, w, h]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width; canvas.height = image.height;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const data = context.getImageData(x, y, w, h).data;
  let bare = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] !== 51 || data[i + 1] !== 51 || data[i + 2] !== 51) bare++;
  return bare;
}"""


async def bare_pixels(page: Page, file: Path, selector: str) -> int:
    """How many pixels of an element can be seen in a picture."""
    box = await page.locator(selector).bounding_box()
    assert box is not None
    place = [round(box["x"]) + 1, round(box["y"]) + 1, int(box["width"]) - 2, int(box["height"]) - 2]
    found: int = await page.evaluate(_BARE, [encoded(file), *place])
    return found


def encoded(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()


@pytest.mark.parametrize(
    "html",
    [
        f'<p><span id="it">{SECRET}</span></p>',
        '<p><span id="it">6222 0812 3456 7890 1</span></p>',
        '<p><span id="it">6222-0812-3456-7890-1</span></p>',
        f'<p><b id="it">账号：{SECRET}（招商银行）</b></p>',
        f'<input id="it" value="{SECRET}">',
        f'<textarea id="it">{SECRET}</textarea>',
        '<input id="it" type="password" value="unknown to us">',
        f'<p id="it"><i>{SECRET[:8]}</i><i>{SECRET[8:]}</i></p>',
        f'<select id="it"><option>{SECRET}</option></select>',
        f'<select id="it"><option value="7">{SECRET[:4]} {SECRET[4:]}（招商银行）</option></select>',
        f'<select id="it" size="3"><option value="6">另一个</option><option value="7">{SECRET}</option></select>',
        f'<div><template shadowrootmode="open"><span>x</span></template></div><b id="it">{SECRET}</b>',
        f'<div style="transform:scale(1.5);transform-origin:0 0"><b id="it">{SECRET}</b></div>',
    ],
    ids=[
        "text",
        "in groups",
        "with hyphens",
        "among words",
        "box",
        "text area",
        "password box",
        "in pieces",
        "choice",
        "choice with a code",
        "open list",
        "beside a shadow",
        "scaled",
    ],
)
async def test_a_secret_is_covered(html: str, live: LivePage, tmp_path: Path) -> None:
    await live.raw.set_content(f'<body style="background:#fff"><h1 id="open">服务订单</h1>{html}')
    file = tmp_path / "one.png"
    file.write_bytes(await picture(live, [SECRET]))
    assert await bare_pixels(live.raw, file, "#it") == 0
    assert await bare_pixels(live.raw, file, "#open") > 1000


SVG = f"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='30'><text y='20'>{SECRET}</text></svg>"
PACKED = base64.b64encode(SVG.encode()).decode()
LETTERS = "".join(f"<i>{c}</i>" for c in SECRET)
BACKWARDS = "".join(f"<i>{c}</i>" for c in SECRET[::-1])
UPRIGHT = "".join(f"<div style='height:18px;line-height:18px'>{c}</div>" for c in SECRET)
PLACED = "".join(
    f"<i style='position:absolute;left:{10 * i}px'>{SECRET[i]}</i>" for i in sorted(range(17), key=lambda i: i * 7 % 17)
)
BOXES = "".join(f"<input size=7 value={part}>" for part in (SECRET[:6], SECRET[6:12], SECRET[12:]))
PAINT = f"const pen = it.getContext('2d'); pen.font = '16px serif'; pen.fillText('{SECRET}', 5, 20)"
SHADOW = "document.getElementById('it').attachShadow({{mode: '{}'}}).innerHTML = '<b>{}</b>'"


@pytest.mark.parametrize(
    "html",
    [
        f"<span id=it></span><script>{SHADOW.format('open', SECRET)}</script>",
        f"<span id=it></span><script>{SHADOW.format('closed', SECRET)}</script>",
        f"<input id=it placeholder={SECRET}>",
        f"<textarea id=it placeholder={SECRET}></textarea>",
        f"<svg id=it width=170 height=20><text y=15>{SECRET}</text></svg>",
        f"<svg id=it width=170 height=20><text y=15>{SECRET[:9]}<tspan>{SECRET[9:]}</tspan></text></svg>",
        f"<style>#it::before {{content: '{SECRET}'}}</style><b id=it></b>",
        f"<style>#it::after {{content: attr(data-no)}}</style><b id=it data-no={SECRET}></b>",
        f"<style>#it::after {{content: '{SECRET[8:]}'}}</style><b id=it>{SECRET[:8]}</b>",
        f"<b id=it>{LETTERS}</b>",
        f"<b id=it style='display:inline-flex;flex-direction:row-reverse'>{BACKWARDS}</b>",
        f"<b id=it style='unicode-bidi:bidi-override;direction:rtl'>{SECRET[::-1]}</b>",
        f"<b id=it style='position:relative;width:175px;height:20px'>{PLACED}</b>",
        f"<b id=it>{UPRIGHT}</b>",
        f"<b id=it>{BOXES}</b>",
        f"<b id=it>{SECRET[:5]}\u200b{SECRET[5:11]}&shy;{SECRET[11:]}</b>",
        f'<img id=it width=200 height=30 src="data:image/svg+xml,{SVG}">',
        f'<img id=it width=200 height=30 src="data:image/svg+xml;base64,{PACKED}">',
        f"<b id=it style='width:200px;height:30px;background:url(data:image/svg+xml;base64,{PACKED})'></b>",
        f"<button id=it type=button>{SECRET}</button>",
        f"<input id=it type=submit value={SECRET}>",
        f"<object id=it width=300 height=60 data='data:text/html,{SECRET}'></object>",
        f"<canvas id=it width=200 height=30></canvas><script>{PAINT}</script>",
        f"<b id=it style='transform:rotate(90deg);margin:80px 0'>{SECRET}</b>",
        f"<details open><summary>a</summary><b id=it>{SECRET}</b></details>",
        f"<math><mn id=it>{SECRET}</mn></math>",
    ],
)
async def test_it_is_covered_however_it_is_drawn(html: str, live: LivePage, tmp_path: Path) -> None:
    style = "b,span{display:inline-block}i{font-style:normal}"
    await live.raw.set_content(f'<style>{style}</style><body style="background:#fff"><h1 id="open">订单</h1>{html}')
    file = tmp_path / "one.png"
    file.write_bytes(await picture(live, [SECRET]))
    assert await bare_pixels(live.raw, file, "#it") == 0
    assert await bare_pixels(live.raw, file, "#open") > 1000


async def test_what_a_frame_of_another_site_draws_is_covered(small: Page, tmp_path: Path) -> None:
    async def answer(route: Route) -> None:
        inner = (
            f"<b style='position:absolute;left:20px;top:20px'>{SECRET}</b>" if "other" in route.request.url else OUTER
        )
        await route.fulfill(content_type="text/html", body=inner)

    await small.route("**/*", answer)
    await small.goto("http://shop.test/")
    file = tmp_path / "one.png"
    file.write_bytes(await picture(LivePage(small), [SECRET]))
    assert await bare_pixels(small, file, "#it") == 0


OUTER = (
    '<iframe src="http://other.example/" style="position:absolute;left:50px;top:60px;width:400px;border:5px solid;'
    'padding:3px"></iframe><i id="it" style="position:absolute;left:78px;top:88px;width:130px;height:16px"></i>'
)


async def test_in_a_frame_it_is_covered_too(live: LivePage, tmp_path: Path) -> None:
    inner = f"<b style='position:absolute;left:20px;top:20px'>{SECRET}</b>"
    await live.raw.set_content(
        f'<iframe srcdoc="{inner}" style="position:absolute;left:50px;top:60px;width:400px;border:0"></iframe>'
        '<i id="it" style="position:absolute;left:70px;top:80px;width:130px;height:16px"></i>'
    )
    file = tmp_path / "one.png"
    file.write_bytes(await picture(live, [SECRET]))
    assert await bare_pixels(live.raw, file, "#it") == 0


async def test_a_page_that_is_replaced_meanwhile_is_pictured_when_the_next_has_come(
    live: LivePage, small: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await small.set_content(f'<p id="it">{SECRET}</p>')
    begin = small.context.new_cdp_session

    async def replaced(page: Page) -> CDPSession:
        monkeypatch.setattr(small.context, "new_cdp_session", begin)
        await page.set_content(f'<p>below</p><p id="it">{SECRET}</p>')
        raise Error("Execution context was destroyed, most likely because of a navigation")

    monkeypatch.setattr(small.context, "new_cdp_session", replaced)
    file = tmp_path / "it.png"
    file.write_bytes(await picture(live, [SECRET]))
    assert await bare_pixels(small, file, "#it") == 0


async def test_a_secret_that_comes_up_while_the_picture_is_taken_is_covered_in_it(
    live: LivePage, small: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await small.set_content("<p>one</p>")
    begin = small.context.new_cdp_session

    async def shown_by_then(page: Page) -> CDPSession:
        await page.set_content(f'<p id="it">{SECRET}</p>')
        return await begin(page)

    monkeypatch.setattr(small.context, "new_cdp_session", shown_by_then)
    file = tmp_path / "it.png"
    file.write_bytes(await picture(live, [SECRET]))
    assert await bare_pixels(small, file, "#it") == 0


_FAR = "position:absolute;top:900px;width:50px;height:50px"


@pytest.mark.parametrize(
    ("html", "least"),
    [
        ("", 0),
        (f'<div style="{_FAR}">x</div>', 950),
        (f'<div><canvas style="{_FAR}"></canvas></div>', 950),
        (f'<div><template shadowrootmode="open"><i style="{_FAR}">x</i><slot></slot></template><b>y</b></div>', 950),
        (f'<div><template shadowrootmode="closed"><i style="{_FAR}">x</i></template></div>', 950),
        ('<div style="padding-top:900px"><b>y</b><br>x</div>', 930),
        ('<div style="position:fixed;bottom:0">x</div>', 1800),
        ('<div style="height:4000px"><b>x</b></div><p>y</p>', 1800),
    ],
    ids=["little", "text", "canvas", "shadow", "closed", "beside elements", "at the bottom", "more than a window"],
)
async def test_only_what_is_empty_is_left_out(html: str, least: int, live: LivePage) -> None:
    await live.raw.set_viewport_size({"width": 2000, "height": 1800})
    await live.raw.set_content(f"<h1>服务订单</h1>{html}")
    height = int.from_bytes((await picture(live, [SECRET]))[20:24])
    assert least <= height <= min(least + 200, 1800)


async def test_a_secret_is_covered_on_a_page_that_has_a_width_of_its_own_making(live: LivePage, tmp_path: Path) -> None:
    await live.raw.set_content(
        f'<script>var innerWidth = 700</script><b id="it" style="position:absolute;left:600px;top:300px">{SECRET}</b>'
    )
    assert await live.raw.evaluate("innerWidth") == 700
    file = tmp_path / "one.png"
    file.write_bytes(await picture(live, [SECRET]))
    assert await bare_pixels(live.raw, file, "#it") == 0


async def test_a_secret_is_covered_beside_a_scroll_bar_as_a_visible_browser_draws_it(tmp_path: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser(None),
            args=ARGUMENTS,
            chromium_sandbox=os.geteuid() != 0,
            ignore_default_args=["--hide-scrollbars"],
        )
        page = await browser.new_page(viewport={"width": 1440, "height": 860})
        await page.set_content(
            f'<body style="height:3000px"><b id="it" style="position:absolute;left:1200px;top:800px">{SECRET}</b>'
        )
        assert await page.evaluate("document.documentElement.clientWidth < innerWidth")
        file = tmp_path / "one.png"
        file.write_bytes(await picture(LivePage(page), [SECRET]))
        assert await bare_pixels(page, file, "#it") == 0
        await browser.close()
