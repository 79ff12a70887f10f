"""Ticked boxes of a list: what is done to one of its rows may be done to every row that is ticked."""

import re

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages.inference.located_list import LocatedList
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.questions import is_ticked
from agent.pages.inference.table_rows import common_element
from agent.pages.snapshot import Node, Snapshot

_DRAWN = re.compile(r"check-?box")
_ON = re.compile(r"(^|[\s_-])(is-?)?(on|checked|selected)($|[\s_-])")


def no_other_ticks(located: LocatedList, row: Row) -> None:
    """Raise PageChanged if a box of the list is ticked elsewhere than in that row."""
    if others_ticked(located, row):
        raise PageChanged(
            located.snapshot.address,
            Text(
                "other rows of the list are ticked, and a click may be done to them, too",
                "列表中其他行已被勾选，点击可能会同时作用于这些行",
            ),
        )


def others_ticked(located: LocatedList, row: Row) -> list[Node]:
    """Return the ticked boxes of the list, its head among them, that do not stand in that row."""
    shot, parsed = located.part.shot, located.parsed
    rows = [p for r in [*parsed.rows, *parsed.cut] for p in r.pieces]
    frame = common_element(shot, [*parsed.header, *rows])
    top = min((n.box.y for n in [*parsed.header, *rows]), default=parsed.top)
    ticked = [n for n in shot.inside(frame or row.root) if _is_ticked(shot, n) and not _is_in(shot, row.pieces, n)]
    return [n for n in ticked if _is_in(shot, rows, n) or top - 2 <= n.frame_box.cy <= located.floor]


def _is_in(shot: Snapshot, pieces: list[Node], node: Node) -> bool:
    return any(shot.holds(piece, node) for piece in pieces)


def _is_ticked(shot: Snapshot, node: Node) -> bool:
    """Return True for a box that is ticked, also if only its class says so."""
    if "checkbox" in (node.kind, node.role):
        return is_ticked(shot, node)
    return _DRAWN.search(node.classes) is not None and _ON.search(node.classes) is not None
