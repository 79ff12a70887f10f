"""Sums that are worked out beforehand say the same as the orders themselves, also after changes and as days pass."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from agent.bank.claims import of_known, of_staged
from agent.domain.merchants import Edition
from agent.domain.orders import FilingStatus, OrderStatus
from agent.domain.report import StepKind, StepResult
from agent.domain.stage import Stage
from agent.ledger import Ledger, known_orders
from agent.ledger.console_tables import OrderStageRow
from tests.ledger.support import ORDERED_AT, Clock, account, filing, merchant, order

Sums = dict[tuple[str, Stage, str], tuple[int, Decimal]]


def due_on(platform: str, day: date) -> date | None:
    return day + timedelta(days=60) if platform == "taobao" else None


def direct(edition: Edition) -> bool:
    return edition is Edition.CLOUD


def caught_up(ledger: Ledger, rules: str = "1", most: int = 2) -> Sums:
    """Return the sums once everything is in them."""
    done = False
    while not done:
        with ledger.begin() as tx:
            done = tx.order_stages.catch_up(due_on, direct, rules, most)
    with ledger.read() as tx:
        assert tx.order_stages.state(rules)[1]
        return {(t.platform, t.stage, t.currency): (t.orders, t.amount) for t in tx.order_stages.totals()}


def counted(ledger: Ledger) -> Sums:
    """Return what the orders themselves add up to."""
    found: Sums = defaultdict(lambda: (0, Decimal(0)))
    for known in known_orders(ledger, due_on, direct):
        if known.order.ours:
            key = (known.account.platform, known.stage, known.order.currency)
            count, amount = found[key]
            found[key] = (count + 1, amount + known.order.amount)
    return dict(found)


@pytest.fixture
def filled(ledger: Ledger, run: str) -> Ledger:
    """A ledger with three merchants, and orders at several stages and in two currencies."""
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m2"), merchant("m3", ("aliexpress",))])
    listed = [order(), order("2", status=OrderStatus.CLOSED), order(None), order("9", ours=False)]
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(account().key, listed)
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(account("m2").key, [order("3", amount=Decimal("10.50"))])
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(account("m3", "aliexpress").key, [order("4", currency="USD")])
    with ledger.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(status=FilingStatus.PAID_OUT)])
    return ledger


def test_the_sums_are_those_of_the_orders(filled: Ledger) -> None:
    assert caught_up(filled) == counted(filled)


def test_what_changes_is_worked_out_anew_and_nothing_else(filled: Ledger, run: str) -> None:
    caught_up(filled)
    with filled.read() as work:
        before = {r.merchant_id: r.id for r in work.session.scalars(select(OrderStageRow))}
    with filled.begin(run_id=run) as tx:
        tx.orders.save(account("m2").key, [order("3", amount=Decimal("10.50"), status=OrderStatus.REFUNDING)])
    with filled.read() as work:
        assert not work.order_stages.state("1")[1]
    assert caught_up(filled) == counted(filled)
    with filled.read() as work:
        after = {r.merchant_id: r.id for r in work.session.scalars(select(OrderStageRow))}
    assert {name for name in before if before[name] != after[name]} <= {"m2"}


def test_a_step_in_doubt_moves_its_order(filled: Ledger, run: str) -> None:
    caught_up(filled)
    with filled.begin(run_id=run) as tx:
        intent = tx.intents.begin(account("m2").key, StepKind.CONFIRM, "3", {})
    assert caught_up(filled) == counted(filled)
    assert ("taobao", Stage.UNKNOWN, "CNY") in caught_up(filled)
    with filled.begin() as tx:
        tx.intents.close(intent, StepResult.DONE, None)
    assert caught_up(filled) == counted(filled)


def test_an_account_that_leaves_waits_for_nobody_s_payee(filled: Ledger, run: str) -> None:
    with filled.begin() as tx:
        tx.merchants.save([replace(merchant("m4", ("jd",)), payee=None)])
    with filled.begin(run_id=run) as tx:
        tx.orders.save(account("m4", "jd").key, [order("6")])
    assert ("jd", Stage.NEEDS_PERSON, "CNY") in caught_up(filled)
    with filled.begin() as tx:
        tx.registrations.remove(account("m4", "jd").key)
    assert caught_up(filled) == counted(filled)


def test_an_order_becomes_refundable_by_the_day_alone(filled: Ledger, clock: Clock) -> None:
    early = caught_up(filled)
    assert ("taobao", Stage.REFUNDABLE, "CNY") not in early
    clock.now = ORDERED_AT + timedelta(days=61)
    with filled.read() as tx:
        assert tx.order_stages.state("1")[1]
        late = {(t.platform, t.stage) for t in tx.order_stages.totals()}
        (ready,) = tx.order_stages.staged(Stage.REFUNDABLE, None, 10, None)
    assert ("taobao", Stage.REFUNDABLE) in late
    assert (ready.order_no, ready.stage) == ("3", Stage.REFUNDABLE)
    assert caught_up(filled) == counted(filled)


def test_other_rules_work_all_out_anew(filled: Ledger) -> None:
    caught_up(filled)
    with filled.read() as tx:
        assert not tx.order_stages.state("2")[1]
    assert caught_up(filled, "2") == counted(filled)


def test_pages_of_one_give_all_orders_of_a_stage_once(filled: Ledger, run: str) -> None:
    many = [order(f"5{n}", ordered_at=ORDERED_AT + timedelta(days=n % 3)) for n in range(7)]
    with filled.begin(run_id=run) as tx:
        tx.orders.save(account("m2").key, many)
    caught_up(filled)
    found: list[str | None] = []
    after: tuple[date, int] | None = None
    with filled.read() as work:
        while page := work.order_stages.staged(Stage.CONFIRMED, "taobao", 1, after):
            found.append(page[0].order_no)
            after = (page[0].due_on or date.max, page[0].id)
    assert sorted(map(str, found)) == sorted(["3", *(f"5{n}" for n in range(7))])


def test_only_orders_of_ours_are_kept(filled: Ledger) -> None:
    caught_up(filled)
    with filled.read() as tx:
        assert tx.session.scalar(select(func.count()).where(OrderStageRow.order_no == "9")) == 0


def test_the_refunds_that_wait_for_money_are_those_of_the_orders(filled: Ledger, run: str) -> None:
    asked = filing("3", amount=Decimal("10.50"), status=FilingStatus.REQUESTED)
    with filled.begin(run_id=run) as tx:
        tx.filings.save("m2", [asked, replace(asked, order_no="5")])
        tx.orders.save(account("m2", "jd").key, [order("5", ordered_at=ORDERED_AT - timedelta(days=9)), order("6")])
    caught_up(filled)
    with filled.read() as tx:
        waiting = [*of_staged(tx.order_stages.requested(), 90)]
    assert {claim.order_no for claim in waiting} == {"3", "5"}
    known = of_known(known_orders(filled, due_on, direct), 90)
    assert sorted(waiting, key=lambda claim: claim.names) == sorted(known, key=lambda claim: claim.names)
