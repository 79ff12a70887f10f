"""Rows inferred from recorded snapshots, without a browser: right, and not by class names; a doubt is an error."""

import json
import random
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast
from zlib import crc32

import pytest
from playwright.async_api import Frame, JSHandle

from agent.domain.orders import SHANGHAI, Filing, Order
from agent.domain.page_errors import PageChanged
from agent.pages import vocabulary
from agent.pages.inference.list_checks import ORDER_NEEDS, missing_column
from agent.pages.inference.list_kind import FILINGS, ORDERS, ListKind
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.parsed_list import Cell
from agent.pages.inference.records import OrderRules, filing_of, order_of
from agent.pages.snapshot import Snapshot
from agent.pages.values import completes, cut_number
from agent.pages.view import FrameSnapshot, PageSnapshot

FOLDER = Path(__file__).resolve().parents[1] / "fixtures/snapshots"
LAYOUTS = sorted(p.stem for p in FOLDER.glob("*.json"))
CUT = "ellipsis-hover"  # its numbers show only while the pointer rests on them: see tests/flows
WHOLE = [name for name in LAYOUTS if name != CUT]
RULES = OrderRules(["网店管家云端版", "网店管家J系列"])
Raw = dict[str, Any]
Change = Callable[[Raw], None]


@cache
def _text(layout: str) -> str:
    return (FOLDER / f"{layout}.json").read_text(encoding="utf-8")


def recorded(layout: str) -> Raw:
    found: Raw = json.loads(_text(layout))
    return found


def sheet_of(parts: list[Raw], kind: ListKind) -> LocatedList:
    nowhere = [FrameSnapshot(cast("Frame", object()), Snapshot.load(raw), cast("JSHandle", None)) for raw in parts]
    found = find_list(PageSnapshot(tuple(nowhere)), kind)
    assert found is not None
    return found


def read_orders(parts: list[Raw]) -> list[Order]:
    located = sheet_of(parts, ORDERS)
    missing_column(located.parsed, ORDER_NEEDS, located.snapshot.address)
    return [order_of(row, located.snapshot.address, RULES) for row in located.parsed.rows]


def read_filings(parts: list[Raw]) -> list[Filing]:
    located = sheet_of(parts, FILINGS)
    return [filing_of(row, located.snapshot.address) for row in located.parsed.rows]


def brief(orders: list[Order]) -> list[tuple[object, ...]]:
    return [(o.order_no, o.ordered_at, o.service, o.amount, o.status) for o in orders]


def expected(found: Raw) -> list[tuple[object, ...]]:
    return [
        (
            o["order_no"],
            datetime.fromisoformat(o["ordered_at"]).replace(tzinfo=SHANGHAI),
            o["service"],
            Decimal(o["amount"]),
            vocabulary.state_of(o["status"], vocabulary.ORDER_STATUS),
        )
        for o in found["truth"]["orders"]
    ]


@pytest.mark.parametrize("layout", WHOLE)
def test_orders_are_read_right(layout: str) -> None:
    found = recorded(layout)
    assert brief(read_orders(found["orders"])) == expected(found)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_filings_are_read_right(layout: str) -> None:
    found = recorded(layout)
    read = [(f.order_no, str(f.ordered_on), f.amount, f.status, f.offered) for f in read_filings(found["filings"])]
    assert read == [
        (
            f["order_no"],
            f["date"],
            Decimal(f["amount"]),
            vocabulary.state_of(f["status"], vocabulary.FILING_STATUS),
            f["status"] == "可申请",
        )
        for f in found["truth"]["filings"]
    ]


def test_a_cut_number_is_no_number() -> None:
    found = recorded(CUT)
    located = sheet_of(found["orders"], ORDERS)
    assert len(located.parsed.rows) == len(found["truth"]["orders"])
    for row, truth in zip(located.parsed.rows, found["truth"]["orders"], strict=True):
        cut = cut_number(row.text("order_no"))
        assert cut is not None
        assert completes(cut, truth["order_no"])
        with pytest.raises(PageChanged, match="order_no"):
            order_of(row, "x", RULES)


