"""Which part of a window a picture shows: its head, and what surrounds the row that is worked."""

from collections.abc import Sequence

from agent.pages.box import Box
from agent.pages.snapshot import Snapshot

HEAD = 120.0  # CSS pixels from the top: the site, its menu, and the shop's name
AROUND = 120.0
_COVER = 0.6
_LAYER = 0.5
Band = tuple[float, float]


def bands(focus: Sequence[Box], shot: Snapshot, bottom: float) -> list[Band]:
    """Return the stretches of a window, from top to bottom in CSS pixels, that hold its head and what `focus` shows.

    What lies over the page belongs to it; if it covers most of the window, or nothing is in focus, all is shown.
    `shot` is the page's own document, and nothing is drawn below `bottom`.
    """
    layers = [node for node in shot.nodes if node.afloat and node.shown]
    if not focus or any(_covers(layer.frame_box, shot) for layer in layers):
        return [(0.0, bottom)]
    pinned = [layer.frame_box for layer in layers if layer.fixed and layer.frame_box.h < _LAYER * shot.height]
    shown = [*focus, *(box for box in pinned if box.bottom > 0 and box.y < shot.height)]
    above, below = min(box.y for box in shown) - AROUND, max(box.bottom for box in shown) + AROUND
    return joined([(0.0, HEAD), (max(above, 0.0), below)], bottom)


def joined(wanted: Sequence[Band], bottom: float) -> list[Band]:
    """Return the stretches in order, those that meet as one, and none beyond `bottom`."""
    found: list[Band] = []
    for start, end in sorted((start, min(end, bottom)) for start, end in wanted if start < min(end, bottom)):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found or [(0.0, bottom)]


def _covers(box: Box, shot: Snapshot) -> bool:
    return box.w >= _COVER * shot.width and box.h >= _COVER * shot.height
