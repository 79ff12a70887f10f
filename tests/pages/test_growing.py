"""A page that holds too much: one that still grows is closed, one that stands is a page that cannot be read."""

import pytest

from agent.domain.errors import PageStuck
from agent.domain.page_errors import PageChanged
from agent.pages.live.page import LivePage
from tests.pages.shop import open_shop

MANY = "const add = n => { for (let i = 0; i < n; i++) document.body.append(document.createElement('b')) }; add(60100);"


@pytest.mark.parametrize(("script", "ends"), [("setInterval(() => add(50), 100);", True), ("", False)])
async def test_a_page_that_holds_too_much(script: str, ends: bool, live: LivePage) -> None:
    async with open_shop() as shop:
        shop.html = f"<!doctype html><meta charset=utf-8><body><script>{MANY}{script}</script>"
        await live.open(shop.url)
        with pytest.raises(PageStuck if ends else PageChanged):
            await live.look()
        assert live.raw.is_closed() == ends
