"""Which 确认 is an order's own: it stands in a part of the page that tells the order from all others."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.orders import SHANGHAI, Order, OrderStatus
from agent.domain.shop_names import ShopName
from agent.domain.text import Text
from agent.pages.inference.order_facts import Meant
from agent.pages.inference.order_page import Around, Spot, find_spot
from agent.pages.snapshot import Snapshot
from tests.pages.made import El, button, lines, link, snapshot

AWAITING = OrderStatus.AWAITING_CONFIRMATION
OURS = Order(
    "3391000000000000011",
    datetime(2026, 6, 18, 21, 39, 35, tzinfo=SHANGHAI),
    "网店管家J系列",
    None,
    True,
    Decimal("62.80"),
    AWAITING,
)
RENEWED = replace(OURS, order_no="3391000000000000012", ordered_at=datetime(2026, 5, 1, 9, 0, 1, tzinfo=SHANGHAI))
OTHER = replace(OURS, order_no="3391000000000000013", service="快递打单王", ours=False, amount=Decimal("99.00"))
SERVICES = ("网店管家J系列", "网店管家云端版")
MEANT = Meant(OURS, (OURS, RENEWED, OTHER), SERVICES, shop=ShopName("锦绣家居旗舰店"))
HIDDEN = replace(
    MEANT, order=replace(OURS, order_no=None), listed=tuple(replace(o, order_no=None) for o in MEANT.listed)
)


def told(order: Order, *, number: bool = True) -> list[str]:
    text = [f"订单编号：{order.order_no}"] if number else []
    when = f"{order.ordered_at:%Y-%m-%d %H:%M:%S}"
    return [*text, f"订购时间：{when}", f"服务名称：{order.service}", f"实付金额：¥{order.amount}", "订单状态：待确认"]


def spot(shot: Snapshot, meant: Meant = MEANT) -> Spot | Text | None:
    return find_spot(Around(shot, shot.ids), meant)


def page(*texts: str, beside: tuple[El, ...] = ()) -> Snapshot:
    """An order's page: its facts line by line, and the button after what stands beside it."""
    foot = El("div", inside=[*beside, button("确认")])
    return snapshot(El("h2", "订单详情"), *lines(*texts), foot)


@pytest.mark.parametrize("meant", [MEANT, HIDDEN], ids=["by number", "without a number"])
def test_the_order_that_the_page_tells_of_is_its_own(meant: Meant) -> None:
    found = spot(page(*told(OURS, number=meant is MEANT)), meant)
    assert isinstance(found, Spot)
    assert found.node.text == "确认"


@pytest.mark.parametrize(
    "texts",
    [
        ["订单编号：3391000000000000011"],
        ["确认订单 3391000000000000011"],
        ["订单编号：3391000000000000011　服务名称：网店管家J系列　实付金额：¥62.80"],
        ["订单编号：3391…0011", "服务名称：网店管家J系列", "订购时间：2026-06-18 21:39"],
        ["服务名称：网店管家J系列", "订购时间：2026-06-18"],
        ["网店管家J系列", "2026-06-18 21:39:35", "¥62.80"],
        [*told(OURS), "子订单号：3391000000000000099", "到期时间：2027-06-18 00:00:00", "订单金额：99.00"],
    ],
)
def test_a_page_may_leave_out_what_others_say(texts: list[str]) -> None:
    assert isinstance(spot(page(*texts)), Spot)


@pytest.mark.parametrize(
    "texts",
    [
        told(RENEWED),
        told(OTHER),
        [*told(OURS), "订单编号：3391000000000000012"],
        [*told(OURS, number=False), "3391000000000000012"],
        ["订单编号：3391…0012", *told(OURS, number=False)],
        ["订单编号：33910000000000000110"],
        ["订单编号：3391000000000000011 9"],
        [*told(OURS)[:4], "订单状态：交易成功"],
        [*told(OURS), "订购店铺：明月数码专营店"],
        [*told(OURS), "服务编码：FW_GOODS-1002931"],
        [*told(OURS)[:2], "服务名称：网店管家J系列发票助手"],
        ["服务名称：网店管家J系列", "实付金额：¥62.80", "订单状态：待确认"],
        ["服务名称：网店管家J系列"],
        ["订单详情"],
    ],
)
def test_what_is_not_known_to_be_this_order_is_not_confirmed(texts: list[str]) -> None:
    assert isinstance(spot(page(*texts)), Text)


