"""Whatever narrows a list is seen, in any words and marks; what narrows nothing is not taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.pages.inference.filters import narrowings
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.narrowing import Narrowing, Sort
from agent.pages.inference.place import Place
from agent.pages.inference.time_spans import are_opposite
from tests.pages.made_up import El, place_of

STATES = ("待付款", "待确认", "交易成功", "已关闭", "退款中")
ALL = ("全部", "全部订单", "所有订单", "不限", "全部状态")
RECENT = ("近三个月订单", "近7天", "近30天", "最近半年", "近一年", "今年内订单", "最近3个月", "一个月内订单")
EARLIER = ("三个月前订单", "更早订单", "历史订单", "2014年以前订单")
YEARS = ("2026年", "2025年", "2024", "2023年订单")
MARKS = (
    {"class": "on"},
    {"class": "tab active"},
    {"class": "x1 is-selected"},
    {"aria-selected": "true"},
    {"aria-current": "page"},
    {"class": "tab_9f tab_c2"},
)
COUNTS = ("", " 3", "(3)", "（12）", " (0)", "·5", "99+")


def choices(
    words: list[str], chosen: int, mark: dict[str, str], counts: list[str], *, wrapped: bool, radio: bool
) -> El:
    """Choices side by side of which one is marked."""
    plain = {"class": "tab_9f"} if mark.get("class", "").startswith("tab_9f") else {"class": "tab"}
    made = []
    for i, (text, count) in enumerate(zip(words, counts, strict=False)):
        attrs = {**plain, **mark} if i == chosen and not radio else plain
        item = El("a", text + count, attrs=attrs)
        if radio:
            button = El("input", more={"kind": "radio", "checked": i == chosen})
            item = El("label", text, [button], line=True)
        made.append(El("li", children=[item], line=True) if wrapped and not radio else item)
    return El("div", children=made, line=True)


def select(words: list[str], chosen: int) -> El:
    more = {"kind": "select", "options": words, "chosen": words[chosen]}
    return El("div", children=[El("select", more=more, attrs={"class": "s"})], line=True)


@st.composite
def offers(draw: st.DrawFn, *, whole: bool) -> El:
    """Tabs, radio buttons or a select, on everything or on a part."""
    others = draw(
        st.one_of(
            st.lists(st.sampled_from(STATES), min_size=1, max_size=4, unique=True),
            st.lists(st.sampled_from((*RECENT, *EARLIER)), min_size=1, max_size=4, unique=True),
            st.lists(st.sampled_from(YEARS), min_size=2, max_size=4, unique=True),
        )
    )
    words = [draw(st.sampled_from(ALL)), *others] if whole or draw(st.booleans()) or len(others) < 2 else others
    first = 1 if words[0] in ALL else 0
    chosen = 0 if whole else draw(st.integers(first, len(words) - 1))
    if draw(st.booleans()):
        return select(words, chosen)
    counts = [draw(st.sampled_from(COUNTS)) if not any(y in w for y in ("20",)) else "" for w in words]
    mark, wrapped, radio = draw(st.sampled_from(MARKS)), draw(st.booleans()), draw(st.booleans())
    return choices(words, chosen, mark, counts, wrapped=wrapped, radio=radio)


def button(text: str) -> El:
    return El("button", text)


@st.composite
def search(draw: st.DrawFn) -> El:
    """A search with something in it."""
    value = draw(st.sampled_from(("2026-09-01", "2026/9/1", "2026年9月1日", "2026-09-01 ~ 2026-11-30")))
    box = El("input", attrs={"class": "d"}, more={"kind": draw(st.sampled_from(("text", "date"))), "value": value})
    buttons = [button(w) for w in draw(st.sampled_from((["查询"], ["查 询", "重置"], ["导出", "搜索"], [])))]
    return El(
        "div", children=[El("span", draw(st.sampled_from(("报备日期", "下单时间", "日期")))), box, *buttons], line=True
    )


ON = ("只看未完成", "仅看待确认", "隐藏已关闭", "仅显示我的", "近三个月", "我的待办", "待处理")
OFF = ("包含历史订单", "显示已关闭订单", "包括三个月前的订单", "显示全部订单", "查询已完成")


@st.composite
def tick(draw: st.DrawFn) -> El:
    on = draw(st.booleans())
    text = draw(st.sampled_from(ON if on else OFF))
    box = El("input", more={"kind": draw(st.sampled_from(("checkbox", "switch"))), "checked": on})
    return El("label", children=[box, El("span", text)], line=True)


@st.composite
def drawn_switch(draw: st.DrawFn) -> El:
    """A switch that only its class names tell from any other element."""
    marks = ("el-switch is-checked", "layui-form-switch layui-form-onswitch", "ivu-switch ivu-switch-checked")
    box = El("i", attrs={"class": draw(st.sampled_from(marks))}, more={"clickable": True}, width=40)
    words = El("span", draw(st.sampled_from(("仅看待处理", "只看未确认", "仅显示待确认订单"))))
    return El("div", children=draw(st.permutations([words, box])), line=True)


@st.composite
def like_states(draw: st.DrawFn) -> El:
    """Choices in words that are built like states."""
    words = draw(st.sampled_from((("待处理", "已处理"), ("进行中", "历史订单"), ("使用中的服务", "已到期的服务"))))
    counts = [draw(st.sampled_from(COUNTS)) for _ in words]
    return choices(
        list(words), draw(st.integers(0, 1)), draw(st.sampled_from(MARKS)), counts, wrapped=False, radio=False
    )


@st.composite
def tag(draw: st.DrawFn) -> El:
    """A condition in a tag of its own, with its ×."""
    cross = El("i", draw(st.sampled_from(("×", "✕", ""))), attrs={"class": "anticon-close"}, more={"clickable": True})
    words = El("span", draw(st.sampled_from(("待确认", "近三个月", "2026年11月"))))
    return El("div", children=[El("span", children=[words, cross], line=True)])


@st.composite
def sentence(draw: st.DrawFn) -> El:
    return El(
        "p",
        draw(
            st.sampled_from(
                (
                    "系统仅展示近三个月的订单",
                    "默认显示最近30天记录",
                    "只能查询最近一年内的订单",
                    "最多展示100条",
                    "近三个月订单",
                )
            )
        ),
    )


NARROWS = st.one_of(offers(whole=False), search(), tick(), drawn_switch(), like_states(), tag(), sentence())
HARMLESS = st.one_of(
    offers(whole=True),
    st.sampled_from(
        (
            select(["10条/页", "20条/页", "50条/页"], 1),
            select(["时间降序", "时间升序"], 0),
            select(["订单编号", "服务名称", "店铺"], 0),
            select(["简体中文", "English"], 0),
            El("p", "待付款 → 待确认 → 已完成"),
            El("div", children=[El("a", "已购服务", attrs={"class": "on"}), El("a", "发票管理")], line=True),
            El("label", children=[El("input", more={"kind": "checkbox", "checked": True}), El("span", "自动刷新")]),
            El("label", children=[El("input", more={"kind": "checkbox", "checked": True}), El("span", "记住我的选择")]),
            El("label", children=[El("input", more={"kind": "checkbox", "checked": False}), El("span", "仅看待确认")]),
            El("div", children=[El("a", "导出"), El("a", "帮助中心"), El("a", "商家后台")], line=True),
            El("p", "您有共 50 条未读消息"),
            El("p", "系统维护时间：2026-11-30 22:00 ~ 2026-12-01 06:00", more={"clickable": True}),
            El(
                "div",
                children=[El("input", attrs={"placeholder": "搜索订单"}, more={"kind": "text"}), button("搜索")],
                line=True,
            ),
            El("form", children=[El("input", more={"kind": "date", "value": "2026-11-01"}), button("添加")], line=True),
        )
    ),
)
ROWS = st.lists(st.just("待确认"), min_size=1, max_size=5)


def seen(place: Place) -> list[Narrowing]:
    """What narrows the list as far as it shows; a limit of rows that is not reached does not."""
    found = narrowings(place, ORDERS.states, ORDERS.vocabulary)
    return [one for one in found if one.sort is not Sort.STATED or one.limit < 1000]


@given(NARROWS, st.lists(HARMLESS, max_size=3), st.integers(0, 3), ROWS)
def test_a_list_that_is_narrowed_is_never_taken_for_a_whole_one(
    one: El, others: list[El], at: int, rows: list[str]
) -> None:
    above = [*others[:at], one, *others[at:]]
    assert seen(place_of(*above, states=rows))


@given(st.lists(HARMLESS, max_size=4), ROWS)
def test_a_list_that_nothing_narrows_is_taken_for_a_whole_one(above: list[El], rows: list[str]) -> None:
    assert not seen(place_of(*above, states=rows))


@pytest.mark.parametrize(
    ("one", "other"), [("待处理", "已处理"), ("已使用", "未使用"), ("待审核", "已处理"), ("未完结", "已完结")]
)
def test_opposite_choices_leave_nothing_out(one: str, other: str) -> None:
    assert are_opposite(one, other)
    assert are_opposite(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("待处理", "已完成"), ("待确认", "已关闭"), ("使用中", "已到期"), ("已处理", "已处理")]
)
def test_other_choices_may_leave_something_out(one: str, other: str) -> None:
    assert not are_opposite(one, other)


@pytest.mark.parametrize("text", ["▸ 如何申请退款（3）", "▸ 常见问题 5个", "▸ 历史公告", "更多"])
def test_what_is_folded_up_below_a_list_is_none_of_its_rows(text: str) -> None:
    below = El("div", text, more={"clickable": True})
    assert not seen(place_of(states=["待确认", "交易成功"], below=(below,)))
