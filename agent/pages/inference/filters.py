"""The boxes by which a list is searched, and which of them have something in them that narrows it."""

import re
from collections.abc import Collection, Iterator

from agent.domain.text import fold
from agent.pages import vocabulary
from agent.pages.inference.fields import TYPED, is_box
from agent.pages.inference.folded_up import folded_up
from agent.pages.inference.list_ticks import list_ticks
from agent.pages.inference.narrowing import Choice, Narrowing, Sort, alone, groups, letters, ranges
from agent.pages.inference.place import RESET, Bar, Owner, Place
from agent.pages.inference.time_spans import SPANS, Meaning, is_hint, meaning
from agent.pages.snapshot import Node
from agent.pages.vocabulary import Vocabulary

_DATE = re.compile(r"20\d\d[-/.年]\d{1,2}")
_PAGING = re.compile(
    r"^(第?\d{1,4}页?|\d{1,4}(条|项|行|个|笔)?(/|每)?页?|每页\d{1,4}(条|项|行)?.*|\d+/page)$", re.IGNORECASE
)
_SORTS = re.compile(r"排序|升序|降序|倒序|正序|先后|从新到旧|从旧到新|由近到远|最新|最早|优先")
_OTHER_CHOICE = re.compile(r"店|商家|账号|帐号|主体|语言|中文|english|导出|模板", re.IGNORECASE)
_CHIPS = re.compile(r"^(已选(择)?(的)?(条件|筛选)?|当前(筛选|条件|筛选条件)|已筛选)[:：]?")
_NEWS = re.compile(r"公告|维护|通知|活动|升级|上线|更新")
_MARKED = re.compile(r"(^|[\s_-])(active|on|filtered|selected|checked|highlight|applied)($|\s)")
_AROUND = 4
_LONGEST_CHIP = 40
_TALLEST = 60


def narrowings(place: Place, states: Collection[str], vocabulary: Vocabulary) -> list[Narrowing]:
    """All that narrows the list now, what can be widened before what only says so."""
    beside, known = groups(place, states)
    boxes = [*_typed(place), *_selects(place, states, vocabulary), *_drawn(place, states, vocabulary, known)]
    texts = [
        *list_ticks(place, states),
        *_chips(place, states),
        *_marks(place),
        *letters(place),
        *folded_up(place, states),
        *ranges(place),
    ]
    opened = {id_ for one in boxes for id_ in _words_in(place, one.control)}
    lone = [one for one in alone(place, states, known) if one.control.index not in opened]
    return list({one.key: one for one in (*beside, *boxes, *texts, *lone)}.values())


def _words_in(place: Place, node: Node) -> set[int]:
    return set(range(node.index, place.shot.last[node.index] + 1))


def _selects(place: Place, states: Collection[str], vocabulary: Vocabulary) -> Iterator[Narrowing]:
    for node in place.shot.nodes:
        if node.kind != "select" or not node.shown or not place.leads(node) or len(node.options) < 2:
            continue
        if _is_about_other(node.options, vocabulary):
            continue
        choices = tuple(Choice(o, _means(o, i, states)) for i, o in enumerate(node.options))
        chosen = next((c for c in choices if c.text == node.chosen), None)
        if chosen is not None and chosen.meaning is not Meaning.ALL:
            bar = place.bar(node)
            if _concerns(place, node, bar, choices, chosen):
                yield Narrowing(Sort.SELECT, fold(chosen.text), node, choices, bar.query, bar.reset)


def _means(option: str, place_in_list: int, states: Collection[str]) -> Meaning:
    """As the words say; the hint that stands first, 请选择, chooses everything."""
    return Meaning.ALL if place_in_list == 0 and is_hint(option) else meaning(option, states)


