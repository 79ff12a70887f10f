"""The shape of a site's page is kept look by look, and a change is told for some days."""

from datetime import timedelta

from agent.domain.accounts import SiteId
from agent.domain.page_shape import PageShape
from agent.ledger import Ledger
from tests.ledger.support import NOW

SHAPE = PageShape(("金额", "状态"), ("交易成功",), ("详情",))


def note(ledger: Ledger, shape: PageShape, page: str = "orders") -> list[str]:
    with ledger.begin() as tx:
        return [text.en for text in tx.page_shapes.note(SiteId("taobao"), page, shape, ())]


def changed(ledger: Ledger) -> list[str]:
    with ledger.read() as tx:
        return [each.text.en for each in tx.page_shapes.changed(NOW - timedelta(days=7))]


def test_a_first_look_tells_nothing_and_a_different_one_what_is_different(ledger: Ledger) -> None:
    assert note(ledger, SHAPE) == []
    assert note(ledger, SHAPE) == []
    assert changed(ledger) == []
    assert note(ledger, PageShape(("实付", "状态"))) == ["heading gone: 金额", "new heading: 实付"]
    (told,) = changed(ledger)
    assert told.startswith("Page changed: the order list of taobao")
    assert note(ledger, PageShape(("实付", "状态"))) == []
    assert note(ledger, SHAPE, "filings") == []


def test_words_of_rows_are_news_only_once_a_few_looks_were_made(ledger: Ledger) -> None:
    note(ledger, SHAPE)
    assert note(ledger, PageShape(SHAPE.headings, ("冻结中",))) == []
    for _ in range(10):
        note(ledger, SHAPE)
    assert note(ledger, PageShape(SHAPE.headings, ("冻结中",))) == []
    assert note(ledger, PageShape(SHAPE.headings, ("处理中",))) == ["new status: 处理中"]


def test_accounts_whose_pages_differ_from_each_other_are_told_once(ledger: Ledger) -> None:
    other = PageShape(("实付", "状态"), ("交易成功",), ("详情",), ("shop",), "pages")
    assert note(ledger, SHAPE) == []
    assert note(ledger, other) == ["heading gone: 金额", "new heading: 实付"]
    for _ in range(3):
        assert note(ledger, SHAPE) == []
        assert note(ledger, other) == []
    assert note(ledger, PageShape(("金额", "备注", "状态"))) == ["new heading: 备注"]


def knows(ledger: Ledger, shape: PageShape) -> bool:
    with ledger.read() as tx:
        return tx.page_shapes.knows("taobao", "orders", shape)


def test_nothing_is_to_be_kept_of_a_page_that_has_long_looked_like_that(ledger: Ledger) -> None:
    other = PageShape(("实付", "状态"), ("交易成功",), ("详情",), ("shop",), "pages")
    assert not knows(ledger, SHAPE)
    note(ledger, other)
    note(ledger, SHAPE)
    assert not knows(ledger, SHAPE)
    for _ in range(10):
        note(ledger, SHAPE)
    assert knows(ledger, SHAPE)
    assert knows(ledger, PageShape(SHAPE.headings))  # no row shows its words today
    assert knows(ledger, other)
    assert not knows(ledger, PageShape(SHAPE.headings, ("冻结中",)))
    assert not knows(ledger, PageShape(("实付", "备注", "状态")))
