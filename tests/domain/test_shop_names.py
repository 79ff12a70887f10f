"""A shop's name counts as a whole: whatever stands before or behind it makes it another shop's."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.domain.shop_names import ShopName
from agent.domain.text import fold

OURS = "锦绣家居旗舰店"
OWN = ShopName(OURS, username="demo")


@pytest.mark.parametrize(
    "drawn",
    [
        *(OURS, "锦绣家居 旗舰店", f"{OURS}（主账号）", f"{OURS}(ID:1234567)", f"{OURS}（demo）", f"{OURS} 退出"),
        *(f"{OURS} - 商家中心", f"服务市场 | {OURS}", f"千牛 | {OURS} | 账号：demo 退出", f"{OURS}（）", f"{OURS} ▾"),
        *(f"“{OURS}”", f'"{OURS}"'),
    ],
)
def test_what_surely_is_no_part_of_the_name_may_stand_beside_it(drawn: str) -> None:
    assert OWN.is_drawn_as(drawn)


@pytest.mark.parametrize(
    "drawn",
    [
        *(f"{OURS}（杭州二店）", f"{OURS}·杭州店", f"{OURS}-2店", f"{OURS} 二店", f"{OURS}2店", f"杭州{OURS}"),
        *(f"{OURS}（2）", f"{OURS}:小王", f"{OURS} L2", f"{OURS}（主账号）二店", f"二店 {OURS}", f"{OURS}主账号"),
    ],
)
def test_a_longer_name_is_another_shops(drawn: str) -> None:
    assert not OWN.is_drawn_as(drawn)


def test_a_badge_counts_only_in_an_element_of_its_own() -> None:
    assert OWN.is_drawn_as(OURS, "L2", "主账号", "▾")
    assert OWN.is_drawn_as(OURS, OURS)
    assert not OWN.is_drawn_as(f"{OURS} L2")
    assert not OWN.is_drawn_as(OURS, "（二店）")
    assert not OWN.is_drawn_as(OURS, "主账号", "二店")


def test_an_alias_is_the_shop_that_it_stands_for_alone() -> None:
    aliases = {f"{OURS}（杭州二店）": OURS}
    assert ShopName(OURS, aliases).is_drawn_as(f"{OURS}（杭州二店）")
    assert ShopName(OURS, aliases).is_drawn_as(OURS)
    assert not ShopName(OURS, aliases).is_drawn_as(f"{OURS}（杭州三店）")
    assert not ShopName("明月数码专营店", aliases).is_drawn_as(f"{OURS}（杭州二店）")


def test_a_registered_name_may_have_brackets_of_its_own() -> None:
    long = ShopName(f"{OURS}（杭州二店）")
    assert long.is_drawn_as(f"{OURS}(杭州二店)")
    assert not long.is_drawn_as(OURS)


LETTERS = st.text(alphabet="甲乙丙杭州二三店铺分号旗舰专营ab12XZ（）()·.-—_ 【】[]/|:：", min_size=1, max_size=8)


@given(before=st.one_of(st.just(""), LETTERS), after=st.one_of(st.just(""), LETTERS))
def test_any_letters_before_or_behind_make_it_another_shop(before: str, after: str) -> None:
    added = "".join(c for c in fold(before + after) if c.isalnum())
    assume(added)
    assert not OWN.is_drawn_as(before + OURS + after)
    assert not OWN.is_drawn_as(before, OURS, after) or OWN.is_aside(before) or OWN.is_aside(after)
