"""Matching payments to refunds: what is sure, what is for a person, and what holds for any statement."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.payments import Claim, Doubt, Matches, Payment, allocate
from agent.domain.reconcile import match
from agent.domain.subset_sum import TooManySums, choices

DAY = date(2026, 10, 15)


def payment(row: int, amount: str, day: date = DAY, *merchants: str) -> Payment:
    return Payment(row, day, Decimal(amount), frozenset(merchants or ("m1",)), f"id-{row}")


def claim(order_no: str, amount: str, asked: date = DAY - timedelta(days=5), merchant: str = "m1") -> Claim:
    latest = asked + timedelta(days=90)
    return Claim(merchant, "taobao", order_no, Decimal(amount), asked, asked, latest)


def pairs(found: Matches) -> list[tuple[int, str, str]]:
    return [(a.payment.row, a.claim.order_no, str(a.amount)) for a in found.matched]


def doubts(found: Matches) -> list[tuple[int, Doubt, list[str]]]:
    return [(u.payment.row, u.doubt, [c.order_no for c in u.claims]) for u in found.ambiguous]


def test_one_payment_for_one_refund() -> None:
    found = match([payment(7, "62.80"), payment(8, "5")], [claim("A", "62.80"), claim("B", "99")])
    assert pairs(found) == [(7, "A", "62.80")]
    assert [(u.payment.row, u.doubt) for u in found.unmatched] == [(8, Doubt.NONE)]


def test_equal_payments_for_as_many_equal_refunds_all_count() -> None:
    found = match([payment(1, "62.80"), payment(2, "62.80")], [claim("A", "62.80"), claim("B", "62.80")])
    assert {(row, amount) for row, _, amount in pairs(found)} == {(1, "62.80"), (2, "62.80")}
    assert {order for _, order, _ in pairs(found)} == {"A", "B"}


def test_a_payment_that_fits_two_refunds_is_for_a_person() -> None:
    found = match([payment(7, "62.80")], [claim("A", "62.80"), claim("B", "62.80")])
    assert doubts(found) == [(7, Doubt.SEVERAL, ["A", "B"])]
    assert not found.matched


def test_two_payments_that_fit_one_refund_are_for_a_person() -> None:
    found = match([payment(7, "62.80"), payment(8, "62.80")], [claim("A", "62.80")])
    assert doubts(found) == [(7, Doubt.SHARED, ["A"]), (8, Doubt.SHARED, ["A"])]


def test_one_payment_for_several_refunds() -> None:
    found = match([payment(7, "150.80")], [claim("A", "62.80"), claim("B", "88.00"), claim("C", "500")])
    assert pairs(found) == [(7, "A", "62.80"), (7, "B", "88.00")]


def test_several_payments_for_one_refund() -> None:
    found = match([payment(7, "100"), payment(9, "50.50")], [claim("A", "150.50")])
    assert pairs(found) == [(7, "A", "100"), (9, "A", "50.50")]


def test_a_sum_that_can_be_made_up_in_two_ways_is_for_a_person() -> None:
    found = match([payment(7, "30")], [claim("A", "10"), claim("B", "20"), claim("C", "12"), claim("D", "18")])
    assert [u.doubt for u in found.ambiguous] == [Doubt.SEVERAL]


def test_two_sums_that_share_a_refund_are_for_a_person() -> None:
    found = match([payment(7, "30"), payment(8, "25")], [claim("A", "10"), claim("B", "20"), claim("C", "15")])
    assert {(row, doubt) for row, doubt, _ in doubts(found)} == {(7, Doubt.SHARED), (8, Doubt.SHARED)}


def test_the_day_and_the_merchant_count() -> None:
    early = claim("A", "62.80", DAY + timedelta(days=1))
    late = claim("B", "62.80", DAY - timedelta(days=91))
    other = claim("C", "62.80", merchant="m2")
    assert not match([payment(7, "62.80")], [early, late, other]).matched
    assert pairs(match([payment(7, "62.80", DAY, "m1", "m2")], [other])) == [(7, "C", "62.80")]


def test_windows_are_used_so_that_most_find_a_refund() -> None:
    payments = [payment(1, "5", DAY), payment(2, "5", DAY + timedelta(days=80))]
    old, new = claim("old", "5", DAY - timedelta(days=60)), claim("new", "5", DAY)
    assert {(row, order) for row, order, _ in pairs(match(payments, [new, old]))} == {(1, "old"), (2, "new")}


def test_too_many_combinations_are_for_a_person() -> None:
    claims = [claim(f"{n}", f"{2**n}.01") for n in range(18)]
    found = match([payment(7, "200000.55")], claims)
    assert [u.doubt for u in found.ambiguous] == [Doubt.TOO_MANY]
    with pytest.raises(TooManySums):
        choices([c.amount for c in claims], Decimal("200000.55"))


def test_a_choice_is_not_the_only_one_beside_one_of_many_parts() -> None:
    claims = [claim(f"{n:02}", "1.01") for n in range(13)]
    found = match([payment(7, "13.13")], [*claims, claim("A", "6"), claim("B", "7.13")])
    assert [u.doubt for u in found.ambiguous] == [Doubt.TOO_MANY]


def test_sums_that_differ_are_never_spread() -> None:
    with pytest.raises(ValueError, match="differ"):
        allocate([payment(1, "5")], [claim("A", "6")])


_amounts = st.sampled_from([Decimal(n) for n in ("62.80", "88", "12.50", "25", "37.50", "150.80", "0.01")])
_days = st.integers(0, 120).map(lambda n: date(2026, 8, 1) + timedelta(days=n))


@st.composite
def statements(draw: st.DrawFn) -> tuple[list[Payment], list[Claim]]:
    merchants = st.sampled_from([("m1",), ("m2",), ("m1", "m2")])
    payments = [
        Payment(row, draw(_days), draw(_amounts), frozenset(draw(merchants)), f"id-{row}")
        for row in range(draw(st.integers(0, 8)))
    ]
    claims = [
        claim(f"o{n}", str(draw(_amounts)), draw(_days), draw(st.sampled_from(["m1", "m2"])))
        for n in range(draw(st.integers(0, 8)))
    ]
    return payments, claims


@given(statements())
def test_every_payment_is_told_of_once_and_no_yuan_twice(given_: tuple[list[Payment], list[Claim]]) -> None:
    payments, claims = given_
    found = match(payments, claims)
    of_payment: dict[Payment, Decimal] = defaultdict(Decimal)
    of_claim: dict[Claim, Decimal] = defaultdict(Decimal)
    for part in found.matched:
        assert part.amount > 0
        assert part.claim.fits(part.payment)
        of_payment[part.payment] += part.amount
        of_claim[part.claim] += part.amount
    assert all(total == one.amount for one, total in of_payment.items())
    assert all(total == one.amount for one, total in of_claim.items())
    undecided = [u.payment for u in (*found.ambiguous, *found.unmatched)]
    assert sorted([*of_payment, *undecided], key=lambda p: p.row) == payments
    assert not {c for u in found.ambiguous for c in u.claims} & {*of_claim}


@given(statements(), st.randoms())
def test_the_order_of_rows_does_not_matter(given_: tuple[list[Payment], list[Claim]], random: object) -> None:
    payments, claims = given_
    before = match(payments, claims)
    random.shuffle(payments)  # type: ignore[attr-defined]
    random.shuffle(claims)  # type: ignore[attr-defined]
    assert match(payments, claims) == before


@given(st.lists(st.integers(1, 40), max_size=8), st.integers(2, 120))
def test_choices_are_those_of_trying_all(cents: list[int], target: int) -> None:
    amounts = [Decimal(n).scaleb(-2) for n in cents]
    wanted = Decimal(target).scaleb(-2)
    every = [
        places
        for bits in range(1 << len(amounts))
        if len(places := tuple(n for n in range(len(amounts)) if bits >> n & 1)) > 1
        and sum(amounts[n] for n in places) == wanted
    ]
    found = choices(amounts, wanted)
    assert {*found} <= {*every}
    assert len(found) == min(2, len(every))
