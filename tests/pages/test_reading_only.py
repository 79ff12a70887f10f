"""On the way to an order's page nothing is sent but questions."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from agent.pages.live.page import LivePage
from agent.pages.live.read_only import only_asks, reading_only
from agent.pages.live.tabs import tabs_of
from agent.pages.live.walking import walking
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot
from tests.pages.shop import Shop


@pytest.mark.parametrize(
    "path",
    ["/api/order/queryDetail", "/order/detail.json", "/order/getOrder.do", "/h5/mtop.service.order.detail.get/1.0/"],
)
def test_a_question_that_is_posted_is_let_through(path: str) -> None:
    assert only_asks(f"https://a.test{path}")


@pytest.mark.parametrize(
    "path",
    [
        "/api/order",
        "/graphql",
        "/order/confirm",
        "/order/detail/confirm",
        "/api/confirmOrderDetail",
        "/list/save",
        "/",
        "/order/getAndUpdate",
    ],
)
def test_what_may_change_something_is_not(path: str) -> None:
    assert not only_asks(f"https://a.test{path}?view=detail")


async def clicked(live: LivePage, shop: Shop, html: str) -> list[str]:
    """What was held back once the only button was clicked."""
    shop.html = f"<!doctype html><meta charset=utf-8>{html}"
    await live.open(shop.url)
    part, node = _button(await live.settled(3.0))
    async with reading_only(live) as held:
        await live.click(part, node)
        await live.settled(3.0, lambda v: any(n.text == "done" for n in v.texts()))
    return held


def _button(snapshot: PageSnapshot) -> tuple[FrameSnapshot, Node]:
    part = snapshot.parts[0]
    return part, next(n for n in part.shot.nodes if n.tag == "button")


SEND = (
    "<script>const go = path => fetch(path, {method: 'POST', body: '{}'}).finally(() => document.body.append('done'))"
    "</script><button onclick=\"go('PATH')\">名称</button>"
)


async def test_a_write_is_held_back_and_named(live: LivePage, shop: Shop) -> None:
    assert await clicked(live, shop, SEND.replace("PATH", "/touch?id=1")) == [f"POST {shop.url}touch"]
    assert shop.posts == []


async def test_a_question_goes_through(live: LivePage, shop: Shop) -> None:
    assert await clicked(live, shop, SEND.replace("PATH", "/order/queryDetail")) == []
    assert shop.posts == ["/order/queryDetail"]


async def test_a_form_that_opens_a_tab_sends_nothing(live: LivePage, shop: Shop) -> None:
    form = "<form method=post target=_blank action='/touch'><input name=a></form>"
    go = "<button onclick=\"document.forms[0].submit(); document.body.append('done')\">名称</button>"
    async with tabs_of(live):
        assert await clicked(live, shop, form + go) == [f"POST {shop.url}touch"]
    assert shop.posts == []


async def test_afterwards_the_page_sends_as_before(live: LivePage, shop: Shop) -> None:
    await clicked(live, shop, SEND.replace("PATH", "/touch"))
    await live.click(*_button(await live.settled(3.0)))
    await live.settled(3.0, lambda _: bool(shop.posts))
    assert shop.posts == ["/touch"]


@pytest.mark.parametrize("block", [reading_only, walking])
async def test_what_others_route_is_routed_afterwards(
    live: LivePage, shop: Shop, block: Callable[[LivePage], AbstractAsyncContextManager[object]]
) -> None:
    await live.raw.context.route(
        "**/other", lambda route: route.fulfill(body="<p>recorded</p>", content_type="text/html")
    )
    shop.html = "<!doctype html><p>from the shop</p>"
    await live.open(shop.url)
    async with block(live):
        await live.settled(3.0)
    await live.open(f"{shop.url}other")
    assert [n.text for n in (await live.settled(3.0)).texts()] == ["recorded"]