def test_a_page_that_sells_the_service_at_its_price_is_no_orders_page() -> None:
    only = replace(HIDDEN, listed=(HIDDEN.order,))
    sold = [El("h1", "网店管家J系列"), El("p", "¥62.80"), button("立即订购"), button("确认")]
    assert isinstance(spot(snapshot(*sold), only), Text)
    assert isinstance(spot(snapshot(El("div", inside=[*sold, El("p", "订单状态：待确认")])), only), Text)


def test_confirm_subscription_is_pressed_in_no_other_place_than_the_row() -> None:
    shot = snapshot(*lines(*told(OURS)), button("确认订购"))
    assert spot(shot) is None


ADVERTISED = (
    El("div", inside=[El("span", "快递打单王"), button("确认")]),
    El("div", inside=[El("span", "短信包 ¥50.00"), button("确认")]),
    El("div", inside=[El("b", "为您推荐"), button("立即订购"), button("确认")]),
    El("div", inside=[El("input", more={"kind": "text"}), button("确认")]),
    El("div", inside=[El("p", "系统公告"), button("确认")], more={"afloat": True}),
)


@pytest.mark.parametrize("advert", ADVERTISED)
def test_a_button_that_is_about_something_else_is_left_alone(advert: El) -> None:
    both = spot(snapshot(El("section", inside=[*lines(*told(OURS)), button("确认")]), advert))
    assert isinstance(both, Spot)
    assert both.scope.tag == "section"
    assert isinstance(spot(snapshot(*lines(*told(OURS)), advert)), Text)


def test_of_two_buttons_that_could_be_meant_none_is_pressed() -> None:
    shot = snapshot(*lines(*told(OURS)), El("p", inside=[button("确认")]), El("p", inside=[button("确认服务")]))
    assert isinstance(spot(shot), Text)


def test_a_box_that_is_ticked_beforehand_is_not_agreed_to() -> None:
    box = El("input", more={"kind": "checkbox", "checked": True})
    assert isinstance(spot(page(*told(OURS), beside=(box, El("span", "到期提醒")))), Text)


@pytest.mark.parametrize("beside", [link("立即续费"), button("返回"), El("span", "超时将自动确认"), El("h3", "操作")])
def test_what_may_stand_beside_the_button_changes_nothing(beside: El) -> None:
    assert isinstance(spot(page(*told(OURS), beside=(beside,))), Spot)


def unfolded(*inside: El) -> Around:
    """A list of two orders, the first of which was unfolded."""
    own = El("tr", inside=lines(*told(OURS)))
    shot = snapshot(El("table", inside=[own, El("tr", inside=inside), El("tr", inside=lines(*told(RENEWED)))]))
    rows = [n for n in shot.nodes if n.tag == "tr"]
    fresh = frozenset(n.id for n in shot.inside(rows[1]))
    return Around(shot, fresh, (rows[0], rows[2]), rows[0])


def test_what_unfolds_right_below_the_row_is_the_rows_own() -> None:
    around = unfolded(El("td", inside=[El("span", "服务周期：12个月"), button("确认服务")]))
    assert isinstance(find_spot(around, MEANT), Spot)
    assert isinstance(find_spot(replace(around, row=around.rows[1]), replace(MEANT, order=RENEWED)), Text)


def test_what_unfolds_and_speaks_of_another_order_is_not() -> None:
    assert isinstance(find_spot(unfolded(El("td", inside=[*lines(*told(RENEWED)), button("确认")])), MEANT), Text)
    assert isinstance(find_spot(unfolded(El("td", inside=[El("b", "快递打单王"), button("确认")])), MEANT), Text)


