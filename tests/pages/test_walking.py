"""What may be sent while menus are walked, told by what a request is called and what it holds."""

from dataclasses import dataclass, field
from typing import cast

import pytest
from playwright.async_api import Request

from agent.pages.live.walking import Walking

HERE = "https://seller.example.com/home"


@dataclass
class Within:
    """As much of a frame as is judged."""

    parent_frame: "Within | None" = None


@dataclass
class Asked:
    """As much of a request as is judged."""

    url: str
    post_data: str | None = None
    method: str = "POST"
    resource_type: str = "fetch"
    navigates: bool = False
    frame: Within = field(default_factory=Within)

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
        ("/gateway", '{"Action": "RenewOrder", "pageNo": 1, "pageSize": 10}'),
        ("/order/list", '{"action": "confirm", "id": 7}'),
        ("/rpc?method=query", '{"method": "order.renew"}'),
        ("/order/query?cmd=renew", None),
        ("/graphql", '{"query": "query q { a } mutation m { renew(id: 7) { id } }", "operationName": "m"}'),
        ("/graphql", '[{"query": "mutation { renew(id: 7) { id } }"}]'),
        ("/api/orders/7/activate", None),
        ("/api/orders/7/complete", "{}"),
        ("/api/apps/9/install", None),
        ("/api/services/purchase", None),
        ("/api/messages/clear", None),
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


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("pressed", [True, False])
def test_only_what_is_posted_can_be_a_question(method: str, pressed: bool) -> None:
    walk = Walk()
    walk.walking.pressed = pressed
    assert not walk.lets("/api/order/list", method=method)


@pytest.mark.parametrize(
    "path",
    ["/api/order/confirm?id=7", "/svc/renew.do?id=7", "/h5/mtop.order.cancel/1.0/", "/rpc?functionId=renewOrder"],
)
def test_an_act_by_get_is_kept_back_after_a_press(path: str) -> None:
    assert not Walk().lets(path, method="GET")
    assert not Walk().lets(path, method="GET", resource_type="script")


@pytest.mark.parametrize(
    "path", ["/openApi/order/list", "/api/order/confirm/detail", "/home/menu", "/rpc?functionId=getMenu"]
)
def test_a_question_by_get_goes_after_a_press(path: str) -> None:
    assert Walk().lets(path, method="GET")
    assert Walk().lets("/static/order-confirm.js", method="GET", resource_type="script")


def test_one_address_for_all_calls_is_usual_only_for_those_that_were_made() -> None:
    walk = Walk()
    walk.walking.pressed = False
    assert walk.lets("/client.action?functionId=initHome", "")
    assert walk.lets("/gateway", '{"cmd": "user.init"}')
    assert not walk.lets("/graphql", '{"query": "mutation { visit { id } }"}')
    walk.walking.pressed = True
    assert walk.lets("/client.action?functionId=initHome", "")
    assert walk.lets("/gateway", '{"cmd": "user.init"}')
    assert not walk.lets("/client.action?functionId=extendTerm", "")
    assert not walk.lets("/gateway", '{"cmd": "user.prolong"}')


def test_a_frame_that_a_press_put_on_the_page_is_no_new_page() -> None:
    walk = Walk()
    assert walk.lets("/frame", method="GET", navigates=True, resource_type="document", frame=Within(Within()))
    assert not walk.lets("/svc/bought", '{"id": 7}')
    assert walk.lets("/next", method="GET", navigates=True, resource_type="document")
    assert walk.lets("/svc/bought", '{"id": 7}')


def test_what_goes_to_another_site_and_is_called_like_an_act_is_kept_back_and_ends_nothing() -> None:
    walk = Walk().walking
    elsewhere = cast("Request", Asked("https://log.example.net/api/save", "{}"))
    assert not walk.allows(elsewhere)
    walk.note(elsewhere)
    assert [(h.acts, h.tells) for h in walk.held] == [(False, True)]
    assert walk.allows(cast("Request", Asked("https://log.example.net/api/seen", "{}")))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_what_changes_something_by_its_method_is_kept_back_after_a_press_wherever_it_goes(method: str) -> None:
    walk = Walk().walking
    elsewhere = cast("Request", Asked("https://api.example.net/v1/orders/7", "{}", method))
    assert not walk.allows(elsewhere)
    walk.note(elsewhere)
    assert [(h.acts, h.tells) for h in walk.held] == [(False, True)]


def test_a_visit_counted_elsewhere_by_get_ends_nothing() -> None:
    walk = Walk().walking
    elsewhere = cast("Request", Asked("https://log.example.net/send?pv=1", method="GET"))
    assert not walk.allows(elsewhere)
    walk.note(elsewhere)
    own = cast("Request", Asked("https://api.example.com/order/confirm?id=7", method="GET"))
    assert not walk.allows(own)
    walk.note(own)
    assert [(h.acts, h.tells) for h in walk.held] == [(False, True), (True, False)]


def test_counting_visits_is_kept_back_and_ends_nothing() -> None:
    walk = Walk()
    for path in ("/log/click", "/order/pay"):
        assert not walk.lets(path, '{"id": 7}')
        walk.walking.note(cast("Request", Asked(f"https://api.example.com{path}")))
    assert [(h.acts, h.tells) for h in walk.walking.held] == [(False, True), (True, False)]
