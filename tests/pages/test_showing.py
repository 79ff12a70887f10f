"""What is to be clicked is in the window when its picture is taken, however the list scrolls."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import Page

from agent.pages.actions.focus import Focus
from agent.pages.actions.screenshots import picture
from agent.pages.live.page import LivePage
from agent.pages.live.scroll_into_view import bring
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot
from tests.pages.shop import Shop, open_shop

LAST = "339100000000059"
RED, BLUE = (255, 0, 0), (0, 0, 255)
ROWS = "".join(f"<tr><td class=no>{339100000000000 + n}<td>网店管家云端版<td><button>{n}号</button>" for n in range(60))
STYLE = (
    "<!doctype html><meta charset=utf-8><style>body{margin:0}td{height:40px;padding:0 10px}"
    "tr:last-child button{background:#f00;border:0;color:#f00;width:40px;height:20px}"
    "tr:last-child .no{background:#00f;color:#00f;width:140px}</style>"
)
TABLE = f"<table>{ROWS}</table>"
PINNED = (
    '<div style="height:90px"></div>'
    '<div style="position:fixed;left:0;right:0;bottom:0;height:90px;background:#ddd">共60条</div>'
)
INNER = f'<div style="height:300px;overflow:auto">{TABLE}</div>'
BOX = "height:300px;overflow:auto"
NESTED = f'<div style="height:1500px"></div><div style="{BOX}"><div style="padding:400px 0">{INNER}</div></div>'
SIDEWAYS = f'<div style="width:500px;overflow:auto"><div style="padding-left:900px">{TABLE}</div></div>'
SHADOW = (
    "<div id=host></div><script>document.getElementById('host').attachShadow({mode: 'open'}).innerHTML ="
    f" `{STYLE.partition('charset=utf-8>')[2]}<div style='height:300px;overflow:auto'>{TABLE}</div>`</script>"
)
FRAME = f"""<div style="height:1500px"></div><iframe width=700 height=2600 srcdoc='{STYLE}{INNER}{TABLE}'></iframe>"""
SMOOTH = f"<style>html{{scroll-behavior:smooth}}</style>{TABLE}"


def last_button(parts: tuple[FrameSnapshot, ...]) -> tuple[FrameSnapshot, Node, Node]:
    """The button of the last row, and that row."""
    part = next(p for p in reversed(parts) if any(n.text == "59号" for n in p.shot.nodes))
    node = next(n for n in reversed(part.shot.nodes) if n.text == "59号")
    return part, node, next(n for n in part.shot.ancestors(node) if n.tag == "tr")


async def colours(live: LivePage) -> set[tuple[int, int, int]]:
    """The colours of the last row's number and button, as far as the picture shows them."""
    shown = Image.open(BytesIO(await picture(live, []))).convert("RGB")
    return {RED, BLUE} & {colour for _, colour in shown.getcolors(shown.width * shown.height) or []}


@pytest.mark.parametrize(
    "body",
    [TABLE, TABLE + PINNED, INNER, NESTED, SHADOW, FRAME, SMOOTH],
    ids=["page", "pinned", "inner", "nested", "shadow", "frame", "smooth"],
)
async def test_the_last_row_of_a_long_list_is_on_the_picture(body: str, live: LivePage, shop: Shop) -> None:
    shop.html = STYLE + body
    await live.open(shop.url)
    part, node, row = last_button((await live.settled(5.0)).parts)
    assert await colours(live) == set()
    assert await bring(live, part, node, row)
    assert await colours(live) == {RED, BLUE}
    assert not await bring(live, part, node, row)


async def test_a_button_beside_what_is_seen_of_its_row_is_on_the_picture(live: LivePage, shop: Shop) -> None:
    shop.html = STYLE + SIDEWAYS
    await live.open(shop.url)
    part, node, row = last_button((await live.settled(5.0)).parts)
    assert await bring(live, part, node, row)
    assert RED in await colours(live)


async def test_a_row_in_a_frame_of_another_site_is_on_the_picture(live: LivePage, shop: Shop) -> None:
    async with open_shop() as other:
        other.html = STYLE + TABLE
        away = other.url.replace("127.0.0.1", "localhost")
        shop.html = f'{STYLE}<div style="height:900px"></div><iframe src="{away}" width=700 height=300></iframe>'
        await live.open(shop.url)
        part, node, row = last_button((await live.settled(5.0)).parts)
        assert await bring(live, part, node, row)
        assert await colours(live) == {RED, BLUE}


@pytest.mark.parametrize("wide", ["700px", "5000px"])
async def test_what_is_seen_as_a_whole_is_left_where_it_is(wide: str, small: Page, shop: Shop) -> None:
    live = LivePage(small)
    shop.html = f"{STYLE}<table style='margin-top:20px;min-width:{wide}'><tr><td><button>59号</button></table>{TABLE}"
    await live.open(shop.url)
    await small.evaluate("scrollTo(0, 10)")
    snapshot = await live.settled(5.0)
    (part,) = snapshot.parts
    node = next(n for n in part.shot.nodes if n.text == "59号")
    row = next(n for n in part.shot.ancestors(node) if n.tag == "tr")
    assert not await bring(live, part, node, row)
    assert await small.evaluate("[scrollX, scrollY]") == [0, 10]


async def test_what_is_gone_is_not_scrolled_to(small: Page, shop: Shop) -> None:
    live = LivePage(small)
    shop.html = STYLE + TABLE
    await live.open(shop.url)
    part, node, row = last_button((await live.settled(5.0)).parts)
    await small.evaluate("document.querySelector('table').remove()")
    assert not await bring(live, part, node, row)
    await live.open(shop.url + "?again")
    assert not await bring(live, part, node, row)


@pytest.mark.parametrize(
    "gone",
    [
        "document.querySelector('table').remove()",
        "document.querySelector('table').style.display = 'none'",
        "document.querySelector('table').style.marginTop = '5000px'",
        "document.querySelector('table').style.marginTop = '-9000px'",
    ],
)
async def test_a_picture_of_a_row_that_is_not_seen_any_more_shows_the_whole_window(
    gone: str, small: Page, shop: Shop
) -> None:
    live = LivePage(small)
    shop.html = f'{STYLE}<b style="position:absolute;left:0;top:560px;background:#00f;color:#00f">已完成</b>{TABLE}'
    await live.open(shop.url)
    part, node, row = last_button((await live.settled(5.0)).parts)
    await small.evaluate(gone)
    shown = Image.open(BytesIO(await picture(live, [], focus=Focus(part, node, row)))).convert("RGB")
    assert shown.size == (800, 600)
    assert shown.getpixel((10, 570)) == BLUE
