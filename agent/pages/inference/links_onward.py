"""What leads from a row of a list to the order's own page, by what it is called and where it leads."""

import re
from dataclasses import dataclass
from enum import IntEnum

from agent.domain.text import fold
from agent.pages import vocabulary
from agent.pages.inference.parsed_list import Row
from agent.pages.snapshot import Node, Snapshot
from agent.pages.values import cut_number, numbers_in


class WayKind(IntEnum):
    """The fittest first: what unfolds the row, 服务名称, 订单编号, 详情, and 详情 behind 更多."""

    UNFOLDS = 0
    SERVICE = 1
    NUMBER = 2
    DETAILS = 3
    MENU = 4


@dataclass(frozen=True, slots=True)
class Way:
    """An element of the row that a click follows."""

    kind: WayKind
    node: Node

    @property
    def fingerprint(self) -> tuple[WayKind, str]:
        """Tell it from the row's other ways, also once the page was loaded anew."""
        return self.kind, self.node.text or self.node.name or self.node.classes


DETAILS = (
    *("详情", "查看", "查看详情", "订单详情", "服务详情", "订购详情", "查看订单", "订单明细", "明细", "去处理", "处理"),
    *("立即处理", "去查看", "查看服务", "更多详情", "Detail", "Details", "View", "View details", "View detail"),
)
_UNFOLD = (
    "展开",
    "展开行",
    "展开详情",
    "展开更多",
    "+",
    "＋",
    "▸",
    "▶",
    "▾",
    "▼",
    "›",
    ">",
    "∨",
    "⌄",
    "expand",
    "expandrow",
)
_UNFOLD_NAME = re.compile(r"展开|expand", re.IGNORECASE)
_CARET = re.compile(r"expand|caret|unfold|row-?toggle|collapsed|arrow-right|chevron-right|triangle", re.IGNORECASE)
_OTHER_CARET = re.compile(r"dropdown|select|sort|menu|page|prev|next(?!-table)|calendar|copy|filter", re.IGNORECASE)
_CHANGES = re.compile(
    r"续费|续订|订购|购买|升级|退款|退订|评价|使用|授权|删除|取消|关闭|支付|付款|充值|申请|开通|投诉|提醒|催|发票|开票|复制|下载|导出|试用"
)
# The words of an address that does something, or leads away from orders.
_ACTS = re.compile(
    r"\b(buy|pay|payment|purchase|cart|checkout|renew|upgrade|refund|del|delete|remove|cancel|close|log ?out|log ?off"
    r"|sign ?out|comment|rate|evaluate|oauth|auth|authorize|download|export|create|subscribe|confirm|accept|agree|apply"
    r"|submit|save|update|post|receive|finish|complete|use|launch)\b"
)
_ASKED = re.compile(r"(?:^|[&#])(?:action|act|op|do|method|cmd|event)=([^&#]*)", re.IGNORECASE)
_WRITES = ("post", "put", "patch", "delete")
_TAIL = re.compile(r"[>›»→]+$")


def ways_on(shot: Snapshot, row: Row) -> list[Way]:
    """What of a row leads on, the fittest first; nothing if its element does not hold all that tells the order."""
    if not _is_whole(shot, row):
        return []
    inside = [n for n in shot.inside(row.root) if n.shown and n.top is not False and not shot.is_disabled(n)]
    found = [Way(kind, n) for n in inside if (kind := _kind(shot, row, n)) is not None]
    return sorted((w for w in found if leads_on(shot, w.node, row.root)), key=lambda w: w.kind)


def _is_whole(shot: Snapshot, row: Row) -> bool:
    """True if one element holds the service and what tells its order from others."""
    told = [row.cells[name].nodes for name in ("service", "ordered_at", "order_no") if name in row.cells]
    return "service" in row.cells and len(told) > 1 and all(shot.holds(row.root, n) for nodes in told for n in nodes)


def _kind(shot: Snapshot, row: Row, node: Node) -> WayKind | None:
    worker = shot.worked_by(node)
    if worker is None or not shot.holds(row.root, worker) or node.kind is not None:
        return None
    if _unfolds(node):
        return WayKind.UNFOLDS
    if node.text and _is_in(row, "service", node) and _names_service(row, node):
        return WayKind.SERVICE
    if _is_in(row, "order_no", node) and (numbers_in(node.text) or cut_number(node.text)):
        return WayKind.NUMBER
    if is_details(node):
        return WayKind.DETAILS
    return WayKind.MENU if vocabulary.is_one_of(node.text or node.name, vocabulary.MORE_ACTIONS) else None


def is_details(node: Node) -> bool:
    """True for 详情 and what else leads to an order's own page."""
    return vocabulary.is_one_of(_TAIL.sub("", node.folded) or node.name, DETAILS)


def _is_in(row: Row, name: str, node: Node) -> bool:
    return name in row.cells and any(n.id == node.id for n in row.cells[name].nodes)


def _names_service(row: Row, node: Node) -> bool:
    text = _TAIL.sub("", node.folded)
    return len(text) > 1 and fold(row.text("service")).startswith(text) and not _CHANGES.search(text)


def _unfolds(node: Node) -> bool:
    """True for the caret or the 展开 of a row."""
    if not node.clickable or _OTHER_CARET.search(node.classes):
        return False
    if node.text:
        return vocabulary.is_one_of(node.text, _UNFOLD)
    named = _UNFOLD_NAME.search(node.name) is not None
    return named or node.attrs.get("aria-expanded") == "false" or _CARET.search(node.classes) is not None


def leads_on(shot: Snapshot, node: Node, within: Node) -> bool:
    """True for what a click follows without changing anything, as far as words and addresses tell."""
    chain = [node]
    for outer in shot.ancestors(node):
        if not shot.holds(within, outer):
            break
        chain.append(outer)
    worker = shot.worked_by(node)
    near = chain[: chain.index(worker) + 1] if worker in chain else chain[:1]
    return all(_is_harmless(n) for n in near) and not _sends(shot, worker or node)


def _is_harmless(node: Node) -> bool:
    text = f"{node.folded} {node.name}"
    if _CHANGES.search(text) and not is_details(node):
        return False
    if node.attrs.get("data-method", "get").lower() in _WRITES:
        return False
    return not _ACTS.search(_spelled(node.attrs.get("href", "")))


def _spelled(address: str) -> str:
    """An address as words: /svc/toPay.htm?op=refund&id=1 as svc to pay htm refund."""
    path, _, query = re.sub(r"^https?://[^/]*", "", address).partition("?")
    asked = " ".join(_ASKED.findall(query))
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z]+", " ", f"{path} {asked}").lower().split())


def _sends(shot: Snapshot, worker: Node) -> bool:
    """True for what sends a form, and for every button in one."""
    inside = any(a.tag == "form" for a in shot.ancestors(worker))
    return worker.attrs.get("type") in {"submit", "image"} or (inside and worker.tag in {"button", "input"})