@pytest.mark.parametrize(
    ("status", "end", "runs", "expected_end"),
    [
        ("交易成功", "2030-01-02 00:00:00", "1年", "2030-01-02"),
        ("交易成功", "--", "1年", "2025-06-18"),
        ("待确认", "", "12个月", "2025-06-18"),
        ("待付款", "--", "1年", None),  # what was not paid for does not run
        ("已关闭", "--", "1年", None),
        ("交易成功", "--", "0个月", None),
        ("交易成功", "", "", None),
        ("交易成功", "长期", "看情况", None),
        ("交易成功", "", "2024-06-18 至 2024-07-18", "2024-07-18"),
        ("交易成功", "2024-06-18 - 2024-07-18", "1年", "2024-07-18"),
    ],
)
def test_the_end_is_the_one_shown_else_that_of_the_period(
    status: str, end: str, runs: str, expected_end: str | None
) -> None:
    row = sheet_of(recorded("table-pages")["orders"], ORDERS).parsed.rows[0]
    words = {"status": status, "expires_at": end, "period": runs, "ordered_at": "2024-06-18 21:39:35"}
    row.cells |= {name: Cell([], text) for name, text in words.items()}
    found = order_of(row, "x", RULES).expires_at
    assert (found.date().isoformat() if found else None) == expected_end


# mutations


def _with_hashed_classes(raw: Raw) -> None:
    for node in raw["nodes"]:
        if "class" in node["attrs"]:
            node["attrs"]["class"] = " ".join(f"_{crc32(w.encode()):06x}" for w in node["attrs"]["class"].split())


def _with_attributes_shuffled(raw: Raw) -> None:
    rng = random.Random(1)
    for name in ("class", "id"):
        held = [n for n in raw["nodes"] if name in n["attrs"]]
        values = [n["attrs"][name] for n in held]
        rng.shuffle(values)
        for node, value in zip(held, values, strict=True):
            node["attrs"][name] = value


def _with_other_ids(raw: Raw) -> None:
    for node in raw["nodes"]:
        node["id"] += 1000


def _moved(raw: Raw) -> None:
    for node in raw["nodes"]:
        for box in (node["box"], node.get("textBox")):
            if box:
                box[0] += 37
                box[1] += 211


def _wider_blanks(raw: Raw) -> None:
    for node in raw["nodes"]:
        node["text"] = node.get("text", "").replace(" ", "\u00a0")


@pytest.mark.parametrize("layout", WHOLE)
@pytest.mark.parametrize(
    "change", [_with_hashed_classes, _with_attributes_shuffled, _with_other_ids, _moved, _wider_blanks]
)
def test_what_a_person_does_not_see_does_not_change_the_rows(layout: str, change: Change) -> None:
    found = recorded(layout)
    for raw in found["orders"]:
        change(raw)
    assert brief(read_orders(found["orders"])) == expected(found)


@pytest.mark.parametrize("layout", WHOLE)
@pytest.mark.parametrize("column", ["status", "ordered_at", "amount", "service", "order_no"])
def test_a_row_that_lacks_something_is_an_error_and_is_not_skipped(layout: str, column: str) -> None:
    rows = sheet_of(recorded(layout)["orders"], ORDERS).parsed.rows
    for place in range(len(rows)):
        found = recorded(layout)
        located = sheet_of(found["orders"], ORDERS)
        gone = {n.id for n in located.parsed.rows[place].cells[column].nodes}
        raw = next(r for r in found["orders"] if {n["id"] for n in r["nodes"]} >= gone)
        for node in raw["nodes"]:
            if node["id"] in gone:
                node["text"] = ""
        try:
            left = read_orders(found["orders"])
        except PageChanged as error:
            assert error.address.startswith("http://market.test/orders")  # noqa: PT017
        else:
            pytest.fail(f"row {place + 1} of {len(rows)} without {column}: {len(left)} rows are read, no error")


@pytest.mark.parametrize("layout", WHOLE)
def test_an_unknown_state_is_an_error(layout: str) -> None:
    found = recorded(layout)
    known = {w for text in vocabulary.ORDER_STATUS.values() for w in text}
    located = sheet_of(found["orders"], ORDERS)
    target = next(n.id for n in located.parsed.rows[-1].cells["status"].nodes if n.folded in known)
    for raw in found["orders"]:
        for node in raw["nodes"]:
            if node["id"] == target and node["text"] in known:
                node["text"] = "待评价"
    with pytest.raises(PageChanged):
        read_orders(found["orders"])


@pytest.mark.parametrize("layout", WHOLE)
@pytest.mark.parametrize("column", ["order_no", "ordered_at", "amount"])
def test_digits_that_a_font_of_the_page_draws_are_an_error(layout: str, column: str) -> None:
    found = recorded(layout)
    drawn = {n.id for n in sheet_of(found["orders"], ORDERS).parsed.rows[-1].cells[column].nodes}
    for node in (n for raw in found["orders"] for n in raw["nodes"] if n["id"] in drawn):
        node["text"] = node["text"].replace("0", "\ue0f1")
    with pytest.raises(PageChanged, match=f"the {column} is drawn in a font"):
        read_orders(found["orders"])
