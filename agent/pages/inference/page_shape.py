"""Tells the shape of a list's page from a snapshot: headings, states, buttons, labels of boxes, how it pages."""

from collections.abc import Iterable, Iterator

from agent.domain.page_shape import PageShape
from agent.domain.text import fold
from agent.pages import vocabulary
from agent.pages.inference.fields import find_field
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.list_parts import unknown_headings
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.pager import has_pager, more_control
from agent.pages.view import PageSnapshot

_LONGEST, _MOST = 12, 40
# What differs from row to row, and is no word of the page.
_SAYS_NUMBERS = frozenset("0123456789")


def shape_of(snapshot: PageSnapshot, kind: ListKind, own: Iterable[str] = ()) -> PageShape | None:
    """The shape of the page with that list; None if it shows no row, which tells nothing of it.

    `own` are names of the account: a word that holds one is left out, for a shape is kept for all who look.
    """
    names = {folded for name in own if len(folded := fold(name).lower()) > 1}

    def words(texts: Iterable[str]) -> tuple[str, ...]:
        return _words(t for t in texts if not any(name in fold(t).lower() for name in names))

    located = find_list(snapshot, kind)
    if located is None or not located.parsed.rows:
        return None
    return PageShape(
        words(_headings(located, kind)),
        words(row.text("status") for row in located.parsed.rows),
        words(_buttons(located)),
        tuple(name for name in sorted(vocabulary.FORM_LABELS) if find_field(snapshot, vocabulary.FORM_LABELS[name])),
        _pager(located),
    )


def _headings(located: LocatedList, kind: ListKind) -> Iterator[str]:
    """Those that name a field, and what else stands above the rows: beside the list it may be somebody's name."""
    boxes = [row.root.box for row in located.parsed.rows]
    left, right = min(b.x for b in boxes), max(b.right for b in boxes)
    for node in (*located.parsed.header, *unknown_headings(located, kind)):
        above = left <= node.box.x + node.box.w / 2 <= right
        if above or vocabulary.field_of(node.text, kind.vocabulary) is not None:
            yield node.text


def _buttons(located: LocatedList) -> Iterator[str]:
    """What the rows offer in their column 操作; elsewhere a row's links may say a person's name."""
    for row in located.parsed.rows:
        cell = row.cells.get("action")
        yield from (n.text for n in (cell.nodes if cell else ()) if n.text)


def _words(texts: Iterable[str]) -> tuple[str, ...]:
    """Each word once, in a fixed order, without those that hold numbers or are sentences."""
    said = {fold(text) for text in texts}
    return tuple(sorted(w for w in said if w and len(w) <= _LONGEST and not _SAYS_NUMBERS & {*w}))[:_MOST]


def _pager(located: LocatedList) -> str | None:
    if more_control(located) is not None:
        return "load more"
    return "pages" if has_pager(located) else None
