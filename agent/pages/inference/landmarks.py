"""What stands on a page, told by which the page that was looked for is recognised: never by its address."""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum

from agent.domain.orders import is_ours
from agent.pages import list_words, vocabulary
from agent.pages.inference.cells import state_in
from agent.pages.inference.fields import boxes_in, find_field
from agent.pages.inference.list_kind import FILINGS, ORDERS, ListKind
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.page_state import PageState, is_empty
from agent.pages.inference.page_state import page_state as state_of_page
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.row_forms import rows_of_boxes
from agent.pages.inference.services import service_of
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot

_ENOUGH = 3
_FIRST_ROWS = 5
# Words of lists of goods that a shop has sold: those are other orders than the shop's own for services.
_OF_GOODS = re.compile(
    r"买家(?!店铺)|收货|收件|物流|快递|发货|运费|宝贝|单价|顾客|售后单号|商品标题|buyer|shipping|consignee",
    re.IGNORECASE,
)
# 服务费 and 服务保障 are of what was sold, too.
_OF_SERVICES = re.compile(
    r"服务(?!费|保障|承诺|评|态度|质量)|应用|订购|订阅|软件(?!服务费)|service|app\b|subscription", re.IGNORECASE
)
_OF_FILINGS = re.compile(r"报备|返款|rebate|filing", re.IGNORECASE)
_IN_MENU = re.compile(r"menu|nav|\bsid(e|er)|tabs?\b")


class Landmark(StrEnum):
    """`ORDERS` is sure: a row of ours stands there. `OTHER_ORDERS` may be it: no row, or services of others alone."""

    ORDERS = "orders"
    OTHER_ORDERS = "other_orders"
    FILING_FORM = "filing_form"
    FILING_LIST = "filing_list"
    APPLICATION = "application"


Landmarks = frozenset[Landmark]
NOWHERE: Landmarks = frozenset()


def order_landmarks(snapshot: PageSnapshot, services: Collection[str], kind: ListKind = ORDERS) -> Landmarks:
    """Whether this is a list of service orders. `services` are the names and codes that are ours; `kind` is the list
    with the site's own words.
    """
    state = state_of_page(snapshot, kind)
    if state not in (PageState.LIST, PageState.EMPTY):
        return NOWHERE
    located = find_list(snapshot, kind)
    if located is None:
        texts = (n.text for n in snapshot.texts() if list_words.EMPTY.match(n.folded))
        return frozenset({Landmark.OTHER_ORDERS}) if any(_OF_SERVICES.search(t) for t in texts) else NOWHERE
    if not _names_enough(located, kind):
        return NOWHERE
    if any(_is_ours(row, services) for row in located.parsed.rows):
        return frozenset({Landmark.ORDERS})
    if any(_OF_GOODS.search(label) for label in _labels(located)):
        return NOWHERE
    return frozenset({Landmark.OTHER_ORDERS}) if _OF_SERVICES.search(_words(located)) else NOWHERE


def is_drawing(snapshot: PageSnapshot, kind: ListKind) -> bool:
    """True if a list has its headings, and neither rows nor a sign of emptiness yet."""
    located = find_list(snapshot, kind)
    return located is not None and not located.parsed.rows and not is_empty(snapshot, located, kind.empty)


def filing_landmarks(snapshot: PageSnapshot) -> Landmarks:
    """What of the back office stands here.

    A filing's form is its boxes and what sends them, or what opens it; an application's are the boxes of an order and
    of a bank account, or 申请返款 beside the list and in none of its rows.
    """
    lists, applies = _has_filings(snapshot), _box(snapshot, "account") and _box(snapshot, "order_no")
    told = {
        Landmark.APPLICATION: applies or (lists and any(_buttons(snapshot, vocabulary.REFUND))),
        Landmark.FILING_FORM: not applies and _has_filing_form(snapshot),
        Landmark.FILING_LIST: lists,
    }
    return frozenset(landmark for landmark, there in told.items() if there)


