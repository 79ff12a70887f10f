"""The shape of a page is what it calls its parts, the same at each look; on recorded snapshots, without a browser."""

import pytest

from agent.domain.page_shape import changes
from agent.pages.inference.list_kind import FILINGS, ORDERS
from agent.pages.inference.page_shape import shape_of
from tests.pages.test_inference import LAYOUTS, recorded
from tests.pages.test_list_parts import changed, seen


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_that_is_as_it_was_has_the_same_shape(layout: str) -> None:
    for kind, name in ((ORDERS, "orders"), (FILINGS, "filings")):
        first, second = (shape_of(seen(recorded(layout)[name]), kind) for _ in range(2))
        assert first is not None
        assert first == second
        assert not any(c.isdigit() for word in (*first.headings, *first.statuses, *first.buttons) for c in word)


@pytest.mark.parametrize(("at", "text"), [("状态", "锦绣家居旗舰店"), ("已关闭", "待 Zhang San 处理")])
def test_nothing_that_names_an_account_is_kept(at: str, text: str) -> None:
    shape = shape_of(changed(at, text), ORDERS, ("锦绣家居", "zhang san"))
    assert shape is not None
    assert not any("锦绣" in word or "Zhang" in word for word in (*shape.headings, *shape.statuses, *shape.buttons))
    assert shape.headings


def test_what_stands_beside_the_list_is_no_heading() -> None:
    found = recorded("table-pages")["orders"]
    nodes = found[0]["nodes"]
    head = next(node for node in nodes if node.get("text") == "状态")
    aside = {**head, "id": max(node["id"] for node in nodes) + 1, "tag": "div", "text": "李四海"}
    aside["parent"] = nodes[0]["id"]
    aside["box"] = aside["textBox"] = [-200.0, *head["textBox"][1:]]
    nodes.append(aside)
    shape = shape_of(seen(found), ORDERS)
    assert shape is not None
    assert "李四海" not in shape.headings
    assert "状态" in shape.headings


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
