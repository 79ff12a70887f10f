"""What the words of a choice leave of a list."""

import pytest

from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.time_spans import Meaning, bare, days_of, limit_in, meaning


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("全部 (6)", Meaning.ALL),
        ("所有订单", Meaning.ALL),
        ("不限", Meaning.ALL),
        ("待确认 3", Meaning.STATE),
        ("近三个月订单", Meaning.RECENT),
        ("最近半年", Meaning.RECENT),
        ("今年内订单", Meaning.RECENT),
        ("三个月前订单", Meaning.EARLIER),
        ("2014年以前订单", Meaning.EARLIER),
        ("查看历史订单", Meaning.EARLIER),
        ("2025年", Meaning.PERIOD),
        ("上个月", Meaning.PERIOD),
        ("全部商品", Meaning.OTHER),
        ("10条/页", Meaning.OTHER),
        ("订单编号", Meaning.OTHER),
    ],
)
def test_the_words_tell_what_is_left(text: str, means: Meaning) -> None:
    assert meaning(text, ORDERS.states) is means


def test_a_count_is_no_part_of_the_words() -> None:
    assert [bare(t) for t in ("待确认（3）", "全部 6", "近三个月 ▾", "2026年")] == [
        "待确认",
        "全部",
        "近三个月",
        "2026年",
    ]


def test_spans_are_told_apart_by_their_length() -> None:
    texts = ["今天", "近7天", "近30天", "近三个月", "最近半年", "近一年", "近十八个月"]
    assert sorted(texts, key=days_of) == texts


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("仅显示最近100条", 100),
        ("最多展示1,000条订单", 1000),
        ("系统仅保留最近一年的订单数据", 0),
        ("默认显示近3个月", 0),
        ("每页最多显示100条", None),
        ("单次最多导出1000条", None),
        ("仅显示最近5条公告", None),
        ("共 50 条", None),
    ],
)
def test_a_sentence_can_limit_a_list(text: str, limit: int | None) -> None:
    assert limit_in(text) == limit