def _names_enough(located: LocatedList, kind: ListKind) -> bool:
    named = {"amount" if n == "amount_fen" else n for n in located.parsed.headed} or set[str]()
    for row in located.parsed.rows[:_FIRST_ROWS]:
        named |= {name for name, cell in row.cells.items() if cell.text}
    needed = named & kind.needs
    return bool(needed & kind.telling) and len(needed) >= min(_ENOUGH, len(kind.needs))


def _labels(located: LocatedList) -> list[str]:
    """The headings; of a list without any what stands before a colon: services have names like 快递助手."""
    if located.parsed.header:
        return [n.text for n in located.parsed.header] + [n.text for n in _beside_header(located)]
    texts = (n.folded for row in located.parsed.rows[:_FIRST_ROWS] for n in row.nodes if n.text)
    return [text.partition(":")[0] for text in texts if ":" in text]


def _beside_header(located: LocatedList) -> list[Node]:
    """What stands in the line of the headings, and names no field that is known."""
    header = located.parsed.header
    top, bottom = min(n.box.y for n in header), max(n.box.bottom for n in header)
    return [n for n in located.part.shot.texts if top - 2 < n.box.cy < bottom + 2 and n not in header]


def _words(located: LocatedList) -> str:
    """The headings, and of a list without any what its first rows say."""
    header = " ".join(n.text for n in located.parsed.header)
    rows = located.parsed.rows[:_FIRST_ROWS] if not header else []
    return " ".join([header, *(n.text for row in rows for n in row.nodes if n.text)])


def _is_ours(row: Row, services: Collection[str]) -> bool:
    found = service_of(row)
    return found is not None and is_ours(found.name, found.deciding_code(services), services)


def _box(snapshot: PageSnapshot, name: str) -> bool:
    field = find_field(snapshot, vocabulary.FORM_LABELS[name])
    return field is not None and field.control.top is not False


def _has_filing_form(snapshot: PageSnapshot) -> bool:
    """True for the boxes of a filing with what sends them, a row of boxes to fill in, or what opens the form."""
    if any(_buttons(snapshot, vocabulary.OPEN_FORM)):
        return True
    send = vocabulary.ADD + vocabulary.SEND
    if _box(snapshot, "order_no") and _box(snapshot, "amount") and any(_buttons(snapshot, send)):
        return True
    return any(_has_row_of_boxes(part.shot) for part in snapshot.parts)


def _has_row_of_boxes(shot: Snapshot) -> bool:
    return bool(rows_of_boxes(shot, boxes_in(shot)))


def _has_filings(snapshot: PageSnapshot) -> bool:
    if state_of_page(snapshot, FILINGS) not in (PageState.LIST, PageState.EMPTY):
        return False
    located = find_list(snapshot, FILINGS)
    if (
        located is None
        or not _names_enough(located, FILINGS)
        or not (located.parsed.rows or is_empty(snapshot, located))
    ):
        return False
    states = (row.cells.get("status") for row in located.parsed.rows[:_FIRST_ROWS])
    speaks = _OF_FILINGS.search(_words(located) + " " + located.part.shot.title) is not None
    return (
        "platform" in located.parsed.headed
        or speaks
        or any(state_in(cell, vocabulary.FILING_STATUS, {}) for cell in states)
    )


def _buttons(snapshot: PageSnapshot, texts: Collection[str]) -> Iterator[tuple[FrameSnapshot, Node]]:
    """What can be pressed and says one of these words, outside rows of data and menus."""
    located = find_list(snapshot, FILINGS)
    rows = [(located.part, piece) for row in located.parsed.rows for piece in row.pieces] if located else []
    for part in snapshot.parts:
        for node in part.shot.nodes:
            if not vocabulary.is_one_of(node.text, texts) or node.top is False or not part.shot.worked_by(node):
                continue
            if not any(p is part and part.shot.holds(row, node) for p, row in rows) and not _is_in_menu(
                part.shot, node
            ):
                yield part, node


def _is_in_menu(shot: Snapshot, node: Node) -> bool:
    around = [node, *shot.ancestors(node)][:6]
    return any(
        a.tag in ("nav", "aside") or a.role in ("menu", "menuitem", "tab") or _IN_MENU.search(a.classes) for a in around
    )
