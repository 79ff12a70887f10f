"""What leads on from a page: links to other pages, and entries of its menus, by what they are called.

Judged positively: a link is one that names a page, and what has no address is followed only if it stands as entries
of menus do. Besides, nothing is followed whose words, address or script speak of a change.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urldefrag, urljoin, urlsplit

from agent.domain.text import fold
from agent.pages.inference.list_kind import FILINGS, ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.menu_words import STRONG, Aim, is_act, judge, leads_to_act, runs_act
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot

_LONGEST = 24
_STEPS_UP = 7
_MOST_WORDS = 6
_HALF = 0.5
_MENU_ROLES = {"menuitem", "menuitemradio", "tab", "treeitem", "menu", "menubar", "navigation", "tablist", "tree"}
_MENU_TAGS = {"nav", "aside", "menu"}
_MENU_CLASSES = re.compile(
    r"menu|nav|\bsid(e|er)|tabs?\b|-tab|catalog|breadcrumb|entry|entrance|shortcut|quick|card|tile|portal|launcher|drawer"
    r"|dropdown|flyout|popover|accordion|collapse|tree|app-?(list|item|grid)|func"
)
_OPENERS = re.compile(
    r"menu|hamburger|burger|nav-?toggle|sidebar-?toggle|unfold|trigger|drawer-?(open|toggle)|all-?app", re.IGNORECASE
)
# What is called after who is logged in holds a menu of theirs.
_OWN_MENU = re.compile(
    r"avatar|user-?(menu|info|name|center|box)|account-?(menu|info|name|box)|profile|login-?name|nick"
)
_OPENER_WORDS = (
    "☰",
    "≡",
    "三",
    "菜单",
    "导航",
    "更多",
    "全部菜单",
    "全部功能",
    "功能导航",
    "展开菜单",
    "展开",
    "Menu",
    "More",
    "⋮",
    "···",
    "...",
)
_GENERIC = re.compile(
    r"(进入|查看|前往|打开|更多|全部|管理|详情|查看(更多|全部|详情)|点击进入|go|view|more|open|enter)[>›»→]*",
    re.IGNORECASE,
)
_PRESSED = {
    *("div", "span", "li", "a", "p", "dt", "dd", "h3", "h4", "h5", "em", "b", "strong", "i", "img", "svg", "summary"),
    *("section", "label"),
}  # fmt: skip
_FINDS = re.compile(
    r"(搜索|查找|搜|查询|search|find).{0,6}(功能|菜单|页面|应用|服务|导航|function|menu|feature|page)", re.IGNORECASE
)
_NO_PAGE = re.compile(r"\.(zip|rar|exe|apk|dmg|pkg|pdf|docx?|xlsx?|csv|png|jpe?g|mp4)$", re.IGNORECASE)
_DIALOGS = {"dialog", "alertdialog"}


class How(StrEnum):
    """How an entry is followed: its address is opened, or it is pointed at and pressed."""

    OPEN = "open"
    PRESS = "press"


@dataclass(frozen=True, slots=True)
class Exit:
    """One way on from a page. `address` is where a link leads, None for what has to be pressed."""

    label: str
    score: float
    how: How
    part: FrameSnapshot
    node: Node
    address: str | None = None

    @property
    def name(self) -> str:
        """Its words as they are compared: in another look, in another account."""
        return fold(self.label)


def exits(snapshot: PageSnapshot, aim: Aim) -> list[Exit]:
    """All ways on from a page that are safe to follow, the fittest first."""
    rows = _rows(snapshot)
    found = [e for part in snapshot.parts for e in _exits(part, aim, rows)]
    best: dict[tuple[str, How, str | None], Exit] = {}
    for each in found:
        best.setdefault((each.name, each.how, each.address), each)
    return sorted(best.values(), key=lambda e: -e.score)


def search_box(snapshot: PageSnapshot) -> tuple[FrameSnapshot, Node] | None:
    """The box that finds functions or pages by their names; never one for goods or orders."""
    for part in snapshot.parts:
        for node in part.shot.nodes:
            hint = fold(node.attrs.get("placeholder", "") + node.name)
            if node.kind in ("text", "search") and node.shown and node.top is not False and _FINDS.search(hint):
                return part, node
    return None


def _rows(snapshot: PageSnapshot) -> set[tuple[int, int]]:
    """The elements of rows that were read as orders or filings: what stands in them is no menu."""
    lists = [s for kind in (ORDERS, FILINGS) if (s := find_list(snapshot, kind)) is not None]
    return {(id(s.part.shot), row.root.index) for s in lists for row in s.parsed.rows}


def _exits(part: FrameSnapshot, aim: Aim, rows: Collection[tuple[int, int]]) -> Iterator[Exit]:
    shot = part.shot
    for node in shot.nodes:
        if not node.shown or node.top is False or node.kind not in (None, "button"):
            continue
        worker = shot.worked_by(node)
        label = _label(shot, node, worker)
        if not label or shot.is_disabled(node) or _is_in_data(shot, node, rows):
            continue
        if (found := _exit(part, aim, node, worker, label)) is not None:
            yield found


def _label(shot: Snapshot, node: Node, worker: Node | None) -> str:
    """The words of an entry: its own, else its name, else what stands around a word like 进入 says."""
    own = node.text or (node.attrs.get("aria-label") or node.attrs.get("title") or node.attrs.get("alt") or "")
    if not own and worker is node and _OPENERS.search(node.classes):
        own = "☰"
    own = " ".join(own.split())
    if not 0 < len(own) <= _LONGEST:
        return ""
    if _GENERIC.fullmatch(fold(own)) and worker is not None:
        return _of_card(shot, node) or own
    return own


def _of_card(shot: Snapshot, node: Node) -> str:
    """The title of the small box that a word like 进入 stands in."""
    for outer in shot.ancestors(node):
        texts = [n.text for n in shot.inside(outer) if n.text and n is not node]
        if len(texts) > _MOST_WORDS:
            break
        if texts and len(texts[0]) <= _LONGEST:
            return texts[0]
    return ""


def _exit(part: FrameSnapshot, aim: Aim, node: Node, worker: Node | None, label: str) -> Exit | None:
    judged = judge(label, aim)
    if judged.refused or _says_act(part.shot, node, worker, aim):
        return None
    link = _link(part.shot, node)
    address = _page_of(part, link) if link is not None else None
    if address is not None:
        if leads_to_act(address, fits=judged.score >= STRONG):
            return None
        return Exit(label, judged.score, How.OPEN, part, node, address)
    if link is not None and _is_address(link.attrs.get("href", "")):
        return None  # a file, or another scheme
    opens = _is_opener(node, label) or (worker is not None and _OWN_MENU.search(worker.classes) is not None)
    score = judged.score + (1.0 if opens else 0.0)
    return (
        Exit(label, score, How.PRESS, part, node)
        if score > 0 and _is_entry(part.shot, node, worker, score, opens=opens)
        else None
    )


def _says_act(shot: Snapshot, node: Node, worker: Node | None, aim: Aim) -> bool:
    """True if the words, the name or the script of what would be worked speak of a change."""
    around = [node] + ([worker] if worker is not None and worker is not node else [])
    whole = shot.words(worker) if worker is not None else ""
    words = [n.name for n in around] + ([whole] if len(whole) <= _LONGEST else [])
    return any(is_act(text, aim) for text in words if text) or any(_scripted(n) for n in around)


def _scripted(node: Node) -> bool:
    href = node.attrs.get("href", "")
    script = node.attrs.get("onclick", "") + (href if href.lower().startswith("javascript:") else "")
    writes = node.attrs.get("data-method", "get").lower() in ("post", "put", "patch", "delete")
    return writes or runs_act(script)


def _link(shot: Snapshot, node: Node) -> Node | None:
    if node.tag == "a":
        return node
    near = [a for a, _ in zip(shot.ancestors(node), range(_STEPS_UP), strict=False)]
    return next((a for a in near if a.tag == "a"), None)


def _is_address(href: str) -> bool:
    text = href.strip().lower()
    return bool(text) and text not in ("#", "#!", "#/", "/#") and not text.startswith("javascript:")


def _page_of(part: FrameSnapshot, link: Node) -> str | None:
    """The address of the page that a link names; None for what names none: a script, a file, a mail."""
    href = link.attrs.get("href", "").strip()
    if not _is_address(href) or "download" in link.attrs:
        return None
    here = part.shot.address
    address = urljoin(here, href)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or _NO_PAGE.search(parts.path):
        return None
    base, fragment = urldefrag(address)
    # A place on the same page is none; a route (#/orders, #!orders) is.
    if base == urldefrag(here)[0] and fragment and not re.search(r"[/!=?]", fragment):
        return None
    return address


def _is_opener(node: Node, label: str) -> bool:
    if _OWN_MENU.search(node.classes):
        return True
    drawn = label == "☰" or any(fold(w).lower() == fold(label).lower() for w in _OPENER_WORDS)
    return drawn or bool(node.attrs.get("aria-haspopup")) or node.attrs.get("aria-expanded") == "false"


def _is_entry(shot: Snapshot, node: Node, worker: Node | None, score: float, *, opens: bool) -> bool:
    """True for what may be pressed: it stands as entries of menus do, sends no form, and is no button of a page."""
    around = [node, *(a for a, _ in zip(shot.ancestors(node), range(_STEPS_UP), strict=False))]
    if any(a.role in _DIALOGS or a.tag == "dialog" for a in around) or _is_in_form(shot, around):
        return False
    upto = around[: around.index(worker) + 1] if worker in around else around[:1]
    if any(a.tag in ("button", "input") or a.role == "button" for a in upto):
        return worker is not None and _is_menu_button(worker, around, upto)
    if worker is None:  # many a menu opens where nothing says that it can be worked
        listed = node.tag == "li" or (around[1:2] and around[1].tag == "li")
        named = any(a.tag in (*_MENU_TAGS, "header") or a.role in _MENU_ROLES or _named_menu(a) for a in around)
        return score >= 1.0 and (named or bool(listed))
    if node.tag not in _PRESSED and "-" not in node.tag:
        return False
    in_menu = any(a.tag in _MENU_TAGS or a.role in _MENU_ROLES or _MENU_CLASSES.search(a.classes) for a in around)
    return (
        in_menu
        or opens
        or score >= STRONG
        or (score > 1.0 and any(a.tag in ("li", "header", "ul", "a") for a in around))
    )


def _named_menu(node: Node) -> bool:
    return re.search(r"menu|nav|\bsid(e|er)", node.classes) is not None


def _is_menu_button(worker: Node, around: list[Node], upto: list[Node]) -> bool:
    if any(a.attrs.get("type") in ("submit", "image", "reset") and a.tag in ("button", "input") for a in upto):
        return False
    opens = bool(worker.attrs.get("aria-haspopup")) or "aria-expanded" in worker.attrs or worker.role in _MENU_ROLES
    menu = any(a.tag in _MENU_TAGS or a.role in _MENU_ROLES or _named_menu(a) for a in around)
    return opens or menu or _OPENERS.search(worker.classes) is not None or worker.text in _OPENER_WORDS


def _is_in_form(shot: Snapshot, around: list[Node]) -> bool:
    """True for what stands in a form; not if all of the page is one, as with old ASP.NET."""
    outer = next((a for a in [*around, *shot.ancestors(around[-1])] if a.tag == "form"), None)
    if outer is None:
        return False
    inside = sum(1 for n in shot.inside(outer) if n.text)
    return inside < _HALF * max(1, len(shot.texts)) or inside <= _MOST_WORDS


def _is_in_data(shot: Snapshot, node: Node, rows: Collection[tuple[int, int]]) -> bool:
    """True for what stands in a row of data: there are the buttons of orders."""
    for outer in [node, *shot.ancestors(node)]:
        if (id(shot), outer.index) in rows or outer.role in ("row", "gridcell"):
            return True
        if outer.tag == "table":
            return any(n.tag == "th" for n in shot.inside(outer)) and any(
                a.tag == "tbody" for a in shot.ancestors(node)
            )
    return False
