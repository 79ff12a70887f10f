"""One part of a list that changed is told, and nothing else; on recorded snapshots, without a browser."""

import re
from collections.abc import Sequence
from typing import cast

import pytest
from playwright.async_api import Frame, JSHandle

from agent.domain.probe import Part, Verdict
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.list_parts import Declared, filing_parts, order_parts, told_headings
from agent.pages.inference.located_list import find_list
from agent.pages.snapshot import Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot
from tests.pages.test_inference import LAYOUTS, Raw, recorded

DECLARED = Declared(("网店管家云端版", "网店管家J系列", "FW_GOODS-1870412"))
CHANGED = "table-pages"


def seen(parts: list[Raw]) -> PageSnapshot:
    nowhere = [FrameSnapshot(cast("Frame", object()), Snapshot.load(raw), cast("JSHandle", None)) for raw in parts]
    return PageSnapshot(tuple(nowhere))


def different(parts: Sequence[tuple[Part, object]]) -> dict[str, str]:
    return {part.part: part.seen for part, _ in parts if part.verdict is Verdict.DIFFERENT}


def changed(before: str, after: str) -> PageSnapshot:
    found = recorded(CHANGED)["orders"]
    for node in (n for raw in found for n in raw["nodes"]):
        if node.get("text") == before:
            node["text"] = after
    return seen(found)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lists_that_are_as_declared_differ_in_nothing(layout: str) -> None:
    found = recorded(layout)
    assert different(order_parts(seen(found["orders"]), DECLARED)) == {}
    assert different(filing_parts(seen(found["filings"]))) == {}


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("headings", "实付金额", "到手价"),
        ("headings", "订购时间", "成交于"),
        ("status words", "已关闭", "已归档"),
        ("confirm step", "确认", "验收"),
    ],
)
def test_what_changed_is_told_with_the_new_word_and_nothing_else_is(part: str, before: str, after: str) -> None:
    found = different(order_parts(changed(before, after), DECLARED))
    assert list(found) == [part]
    assert after in found[part]


@pytest.mark.parametrize(
    ("field", "before", "after"), [("amount", "实付金额", "到手价"), ("ordered_at", "订购时间", "成交于")]
)
def test_what_a_new_heading_means_is_told_by_what_stands_below_it(field: str, before: str, after: str) -> None:
    located = find_list(changed(before, after), ORDERS)
    assert located is not None
    assert told_headings(located, ORDERS) == {field: after}


def test_a_new_heading_over_words_is_left_to_a_person() -> None:
    located = find_list(changed("状态", "进展"), ORDERS)
    assert located is not None
    assert told_headings(located, ORDERS) == {}


def test_a_number_of_another_shape_is_told_by_its_shape_alone() -> None:
    declared = Declared(DECLARED.services, re.compile(r"E\d{23}"))
    found = different(order_parts(seen(recorded(CHANGED)["orders"]), declared))
    assert list(found) == ["order number"]
    assert found["order number"] == "19 digits"


def test_a_service_of_our_name_that_is_not_declared_is_told() -> None:
    found = different(order_parts(seen(recorded(CHANGED)["orders"]), Declared(("FW_GOODS-1",))))
    assert list(found) == ["services"]
    assert "网店管家" in found["services"]


def test_a_step_that_is_not_declared_is_told() -> None:
    found = different(order_parts(seen(recorded(CHANGED)["orders"]), Declared(DECLARED.services, confirms=False)))
    assert list(found) == ["confirm step"]
