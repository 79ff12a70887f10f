"""Compares a list as it is drawn with what is declared of it: headings, numbers, states, services, buttons, paging.

Each part is judged by itself, so that one that changed is told and nothing else. Nothing of an account is repeated:
of a number its shape, of a state its word.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from agent.domain.orders import FilingStatus, OrderStatus, is_ours
from agent.domain.probe import Part, judged
from agent.domain.text import fold
from agent.pages import vocabulary
from agent.pages.inference.cells import state_in
from agent.pages.inference.links_onward import ways_on
from agent.pages.inference.list_kind import FILINGS, ORDERS, ListKind
from agent.pages.inference.located_list import LocatedList, find_list, totals
from agent.pages.inference.order_numbers import whole_number
from agent.pages.inference.page_state import is_empty
from agent.pages.inference.pager import has_pager
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.records import button, refund_button
from agent.pages.inference.services import Service, service_of
from agent.pages.snapshot import Node
from agent.pages.values import cut_number
from agent.pages.view import PageSnapshot

S = TypeVar("S", OrderStatus, FilingStatus)
_ERP = "网店管家"
_NO_BUTTON = "no button in the row; it may show under the pointer"
# The values of fields that can be told by their shape alone, folded.
_SHAPES = {
    "amount": re.compile(r"[¥￥]?\d[\d,]*\.\d{2}元?"),
    "ordered_at": re.compile(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(\d{1,2}:\d\d(:\d\d)?)?"),
    "order_no": re.compile(r"[A-Z]{0,2}\d{10,24}"),
}
_MOST = 8
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared of a platform's order list."""

    services: Collection[str]
    number: re.Pattern[str] | None = None
    number_after_confirm: bool = False
    statuses: Mapping[str, OrderStatus] = field(default_factory=dict)
    confirms: bool = True
    confirm_words: tuple[str, ...] = ()
    kind: ListKind = ORDERS


def order_parts(snapshot: PageSnapshot, declared: Declared) -> list[tuple[Part, Node | None]]:
    """The parts of an order list, each with the element that shows a difference."""
    located = find_list(snapshot, declared.kind)
    if located is None:
        return [(_list_part("order list", None), None), *((p, None) for p in _unseen(_ORDER_PARTS))]
    rows = located.parsed.rows
    return [
        (_list_part("order list", (len(rows), is_empty(snapshot, located, declared.kind.empty))), None),
        headings(located, declared.kind, "headings"),
        _number(rows, declared),
        _states(rows, vocabulary.ORDER_STATUS, declared.statuses, "status words"),
        _services(rows, declared),
        _confirm(located, declared),
        (_paging(located), None),
    ]


def filing_parts(snapshot: PageSnapshot) -> list[tuple[Part, Node | None]]:
    """The parts of the back office's list, each with the element that shows a difference."""
    located = find_list(snapshot, FILINGS)
    if located is None:
        return [(_list_part("back office: list", None), None), *((p, None) for p in _unseen(_FILING_PARTS))]
    rows = located.parsed.rows
    return [
        (_list_part("back office: list", (len(rows), is_empty(snapshot, located))), None),
        headings(located, FILINGS, "back office: headings"),
        _states(rows, vocabulary.FILING_STATUS, {}, "back office: status words"),
        _refund(rows),
    ]


_ORDER_PARTS = ("headings", "order number", "status words", "services", "confirm step", "paging")
_FILING_PARTS = ("back office: headings", "back office: status words", "back office: refund button")


def _unseen(names: Collection[str]) -> Iterator[Part]:
    yield from (judged(name, "", "the list was not found", same=None) for name in names)


def _list_part(name: str, found: tuple[int, bool] | None) -> Part:
    if found is None:
        return judged(name, "a list with its headings", "none", same=False)
    count, empty = found
    seen = (
        f"{count} rows" if count else "no rows, and a sign of emptiness" if empty else "no rows, no sign of emptiness"
    )
    return judged(name, "a list with its headings", seen, same=bool(count) or empty)


