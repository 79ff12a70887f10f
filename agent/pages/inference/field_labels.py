"""The words that label a control, found from the control: what stands before it, else above it."""

from agent.pages import vocabulary
from agent.pages.snapshot import Node, Snapshot

_BEFORE, _ABOVE, _BEHIND = 300, 60, 40


def label_of(shot: Snapshot, nodes: list[Node], within: Node) -> tuple[str, bool]:
    """The label of a control, or of several that belong together, and whether it says that it must be filled in."""
    first = nodes[0]
    named = first.attrs.get("aria-label") or _tied(shot, nodes)
    node = _before(shot, nodes, within) or _above(shot, nodes, within)
    text = named or (node.text if node else "")
    return vocabulary.heading(text), bool(node) and is_required(shot, node or first)


def line_before(shot: Snapshot, nodes: list[Node], within: Node) -> str:
    """The whole line of words before some controls, else above them: a sentence in which a link stands."""
    node = _before(shot, nodes, within) or _above(shot, nodes, within)
    if node is None:
        return ""
    line = [n for n in _texts(shot, nodes, within) if n.box.overlap_y(node.box) > min(n.box.h, node.box.h) / 2]
    apart = [n for n in line if not any(n.box.overlap_y(o.frame_box) > 2 and n.box.x >= o.frame_box.x for o in nodes)]
    return " ".join(n.text for n in apart)


def name_of(shot: Snapshot, node: Node) -> str:
    """The words right behind a radio or a tick box, if no element joins the two."""
    box = node.frame_box
    level = [n for n in shot.texts if n.box.overlap_y(box) > min(n.box.h, box.h) / 2]
    behind = [n for n in level if -4 <= n.box.x - box.right <= _BEHIND]
    return min(behind, key=lambda n: n.box.x).text if behind else ""


def _tied(shot: Snapshot, nodes: list[Node]) -> str:
    ids = set(nodes[0].attrs.get("aria-labelledby", "").split())
    for outer in shot.ancestors(nodes[0]):
        if outer.role in ("radiogroup", "tablist", "group") and shot.holds(outer, nodes[-1]):
            ids |= set(outer.attrs.get("aria-labelledby", "").split())
            if text := outer.attrs.get("aria-label"):
                return text
    fors = {n.attrs["id"] for n in nodes[:1] if "id" in n.attrs and len(nodes) == 1}
    found = [n for n in shot.nodes if n.attrs.get("id") in ids or (fors and n.attrs.get("for") in fors)]
    return shot.words(found[0]) if found else ""


def _texts(shot: Snapshot, nodes: list[Node], within: Node) -> list[Node]:
    return [n for n in shot.inside(within) if n.text and not any(shot.holds(o, n) for o in nodes)]


def _before(shot: Snapshot, nodes: list[Node], within: Node) -> Node | None:
    box = nodes[0].frame_box
    found = [
        n
        for n in _texts(shot, nodes, within)
        if n.box.overlap_y(box) > min(n.box.h, box.h) / 3 and -2 <= box.x - n.box.right <= _BEFORE
    ]
    return max(found, key=lambda n: n.box.right, default=None)


def _above(shot: Snapshot, nodes: list[Node], within: Node) -> Node | None:
    box = nodes[0].frame_box
    found = [
        n for n in _texts(shot, nodes, within) if -4 <= box.y - n.box.bottom <= _ABOVE and n.box.x - 40 <= box.right
    ]
    return max(found, key=lambda n: n.box.bottom, default=None)


def is_required(shot: Snapshot, label: Node) -> bool:
    """True if a label has a star, or stands in what is called required."""
    starred = label.text.strip().startswith(("*", "＊")) or label.text.strip().rstrip(":：").endswith(("*", "＊"))
    around = [label, *shot.ancestors(label)][:4]
    beside = any(n.text.strip() in ("*", "＊") and n.parent in {a.index for a in around[:3]} for n in shot.texts)
    return starred or beside or any("required" in a.classes for a in around)