def _concerns(place: Place, node: Node, bar: Bar, choices: Collection[Choice], chosen: Choice) -> bool:
    """True if a choice is about the list: by its words, or as a box of its search that can be left open."""
    if bar.owner is Owner.FORM or _OTHER_CHOICE.search(_label(place, node)):
        return False
    if chosen.meaning is not Meaning.OTHER or any(c.meaning in (*SPANS, Meaning.STATE) for c in choices):
        return True
    return bar.owner is Owner.SEARCH and any(c.meaning is Meaning.ALL for c in choices)


def _is_about_other(options: Collection[str], known: Vocabulary) -> bool:
    """True for page sizes, page numbers, ways to sort, and the fields that a word is looked for in."""
    if all(_PAGING.match(fold(o)) and not _DATE.match(o) and len(fold(o)) != 4 for o in options):
        return True
    fields = sum(vocabulary.field_of(o, known) is not None for o in options)
    return fields * 2 > len(options) or any(_SORTS.search(o) or _OTHER_CHOICE.search(o) for o in options)


def _label(place: Place, node: Node) -> str:
    """What is written closely before a box, in one line with it."""
    behind = [
        n
        for n in place.shot.nodes[max(0, node.index - 12) : node.index]
        if n.text and 0 <= node.frame_box.x - n.box.right < 60 and n.box.overlap_y(node.frame_box) > 0
    ]
    return fold(behind[-1].text) if behind else ""


def _drawn(
    place: Place, states: Collection[str], vocabulary: Vocabulary, known: Collection[int]
) -> Iterator[Narrowing]:
    """Boxes that open a list of choices, by the words that stand in them now."""
    done: set[int] = set()
    for node in place.shot.nodes:
        opens = (
            node.kind in ("combobox", "listbox", "search")
            or (node.kind in TYPED and node.readonly)
            or node.kind is None
        )
        if not opens or not (node.shown or node.ghost) or not place.leads(node) or not is_box(place.shot, node):
            continue
        text, frame = _shown_in(place, node)
        if any(i in known for i in _words_in(place, place.shot.nodes[frame])):
            continue
        if not text or is_hint(text) or _is_about_other([text], vocabulary) or frame in done:
            continue
        done.add(frame)
        means = meaning(text, states)
        dated = _DATE.search(text) is not None and not _NEWS.search(text)
        if means is Meaning.ALL or (node.kind is None and means is Meaning.OTHER and not dated):
            continue
        yield from _in_force(place, node, text, means)


def _in_force(place: Place, node: Node, text: str, means: Meaning) -> Iterator[Narrowing]:
    bar = place.bar(node)
    if bar.owner is Owner.FORM or _OTHER_CHOICE.search(_label(place, node)):
        return
    if _DATE.search(text):
        yield Narrowing(Sort.BOXES, text, node, query=bar.query, reset=bar.reset, boxes=(node,))
    elif means is not Meaning.OTHER or bar.owner is Owner.SEARCH:
        yield Narrowing(Sort.DRAWN, text, node, query=bar.query, reset=bar.reset)


def _shown_in(place: Place, node: Node) -> tuple[str, int]:
    """The words in a box, and the index of the element in which they stand."""
    shot = place.shot
    if node.value:
        return fold(node.value), node.index
    for steps, outer in enumerate([node, *shot.ancestors(node)]):
        others = [n for n in shot.inside(outer) if n is not node and n.kind and (n.shown or n.ghost)]
        if steps > _AROUND or outer.frame_box.h > _TALLEST or others:
            break
        inside = [n for n in shot.inside(outer) if n.text]
        if inside:
            hint = any("placeholder" in n.classes for n in inside) or node.attrs.get("placeholder") == inside[0].text
            return ("" if hint or len(inside) > 3 else fold(" ".join(n.text for n in inside))), outer.index
    return "", node.index


