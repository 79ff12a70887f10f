"""Guided tours over a page that is opened: they are skipped or walked through, and nothing beneath them is pressed."""

import pytest

from agent.pages.actions.arrival import close_promotions, covering
from agent.pages.live.page import LivePage
from tests.pages.tours import SELLS, TOURS


@pytest.mark.parametrize("name", TOURS)
async def test_a_tour_is_left(live: LivePage, name: str) -> None:
    await live.raw.set_content(TOURS[name])
    snapshot = await close_promotions(live, await live.settled())
    assert await live.raw.evaluate("[at, beneath]") == [None, []]
    assert covering(snapshot) is None


@pytest.mark.parametrize("name", SELLS)
async def test_a_tour_that_sells_is_not_agreed_to(live: LivePage, name: str) -> None:
    await live.raw.set_content(SELLS[name])
    await close_promotions(live, await live.settled())
    at, beneath = await live.raw.evaluate("[at, beneath]")
    assert beneath == []
    assert at is not None
