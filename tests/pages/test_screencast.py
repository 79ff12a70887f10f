"""Screencasts: no picture of a page that moves shows a secret of the merchant, or a password box."""

import asyncio
import io

from PIL import Image
from playwright.async_api import Page

from agent.pages.actions.screencast import Screencast, screencast
from agent.pages.live.hand import Hand
from tests.pages.test_masking import SECRET

# All that is secret is drawn on red; nothing else is red.
_PAGE = f"""
<style>body {{ margin: 0; height: 4000px }} .it {{ background: #f00; border: 0; display: inline-block; height: 30px }}
</style>
<p>报备账号</p><input class="it" type="password" value="pass-of-nobody"><p>收款账号：</p>
<p><b class="it">{SECRET[:4]} {SECRET[4:8]} {SECRET[8:]}</b></p>
<iframe srcdoc="<body style='margin:0'><b style='background:#f00'>{SECRET}</b>" width="300" height="60"></iframe>
<p style="margin-top:900px"><b class="it">{SECRET}</b></p>
"""
_SECONDS = 20


def red(jpeg: bytes) -> int:
    """How many pixels of a picture are red."""
    pixels = Image.open(io.BytesIO(jpeg)).convert("RGB").tobytes()
    parts = zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True)
    return sum(r > 200 and g < 80 and b < 80 for r, g, b in parts)


async def newer(cast: Screencast, number: int) -> None:
    async with asyncio.timeout(_SECONDS):
        while cast.number <= number:
            await cast.renewed.wait()


async def test_what_is_secret_is_covered_in_every_picture_while_the_page_moves(small: Page) -> None:
    await small.set_content(_PAGE)
    assert red(await small.screenshot(type="jpeg")) > 1000
    async with screencast(small, [SECRET]) as cast:
        await newer(cast, 0)
        assert red(cast.jpeg) == 0
        for top in range(100, 1300, 100):
            number = cast.number
            await small.evaluate("top => scrollTo(0, top)", top)
            await newer(cast, number)
            assert red(cast.jpeg) == 0


async def test_what_takes_the_place_of_a_page_is_shown_covered(small: Page) -> None:
    await small.set_content("<p>请登录</p>")
    async with screencast(small, [SECRET]) as cast:
        await newer(cast, 0)
        number = cast.number
        await small.set_content(_PAGE)
        await newer(cast, number)
        assert red(cast.jpeg) == 0


async def test_what_is_pressed_is_named_and_what_was_typed_is_not(small: Page) -> None:
    await small.set_content(
        f"""<style>* {{ margin: 0; padding: 0 }}
        body > * {{ display: block; height: 40px; width: 300px; border: 0 }} body style {{ display: none }}</style>
        <button><span>同意 并登录</span></button><input placeholder="验证码" value="typed 482913">
        <div role="button">4</div><div>482913 typed here</div><div contenteditable>typed too</div>
        <button>{SECRET} 招商银行</button>
        <iframe srcdoc="<style>*{{margin:0}}</style><button style='height:40px'>锦绣家居旗舰店</button>"></iframe>"""
    )
    hand = Hand(small, [SECRET])
    pressed = []
    for line in range(7):
        pressed.append(await hand.down(20, 40 * line + 20))
        await hand.up(20, 40 * line + 20)
    assert pressed == ["同意 并登录", "验证码", "", "", "", "", "锦绣家居旗舰店"]
