"""Fills the sample orders and filings in, from the seed."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from typing import get_args
from zoneinfo import ZoneInfo

from agent.sandbox.core.model import AWAITING, COMPLETED, REFUNDING, Filing, Merchant, Order
from agent.sandbox.samples.script import FILING_OF, LOOKALIKES, OTHERS, OURS, Edition, Part, parts
from agent.sandbox.samples.workdays import months_later

SHANGHAI = ZoneInfo("Asia/Shanghai")
PRICES = {"1年": "1280.00", "6个月": "680.00", "3个月": "360.00", "1个月": "128.00"}
MONTHS = {"1年": 12, "6个月": 6, "3个月": 3, "1个月": 1, "15天": 0}


class Filler:
    """Makes up one merchant's orders; the same chance gives the same orders."""

    def __init__(self, merchant: Merchant, rng: Random, today: date) -> None:
        self.rng, self.today = rng, today
        self.own = OURS[_edition(merchant.edition)]
        self.editions: Iterator[tuple[str, str]] = cycle(OURS.values())
        self.tail = f"{rng.randint(1000, 9999)}"  # a buyer's numbers end alike

    def order(self, part: Part) -> Order:
        ordered_at = self._moment(part.age)
        service, code = self._article(part)
        period, amount = self._price(part)
        number, child = self._numbers()
        return Order(
            key=f"c{self.rng.getrandbits(48):012x}", number=number, child=child, service=service, code=code,
            ordered_at=ordered_at, cycle=period, expires=_expires(part, ordered_at, period), amount=Decimal(amount),
            biz_type=self._biz_type(part.role), role=part.role, initial_status=part.status, status=part.status,
            ours=part.ours,
        )  # fmt: skip

    def _moment(self, age: int) -> datetime:
        clock = time(self.rng.randint(8, 22), self.rng.randint(0, 59), self.rng.randint(0, 59), tzinfo=SHANGHAI)
        return datetime.combine(self.today - timedelta(days=age), clock)

    def _article(self, part: Part) -> tuple[str, str]:
        if part.role == "awaiting":  # renewals of one article at one price: only their times differ
            return self.own
        if part.ours:
            return next(self.editions)
        return self.rng.choice(LOOKALIKES if part.role.startswith("lookalike") else OTHERS)

    def _price(self, part: Part) -> tuple[str, str]:
        if part.role == "gift":
            return "15天", "0.00"
        if part.role == "upgrade":
            return "6个月", "62.80"
        period = "1年" if part.role == "awaiting" else self.rng.choice(list(PRICES))
        return period, PRICES[period] if part.ours else f"{self.rng.randint(15, 900)}.{self.rng.choice(['00', '80'])}"

    def _numbers(self) -> tuple[str, str]:
        """An order's number, and its child's, which differs by four digits in the middle."""
        head = f"{self.rng.randint(2600, 3390)}{self.rng.randint(1000, 9999)}"
        middle = self.rng.sample(range(1000, 10_000), 2)
        inner = f"{self.rng.randint(10, 999)}"
        return f"{head}{middle[0]}{inner}{self.tail}", f"{head}{middle[1]}{inner}{self.tail}"

    def _biz_type(self, role: str) -> str:
        named = {"gift": "后台赠送", "upgrade": "升级", "awaiting": "续订"}
        return named.get(role) or self.rng.choice(["新订", "续订"])


def _edition(name: str) -> Edition:
    return next(edition for edition in get_args(Edition) if edition == name)


def _expires(part: Part, ordered_at: datetime, period: str) -> str:
    """A cycle ends at midnight; what was never paid never ends."""
    if part.status not in {AWAITING, COMPLETED, REFUNDING}:
        return "--"
    months = MONTHS[period]
    end = months_later(ordered_at.date(), months) if months else ordered_at.date() + timedelta(days=15)
    return f"{end.isoformat()} 00:00:00"


def fill(merchant: Merchant, index: int, seed: int, today: date) -> None:
    rng = Random(f"{seed}-{index}")
    filler = Filler(merchant, rng, today)
    orders = [filler.order(part) for part in parts(index, rng, today)]
    merchant.taobao.orders = sorted(orders, key=lambda order: order.ordered_at, reverse=True)
    for filing in _filings(merchant, 30_000 + rng.randint(0, 9_000)):
        merchant.seed(filing)


def _filings(merchant: Merchant, first_id: int) -> Iterator[Filing]:
    """Newest first; the one without a date is the oldest, and so the last of the list."""
    filed = [order for order in merchant.taobao.orders if order.role in FILING_OF]
    filed.sort(key=lambda order: order.role == "no_date")
    for back, order in enumerate(filed):
        day = "" if order.role == "no_date" else order.ordered_at.date().isoformat()
        yield Filing(
            first_id - back,
            "淘宝",
            merchant.taobao.name,
            order.number,
            day,
            str(order.amount),
            FILING_OF[order.role],
            True,
        )
