"""Finds the choices of a form: radios, tabs, cards, selects and ticks, with what is chosen in each."""

import re
from collections.abc import Collection, Iterator

from agent.domain.text import fold
from agent.pages.inference.field_labels import label_of, line_before, name_of
from agent.pages.inference.fields import Field, Scope, is_box
from agent.pages.inference.payee_choice import Choice, Manner, Option, agreeing_of
from agent.pages.inference.payee_words import Kind, goes_elsewhere, kind_of
from agent.pages.inference.readback import shown
from agent.pages.inference.ticks import innermost, is_checked, is_radio, is_tick, tick_at, wrap_of
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot

_TAKEN = re.compile(
    r"(^|[-_\s])(is-)?(active|selected|checked|current|chosen|picked|cur|act|on|sel|choosed|pressed)($|[-_\s])"
)
_TICKED = re.compile(r"(^|[-_\s])(check|checkmark|tick|selected|gou|success|right)($|[-_\s])|✓|✔|√")
_STATES = ("aria-checked", "aria-selected", "aria-pressed", "data-checked", "data-selected", "data-active")
_LOOKS = re.compile(r"tab|item|card|option|radio|segment|pay|method|way|account|choice|btn|button")
_MENUS = ("menu", "menubar", "navigation", "menuitem")
_LONGEST, _LARGEST = 80, 40
_NO_OPTIONS = ("option", "td", "th", "tr", "tbody")
_SAVED_SHOWN = re.compile(
    r"尾号(为)?[*]*(\d{3,4})|(?:银行|卡|账户|账号|帐号).{0,12}?[*•●xX]{2,}(\d{3,4})|\d{4}[*•●]{4,}(\d{3,4})"
)


def find_choices(
    snapshot: PageSnapshot, form: Scope, known: Collection[int], around: Scope | None = None
) -> list[Choice]:
    """The choices of a form, without those of the boxes `known` by their ids.

    Of what stands `around` it only what can say how money is paid out counts: radios, tabs, cards and selects.
    """
    part = next((p for p in snapshot.parts if p.frame is form.part.frame), None)
    root = _root(part, form) if part else None
    if part is None or root is None:
        return []
    outer = (_root(part, around) if around else None) or root
    inner, shot = part.shot.inside(root), part.shot
    found = [*_radios(part, outer), *_tabs(part, outer)]
    used = {o.node.index for c in found for o in c.options if o.node}
    found += _drawn(part, outer, used)
    found += [
        c for n in shot.inside(outer) if n.kind == "select" and n.id not in known and (c := _select(part, n, outer))
    ]
    used = {i.index for c in found for o in c.options if o.node for i in shot.inside(o.node)}
    found += [tick_at(part, n, root) for n in inner if is_tick(shot, n)]
    found += [c for n in inner if n.index not in used and n.id not in known and (c := _box(snapshot, part, n, root))]
    return [_placed(c, shot, root) for c in found]


def find_opener(snapshot: PageSnapshot, form: Scope) -> tuple[FrameSnapshot, Node] | None:
    """The only button or link of a form that gives boxes for another account (使用新账户); None without one."""
    found = [
        (p, n)
        for p in snapshot.parts
        for n in p.shot.texts
        if kind_of(n.text) is Kind.NEW and n.top is not False and form.holds(p, n) and p.shot.worked_by(n)
    ]
    return found[0] if len(found) == 1 else None


def saved_account(snapshot: PageSnapshot, form: Scope, account: str) -> str | None:
    """The words with which a form shows an account that it knows and that is not ours, or another way for the money to
    go; None if it shows none.
    """
    for part in snapshot.parts:
        for node in part.shot.texts:
            match = _SAVED_SHOWN.search(node.folded)
            tail = next((g for g in match.groups() if g and g.isdigit()), "") if match else ""
            other = bool(tail) and not account.endswith(tail)
            if (other or goes_elsewhere(node.text)) and form.holds(part, node) and not _is_offered(part.shot, node):
                return node.text
    return None


def _is_offered(shot: Snapshot, node: Node) -> bool:
    """True for the words of an option, of which the choice itself tells whether it is taken."""
    around = [node, *shot.ancestors(node)][:5]
    return any(a.role in ("radio", "option", "tab") or _radio_inside(shot, a) for a in around) or any(
        len(_offered(shot, [n for n in shot.nodes if (n.parent, n.tag) == (a.parent, a.tag)])) > 1 for a in around
    )


