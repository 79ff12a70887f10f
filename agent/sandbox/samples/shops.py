"""Fills the sample orders and filings of a shop on another market than 淘宝 in, from the seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from agent.sandbox.core.model import AWAITING, COMPLETED, FILED, UNPAID, Filing, Login, Merchant, Order, Shop
from agent.sandbox.samples.script import FILING_OF, LOOKALIKES, OTHERS
from agent.sandbox.samples.trades import GONE, Trade
from agent.sandbox.samples.workdays import months_later

SHANGHAI = ZoneInfo("Asia/Shanghai")
AUTHORIZED_FOR = 20  # days from today, so that the end is near


@dataclass(frozen=True, slots=True)
class _Part:
    role: str
    age: int  # days before today
    status: str

    @property
    def ours(self) -> bool:
        return not self.role.startswith(("other", "lookalike"))


# "refundable" is filed, and its waiting time is over wherever one is published in days.
PARTS = (
    _Part("unpaid", 1, UNPAID),
    _Part("awaiting", 2, AWAITING),
    _Part("other_awaiting", 3, AWAITING),
    _Part("lookalike_awaiting", 11, AWAITING),
    _Part("refundable", 45, COMPLETED),
    _Part("other", 60, COMPLETED),
)


# Of a platform that is gone: each role, and how many months before today its order was made.
GONE_PARTS = {"too_early": 1, "refundable": 12, "paid_out": 24}


def open_shop(merchant: Merchant, trade: Trade, seed: int, today: date) -> Shop:
    """A shop of `merchant` with its orders; what is filed of them is added to the merchant's filings."""
    rng = Random(f"{seed}-{merchant.id}-{trade.id}")
    login = Login(f"{merchant.id}@{trade.id}.example", f"{trade.id}-Pass-{merchant.id}")
    shop = Shop(trade.id, f"{merchant.name}{trade.filing_name}店", login, today + timedelta(days=AUTHORIZED_FOR))
    shop.orders = [_order(part, trade, rng, today) for part in PARTS]
    for filing in _filings(merchant, trade, shop):
        merchant.seed(filing)
    return shop


def seed_gone(merchant: Merchant, platform: str, seed: int, today: date) -> None:
    """What is left of a platform that is gone: a filing of each role, of orders that nobody can look up any more."""
    rng = Random(f"{seed}-{merchant.id}-{platform}")
    merchant.gone.append(platform)
    first = 10_000 - len(merchant.filings)
    for back, (role, months) in enumerate(GONE_PARTS.items()):
        day = months_later(today, -months) - timedelta(days=3)
        merchant.seed(
            Filing(
                first - back, GONE[platform], f"{merchant.name}{GONE[platform]}店", f"{rng.randint(10**9, 10**10 - 1)}",
                day.isoformat(), f"{rng.randint(200, 1999)}.00", FILING_OF[role], True, role,
            )
        )  # fmt: skip


def _order(part: _Part, trade: Trade, rng: Random, today: date) -> Order:
    clock = time(rng.randint(8, 22), rng.randint(0, 59), rng.randint(0, 59), tzinfo=SHANGHAI)
    when = datetime.combine(today - timedelta(days=part.age), clock)
    service, code = rng.choice(trade.services) if part.ours else _foreign(part, trade, rng)
    # Where nothing waits for 确认, what was paid is completed.
    status = COMPLETED if part.status == AWAITING and not trade.confirms else part.status
    return Order(
        key=f"c{rng.getrandbits(48):012x}", number=trade.number(rng, when), child="", service=service, code=code,
        ordered_at=when, cycle="1年", expires="--" if status == UNPAID else f"{months_later(when.date(), 12)} 00:00:00",
        amount=Decimal(f"{rng.randint(200, 1999)}.{rng.choice(['00', '50', '80'])}"), biz_type="新订", role=part.role,
        initial_status=status, status=status, ours=part.ours, hides_number=trade.hides_numbers,
    )  # fmt: skip


def _foreign(part: _Part, trade: Trade, rng: Random) -> tuple[str, str]:
    """Another vendor's service, coded as everything on that market is."""
    name, _ = rng.choice(LOOKALIKES if part.role.startswith("lookalike") else OTHERS)
    own = trade.services[0][1]
    return name, own[:-2] + f"{rng.randint(10, 99)}9" if own else ""


def _filings(merchant: Merchant, trade: Trade, shop: Shop) -> Iterator[Filing]:
    first = 20_000 - len(merchant.filings)
    for back, order in enumerate(o for o in shop.orders if o.role == "refundable"):
        day = order.ordered_at.date().isoformat()
        yield Filing(first - back, trade.filing_name, shop.name, order.number, day, str(order.amount), FILED, True)