def _typed(place: Place) -> Iterator[Narrowing]:
    """All boxes of one search that have something in them, together: they are emptied together."""
    by_bar: dict[int, list[Node]] = {}
    bars: dict[int, Bar] = {}
    for node in place.shot.nodes:
        if node.kind in TYPED and node.kind != "password" and node.value and node.shown and place.leads(node):
            bar = place.bar(node)
            if _is_search(place, node, bar):
                at = bar.query.index if bar.query else -1
                by_bar.setdefault(at, []).append(node)
                bars[at] = bar
    for at, boxes in by_bar.items():
        text = " ".join(n.value or "" for n in boxes)
        bar = bars[at]
        yield Narrowing(Sort.BOXES, text[:60], boxes[0], query=bar.query, reset=bar.reset, boxes=tuple(boxes))


def _is_search(place: Place, node: Node, bar: Bar) -> bool:
    value, hint = fold(node.value or ""), fold(node.attrs.get("placeholder", ""))
    if node.readonly and not _DATE.search(value):
        return False  # a drawn select: see _drawn()
    if value.isdigit() and len(value) <= 4 and re.search(r"页|跳|条", _label(place, node) + hint):
        return False
    if bar.owner is Owner.FORM:
        return _is_span(place, node)  # a form has one date: two with a 至 between them are a search's
    dated = _DATE.search(value) is not None
    return bar.owner is Owner.SEARCH or dated or node.kind == "search" or "搜索" in hint


def _is_span(place: Place, node: Node) -> bool:
    if not _DATE.search(node.value or ""):
        return False
    near = place.shot.nodes[max(0, node.index - 6) : node.index + 7]
    return any(n.folded in ("至", "到", "~", "-", "—", "–") for n in near if n.text) and (
        sum(_DATE.search(n.value or "") is not None for n in near) > 1
    )


def _chips(place: Place, states: Collection[str]) -> Iterator[Narrowing]:
    """已选条件：待确认 ×, with what takes it away; also a state or a span that stands alone beside its ×."""
    for node in place.shot.texts:
        if len(node.text) >= _LONGEST_CHIP or not place.leads(node):
            continue
        match = _CHIPS.match(node.folded)
        if match is None and meaning(node.text, states) not in (*SPANS, Meaning.STATE):
            continue
        around = [o for o in (node, *place.shot.ancestors(node)) if len(place.shot.words(o)) > len(node.text)]
        line = next(iter(around), node) if match else _with_closer(place, node)
        closers = [n for n in place.shot.inside(line) if n is not node and _takes_away(place, n)]
        text = fold(place.shot.words(line))[len(match[0]) if match else 0 :].strip(":：")
        if closers and text and len(text) < _LONGEST_CHIP * 2:
            yield Narrowing(Sort.CHIP, text, closers[-1])


def _with_closer(place: Place, node: Node) -> Node:
    """The closest element around a text that holds its × and no other words, else the text itself."""
    for outer in list(place.shot.ancestors(node))[:3]:
        inside = place.shot.inside(outer)
        if any(n.kind for n in inside) or any(n.text and n is not node and not _takes_away(place, n) for n in inside):
            break
        if any(n is not node and _takes_away(place, n) for n in inside):
            return outer
    return node


def _takes_away(place: Place, node: Node) -> bool:
    if not node.shown or node.top is False:
        return False
    by_word = vocabulary.is_one_of(node.text, RESET) or node.folded in ("×", "✕", "x", "X")
    by_class = not node.text and (
        "close" in node.classes or vocabulary.is_one_of(node.name, ("关闭", "删除", "移除", "Close"))
    )
    return (by_word or by_class) and place.shot.worked_by(node) is not None


def _marks(place: Place) -> Iterator[Narrowing]:
    """A funnel in a heading that is drawn as being in force."""
    shot, header = place.shot, place.parsed.header if place.parsed else []
    for head in header:
        others = {n.index for n in header if n is not head}
        cell = head
        for outer in shot.ancestors(head):
            if any(outer.index <= i <= shot.last[outer.index] for i in others):
                break
            cell = outer
        for node in shot.inside(cell):
            if node.shown and "filter" in node.classes and _MARKED.search(node.classes) and node is not cell:
                yield Narrowing(Sort.STATED, head.folded, node)
                break
