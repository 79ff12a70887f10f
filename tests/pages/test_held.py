"""What contradicts the plan never leaves the page; all else passes."""

import pytest

from agent.pages.live.page import LivePage
from agent.pages.live.request_hold import Sending, held_to
from tests.pages.shop import Shop, open_shop

NUMBER = "3391800120240601117"
SENDING = Sending({"order_no": NUMBER, "shop": "锦绣家居旗舰店"})
JSON = "fetch('/file', {method: 'POST', body: JSON.stringify(%s)}).then(() => document.title = 'sent', () => document.title = 'held')"
FORM = (
    "<form method=post action=/file onsubmit=\"this.no.value = Number(this.no.value).toLocaleString('fullwide', {useGrouping: false})\">"
    f"<input name=no value={NUMBER}><button>添加</button></form>"
)
WAYS = {
    "as JSON": JSON % f"{{no: Number('{NUMBER}'), shop: '锦绣家居旗舰店'}}",
    "as a form of parts": f"const d = new FormData(); d.append('no', Number('{NUMBER}')); fetch('/file', {{method: 'POST', body: d}})",
    "by an old request": f"const x = new XMLHttpRequest(); x.open('POST', '/file'); x.send('no=' + Number('{NUMBER}'))",
    "by a form": "",
    "in the address": f"fetch('/file?shop=' + encodeURIComponent('锦绣家居旗舰店') + '&no=' + Number('{NUMBER}') + '&order_no={NUMBER}')",
}
# ruff: noqa: E501 - pages read better in long lines


async def click(live: LivePage, shop: Shop, script: str, sending: Sending = SENDING) -> tuple[bool | None, bool]:
    """Whether what was sent agrees, and whether anything was held back."""
    button = f'<button onclick="{script}">添加</button>' if script else FORM
    shop.html = f"<!doctype html><meta charset=utf-8>{button}"
    await live.open(shop.url)
    async with held_to(live, sending) as watched:
        await live.raw.click("button")
        await live.settled(5.0, lambda _: len(watched.told) > 0)
    return watched.agrees, watched.held is not None


@pytest.mark.parametrize("way", WAYS)
async def test_a_number_that_was_rounded_is_held_back(live: LivePage, way: str) -> None:
    async with open_shop() as shop:
        assert await click(live, shop, WAYS[way]) == (False, True)
        assert shop.posts == []
        assert not [a for a in shop.asked if "/file" in a]
        assert live.raw.url == shop.url


async def test_what_is_right_passes_and_is_told(live: LivePage) -> None:
    async with open_shop() as shop:
        assert await click(live, shop, JSON % f"{{no: '{NUMBER}', shop: '锦绣家居旗舰店'}}") == (True, False)
        assert shop.posts == ["/file"]


async def test_what_cannot_be_read_passes_and_is_not_told(live: LivePage) -> None:
    async with open_shop() as shop:
        assert await click(live, shop, JSON % "{p: 'QUJDREVG'}") == (None, False)
        assert shop.posts == ["/file"]


async def test_what_a_press_does_not_watch_is_let_go(live: LivePage) -> None:
    async with open_shop() as shop:
        await click(live, shop, JSON % f"{{no: '{NUMBER}'}}")
        await live.raw.evaluate(JSON % f"{{no: Number('{NUMBER}')}}")
        assert len(shop.posts) == 2
