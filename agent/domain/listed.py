"""Whether what a list shows after a step is what was meant: compared before the next step of that kind is sent."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.domain.orders import Filing, FilingStatus, Order, OrderStatus
from agent.domain.text import Text, fold

_ASKED = (FilingStatus.REQUESTED, FilingStatus.PAID_OUT)
# A number that was rounded to what a computer's number can hold differs in its last digits alone.
_ROUNDED = 6
_LEAST = 8


@dataclass(frozen=True, slots=True)
class Meant:
    """What was sent to the back office for one order. `others` are the names, folded, of all other platforms."""

    order_no: str
    others: frozenset[str]
    shop: str
    ordered_on: date
    amount: Decimal


def filed_otherwise(
    meant: Meant, listed: Sequence[Filing], before: Sequence[Filing], known: Collection[str]
) -> Text | None:
    """What the list shows in place of what was sent; None if it shows just that, or nothing of it.

    `before` is what was listed before, `known` the numbers of the orders that the platform lists.
    """
    own = [f for f in listed if f.order_no == meant.order_no]
    if own:
        found = min((_Differences(meant, f, listed) for f in own), key=lambda d: len(d.all))
        return found.text
    strange = _strangers(meant, listed, before, known)
    return _otherwise(Text("number", "订单编号"), meant.order_no, strange[0].order_no) if strange else None


class _Differences:
    """In what a listed row differs from what was sent."""

    def __init__(self, meant: Meant, row: Filing, listed: Sequence[Filing]) -> None:
        self.all = [_otherwise(name, wanted, shown) for name, wanted, shown in _fields(meant, row, listed)]

    @property
    def text(self) -> Text | None:
        if not self.all:
            return None
        return Text("; ".join(t.en for t in self.all), "；".join(t.zh for t in self.all))


def _fields(meant: Meant, row: Filing, listed: Sequence[Filing]) -> Iterator[tuple[Text, str, str]]:
    """Name, what was sent and what is shown of each field that differs. A field that no row shows says nothing."""
    others = [f for f in listed if f is not row]
    if row.platform is not None and fold(row.platform) in meant.others:
        yield Text("platform", "平台"), "-", row.platform
    if row.shop is not None and not _same_shop(row.shop, meant.shop):
        yield Text("shop", "店铺"), meant.shop, row.shop
    dated = any(f.ordered_on is not None for f in others)
    if row.ordered_on != meant.ordered_on and (row.ordered_on is not None or dated):
        yield Text("date", "订购日期"), str(meant.ordered_on), str(row.ordered_on or "-")
    priced = any(f.amount is not None for f in others)
    if row.amount != meant.amount and (row.amount is not None or priced):
        yield Text("amount", "订购金额"), f"{meant.amount:.2f}", str(row.amount if row.amount is not None else "-")


def _same_shop(shown: str, meant: str) -> bool:
    """Lists cut long names, and some add the platform's: one holds the other then."""
    one, other = fold(shown).rstrip("….").rstrip(), fold(meant)
    return bool(one) and (one in other or other in one)


def _strangers(
    meant: Meant, listed: Sequence[Filing], before: Sequence[Filing], known: Collection[str]
) -> list[Filing]:
    """Rows that are new, that nobody can have meant, and that resemble what was sent."""
    old = {f.order_no for f in before} | {*known}
    new = [f for f in listed if f.order_no not in old and fold(f.platform or "") not in meant.others]
    return [f for f in new if _resembles(meant, f)]


def _resembles(meant: Meant, row: Filing) -> bool:
    same_day, same_amount = row.ordered_on == meant.ordered_on, row.amount == meant.amount
    return (same_day and same_amount) or (_alike(row.order_no, meant.order_no) and (same_day or same_amount))


def _alike(shown: str, meant: str) -> bool:
    """True for a number that was rounded or cut."""
    same = max(_LEAST, len(meant) - _ROUNDED)
    return shown[:same] == meant[:same] or (len(shown) >= _LEAST and shown in meant)


def requested_otherwise(order_no: str, before: Sequence[Filing], after: Sequence[Filing]) -> Text | None:
    """The filing whose refund was requested in place of an order's, or whose amount changed with it; None if none."""
    earlier = {f.order_no: f for f in before}
    own = [f for f in after if f.order_no == order_no]
    was = earlier.get(order_no)
    if any(f.status in _ASKED for f in own):
        changed = next((f for f in own if was and None not in (f.amount, was.amount) and f.amount != was.amount), None)
        name = Text("amount", "订购金额")
        return _otherwise(name, str(was.amount), str(changed.amount)) if was is not None and changed else None
    moved = [f for f in after if f.status in _ASKED and f.order_no in earlier and f.order_no != order_no]
    wrong = next((f for f in moved if earlier[f.order_no].status not in _ASKED), None)
    return _otherwise(Text("number", "订单编号"), order_no, wrong.order_no) if wrong else None


def confirmed_otherwise(order: Order, before: Sequence[Order], after: Sequence[Order]) -> Text | None:
    """The order that was confirmed in place of `order`, or along with it although it is not ours; None if none."""
    waited = {o.natural_key for o in before if o.status is OrderStatus.AWAITING_CONFIRMATION}
    done = [o for o in after if o.status is OrderStatus.COMPLETED and o.natural_key in waited]
    others = [o for o in done if o.natural_key != order.natural_key]
    confirmed = any(o.natural_key == order.natural_key for o in done)
    wrong = next((o for o in others if not (confirmed and o.ours)), None)
    return _otherwise(Text("number", "订单编号"), order.key, wrong.key) if wrong else None


def _otherwise(name: Text, meant: str, shown: str) -> Text:
    return Text(f"{name.en}: {meant} was meant, {shown} is shown", f"{name.zh}：应为 {meant}，实际显示 {shown}")
