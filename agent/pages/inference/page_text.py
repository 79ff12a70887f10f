"""A page as text: of all that the reader saw its role, its words and its box, without what a picture would cover."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from agent.domain.addresses import tokens_out, without_tokens
from agent.domain.redaction import MASK
from agent.pages.box import Box
from agent.pages.inference.code_form import may_hold_code
from agent.pages.inference.drawn_text import Piece, spread_over
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_MOST, _LONGEST, _OPTIONS = 3000, 300, 20
_TICKED = ("checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio")
_ROLES = {
    "a": "link",
    "button": "button",
    "th": "columnheader",
    "td": "cell",
    "li": "listitem",
    "img": "img",
    "iframe": "frame",
    "textarea": "textbox",
    "select": "combobox",
    "label": "label",
}


@dataclass(frozen=True, slots=True)
class _Shown:
    """One element as it is told: `marks` are what is the matter with it, `words` what it shows."""

    role: str
    box: Box
    words: list[str]
    marks: list[str]


def page_text(snapshot: PageSnapshot, secrets: Collection[str], mask: Callable[[str], str]) -> list[str]:
    """Return a line for each element that shows something: `button "确认" 812,340 64x24`, frame by frame.

    `mask` takes the `secrets` out of one text. What shows one together with others, letter by letter, is masked whole,
    and so is what was typed where a code may stand; what stands in a box for a password was never read.
    """
    lines: list[str] = []
    for part in snapshot.parts:
        lines.append(f"# {mask(without_tokens(part.shot.address))}")
        shown = [_shown(part, node, codes) for codes in (may_hold_code(part),) for node in _told(part)]
        _cover(shown, secrets, mask)
        lines += [_line(each) for each in shown[:_MOST]]
        if len(shown) > _MOST:
            lines.append(f"… +{len(shown) - _MOST}")
    return lines


def _told(part: FrameSnapshot) -> Iterator[Node]:
    return (n for n in part.shot.nodes if n.shown and (n.text or n.kind or n.name or n.clickable))


def _shown(part: FrameSnapshot, node: Node, codes: Collection[int]) -> _Shown:
    shut = part.shot.is_disabled(node) if node.clickable or node.kind else False
    marks = [
        *(["disabled"] if shut else []),
        *(["readonly"] if node.readonly else []),
        *(["covered"] if node.top is False else []),
        *(["checked" if node.checked else "unchecked"] if _ticks(node) else []),
        *(["filled" if node.filled else "empty"] if node.filled is not None else []),
    ]
    words = [node.text, node.attrs.get("aria-label", ""), node.attrs.get("title", ""), *_typed(node, codes)]
    return _Shown(_role(node), node.box, list(dict.fromkeys(w for w in words if w.strip())), marks)


def _ticks(node: Node) -> bool:
    return node.checked is not None and (node.kind or node.role or "") in _TICKED


def _typed(node: Node, codes: Collection[int]) -> Iterator[str]:
    """What stands in a control, and what it says while it is empty."""
    yield node.attrs.get("placeholder", "")
    if node.kind is None or node.kind == "password":
        return
    if node.value:
        yield MASK if node.id in codes else node.value
    yield node.chosen or ""
    yield from node.options[:_OPTIONS]


def _role(node: Node) -> str:
    if node.role:
        return node.role
    if re.fullmatch(r"h[1-6]", node.tag.lower()):
        return "heading"
    return node.kind or _ROLES.get(node.tag.lower(), node.tag.lower())


def _cover(shown: list[_Shown], secrets: Collection[str], mask: Callable[[str], str]) -> None:
    places: list[tuple[int, int]] = []
    pieces: list[Piece] = []
    for at, each in enumerate(shown):
        each.words[:] = [mask(tokens_out(word)) for word in each.words]
        for number, word in enumerate(each.words):
            pieces.append(Piece(word, each.box, len(places)))
            places.append((at, number))
    for piece in set[int]().union(*spread_over(pieces, secrets)):
        at, number = places[piece]
        shown[at].words[number] = MASK


def _line(each: _Shown) -> str:
    words = " | ".join(f'"{" ".join(word.split())[:_LONGEST]}"' for word in each.words)
    box, marks = each.box, f" [{', '.join(each.marks)}]" if each.marks else ""
    return f"{each.role} {words or '-'} {box.x:.0f},{box.y:.0f} {box.w:.0f}x{box.h:.0f}{marks}"
