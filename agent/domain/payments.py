"""Payments on a bank statement (到账) and the refunds that they may be for: the values of reconciling (对账)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Doubt(StrEnum):
    """Why a payment is not matched by itself."""

    SEVERAL = "several_orders_fit"
    SHARED = "fits_other_payments_too"
    KNOWN = "may_be_recorded_before"
    TOO_MANY = "too_many_combinations"
    NONE = "no_order_fits"
    REVERSED = "reversed"
    RECORDED = "reversed_after_recorded"


@dataclass(frozen=True, slots=True)
class Payment:
    """Money from the ERP's vendor on a statement. `row` counts from 1 as the file shows it; `amount` is in yuan.

    `merchants` are those whose payee the statement's account may be. `identity` tells it from all other payments.
    """

    row: int
    paid_on: date
    amount: Decimal
    merchants: frozenset[str]
    identity: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A refund that was requested and is not known to be paid. It can be paid from `earliest` to `latest`."""

    merchant: str
    platform: str
    order_no: str
    amount: Decimal
    requested_on: date
    earliest: date
    latest: date

    @property
    def names(self) -> tuple[str, ...]:
        """What a person may call it, the most exact first: several platforms or merchants may have the same number."""
        on_platform = f"{self.platform}/{self.order_no}"
        return f"{self.merchant}/{on_platform}", on_platform, self.order_no

    def name_among(self, others: Iterable["Claim"]) -> str:
        """Return the shortest of its names that none of the `others` has."""
        taken = {name for other in others if other != self for name in other.names}
        return next((name for name in reversed(self.names) if name not in taken), self.names[0])

    def fits(self, payment: Payment) -> bool:
        """True if the payment may be for this refund, its amount aside."""
        return self.merchant in payment.merchants and self.earliest <= payment.paid_on <= self.latest


@dataclass(frozen=True, slots=True)
class Allocation:
    """A part of a payment, or all of it, that is for one refund, or a part of it."""

    payment: Payment
    claim: Claim
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Undecided:
    """A payment that a person has to look at, and the refunds that it may be for."""

    payment: Payment
    doubt: Doubt
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """What came of matching: every payment is in one of the lists, each in the order of the statement's rows."""

    matched: tuple[Allocation, ...]
    ambiguous: tuple[Undecided, ...]
    unmatched: tuple[Undecided, ...]


def allocate(payments: list[Payment], claims: list[Claim]) -> list[Allocation]:
    """Spread payments over refunds whose sum is the same, both in their order. Raise ValueError if the sums differ."""
    if sum(p.amount for p in payments) != sum(c.amount for c in claims):
        raise ValueError("the sums differ")
    made: list[Allocation] = []
    waiting, due = iter(claims), Decimal(0)
    claim: Claim | None = None
    for payment in payments:
        rest = payment.amount
        while rest:
            if claim is None or not due:
                claim = next(waiting)
                due = claim.amount
            part = min(rest, due)
            made.append(Allocation(payment, claim, part))
            rest, due = rest - part, due - part
    return made
