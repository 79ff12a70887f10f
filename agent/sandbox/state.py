"""All that a sandbox knows, in memory."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import count
from typing import Any

from . import merchants, workdays
from .model import AWAITING, COMPLETED, FILED, Faults, Filing, Merchant, Order, Post, Site, Stage
from .script import FILING_OF

Hook = Callable[[Post, Stage], str | None]


@dataclass(slots=True)
class Session:
    site: Site
    merchant: Merchant
    requests: int = 0


@dataclass(slots=True)
class Entry:
    """What became of one POST: `code` is 0 where no answer was sent."""

    post: Post
    account: str
    order_no: str = ""
    applied: bool = False
    code: int = 0

    def public(self) -> dict[str, Any]:
        result = {"account": self.account, "order_no": self.order_no, "applied": self.applied, "code": self.code}
        return asdict(self.post) | result


@dataclass(slots=True)
class State:
    seed: int
    today: date
    merchants: list[Merchant]
    faults: Faults
    hook: Hook | None = None
    sessions: dict[str, Session] = field(default_factory=dict)
    unverified: dict[str, Merchant] = field(default_factory=dict)  # logged in, but for the SMS code
    log: list[Entry] = field(default_factory=list)
    purchases: Counter[str] = field(default_factory=Counter)
    dropped: dict[object, float] = field(default_factory=dict)  # POSTs that were not answered, and when that was
    repeats: int = 0  # dropped POSTs that the browser sent again by itself
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    def fresh(cls, seed: int, today: date, number: int, faults: Faults, hook: Hook | None = None) -> "State":
        return cls(seed, today, merchants.merchants(seed, today, number), faults, hook)

    def account(self, site: Site, username: str) -> Merchant | None:
        return next((one for one in self.merchants if one.login(site).username == username), None)

    def truth(self) -> dict[str, Any]:
        """How things really are; never a password."""
        return {
            "seed": self.seed,
            "today": self.today.isoformat(),
            "taobao": {one.taobao.username: self._taobao(one) for one in self.merchants},
            "backoffice": {one.backoffice.username: _backoffice(one) for one in self.merchants},
            "expected": {one.id: expected(one, self.today) for one in self.merchants},
            "log": [entry.public() for entry in self.log],
            "purchases": self.purchases.total(),
            "repeats": self.repeats,
        }

    def _taobao(self, merchant: Merchant) -> dict[str, Any]:
        return {
            "merchant": merchant.id,
            "shop": merchant.shop,
            "orders": [_order(order) for order in merchant.orders],
            "should_confirm": [order.number for order in merchant.orders if _to_confirm(order)],
            "logins": {"ok": merchant.taobao.ok, "bad": merchant.taobao.bad},
            "locked": merchant.taobao.locked,
            "purchases": self.purchases[merchant.id],
        }


def expected(merchant: Merchant, today: date) -> dict[str, list[str]]:
    """What an agent that begins with the samples should do, by order number; a gift gives nothing back."""
    filed = [filing for filing in merchant.filings if filing.seeded]
    known = {filing.order_no for filing in filed}
    to_file = [order for order in merchant.orders if _to_file(order) and order.number not in known]
    initial = [order for order in merchant.orders if FILING_OF.get(order.role) == FILED]
    ripe = {order.number: workdays.due("淘宝", order.ordered_at.date()) <= today for order in initial + to_file}
    return {
        "confirm": [order.number for order in merchant.orders if _to_confirm(order)],
        "file": [order.number for order in to_file],
        "save_date": [order.number for order in initial if order.role == "no_date"],
        "refund": [number for number, is_ripe in ripe.items() if is_ripe],
        "wait": [number for number, is_ripe in ripe.items() if not is_ripe],
    }


def _to_confirm(order: Order) -> bool:
    return order.ours and order.initial_status == AWAITING


def _to_file(order: Order) -> bool:
    return order.ours and order.initial_status in {AWAITING, COMPLETED} and order.amount > 0


def _order(order: Order) -> dict[str, Any]:
    shown = {"ordered_at": order.ordered_at.strftime("%Y-%m-%d %H:%M:%S"), "amount": str(order.amount)}
    return asdict(order) | shown


def _backoffice(merchant: Merchant) -> dict[str, Any]:
    login = merchant.backoffice
    return {
        "merchant": merchant.id,
        "payee": asdict(merchant.payee),
        "filings": [_filing(filing) for filing in merchant.filings],
        "logins": {"ok": login.ok, "bad": login.bad},
    }


def _filing(filing: Filing) -> dict[str, Any]:
    return asdict(filing) | {"action": filing.action}