def headings(located: LocatedList, kind: ListKind, name: str) -> tuple[Part, Node | None]:
    """Whether every field that is needed has a heading, or a label in the rows; and what the unknown ones say."""
    rows = located.parsed.rows
    shown = {*located.parsed.headed, *(n for row in rows[:1] for n in row.cells if _is_in_each(rows, n))}
    named = {"amount" if n == "amount_fen" else n for n in shown}
    missing = [n for n in sorted(kind.needs) if n not in named]
    unknown = unknown_headings(located, kind)
    words = ", ".join(kind.vocabulary[n][0] for n in sorted(kind.needs))
    text = "、".join(n.text for n in unknown[:_MOST]) or "-"
    if not missing:
        return judged(name, words, words, same=True), None
    lacking = ", ".join(kind.vocabulary[n][0] for n in missing)
    part = judged(name, words, f"no column for {lacking}; not known: {text}", same=False)
    return part, unknown[0] if unknown else None


def _is_in_each(rows: Collection[Row], name: str) -> bool:
    """True for a field that each row shows, as some lists do in a row of their own or behind a label."""
    return all(name in row.cells and row.cells[name].text for row in rows)


def told_headings(located: LocatedList, kind: ListKind) -> dict[str, str]:
    """What unknown headings must mean, by field: below each stand values that only one missing field can have, and
    below no other one do. Nothing is guessed for fields that are words.
    """
    named = {"amount" if n == "amount_fen" else n for n in located.parsed.headed}
    found: dict[str, str] = {}
    for name in sorted(kind.needs - named):
        shape = _SHAPES.get(name)
        fitting = [n for n in unknown_headings(located, kind) if shape and _all_fit(located, n, shape)]
        if len(fitting) == 1:
            found[name] = fitting[0].text
    return found


def _all_fit(located: LocatedList, head: Node, shape: re.Pattern[str]) -> bool:
    """True if the words that stand under a heading, at least one in each row, all have a shape."""
    under = [
        [n.folded for n in located.part.shot.texts if n.box.overlap_y(row.box) > 0 and n.box.overlap_x(head.box) > 0]
        for row in located.parsed.rows
    ]
    return bool(under) and all(texts and all(shape.fullmatch(t) for t in texts) for texts in under)


def unknown_headings(located: LocatedList, kind: ListKind) -> list[Node]:
    """The words in the line of the headings that name no field."""
    header = located.parsed.header
    if not header:
        return []
    top, bottom = min(n.box.y for n in header), max(n.box.bottom for n in header)
    inside = (n for n in located.part.shot.texts if n.box.cy > top - 2 and n.box.cy < bottom + 2)
    short = (n for n in inside if len(n.text) <= _LONGEST and n.kind is None)
    return [n for n in short if vocabulary.field_of(n.text, kind.vocabulary) is None]


def _number(rows: Collection[Row], declared: Declared) -> tuple[Part, Node | None]:
    text = declared.number.pattern if declared.number else "digits, any length"
    if not any("order_no" in row.cells for row in rows):
        return judged("order number", text, "not seen", same=None), None
    shapes = dict[str, None]()
    wrong: Node | None = None
    for row in rows:
        number = whole_number(row)
        shown = fold(row.text("order_no"))
        hidden = declared.number_after_confirm and vocabulary.HIDDEN_NUMBER.fullmatch(shown) is not None
        fits = number is not None and (declared.number is None or declared.number.fullmatch(number) is not None)
        hidden |= number is None and cut_number(shown) is not None  # it shows whole when the pointer rests on it
        shapes[_shape(number) if number else "hidden or shortened" if hidden else f"unreadable ({_shape(shown)})"] = (
            None
        )
        if not (fits or hidden):
            nodes = row.cells["order_no"].nodes if "order_no" in row.cells else []
            wrong = wrong or next(iter(nodes), row.root)
    return judged("order number", text, ", ".join(shapes), same=wrong is None), wrong


def _shape(text: str) -> str:
    """The shape of a number: 19 digits, or E + 23 digits."""
    return re.sub(r"\d+", lambda m: f"{len(m[0])} digits ", text).strip()[:40]