def test_two_orders_that_look_the_same_are_told() -> None:
    twins = replace(HIDDEN, listed=(HIDDEN.order, replace(HIDDEN.order)))
    assert twins.has_twin
    assert not HIDDEN.has_twin
    assert isinstance(spot(page(*told(OURS, number=False)), twins), Text)


CHANGES = st.sampled_from(["order_no", "ordered_at", "service", "amount"])


@st.composite
def others(draw: st.DrawFn) -> Order:
    """An order that differs from ours in at least one thing that a page shows; its number is always another one."""
    made = replace(OURS, order_no=str(draw(st.integers(3391000000000000014, 3391999999999999999))))
    for what in draw(st.sets(CHANGES, min_size=1)) - {"order_no"}:
        if what == "ordered_at":
            seconds = draw(st.integers(1, 10**8)) * draw(st.sampled_from([1, -1]))
            made = replace(made, ordered_at=OURS.ordered_at + timedelta(seconds=seconds))
        elif what == "service":
            made = replace(
                made, service=draw(st.sampled_from(["网店管家云端版", "快递打单王", "短信", "网店管家J系列Pro"]))
            )
        else:
            cents = draw(st.integers(0, 10**6).filter(lambda c: c != 6280))
            made = replace(made, amount=Decimal(cents) / 100)
    return made


def differs(one: Order) -> bool:
    return one.natural_key != OURS.natural_key


@st.composite
def shown(draw: st.DrawFn, order: Order, *, number: bool) -> list[El]:
    """What a page shows of an order: any of its facts in any order, in one of several forms, and the button."""
    facts = draw(st.permutations(told(order, number=number)))
    form = draw(st.sampled_from(["lines", "pairs", "bare"]))
    made: list[El] = []
    for fact in facts:
        label, _, value = fact.partition("：")
        if form == "pairs":
            made.append(El("div", inside=[El("span", label), El("span", value)]))
        else:
            made.append(El("p", value if form == "bare" and label != "订单编号" else fact))
    foot = El("div", inside=[button("取消"), button("确认")])
    at = draw(st.integers(0, len(made)))
    made.insert(at, foot)
    return [El("section", inside=made)] if draw(st.booleans()) else made


@given(st.data())
def test_another_orders_page_is_never_taken_for_this_ones(data: st.DataObject) -> None:
    other = data.draw(others())
    extra = data.draw(st.sampled_from([[], lines("订单详情"), [link("返回订单列表")], lines("技术支持 0571-88888888")]))
    shot = snapshot(*extra, *data.draw(shown(other, number=True)))
    meant = replace(MEANT, listed=(*MEANT.listed, other))
    assert not isinstance(spot(shot, meant), Spot)


@given(st.data())
def test_without_numbers_another_orders_page_is_never_taken_for_this_ones(data: st.DataObject) -> None:
    other = data.draw(others().filter(differs))
    shot = snapshot(*data.draw(shown(other, number=False)))
    meant = replace(HIDDEN, listed=(*HIDDEN.listed, replace(other, order_no=None)))
    assert not isinstance(spot(shot, meant), Spot)


@given(st.data())
def test_a_page_of_this_order_and_another_is_confirmed_in_this_ones_part_or_not_at_all(data: st.DataObject) -> None:
    other = data.draw(others())
    parts = [El("section", inside=data.draw(shown(order, number=True))) for order in (OURS, other)]
    own = data.draw(st.integers(0, 1))
    shot = snapshot(*(parts if own == 0 else parts[::-1]))
    found = spot(shot, replace(MEANT, listed=(*MEANT.listed, other)))
    if isinstance(found, Spot):
        sections = [n for n in shot.nodes if n.tag == "section" and n.parent == 0]
        assert shot.holds(sections[own], found.node)
