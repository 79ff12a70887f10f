"""Matches payments to refunds. Pure: no file, no ledger, no clock; the order of what is given does not matter.

One payment for one refund of the same amount goes first. What is left is tried as one payment for several refunds, and
as several payments for one. Whatever can be explained in more than one way is for a person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.domain.payments import Allocation, Claim, Doubt, Matches, Payment, Undecided, allocate
from agent.domain.subset_sum import TooManySums, choices


def match(payments: Iterable[Payment], claims: Iterable[Claim]) -> Matches:
    """Return what each payment is for. Nothing is matched twice, and what is matched adds up on both sides."""
    matching = _Matching(
        sorted(payments, key=lambda p: (p.paid_on, p.row, p.identity)),
        sorted(claims, key=lambda c: (c.latest, c.requested_on, c.names)),
    )
    matching.one_to_one()
    matching.in_groups()
    return matching.result()


@dataclass(frozen=True, slots=True)
class _Group:
    """Payments and refunds that add up to the same; with `doubt` that is not sure."""

    payments: tuple[Payment, ...]
    claims: tuple[Claim, ...]
    doubt: Doubt | None = None


class _Matching:
    """The payments and refunds that are still free, and what was found for the others."""

    def __init__(self, payments: list[Payment], claims: list[Claim]) -> None:
        self._payments, self._claims = payments, claims
        self._matched: list[Allocation] = []
        self._undecided: list[Undecided] = []

    def one_to_one(self) -> None:
        """Match equal amounts, wherever there are as many payments as refunds that they can be for."""
        for group in _alike(self._payments, self._claims):
            pairs = _pairs(group)
            if len(pairs) == len(group.payments) == len(group.claims):
                self._take([Allocation(payment, claim, payment.amount) for payment, claim in pairs])
            else:
                self._leave(group, Doubt.SEVERAL if len(group.claims) >= len(group.payments) else Doubt.SHARED)

    def in_groups(self) -> None:
        """Match one payment for several refunds and several for one, if no other choice explains any of them."""
        groups = [g for one in self._payments if (g := _claims_for(one, self._claims))]
        groups += [g for one in self._claims if (g := _payments_for(one, self._payments))]
        used = Counter(one for group in groups for one in (*group.payments, *group.claims))
        told: set[Payment] = set()
        for group in groups:
            shared = any(used[one] > 1 for one in (*group.payments, *group.claims))
            if group.doubt is None and not shared:
                self._take(allocate(list(group.payments), list(group.claims)))
                continue
            fresh = tuple(p for p in group.payments if p not in told)
            self._leave(_Group(fresh, group.claims), group.doubt or Doubt.SHARED)
            told.update(fresh)

    def result(self) -> Matches:
        """Return all that was found; payments that are still free fit nothing."""
        unmatched = [Undecided(payment, Doubt.NONE) for payment in self._payments]
        return Matches(
            tuple(sorted(self._matched, key=lambda a: (a.payment.row, a.claim.names))),
            tuple(sorted(self._undecided, key=lambda u: u.payment.row)),
            tuple(sorted(unmatched, key=lambda u: u.payment.row)),
        )

    def _take(self, allocations: Sequence[Allocation]) -> None:
        self._matched += allocations
        self._release({a.payment for a in allocations}, {a.claim for a in allocations})

    def _leave(self, group: _Group, doubt: Doubt) -> None:
        """Leave these payments to a person; the refunds that they may be for are not matched to others either."""
        self._undecided += [Undecided(p, doubt, tuple(c for c in group.claims if c.fits(p))) for p in group.payments]
        self._release({*group.payments}, {*group.claims})

    def _release(self, payments: set[Payment], claims: set[Claim]) -> None:
        self._payments = [p for p in self._payments if p not in payments]
        self._claims = [c for c in self._claims if c not in claims]


def _alike(payments: Sequence[Payment], claims: Sequence[Claim]) -> list[_Group]:
    """Return the payments and refunds of equal amounts that hang together, group by group."""
    by_amount: dict[Decimal, list[int]] = defaultdict(list)
    for place, claim in enumerate(claims):
        by_amount[claim.amount].append(place)
    groups: list[tuple[list[Payment], set[int]]] = []
    for payment in payments:
        near = {place for place in by_amount[payment.amount] if claims[place].fits(payment)}
        if near:
            joined = [g for g in groups if not near.isdisjoint(g[1])]
            groups = [g for g in groups if near.isdisjoint(g[1])]
            groups.append(([*(p for g in joined for p in g[0]), payment], near.union(*(g[1] for g in joined))))
    return [_Group(tuple(found), tuple(claims[place] for place in sorted(places))) for found, places in groups]


def _pairs(group: _Group) -> list[tuple[Payment, Claim]]:
    """Return each payment, the earliest first, with the refund that can wait least: that way most of them find one."""
    free, pairs = [*group.claims], []
    for payment in sorted(group.payments, key=lambda p: (p.paid_on, p.row)):
        claim = next((c for c in free if c.fits(payment)), None)
        if claim is not None:
            free.remove(claim)
            pairs.append((payment, claim))
    return pairs


def _claims_for(payment: Payment, claims: Sequence[Claim]) -> _Group | None:
    """Return the several refunds that one payment may be for."""
    near = [c for c in claims if c.amount < payment.amount and c.fits(payment)]
    chosen, doubt = _choice([c.amount for c in near], payment.amount)
    return _Group((payment,), tuple(near[place] for place in chosen), doubt) if chosen else None


def _payments_for(claim: Claim, payments: Sequence[Payment]) -> _Group | None:
    """Return the several payments that may be for one refund."""
    near = [p for p in payments if p.amount < claim.amount and claim.fits(p)]
    chosen, doubt = _choice([p.amount for p in near], claim.amount)
    return _Group(tuple(near[place] for place in chosen), (claim,), doubt) if chosen else None


def _choice(amounts: Sequence[Decimal], target: Decimal) -> tuple[tuple[int, ...], Doubt | None]:
    """Return the places of the amounts that add up to `target`, or of all of them if that is not sure."""
    everything = tuple(range(len(amounts)))
    try:
        found = choices(amounts, target)
    except TooManySums:
        return everything, Doubt.TOO_MANY
    if len(found) > 1:
        return everything, Doubt.SEVERAL
    return (found[0], None) if found else ((), None)
