"""Whose page this is: the shop that it names if it greets, behind a label, at its head, in the rows of its list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.login_errors import WrongShop
from agent.domain.orders import Order
from agent.domain.shop_names import ShopName, may_go_on
from agent.domain.text import fold
from agent.pages import vocabulary
from agent.pages.inference.adjoining import Lines
from agent.pages.inference.labels import beside
from agent.pages.inference.located_list import LocatedList
from agent.pages.inference.parsed_list import Row
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot

_LABELS = (
    *("当前店铺", "店铺", "店铺名称", "店铺名", "所属店铺", "登录店铺", "当前登录店铺", "我的店铺", "您的店铺"),
    *("掌柜", "店主", "Shop", "Store", "Shopname", "Storename"),
)
_BARE_LABELS = ("当前店铺", "登录店铺", "当前登录店铺")  # the others name boxes and columns, too
# What follows a comma goes on with the greeting, if it does not end as a shop's name does.
_GREETING = re.compile(
    r"(?:您好|你好|欢迎您?|欢迎回来|hi|hello|[早中晚]上?好|[上下]午好)[,，!！:：、~]*(?P<name>[^,，!！。]*)(?:[!！。,，~](?!.*店\W*$).*)?",
    re.IGNORECASE,
)
_SHOP = re.compile(r".{2,}(?:店|店铺|商行|商城|专营|旗舰|公司)(?:\W.*)?")
_COMPANY = re.compile(r"公司\W*$")
_NO_SHOP = re.compile(r"来到|光临|使用|登录|进入|访问|切换|选择|全部|查询|搜索|管理|市场|设置|请|公告|[。！？!?]")
# What stands in the heads of pages and is called like a shop, but is a platform's own.
_PLATFORM = re.compile(r"商城$|^(我的|您的|本|全部|当前)?店铺?$|服务|商家|平台|卖家|抖店$|微店$|开店$")
_ENDS = re.compile(r"[:：,，]$")
_TO_CHOOSE_FROM = ("li", "option")
_HEAD = 160
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a shop outside the list, as a page draws it. `worked`: it stands on something that is worked.

    `listed`: it is one of several to choose from.
    """

    pieces: tuple[str, ...]
    head: bool
    worked: bool
    listed: bool

    @property
    def text(self) -> str:
        return " ".join(self.pieces)


class ShopSigns:
    """What a page says about whose it is; `own` is the shop that it should be."""

    def __init__(self, own: ShopName) -> None:
        self._own = own
        self._labelled: list[tuple[str, ...]] = []
        self._greeted: list[tuple[str, ...]] = []
        self._names: list[_Name] = []

    def add(self, located: LocatedList) -> None:
        """Take note of one page of the list."""
        self.add_view(located.snapshot, located.parsed.rows, located.parsed.header)

    def add_view(self, snapshot: PageSnapshot, rows: Sequence[Row], header: Sequence[Node] = ()) -> None:
        """Take note of a page. Without its rows no labels are read: those of the rows would count for the page's."""
        listed = {n.id for r in rows for n in r.nodes} | {n.id for n in header}  # of a row the orders tell its shop
        for part in snapshot.parts:
            self._add_part(part, listed, labels=bool(rows))

    def _add_part(self, part: FrameSnapshot, listed: set[int], *, labels: bool) -> None:
        shot, lines = part.shot, Lines(part.shot, listed)
        outside = [n for n in shot.texts if n.id not in listed]
        for node in outside:
            if (labels or _is_of_page(node)) and (named := _named_by(shot, lines, node, outside)):
                self._labelled.append(named)
            if greeted := _greeted_by(lines, node, outside):
                self._greeted.append(greeted)
            elif self._is_candidate(node):
                self._names.append(_drawn(shot, lines, node))

    def _is_candidate(self, node: Node) -> bool:
        text = node.folded
        own = any(name in text or (len(text) > 1 and text in name) for name in self._own.spellings)
        return own or (_is_shop(text) and not _PLATFORM.search(text))

    def check(self, orders: Sequence[Order]) -> None:
        """Raise WrongShop if the page, or the row of an order of ours, names another shop, or none is named."""
        own = self._own
        shops = [o.shop for o in orders if o.shop]
        mistaken = (o.shop for o in orders if o.ours and o.shop and not own.is_drawn_as(o.shop))
        other = self.other() or next(mistaken, None)
        told = self._is_told()
        if other is not None:
            raise WrongShop(own.registered, other)
        if not told and not any(own.is_drawn_as(shop) for shop in shops) and not self._is_mentioned():
            raise WrongShop(own.registered, next(iter(shops), None))

    def _other_named(self) -> str | None:
        """Another shop that a label or a greeting names."""
        labelled = next((" ".join(n) for n in self._labelled if not self._own.is_drawn_as(*n)), None)
        return labelled or next((" ".join(n) for n in self._greeted if self._greets_another(n)), None)

    def _greets_another(self, pieces: tuple[str, ...]) -> bool:
        """True if a greeting names another shop: greetings name people, too."""
        name, first = fold("".join(pieces)), fold(pieces[0])
        if not (_is_shop(first) or self._own.resembles(first) or any(first in own for own in self._own.spellings)):
            return False
        return not self._own.is_drawn_as(*pieces) and (_is_shop(name) or self._own.resembles(name))

    def _is_told(self) -> bool:
        return any(self._own.is_drawn_as(*name) for name in (*self._labelled, *self._greeted))

    def _other_in_head(self) -> str | None:
        """A name in the page's head that is not this shop's; a company's counts only if this shop's is not there."""
        own = any(n.head and self._is_own(n) for n in self._names)
        others = (n for n in self._names if n.head and not n.worked and self._is_other(n))
        return next((n.text for n in others if not (own and _COMPANY.search(n.text))), None)

    def _is_own(self, name: _Name) -> bool:
        return self._own.is_drawn_as(*name.pieces)

    def _is_other(self, name: _Name) -> bool:
        return not self._is_own(name) and self._can_be_another(name.text)

    def _can_be_another(self, name: str) -> bool:
        text = fold(name)
        if len(text) > _LONGEST or _NO_SHOP.search(text):
            return False
        return self._own.resembles(name) or (_is_shop(text) and not _PLATFORM.search(text))

    def _is_mentioned(self) -> bool:
        """True if the shop's name stands in the head of the page, or, if no other is named, by itself elsewhere.

        A list of shops to change to has several.
        """
        own, others = [n for n in self._names if self._is_own(n)], [n for n in self._names if self._is_other(n)]
        if any(n.head and not n.worked for n in own):
            return not any(n.head and self._own.resembles(n.text) for n in others)
        if any(n.head for n in own):
            return not any(n.head for n in others)
        return any(not n.worked and not n.listed for n in own) and not others

    def other(self) -> str | None:
        """Another shop that the page names as its own; None if it names this one or none."""
        return self._other_named() or (None if self._is_told() else self._other_in_head())


