"""Whose page this is: the shop that it names where it greets, behind a label, at its head, in the rows of its list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.errors import WrongShop
from agent.domain.orders import Order
from agent.domain.text import fold
from agent.pages import words
from agent.pages.condition import Sheet
from agent.pages.labels import beside
from agent.pages.listing import Row
from agent.pages.snapshot import Node, Snapshot
from agent.pages.window import Part, View

_LABELS = (
    *("当前店铺", "店铺", "店铺名称", "店铺名", "所属店铺", "登录店铺", "当前登录店铺", "我的店铺", "您的店铺"),
    *("掌柜", "店主", "Shop", "Store", "Shopname", "Storename"),
)
_BARE_LABELS = ("当前店铺", "登录店铺", "当前登录店铺")  # the others name boxes and columns, too
_GREETING = re.compile(
    r"(?:您好|你好|欢迎您?|欢迎回来|hi|hello|[早中晚]上?好|[上下]午好)[,，!！:：、~]*(?P<name>.*?)[!！。,，~]*",
    re.IGNORECASE,
)
_SHOP = re.compile(r".{2,}(?:店|店铺|商行|商城|专营|旗舰|公司)")
_NO_SHOP = re.compile(r"来到|光临|使用|登录|进入|访问|切换|选择|全部|查询|搜索|管理|市场|设置|请")
# What stands in the heads of pages and is called like a shop, but is a platform's own.
_PLATFORM = re.compile(r"商城$|^(我的|您的|本|全部|当前)?店铺?$|服务|商家|平台|卖家|抖店$|微店$")
_HEAD = 160


@dataclass(frozen=True, slots=True)
class _Offer:
    """A name on something that is worked; `head` are the names of shops in the head of the page, if it is there."""

    names: frozenset[str]
    head: frozenset[str] | None


class ShopSigns:
    """What a page says about whose it is."""

    def __init__(self) -> None:
        self._labelled: set[str] = set()
        self._words: set[str] = set()
        self._head: set[str] = set()
        self._shops: set[str] = set()
        self._offers: list[_Offer] = []

    def add(self, sheet: Sheet) -> None:
        """Takes note of one page of the list."""
        self.add_view(sheet.view, sheet.listing.rows, sheet.listing.header)

    def add_view(self, view: View, rows: Sequence[Row], header: Sequence[Node] = ()) -> None:
        """Takes note of a page. Without its rows no labels are read: those of the rows would count for the page's."""
        listed = {n.id for r in rows for n in r.nodes} | {n.id for n in header}
        for part in view.parts:
            outside = [n for n in part.shot.texts if n.id not in listed]
            self._add_words(part, listed)
            if rows:
                self._labelled |= {n for node in outside if (n := _named_by(part.shot, node, outside))}

    def _add_words(self, part: Part, listed: set[int]) -> None:
        head = frozenset(n.folded for n in part.shot.texts if _in_head(n) and _is_shop(n.folded))
        for node in part.shot.texts:
            names = _pieces(node.text)
            if node.id in listed:
                continue  # of a row only its shop counts, and that the orders tell
            if _is_worked(part.shot, node):
                self._offers.append(_Offer(frozenset(names), head if _in_head(node) else None))
                continue
            self._words |= names
            if _is_shop(node.folded) and not _PLATFORM.search(node.folded):
                self._shops.add(node.folded)
                self._head |= {node.folded} if _in_head(node) else set()

    def check(self, expected: str, orders: Sequence[Order]) -> None:
        """Raises WrongShop where the page, or the row of an order of ours, names another shop, or none is named."""
        wanted = fold(expected)
        mistaken = (o.shop for o in orders if o.ours and o.shop and fold(o.shop) != wanted)
        other = self._labelled_other(wanted) or next(mistaken, None) or self._other_in_head(wanted)
        if other is not None:
            raise WrongShop(expected, other)
        # Among the names of several shops outside the list, a mention of one proves nothing.
        mentioned = wanted in self._words and (
            any(wanted in name for name in self._head) or all(wanted in name for name in self._shops)
        )
        named = self._labelled or mentioned or wanted in {fold(o.shop) for o in orders if o.shop}
        if not named and not any(_proves(offer, wanted) for offer in self._offers):
            raise WrongShop(expected, next((o.shop for o in orders if o.shop), None))

    def other(self, expected: str) -> str | None:
        """Another shop that the page names as its own; None if it names this one or none."""
        return self._labelled_other(fold(expected)) or self._other_in_head(fold(expected))

    def _labelled_other(self, wanted: str) -> str | None:
        return next((n for n in sorted(self._labelled) if wanted not in _pieces(n)), None)

    def _other_in_head(self, wanted: str) -> str | None:
        named = any(wanted in name for name in self._head)
        return None if named else next(iter(sorted(self._head)), None)


def _proves(offer: _Offer, wanted: str) -> bool:
    """True for a name in the head of a page that names no other there; a list of shops to change to has several."""
    return wanted in offer.names and offer.head is not None and all(wanted in name for name in offer.head)


def _pieces(text: str) -> set[str]:
    parts = re.split(r"[·|｜,，;；:：()（）\[\]【】/\s]+", text)
    return {fold(p) for p in parts} | {fold(text)}


def _named_by(shot: Snapshot, node: Node, texts: list[Node]) -> str | None:
    """The shop that a label or a greeting names, in one element or beside it; None for all else."""
    label, colon, value = node.text.replace("：", ":").partition(":")
    if value.strip() and words.heading(label) in _LABELS:
        return value.strip()
    bare = words.heading(label) in (_LABELS if colon and not _has_box(shot, node) else _BARE_LABELS)
    if bare and not value.strip():
        return _shop_of(beside(node, texts), any_name=True)
    greeting = _GREETING.fullmatch(node.folded)
    if greeting is None:
        return None
    if greeting["name"]:
        return greeting["name"] if _is_shop(greeting["name"]) else None
    return _shop_of(beside(node, texts), any_name=False)


def _shop_of(node: Node | None, *, any_name: bool) -> str | None:
    if node is None:
        return None
    named = any_name and len(node.folded) >= 2 and not _NO_SHOP.search(node.folded)
    return node.text if named or _is_shop(node.folded) else None


def _is_shop(name: str) -> bool:
    """True for what is called like a shop: greetings name people, too."""
    return _SHOP.fullmatch(name) is not None and len(name) <= 30 and not _NO_SHOP.search(name)


def _has_box(shot: Snapshot, label: Node) -> bool:
    near = [n for n in shot.nodes if n.kind and n.shown and n.frame_box.overlap_y(label.box) > 0]
    return any(0 <= n.frame_box.x - label.box.right < 200 for n in near)


def _is_worked(shot: Snapshot, node: Node) -> bool:
    return shot.worked_by(node) is not None


def _in_head(node: Node) -> bool:
    return node.box.y < _HEAD
