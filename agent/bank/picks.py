"""What a person decided (--pick): which payment is for which orders."""

import re
from collections.abc import Mapping, Sequence

from agent.domain.errors import UsageError
from agent.domain.payments import Allocation, Claim, Payment, allocate
from agent.domain.text import Text

Picks = Mapping[int, tuple[str, ...]]
_PICK = re.compile(r"([1-9][0-9]*)=([^,\s]+(?:,[^,\s]+)*)")


def parse_picks(given: Sequence[str]) -> Picks:
    """Return by row how the orders of `ROW=ORDER[,ORDER]` are called. Raise UsageError for anything else."""
    picks: dict[int, tuple[str, ...]] = {}
    for one in given:
        found = _PICK.fullmatch(one)
        if found is None or int(found[1]) in picks:
            raise _wrong(
                one, Text("write ROW=ORDER[,ORDER], each row once", "请写成 行号=订单编号[,订单编号]，每行一次")
            )
        picks[int(found[1])] = tuple(dict.fromkeys(found[2].split(",")))
    return picks


def picked(picks: Picks, payments: Sequence[Payment], claims: Sequence[Claim]) -> list[Allocation]:
    """Return what the picks allocate. Raise UsageError for a row or an order that cannot be meant, or unequal sums."""
    groups: list[tuple[list[Payment], list[Claim]]] = []
    for row, orders in picks.items():
        payment = next((p for p in payments if p.row == row), None)
        if payment is None:
            raise _wrong(f"{row}", Text("this row is no payment that waits", "该行不是待处理的到账"))
        meant = [_meant(order, payment, claims) for order in orders]
        joined = [group for group in groups if any(claim in group[1] for claim in meant)]
        groups = [group for group in groups if group not in joined]
        others = [claim for group in joined for claim in group[1]]
        more = [claim for claim in meant if claim not in others]
        groups.append(([*(p for group in joined for p in group[0]), payment], [*others, *more]))
    return [part for group in groups for part in _allocated(*group)]


def _meant(order_no: str, payment: Payment, claims: Sequence[Claim]) -> Claim:
    found = [c for c in claims if order_no in c.names and c.merchant in payment.merchants]
    if not found:
        why = Text("no refund of this order waits for payment on that account", "该账户没有此订单的待到账返款")
        raise _wrong(f"{payment.row}={order_no}", why)
    if len(found) > 1:
        names = [claim.name_among(found) for claim in found]
        why = Text(f"say which one: {', '.join(names)}", f"编号不唯一，请指明：{'、'.join(names)}")
        raise _wrong(f"{payment.row}={order_no}", why)
    return found[0]


def _allocated(payments: list[Payment], claims: list[Claim]) -> list[Allocation]:
    try:
        return allocate(payments, claims)
    except ValueError:
        paid, due = sum(p.amount for p in payments), sum(c.amount for c in claims)
        rows = ",".join(str(p.row) for p in payments)
        why = Text(f"¥{paid:,.2f} was paid, the orders are ¥{due:,.2f}", f"到账 ¥{paid:,.2f}，订单合计 ¥{due:,.2f}")
        raise _wrong(rows, why) from None


def _wrong(pick: str, why: Text) -> UsageError:
    return UsageError(
        Text(f"--pick {pick}: {why.en}. Nothing was recorded.", f"--pick {pick}：{why.zh}。未登记任何内容。")
    )
