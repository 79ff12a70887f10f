"""Cells that show more than their value: a link or what is left of the time beside a state, a label or a way to pay
beside a sum, a price that is struck out, a moment in words.

Every doubt is a ValueError, never a guess.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from agent.domain.orders import FilingStatus, OrderStatus
from agent.domain.text import fold, visible
from agent.pages import vocabulary
from agent.pages.clock import from_today, weekday_in
from agent.pages.inference.parsed_list import Cell, is_raised
from agent.pages.inference.pieces import segments
from agent.pages.snapshot import Node
from agent.pages.values import moment, moments_in, price, spaced, timed_in

S = TypeVar("S", OrderStatus, FilingStatus)
_PARTS = re.compile(r"[\s/|｜·•,，;；、。()（）\[\]【】<>]+")
_STATE_LABEL = re.compile(r"^[^:：]{0,4}状态[:：]")
# What speaks against a state that something is done about, unless it tells what will or may be.
_AGAINST = re.compile(
    r"退款|退订|退货|退费|售后|维权|纠纷|投诉|关闭|取消|作废|失效|冻结|异常|驳回|拒绝|失败|部分"
    r"|未(?:付|支付|确认|完成|通过|生效)|待(?:付|支付|审|确认)|不(?:可|能|予|支持)"
)
_LATER = re.compile(r"自动|将|剩余|之?后|以内|可")
_ACTIONS = re.compile(r"(?:申请|发起|去|查看)(?:退款|售后|返款)|(?:取消|关闭|删除)订单|(?:退款|售后)(?:详情|进度|说明)")
_ACTED_ON = (
    *(OrderStatus.AWAITING_CONFIRMATION, OrderStatus.COMPLETED),
    *(FilingStatus.FILED, FilingStatus.REFUNDABLE),
)
_SPOKEN = ("aria-label", "title", "alt")

_SIGN = r"(?:US\$|HK\$|NT\$|S\$|R\$|[¥￥$€£₩₽฿₫₱]|RMB|CNY|USD|EUR)"
_SUM = re.compile(
    rf"(?P<label>[\u4e00-\u9fff]{{0,8}}) ?[:：]? ?(?P<price>{_SIGN}? ?-?\d[\d,]*(?:\.\d+)? ?(?:元|美元|RMB|CNY|USD)?)"
    r"(?P<next>.?)"
)
_IS_PAID = re.compile(r"实付|实际支付|实收|已付|已支付|支付金额|付款金额")
_IS_TOTAL = re.compile(
    r"^(?:(?:订单|订购|交易|商品)?(?:总额|总价|总计|合计|共计|小计|金额|价格|费用)|应付(?:金额|款)?|成交(?:价|金额)|共)?$"
)
_IS_OTHER = re.compile(r"原价|划线|优惠|立减|减免|已返|返现|折扣|运费|市场价|定价|标价|抵扣|红包|券|积分|单价")
# One piece of it, and points given besides, change nothing of a sum.
_ASIDE = re.compile(r"\s*[×xX]\s*1\s*$|^\s*[+＋]?\s*\d+\s*积分\s*$")
_MINUS = ("-", "−", "–")
_NOT_ALL = re.compile(r"每|起$|约$|预[计估]|分期")


def state_in(cell: Cell | None, states: dict[S, tuple[str, ...]], own: Mapping[str, S]) -> S | None:
    """The one state that a cell shows; None without one, or if anything beside it may say otherwise.

    `own` are further words for states. Without words it is what an icon is called.
    """
    if cell is None:
        return None

    def told(text: str) -> S | None:
        known = vocabulary.state_of(text, states)
        return known if known is not None else own.get(fold(text))

    if (whole := told(cell.text)) is not None:
        return whole
    if not cell.text:
        return _only(told(name) for name in _names(cell.nodes))
    parted = [(node, part) for node, text in segments(cell.nodes) for part in state_parts(text)]
    found = _only(told(part) for _, part in parted)
    others = [part for node, part in parted if told(part) is None and not node.clickable]
    if found in _ACTED_ON and any(_speaks_against(part) for part in others):
        return None
    return found


def state_parts(text: str) -> list[str]:
    """The words of which one may be a state: 待确认 and 剩余3天 of 待确认 / 剩余3天."""
    return [p for p in _PARTS.split(_STATE_LABEL.sub("", visible(text).strip())) if p]


def _only(found: Iterable[S | None]) -> S | None:
    states = {state for state in found if state is not None}
    return states.pop() if len(states) == 1 else None


def _names(nodes: Iterable[Node]) -> list[str]:
    return [_STATE_LABEL.sub("", v) for n in nodes for k, v in n.attrs.items() if k in _SPOKEN or k.startswith("data-")]


def _speaks_against(part: str) -> bool:
    return _AGAINST.search(part) is not None and not _LATER.search(part) and not _ACTIONS.fullmatch(part)


def amount_in(cell: Cell, expected: str) -> tuple[Decimal, str]:
    """The amount of a cell and its currency: the one that is said to be paid, else the only one not struck out.

    Raise ValueError without one, and for several of which none is said to be paid.
    """
    if is_raised(cell):
        raise ValueError("digits of two sizes")
    drawn = [visible(t) for _, t in segments(n for n in cell.nodes if not n.struck)]
    texts = [t for t in (_ASIDE.sub("", t) for t in (drawn if cell.full is None else [cell.full])) if t]
    try:
        return price(" ".join(texts), expected)
    except ValueError:
        paid, totals = _sums(texts, expected)
    one = paid or totals
    if len(one) != 1:
        raise ValueError(f"no amount, or several: {texts!r}")
    return one.pop()


def _sums(texts: list[str], expected: str) -> tuple[set[tuple[Decimal, str]], set[tuple[Decimal, str]]]:
    """What is said to be paid, and the other sums."""
    paid, totals = set[tuple[Decimal, str]](), set[tuple[Decimal, str]]()
    before, deducted = "", False
    for text in (spaced(t) for t in texts):
        if _NOT_ALL.search(_SUM.sub("", text)):
            raise ValueError(f"no whole amount: {text!r}")
        for match in _SUM.finditer(text):
            label = match["label"] or (before if match.start() == 0 else "")
            if match["next"] and not re.match(r"[\s)）,，;；(（]", match["next"]):
                raise ValueError(f"no amount: {text!r}")
            if text[: match.start("price")].rstrip().endswith(_MINUS):
                deducted = True
            elif _IS_PAID.search(label):
                paid.add(price(match["price"], expected))
            elif _IS_TOTAL.fullmatch(label):
                totals.add(price(match["price"], expected))
            elif not _IS_OTHER.search(label):
                raise ValueError(f"nobody knows what {label!r} is")
        before = "" if any(c.isdigit() for c in text) else fold(text).rstrip(":")
    if deducted and not paid:
        raise ValueError(f"a sum is taken off another: {texts!r}")
    return paid, totals


_LABEL = re.compile(r"^[^\d:：]{2,8}[:：] ?(?=\d|今|昨|前)")
_OTHER_DAY = re.compile(r"到期|截止|结束|失效|有效|付款|支付|开始|[至~起]")
# The clock of another place than Shanghai: 12:30 UTC is a time of another day there, as often as not.
_OTHER_ZONE = re.compile(
    r"(?<![A-Za-z])(?:(?:UTC|GMT)(?!\s*\+\s*0?8)|[PMCE]DT|[PME]ST|PT|CET|CEST|JST|KST|MSK|BST)(?![A-Za-z])|太平洋|美国|美东|美西|当地|东京|伦敦|莫斯科"
)
# Of several moments in one cell the one that is called so: 下单：… 付款：…
_ORDERED = re.compile(r"(?:下单|订购|购买|创建)(?:时间|日期|于)?$")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def moment_in(cell: Cell, now: datetime | None) -> datetime:
    """The moment of a cell; one that is told in words or without its year from what the element carries in full, or
    from `now`, when the page was read. Raise ValueError if there is none, and for a doubt.
    """
    text = _LABEL.sub("", spaced(cell.text))
    if _OTHER_ZONE.search(text):
        raise ValueError(f"a moment of another place: {cell.text!r}")
    if (whole := _whole(text)) is not None and weekday_in(fold(cell.text)) in (None, whole.weekday()):
        return whole
    found = moments_in(text)
    rest = re.sub(r"[\d\s:/.年月日T-]", "", text) if len(found) == 1 else ""
    if len(found) == 1 and not _OTHER_DAY.search(rest) and _digits(text) <= 17 and _agrees(found[0], cell.text, text):
        return found[0]
    ordered = [when for before, when, _ in timed_in(cell.text) if _ORDERED.search(before)]
    if len(found) > 1 and len(ordered) == 1:
        return ordered[0]
    if not found and (carried := _carried(cell.nodes, text)) is not None:
        return carried
    if not found and now is not None and (told := from_today(text, now)) is not None:
        return told
    raise ValueError(f"no moment: {cell.text!r}")


def _whole(text: str) -> datetime | None:
    try:
        return moment(text)
    except ValueError:
        return None


def _agrees(when: datetime, drawn: str, text: str) -> bool:
    """True if no clock and no day of the week beside a moment is another one."""
    clock = _CLOCK.search(text)
    same_clock = clock is None or (int(clock[1]), int(clock[2])) == (when.hour, when.minute)
    return same_clock and weekday_in(fold(drawn)) in (None, when.weekday())


def _digits(text: str) -> int:
    return sum(c.isdigit() for c in text)


def _carried(nodes: Iterable[Node], text: str) -> datetime | None:
    """The one moment in the attributes of elements, if it is not another one than the words tell."""
    values = [v for n in nodes for k, v in n.attrs.items() if k in ("title", "datetime") or k.startswith("data-")]
    found = {whole[0] for v in values if len(whole := moments_in(v)) == 1}
    if len(found) != 1:
        return None
    when = found.pop()
    return when if _agrees(when, text, text) else None
