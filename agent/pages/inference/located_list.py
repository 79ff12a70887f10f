"""The list of a page: which frame it stands in, its rows, and the totals that the page states of it."""

from dataclasses import dataclass

from agent.pages import list_words
from agent.pages.inference.cards import find_cards
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.parsed_list import ParsedList
from agent.pages.inference.tables import find_table
from agent.pages.snapshot import Node, Snapshot, remembered
from agent.pages.values import numbers_in
from agent.pages.view import FrameSnapshot, PageSnapshot

_OVER = 240


@dataclass(frozen=True, slots=True)
class LocatedList:
    """A list as it stands in one view."""

    snapshot: PageSnapshot
    part: FrameSnapshot
    parsed: ParsedList
    # The height of the window in which its rows scroll by themselves, once they were seen to do so.
    scrolls: float | None = None

    @property
    def signature(self) -> tuple[str, ...]:
        """Changes when other rows are shown."""
        return tuple(" ".join(n.text for n in r.nodes if n.text) for r in self.parsed.rows)

    @property
    def floor(self) -> float:
        """From where on downwards something stands under the rows, in pixels from the top of the window."""
        return max((r.box.bottom for r in self.parsed.rows), default=self.parsed.top) - 2

    def is_beside(self, node: Node) -> bool:
        """True for what is in no row of the list."""
        return not any(self.part.shot.holds(r.root, node) for r in self.parsed.rows)


def totals(located: LocatedList) -> set[int]:
    """The counts that the page states: 共 37 条, also if the words of that line stand in several elements.

    If any stands under the list's rows, those further away count for nothing, else those closely above it do; what
    counts something else, such as 共 5 条消息, never does.
    """
    shot = located.part.shot
    texts = [(n, list_words.total_in(n.text)) for n in shot.texts if len(n.text) < 60]
    texts += [(n, list_words.total_in(shot.words(n))) for n in shot.nodes if _is_short_line(shot, n)]
    stated = [(n, t) for n, t in texts if t is not None and list_words.total_in(shot.words(n)) is not None]
    own = {t for n, t in stated if _is_by(located, n)}
    return own or {t for n, t in stated if _is_over(located, n)}


def _is_over(located: LocatedList, node: Node) -> bool:
    """True for what stands closely above the list, or beside it."""
    tops = [n.box.y for n in located.parsed.header] or [r.box.y for r in located.parsed.rows]
    return not tops or node.box.bottom >= min(tops) - _OVER


def _is_by(located: LocatedList, node: Node) -> bool:
    """True for what stands under the rows, between the left and the right of the list."""
    boxes = [r.box for r in located.parsed.rows] or [n.box for n in located.parsed.header]
    if not boxes:
        return False
    left, right = min(b.x for b in boxes), max(b.right for b in boxes)
    return node.box.y >= max(b.bottom for b in boxes) - 2 and left - 2 <= node.box.cx <= right + 2


def _is_short_line(shot: Snapshot, node: Node) -> bool:
    return node.shown and 0 < shot.last[node.index] - node.index <= 6 and node.frame_box.h < 60


def find_list(snapshot: PageSnapshot, kind: ListKind) -> LocatedList | None:
    """The list of that kind in any frame of the page, with rows or without; None if there is none."""
    for part in snapshot.parts:
        parsed = _parse(part.shot, kind)
        if parsed is not None:
            return LocatedList(snapshot, part, parsed.copy())
    return None


@remembered
def _parse(shot: Snapshot, kind: ListKind) -> ParsedList | None:
    parsed = find_table(shot, kind.vocabulary, kind.telling)
    if parsed is not None and parsed.rows:
        return parsed
    cards = find_cards(shot, kind.vocabulary, kind.states)
    # Beside a table that is empty, a hint such as 订单编号在确认之后可见 looks like a card.
    return cards if cards and (parsed is None or _has_records(cards)) else parsed


def _has_records(parsed: ParsedList) -> bool:
    """True if any row shows a state or a number: without both, it is no record of anything."""
    return any(row.text("status") or numbers_in(" ".join(n.text for n in row.nodes)) for row in parsed.rows)
