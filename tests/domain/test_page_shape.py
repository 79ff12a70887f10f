"""What is different on a page is told; what only other orders make different is not."""

from hypothesis import given
from hypothesis import strategies as st

from agent.domain.page_shape import PageShape, changes

WORDS = st.lists(st.sampled_from(["订单编号", "金额", "状态", "续费", "详情", "备注"]), unique=True, max_size=5).map(
    tuple
)
SHAPES = st.builds(
    PageShape,
    headings=WORDS,
    statuses=WORDS,
    buttons=WORDS,
    labels=WORDS,
    pager=st.sampled_from([None, "pages", "load more"]),
)
KNOWN = PageShape(("金额", "状态"), ("交易成功",), ("详情",), ("order_no",), "pages")


@given(SHAPES, SHAPES)
def test_what_was_seen_once_is_no_news_again(known: PageShape, now: PageShape) -> None:
    assert changes(known.with_seen(now), now, ()) == []


@given(SHAPES)
def test_a_shape_is_kept_as_it_is(shape: PageShape) -> None:
    assert PageShape.of_json(shape.to_json()) == shape


def told(now: PageShape, familiar: tuple[str, ...] = ()) -> list[str]:
    return [text.en for text in changes(KNOWN, now, familiar)]


def test_a_heading_that_is_called_otherwise_is_told() -> None:
    assert told(PageShape(("实付", "状态"))) == ["heading gone: 金额", "new heading: 实付"]


def test_a_row_that_does_not_show_today_is_no_change() -> None:
    assert told(PageShape(("金额", "状态"), (), (), (), None)) == []


def test_a_word_that_every_reader_knows_is_no_change() -> None:
    assert told(PageShape(("金额", "状态"), ("退款中", "冻结中")), ("退款中",)) == ["new status: 冻结中"]


def test_another_way_to_page_is_told() -> None:
    assert told(PageShape(pager="load more")) == ["paging: pages → load more"]
