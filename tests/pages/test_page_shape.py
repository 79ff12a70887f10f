"""The shape of a page is what it calls its parts, the same at each look; on recorded snapshots, without a browser."""

import pytest

from agent.domain.page_shape import changes
from agent.pages.inference.page_shape import shape_of
from agent.pages.inference.page_state import FILINGS, ORDERS
from tests.pages.test_inference import LAYOUTS, recorded
from tests.pages.test_list_parts import changed, seen


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_that_is_as_it_was_has_the_same_shape(layout: str) -> None:
    for kind, name in ((ORDERS, "orders"), (FILINGS, "filings")):
        first, second = (shape_of(seen(recorded(layout)[name]), kind) for _ in range(2))
        assert first is not None
        assert first == second
        assert not any(c.isdigit() for word in (*first.headings, *first.statuses, *first.buttons) for c in word)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("实付金额", "到手价", ["heading gone: 实付金额", "new heading: 到手价"]),
        ("已关闭", "已归档", ["new status: 已归档"]),
    ],
)
def test_what_is_called_otherwise_is_told_and_nothing_else(before: str, after: str, told: list[str]) -> None:
    known, now = shape_of(changed("-", "-"), ORDERS), shape_of(changed(before, after), ORDERS)
    assert known is not None
    assert now is not None
    assert [text.en for text in changes(known, now, ())] == told