class ShownShop:
    """The shop that the head of a page names behind a label that means nothing else: 当前店铺：锦绣家居旗舰店."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def add(self, located: LocatedList) -> None:
        """Take note of one page of the list."""
        rows, header = located.parsed.rows, located.parsed.header
        listed = {n.id for r in rows for n in r.nodes} | {n.id for n in header}
        for part in located.snapshot.parts:
            lines, texts = Lines(part.shot, listed), [n for n in part.shot.texts if n.id not in listed]
            for node in texts:
                label = vocabulary.heading(node.text.replace("：", ":").partition(":")[0])
                if node.box.y < _HEAD and label in _BARE_LABELS and (named := _named_by(part.shot, lines, node, texts)):
                    self._names.add(named[0] if len(named) == 1 else "")

    @property
    def name(self) -> str | None:
        """The shop's name; None without one, for several, and for one with further words beside it."""
        one = next(iter(self._names)) if len(self._names) == 1 else ""
        return one if 2 <= len(fold(one)) <= _LONGEST and not _NO_SHOP.search(fold(one)) else None


def _drawn(shot: Snapshot, lines: Lines, node: Node) -> _Name:
    listed = node.tag in _TO_CHOOSE_FROM or any(a.tag in _TO_CHOOSE_FROM for a in shot.ancestors(node))
    worked = shot.worked_by(node) is not None
    return _Name(lines.around(node, _is_boundary), node.box.y < _HEAD, worked, listed)


def _is_boundary(node: Node) -> bool:
    """True for what no name goes on with: a label, a greeting."""
    text = node.folded
    sentence = _NO_SHOP.search(text) is not None and not may_go_on(node.text)
    return sentence or _ENDS.search(node.text) is not None or _GREETING.fullmatch(text) is not None


def _is_of_page(node: Node) -> bool:
    """True for a label such as 当前店铺, which no row has."""
    return vocabulary.heading(node.text.replace("：", ":").partition(":")[0]) in _BARE_LABELS


def _named_by(shot: Snapshot, lines: Lines, node: Node, texts: list[Node]) -> tuple[str, ...] | None:
    """The shop that a label names, in one element or beside it; None without one."""
    label, colon, value = node.text.replace("：", ":").partition(":")
    if value.strip() and vocabulary.heading(label) in _LABELS:
        return (value.strip(), *lines.after(node, _is_boundary))
    bare = vocabulary.heading(label) in (_LABELS if colon and not _has_box(shot, node) else _BARE_LABELS)
    if not bare or value.strip():
        return None
    named = beside(node, texts)
    if named is None or len(named.folded) < 2 or (_NO_SHOP.search(named.folded) and not _is_shop(named.folded)):
        return None
    return (named.text, *lines.after(named, _is_boundary))


def _greeted_by(lines: Lines, node: Node, texts: list[Node]) -> tuple[str, ...] | None:
    """What a greeting names, in its own element or beside it; None for all else."""
    greeting = _GREETING.fullmatch(" ".join(fold(p) for p in node.text.split())) or _GREETING.fullmatch(node.folded)
    if greeting is None:
        return None
    if greeting["name"]:
        return (greeting["name"].strip(), *lines.after(node, _is_boundary))
    named = beside(node, texts)
    return (named.text, *lines.after(named, _is_boundary)) if named is not None and _is_shop(named.folded) else None


def _is_shop(name: str) -> bool:
    """True for what is called like a shop: greetings name people, too."""
    return _SHOP.fullmatch(name) is not None and len(name) <= _LONGEST and not _NO_SHOP.search(name)


def _has_box(shot: Snapshot, label: Node) -> bool:
    near = [n for n in shot.nodes if n.kind and n.shown and n.frame_box.overlap_y(label.box) > 0]
    return any(0 <= n.frame_box.x - label.box.right < 200 for n in near)