def _states(
    rows: Collection[Row],
    known: dict[S, tuple[str, ...]],
    own: Mapping[str, S],
    name: str,
) -> tuple[Part, Node | None]:
    cells = [row.cells["status"] for row in rows if row.cells.get("status") and row.text("status")]
    text = "、".join(words[0] for words in known.values())
    if not cells:
        return judged(name, text, "not seen", same=None), None
    seen = dict.fromkeys(cell.text for cell in cells)
    wrong = [cell for cell in cells if state_in(cell, known, own) is None]
    if not wrong:
        return judged(name, text, "、".join(seen), same=True), None
    unknown = "、".join(dict.fromkeys(cell.text[:20] for cell in wrong))
    return judged(name, text, f"not known: {unknown}", same=False), next(iter(wrong[0].nodes), None)


def _ours(row: Row, services: Collection[str]) -> bool:
    found = service_of(row)
    return found is not None and _is_ours(found, services)


def _is_ours(found: Service, services: Collection[str]) -> bool:
    return is_ours(found.name, found.deciding_code(services), services)


def _services(rows: Collection[Row], declared: Declared) -> tuple[Part, Node | None]:
    text = "、".join(declared.services)
    found = [(row, service) for row in rows if (service := service_of(row)) is not None]
    like = [(row, s) for row, s in found if _ERP in fold(s.name) and not _is_ours(s, declared.services)]
    ours = dict.fromkeys(s.name for _, s in found if _is_ours(s, declared.services))
    if like and not ours:
        row, service = like[0]
        code = service.deciding_code(declared.services) or "no code"
        nodes = row.cells["service"].nodes if "service" in row.cells else []
        return judged("services", text, f"{service.name} ({code})", same=False), next(iter(nodes), None)
    return judged("services", text, "、".join(ours) or "none of ours", same=True if ours else None), None


def _confirm(located: LocatedList, declared: Declared) -> tuple[Part, Node | None]:
    text = f"a button {vocabulary.CONFIRM[0]}" if declared.confirms else "no such step"
    states = dict(vocabulary.ORDER_STATUS)
    waits = [
        row
        for row in located.parsed.rows
        if _ours(row, declared.services)
        and state_in(row.cells.get("status"), states, declared.statuses) is OrderStatus.AWAITING_CONFIRMATION
    ]
    if not waits:
        return judged("confirm step", text, "no order of ours waits for it", same=None), None
    if not declared.confirms:
        return judged("confirm step", text, "an order waits for it", same=False), waits[0].root
    for row in waits:
        if (node := button(row, (*vocabulary.CONFIRM, *declared.confirm_words))) is not None:
            return judged(
                "confirm step", text, f"a button {node.text or node.name}; it was not pressed", same=True
            ), None
    # What every row offers (详情, 续费) is no confirmation; what only those offer that wait for it may be one.
    usual = {w for row in located.parsed.rows if row not in waits for w in _offered(located, row)}
    offered = [w for row in waits for w in _offered(located, row) if w not in usual]
    if offered:
        return judged("confirm step", text, f"the row offers {'、'.join(dict.fromkeys(offered))}", same=False), waits[
            0
        ].root
    ways = [way for row in waits for way in ways_on(located.part.shot, row)]
    seen = f"behind {ways[0].node.text or ways[0].kind.name.lower()}; it was not pressed" if ways else _NO_BUTTON
    return judged("confirm step", text, seen, same=True if ways else None), None


def _offered(located: LocatedList, row: Row) -> Iterator[str]:
    """The words of what can be pressed in a row, but for what names the order."""
    named = {n.id for name in ("service", "order_no", "shop") if name in row.cells for n in row.cells[name].nodes}
    for node in row.nodes:
        if node.text and node.id not in named and located.part.shot.worked_by(node) and len(node.text) <= _LONGEST:
            yield node.text


def _refund(rows: Collection[Row]) -> tuple[Part, Node | None]:
    name, text = "back office: refund button", " / ".join(vocabulary.REFUND)
    found = next((node for row in rows if (node := refund_button(row)) is not None), None)
    if found is None:
        return judged(name, text, "no filing offers it", same=None), None
    return judged(name, text, f"{found.text or found.name}; it was not pressed", same=True), None


def _paging(located: LocatedList) -> Part:
    stated, count, pager = totals(located), len(located.parsed.rows), has_pager(located)
    texts = [f"{count} rows", *(f"a total of {t}" for t in stated), "a pager" if pager else "no pager"]
    whole = pager or not stated or count >= max(stated)
    return judged("paging", "all rows, or a pager to the rest", ", ".join(texts), same=whole)