def _radio_inside(shot: Snapshot, node: Node) -> bool:
    return sum(is_radio(n) for n in shot.inside(node)) == 1


def _root(part: FrameSnapshot, scope: Scope) -> Node | None:
    return next((n for n in part.shot.nodes if n.id == scope.root.id), None)


def _placed(choice: Choice, shot: Snapshot, root: Node) -> Choice:
    where = choice.node or choice.options[0].node
    inside = where is not None and shot.holds(root, where)
    parts = (choice.label, choice.options, choice.manner, choice.required, not inside, choice.part, choice.node)
    return Choice(*parts)


def _radios(part: FrameSnapshot, outer: Node) -> Iterator[Choice]:
    shot = part.shot
    marked = [n for n in shot.inside(outer) if is_radio(n)]
    inner = innermost(shot, marked)
    groups: dict[object, list[Node]] = {}
    for node in inner:
        groups.setdefault(_group(shot, node, inner), []).append(node)
    for members in groups.values():
        wraps = [wrap_of(shot, n, inner) for n in members]
        words = _words_of_each(shot, members, wraps)
        options = [
            Option(text, is_checked(shot, n, marked), shot.is_disabled(n), n if n.shown and n.top else w)
            for n, w, text in zip(members, wraps, words, strict=True)
        ]
        yield _choice(part, outer, options, members)


def _group(shot: Snapshot, node: Node, radios: list[Node]) -> object:
    if node.tag == "input" and node.attrs.get("name"):
        return node.attrs["name"]
    for outer in shot.ancestors(node):
        if outer.role == "radiogroup" or sum(shot.holds(outer, r) for r in radios) > 1:
            return outer.index
    return node.index


def _words_of_each(shot: Snapshot, members: list[Node], wraps: list[Node]) -> list[str]:
    """The words of each; those that share one element with bare words between them have them in their order."""
    texts = [shot.words(w) for w in wraps]
    if any(texts):
        return texts
    parent = shot.nodes[members[0].parent] if members[0].parent >= 0 else members[0]
    pieces = parent.text.split()
    alike = all(m.parent == parent.index for m in members) and len(pieces) == len(members)
    return pieces if alike else [name_of(shot, m) for m in members]


def _choice(part: FrameSnapshot, outer: Node, options: list[Option], nodes: list[Node]) -> Choice:
    label, required = label_of(part.shot, nodes, outer)
    if agreeing_of(options) is not None:
        label = line_before(part.shot, nodes, outer) or label
    required = required or any(n.required for n in nodes)
    return Choice(label, tuple(options), required=required, part=part, node=nodes[0])


def _tabs(part: FrameSnapshot, outer: Node) -> Iterator[Choice]:
    shot = part.shot
    groups: dict[int, list[Node]] = {}
    for node in shot.inside(outer):
        if node.role == "tab" and node.shown:
            groups.setdefault(node.parent, []).append(node)
    for nodes in groups.values():
        if any(kind_of(shot.words(n)) is not Kind.OTHER for n in nodes):
            yield _choice(part, outer, _by_marks(shot, nodes), nodes)


def _drawn(part: FrameSnapshot, outer: Node, used: set[int]) -> Iterator[Choice]:
    """Cards, segments and buttons beside each other, of which one is drawn as the chosen one."""
    shot = part.shot
    groups: dict[tuple[int, str], list[Node]] = {}
    for node in shot.inside(outer):
        groups.setdefault((node.parent, node.tag), []).append(node)
    taken: set[int] = set()
    for nodes in sorted(groups.values(), key=lambda g: -g[0].index):  # the innermost first
        siblings = _offered(shot, nodes)
        if len(siblings) < 2 or taken & {n.index for n in siblings}:
            continue
        inside = [i for n in siblings for i in shot.inside(n)]
        if any(i.index in used or i.kind in ("text", "tel", "textarea", "number", "select") for i in inside):
            continue
        taken |= {a.index for n in siblings for a in [n, *shot.ancestors(n)]}
        yield _choice(part, outer, _by_marks(shot, siblings), siblings)


