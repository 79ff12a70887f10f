"""Which records of old runs go, and that others write meanwhile."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from agent.domain.errors import Outcome
from agent.domain.report import AccountReport
from agent.ledger import Ledger, engine, run_pruning
from agent.ledger.run_pruning import old_runs, remove_runs
from tests.ledger.support import Clock, account

TAOBAO = account().key
YEARS = timedelta(days=1000)


def ended(ledger: Ledger, outcome: Outcome = Outcome.OK) -> str:
    """Let a run of the account end so, and return its id."""
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.runs.record(AccountReport(TAOBAO, outcome, "refused" if outcome is Outcome.FAILED else None))
    return run


def old(ledger: Ledger, clock: Clock) -> list[str]:
    with ledger.read() as tx:
        return old_runs(tx, clock.now - YEARS / 2)


def test_others_write_while_many_are_removed(
    ledger: Ledger, reopen: Callable[[], Ledger], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [ended(ledger) for _ in range(5)]
    clock.now += YEARS
    newest = ended(ledger)
    assert old(ledger, clock) == sorted(runs)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    other, written = reopen(), list[str]()

    def pause(_seconds: float) -> None:
        written.append(ended(other))

    monkeypatch.setattr(run_pruning, "sleep", pause)
    monkeypatch.setattr(run_pruning, "_AT_ONCE", 2)
    remove_runs(ledger, runs)
    assert (len(written), old(ledger, clock)) == (3, [])
    with ledger.read() as tx:
        assert {end.run_id for _, end in tx.runs.ended(0, 100)} == {newest, *written}


def test_a_failure_that_lasts_goes_on_since_the_same_run(ledger: Ledger, clock: Clock) -> None:
    fine, first, second = ended(ledger), ended(ledger, Outcome.FAILED), ended(ledger, Outcome.FAILED)
    clock.now += YEARS
    ended(ledger, Outcome.FAILED)
    assert old(ledger, clock) == sorted([fine, second])
    remove_runs(ledger, old(ledger, clock))
    with ledger.read() as tx:
        (streak,) = tx.runs.streaks(["m1"])
    assert streak.since == first
