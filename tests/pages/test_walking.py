"""What may be sent while menus are walked, told by what a request is called and what it holds."""

from dataclasses import dataclass, field
from typing import cast

import pytest
from playwright.async_api import Request

from agent.pages.live.walking import Walking

HERE = "https://seller.example.com/home"


@dataclass
class Asked:
    """As much of a request as is judged."""

    url: str
    post_data: str | None = None
    method: str = "POST"
    resource_type: str = "fetch"
    navigates: bool = False

    def is_navigation_request(self) -> bool:
        return self.navigates


@dataclass
class Walk:
    """A walk on which something was pressed already."""

    walking: Walking = field(default_factory=lambda: Walking(lambda: HERE, pressed=True))

    def lets(self, path: str, body: str | None = None, **more: object) -> bool:
        asked = Asked(f"https://api.example.com{path}", body, **more)  # type: ignore[arg-type]
        return self.walking.allows(cast("Request", asked))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/order/queryList", None),
        ("/api?v=1.0&api=dsm.fwmarket.order.list", "{}"),
        ("/svc/bought", '{"pageNo": 1, "pageSize": 10}'),
        ("/svc/bought", '{"param": {"currentPage": 1, "limit": 10}}'),
        ("/graphql", '{"query": "query { orders { id } }"}'),
        ("/api/myOrders", ""),
        ("/api/orders", '{"_t": 1}'),
        ("/gateway", '{"method": "service.order.list", "data": {"id": 7}}'),
    ],
)
def test_what_only_asks_goes_after_a_press(path: str, body: str | None) -> None:
    assert Walk().lets(path, body)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/service/renew", None),
        ("/api?api=dsm.fwmarket.order.create", '{"page": 1, "size": 1}'),
        ("/svc/bought", '{"id": 7}'),
        ("/api/orders", '{"sku": 1870412}'),
        ("/graphql", '{"query": "mutation { renew(id: 7) { id } }"}'),
        ("/order/confirm", '{"pageNo": 1, "pageSize": 10}'),
        ("/gateway", '{"method": "service.order.renew", "pageNo": 1, "pageSize": 10}'),
    ],
)
def test_what_may_do_something_is_kept_back_after_a_press(path: str, body: str | None) -> None:
    assert not Walk().lets(path, body)


def test_a_form_never_goes_wherever_it_leads() -> None:
    assert not Walk().lets("/order/list", "a=1", navigates=True, resource_type="document")
    assert Walk().lets("/order/list", method="GET", navigates=True, resource_type="document")


def test_what_a_page_sends_as_it_opens_goes_and_goes_again_unless_it_is_called_like_an_act() -> None:
    walk = Walk()
    walk.walking.pressed = False
    assert walk.lets("/svc/bought", '{"id": 7}')
    assert not walk.lets("/svc/renew", '{"id": 7}')
    walk.walking.pressed = True
    assert walk.lets("/svc/bought", '{"id": 8}')


def test_counting_visits_is_kept_back_and_ends_nothing() -> None:
    walk = Walk()
    for path in ("/log/click", "/order/pay"):
        walk.walking.note(cast("Request", Asked(f"https://api.example.com{path}")))
    assert [(h.acts, h.tells) for h in walk.walking.held] == [(False, True), (True, False)]
