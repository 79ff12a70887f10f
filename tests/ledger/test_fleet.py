"""Which workers run, what they work on, what is due and not begun, and what was taken up lately."""

from datetime import timedelta

import pytest

from agent.domain.accounts import AccountKey
from agent.domain.merchants import Registration
from agent.domain.schedule import DueReason, Next
from agent.ledger import AccountHistory, KnownWorker, Lease, Ledger, Limits, Worker
from agent.ledger.fleet import DueAccounts, accounts_at_work, due_accounts, planned_later, turnover
from tests.ledger.support import NOW, Clock, merchant

SERVE, WORKER = Worker("a#1", "serve", "a", 1, 2), Worker("b#2", "worker", "b", 2, 4)
WIDE = Limits(100, 1000)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until a test moves it."""
    return Clock(step=timedelta())


def begin(ledger: Ledger, *workers: Worker) -> None:
    for each in workers:
        with ledger.begin() as tx:
            tx.workers.begin(each)


def workers(ledger: Ledger) -> list[KnownWorker]:
    with ledger.read() as tx:
        return tx.workers.all()


def take(ledger: Ledger, name: str, platform: str, holder: str = "1", place: str = "a#") -> None:
    with ledger.begin() as tx:
        assert tx.leases.take_account(AccountKey(name, platform), holder=holder, place=place) is not None


def due(ledger: Ledger, limits: Limits = WIDE) -> list[DueAccounts]:
    with ledger.read() as tx:
        return due_accounts(tx, limits)


def test_workers_are_known_while_they_run(ledger: Ledger, clock: Clock) -> None:
    begin(ledger, SERVE)
    clock.now += DAY / 24
    begin(ledger, WORKER)
    with ledger.begin() as tx:
        tx.workers.seen(SERVE.name)
    assert [(each.worker, each.alive, each.started_at) for each in workers(ledger)] == [
        (SERVE, True, NOW),
        (WORKER, True, clock.now),
    ]
    with ledger.begin() as tx:
        tx.workers.end(WORKER.name)
    assert [each.worker for each in workers(ledger)] == [SERVE]


def test_one_that_is_not_heard_of_counts_as_dead_until_it_is_heard_of_again(ledger: Ledger, clock: Clock) -> None:
    begin(ledger, SERVE)
    clock.now += timedelta(seconds=16)
    assert [each.alive for each in workers(ledger)] == [False]
    with ledger.begin() as tx:
        tx.workers.seen(SERVE.name)
    assert [(each.alive, each.started_at) for each in workers(ledger)] == [(True, NOW)]


def test_one_that_died_is_told_for_an_hour_and_forgotten_after_a_day(ledger: Ledger, clock: Clock) -> None:
    begin(ledger, SERVE)
    clock.now += timedelta(minutes=61)
    assert workers(ledger) == []
    with ledger.begin() as tx:
        tx.workers.seen(SERVE.name)  # it was frozen
    assert [each.worker for each in workers(ledger)] == [SERVE]
    clock.now += 2 * DAY
    begin(ledger, WORKER)
    with ledger.begin() as tx:
        tx.workers.seen(SERVE.name)
    assert [each.worker for each in workers(ledger)] == [WORKER]


def test_one_that_starts_anew_under_its_old_name_is_as_old_as_that(ledger: Ledger, clock: Clock) -> None:
    begin(ledger, SERVE)
    clock.now += DAY
    begin(ledger, SERVE)
    assert [(each.alive, each.started_at) for each in workers(ledger)] == [(True, NOW + DAY)]


def test_who_works_on_what_is_known_since_when(ledger: Ledger, clock: Clock) -> None:
    take(ledger, "m1", "jd")
    clock.now += timedelta(seconds=5)
    with ledger.read() as tx:
        (held,) = accounts_at_work(tx)
    assert (held.holder, held.account, held.since) == ("a#1", AccountKey("m1", "jd"), NOW)
    with ledger.begin() as tx:
        lease = Lease("merchant/m1", 1)
        assert tx.leases.join(lease, AccountKey("m1", "taobao"))
    with ledger.read() as tx:
        assert [each.account.platform for each in accounts_at_work(tx)] == ["jd", "taobao"]
    with ledger.begin() as tx:
        tx.leases.leave(lease, AccountKey("m1", "jd"))
    with ledger.read() as tx:
        assert [(each.account.platform, each.since) for each in accounts_at_work(tx)] == [("taobao", clock.now)]
    clock.now += timedelta(seconds=20)
    with ledger.read() as tx:
        assert accounts_at_work(tx) == []


def test_what_is_due_is_counted_by_platform_and_whether_its_merchant_is_worked_on(ledger: Ledger) -> None:
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m2", ("jd",)), merchant("m3", ("jd",))])
        tx.registrations.set_state("m3", Registration.PAUSED)
    take(ledger, "m1", "taobao")
    assert {(each.platform, each.at_work, each.count, each.room) for each in due(ledger, Limits(2, 1000))} == {
        ("jd", True, 1, 2),
        ("jd", False, 1, 2),
    }
    assert {each.room for each in due(ledger, Limits(2, 0))} == {0}


def test_what_is_not_due_waits_for_nobody(ledger: Ledger) -> None:
    for platform, why in (("jd", DueReason.REGULAR), ("taobao", DueReason.FAILED)):
        with ledger.begin() as tx:
            tx.schedule.plan(AccountKey("m1", platform), AccountHistory(0, None, None), Next(NOW + DAY, why))
    assert due(ledger) == []
    with ledger.read() as tx:
        (later,) = planned_later(tx, [DueReason.FAILED])
    assert (later.account, later.at) == (AccountKey("m1", "taobao"), NOW + DAY)


def test_what_was_taken_up_is_counted_and_what_was_taken_over_from_the_dead(ledger: Ledger, clock: Clock) -> None:
    take(ledger, "m1", "jd")
    clock.now += timedelta(seconds=16)
    take(ledger, "m1", "jd", holder="2", place="b#")
    with ledger.read() as tx:
        told = turnover(tx, NOW)
        assert (told.taken_up, told.taken_over) == (1, 1)
        later = turnover(tx, clock.now + timedelta(seconds=1))
        assert (later.taken_up, later.taken_over) == (0, 0)


def test_what_was_given_back_is_not_taken_over(ledger: Ledger) -> None:
    with ledger.begin() as tx:
        lease = tx.leases.take_account(AccountKey("m1", "jd"), holder="1", place="a#")
    assert lease is not None
    with ledger.begin() as tx:
        tx.leases.release(lease)
    take(ledger, "m1", "jd", holder="2", place="b#")
    with ledger.read() as tx:
        assert turnover(tx, NOW).taken_over == 0


def test_the_one_who_serves_is_no_merchant_that_was_taken_over(ledger: Ledger, clock: Clock) -> None:
    for holder in ("1", "2"):  # the first was killed
        with ledger.begin() as tx:
            assert tx.leases.take("serve", holder, "a#") is not None
        clock.now += timedelta(seconds=16)
    with ledger.read() as tx:
        assert turnover(tx, NOW).taken_over == 0
