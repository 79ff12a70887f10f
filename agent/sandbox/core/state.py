"""All that a sandbox knows, in memory."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import count
from typing import Any

from agent.sandbox.core.model import (
    AWAITING,
    COMPLETED,
    FILED,
    Faults,
    Filing,
    Merchant,
    Order,
    Post,
    Shop,
    Site,
    Stage,
)
from agent.sandbox.samples import merchants, workdays
from agent.sandbox.samples.script import FILING_OF
from agent.sandbox.samples.trades import TRADES

AT_A_TIME = 0.25  # seconds
Hook = Callable[[Post, Stage], str | None]


@dataclass(slots=True)
class Session:
    site: Site
    merchant: Merchant
    requests: int = 0
    shop: str = ""  # which was chosen, on sites where an account has several


@dataclass(slots=True)
class Code:
    """A code that was sent to a person; `digits` are gone once it was used."""

    site: Site
    account: str
    digits: str
    sent_at: float
    wrong: int = 0


@dataclass(slots=True)
class Scan:
    """A QR code on a log-in page, and who granted it."""

    site: Site
    made_at: float
    status: str = "NEW"
    merchant: Merchant | None = None


@dataclass(slots=True)
class Entry:
    """What became of one POST: `code` is 0 if no answer was sent."""

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
    unverified: dict[str, Merchant] = field(default_factory=dict)  # logged in, but for the code
    codes: list[Code] = field(default_factory=list)
    approved: set[str] = field(default_factory=set)  # merchants who said yes on their phone
    agreed: set[str] = field(default_factory=set)  # merchants who signed the new agreement
    scans: dict[str, Scan] = field(default_factory=dict)  # by what the code says
    log: list[Entry] = field(default_factory=list)
    purchases: Counter[str] = field(default_factory=Counter)
    dropped: dict[object, float] = field(default_factory=dict)  # POSTs that were not answered, and when that was
    repeats: int = 0  # dropped POSTs that the browser sent again by itself
    lately: dict[Site, dict[str, float]] = field(default_factory=dict)  # when each merchant was last served
    crowds: Counter[Site] = field(default_factory=Counter)  # the most merchants at a time
    switched: set[str] = field(default_factory=set)  # names of the faults that are on, see control.py
    passed: int = 0  # working days that were let pass
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    def fresh(
        cls, seed: int, today: date, platforms: Sequence[Sequence[str]], faults: Faults, hook: Hook | None = None
    ) -> "State":
        return cls(seed, today, merchants.merchants(seed, today, platforms), faults, hook)

    def account(self, site: Site, username: str) -> Merchant | None:
        logins = ((one, one.login(site)) for one in self.merchants)
        return next((one for one, login in logins if login and login.username == username), None)

    def serve(self, site: Site, merchant: Merchant) -> None:
        """Count who is served at a time: whose requests lie no further apart than a quarter of a second."""
        seen, now = self.lately.setdefault(site, {}), time.monotonic()
        seen[merchant.id] = now
        crowd = sum(now - at < AT_A_TIME for at in seen.values())
        self.crowds[site] = max(self.crowds[site], crowd)

    def truth(self) -> dict[str, Any]:
        """How things really are; never a password."""
        return {
            "seed": self.seed,
            "today": self.today.isoformat(),
            "taobao": self._market("taobao"),
            "markets": {trade: self._market(trade) for trade in TRADES},
            "backoffice": {one.backoffice.username: _backoffice(one) for one in self.merchants},
            "expected": {one.id: expected(one, self.today) for one in self.merchants},
            "log": [entry.public() for entry in self.log],
            "purchases": self.purchases.total(),
            "repeats": self.repeats,
        }

    def _market(self, platform: str) -> dict[str, Any]:
        shops = [(one, one.shops[platform]) for one in self.merchants if platform in one.shops]
        return {shop.login.username: self._shop(one, shop) for one, shop in shops}

    def _shop(self, merchant: Merchant, shop: Shop) -> dict[str, Any]:
        return {
            "merchant": merchant.id,
            "shop": shop.name,
            "orders": [_order(order) for order in shop.orders],
            "should_confirm": [order.number for order in shop.orders if _to_confirm(order)],
            "authorized_until": shop.authorized_until.isoformat(),
            "logins": {"ok": shop.login.ok, "bad": shop.login.bad},
            "locked": shop.login.locked,
            "purchases": self.purchases[merchant.id],
        }


def expected(merchant: Merchant, today: date) -> dict[str, list[str]]:
    """What an agent that begins with the samples should do, by order number; a gift gives nothing back.

    Who files nothing applies for every order once it is due.
    """
    known = {filing.order_no for filing in merchant.filings + merchant.applications if filing.seeded}
    orders = [(shop.platform, order) for shop in merchant.shops.values() for order in shop.orders]
    to_send = [(at, order) for at, order in orders if _to_send(order) and order.number not in known]
    initial = [(at, order) for at, order in orders if merchant.files and FILING_OF.get(order.role) == FILED]
    ripe = {order.number: _due(at, order) <= today for at, order in initial + to_send}
    ripe |= {filing.order_no: filing.role == "refundable" for filing in merchant.filings if _of_gone(filing)}
    return {
        "confirm": [order.number for _, order in orders if _to_confirm(order)],
        "file": [order.number for _, order in to_send if merchant.files],
        "save_date": [order.number for _, order in initial if order.role == "no_date"],
        "refund": [number for number, is_ripe in ripe.items() if is_ripe],
        "wait": [number for number, is_ripe in ripe.items() if not is_ripe],
    }


def _of_gone(filing: Filing) -> bool:
    return FILING_OF.get(filing.role) == FILED


def _due(platform: str, order: Order) -> date:
    filed_as = TRADES[platform].filing_name if platform in TRADES else "淘宝"
    return workdays.due(filed_as, order.ordered_at.date())


def _to_confirm(order: Order) -> bool:
    return order.ours and order.initial_status == AWAITING


def _to_send(order: Order) -> bool:
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
        "applications": [asdict(filing) for filing in merchant.applications],
        "logins": {"ok": login.ok, "bad": login.bad},
    }


def _filing(filing: Filing) -> dict[str, Any]:
    return asdict(filing) | {"action": filing.action}