def _offered(shot: Snapshot, nodes: list[Node]) -> list[Node]:
    """Those of some elements beside each other that are drawn as things to choose from and speak of accounts."""
    small = [n for n in nodes if n.shown and shot.last[n.index] - n.index < _LARGEST and n.tag not in _NO_OPTIONS]
    beside = [n for n in small if 0 < len(fold(shot.words(n))) <= _LONGEST] if len(small) > 1 else []
    payee = [k for n in beside if (k := kind_of(shot.words(n))) is not Kind.OTHER]
    if not payee or any(a.role in _MENUS or a.tag in ("nav", "aside") for a in shot.ancestors(beside[0])):
        return []
    beside = [n for n in beside if _can_be_chosen(shot, n)]
    payee = [k for n in beside if (k := kind_of(shot.words(n))) is not Kind.OTHER]
    # A button 使用新账户 beside 取消 is no choice, and neither are 提交 and 返回.
    return beside if len(payee) >= 2 or (len(payee) == 1 and _one_is_marked(beside)) else []


def _can_be_chosen(shot: Snapshot, node: Node) -> bool:
    marked = _LOOKS.search(node.classes) is not None or _TAKEN.search(node.classes) is not None
    return node.clickable or marked or any(n.clickable for n in shot.inside(node))


def _one_is_marked(nodes: list[Node]) -> bool:
    return sum(_TAKEN.search(n.classes) is not None or _state(n) is True for n in nodes) == 1


def _by_marks(shot: Snapshot, nodes: list[Node]) -> list[Option]:
    marks = _marks(shot, nodes)
    return [Option(shot.words(n), m, shot.is_disabled(n), n) for n, m in zip(nodes, marks, strict=True)]


def _marks(shot: Snapshot, nodes: list[Node]) -> list[bool | None]:
    """Which of them is drawn as chosen: by what the page says of its state, by its class, by a tick in it alone."""
    stated = [_state(n) for n in nodes]
    if any(s is not None for s in stated):
        return [bool(s) for s in stated]
    for way in (
        [_TAKEN.search(n.classes) is not None for n in nodes],
        [_has_tick(shot, n) for n in nodes],
        [any(_TAKEN.search(i.classes) for i in shot.inside(n)) for n in nodes],
    ):
        if sum(way) == 1:
            return list(way)
    return [None] * len(nodes)


def _state(node: Node) -> bool | None:
    text = next((node.attrs[a] for a in _STATES if a in node.attrs), None)
    text = text or {"checked": "true", "active": "true", "on": "true", "unchecked": "false", "inactive": "false"}.get(
        node.attrs.get("data-state", "")
    )
    return None if text is None else text in ("true", "1")


def _has_tick(shot: Snapshot, node: Node) -> bool:
    return any(_TICKED.search(i.classes if i is not node else "") or _TICKED.search(i.text) for i in shot.inside(node))


def _select(part: FrameSnapshot, node: Node, outer: Node) -> Choice | None:
    if not (node.shown or node.ghost):
        return None
    label, required = label_of(part.shot, [node], outer)
    off = part.shot.is_disabled(node)
    options = tuple(Option(o, o == node.chosen, off, node) for o in node.options)
    if not options:
        return None
    return Choice(label, options, Manner.ONE, required or node.required, part=part, node=node)


def _box(snapshot: PageSnapshot, part: FrameSnapshot, node: Node, root: Node) -> Choice | None:
    """A box whose list opens; of one that is only drawn like one, that it speaks of accounts."""
    shot = part.shot
    if node.kind in ("select", "radio", "checkbox", "switch") or not is_box(shot, node):
        return None
    drawn = node.kind is None
    if not drawn and not (node.kind in ("combobox", "listbox") or node.readonly or node.role == "combobox"):
        return None
    label, required = label_of(shot, [node], root)
    text = shown(snapshot, Field(part, node, label))
    if drawn and (node.tag == "button" or kind_of(text) not in (Kind.ELSEWHERE, Kind.SAVED, Kind.BANK)):
        return None
    option = Option(text, True, shot.is_disabled(node), node)
    return Choice(label, (option,), Manner.BOX, required or node.required, part=part, node=node)
