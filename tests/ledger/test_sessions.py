"""Sessions in the ledger: one alive a merchant and site, sealed, and their lifetimes learnt from those that died."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, event

from agent.domain.accounts import AccountKey
from agent.ledger import CarriedSession, Ledger
from agent.settings import Settings
from tests.ledger.support import NOW, Clock

STATE, NEWER = SecretStr('{"cookie": "s-one"}'), SecretStr('{"cookie": "s-two"}')


def test_what_was_kept_is_given_back(ledger: Ledger, run: str) -> None:
    with ledger.read() as tx:
        assert tx.sessions.find(AccountKey("m1", "taobao")) is None
    with ledger.begin(run_id=run) as tx:
        kept = tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None)
    with ledger.read() as tx:
        found = tx.sessions.find(AccountKey("m1", "taobao"))
    assert found is not None
    assert (found.id, found.state) == (kept, STATE)
    with ledger.read() as tx:
        assert tx.sessions.find(AccountKey("m1", "jd")) is None


def test_one_that_goes_on_keeps_its_age(ledger: Ledger, run: str, clock: Clock) -> None:
    with ledger.begin(run_id=run) as tx:
        first = tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None)
    with ledger.read() as tx:
        (before,) = tx.sessions.known()
    clock.now += timedelta(hours=5)
    with ledger.begin(run_id=run) as tx:
        assert tx.sessions.keep(AccountKey("m1", "taobao"), NEWER, first) == first
    with ledger.read() as tx:
        (after,) = tx.sessions.known()
    assert after.issued_at == before.issued_at
    assert after.proven_at - before.proven_at >= timedelta(hours=5)
    with ledger.read() as tx:
        found = tx.sessions.find(AccountKey("m1", "taobao"))
    assert found is not None
    assert found.state == NEWER


def test_a_new_one_takes_the_place_of_the_old(ledger: Ledger, run: str) -> None:
    with ledger.begin(run_id=run) as tx:
        first = tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None)
    with ledger.begin(run_id=run) as tx:
        second = tx.sessions.keep(AccountKey("m1", "taobao"), NEWER, None)
    assert first != second
    with ledger.read() as tx:
        assert [s.account.platform for s in tx.sessions.known()] == ["taobao"]
    with ledger.begin() as tx:
        tx.sessions.lapse(first)  # by a run that was slower
    with ledger.read() as tx:
        found = tx.sessions.find(AccountKey("m1", "taobao"))
    assert found is not None
    assert found.id == second


@pytest.mark.parametrize("left", ["m1", AccountKey("m1", "taobao")])
def test_of_whoever_was_removed_while_it_was_worked_on_none_is_kept(
    ledger: Ledger, run: str, left: AccountKey | str
) -> None:
    with ledger.begin(run_id=run) as tx:
        kept = tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None)
    with ledger.begin() as tx:
        tx.registrations.remove(left)
    with ledger.begin(run_id=run) as tx:
        tx.sessions.keep(AccountKey("m1", "taobao"), NEWER, kept)
        tx.sessions.keep(AccountKey("m1", "wdgj"), NEWER, None)
    with ledger.begin() as tx:
        assert tx.sessions.take_in([CarriedSession(AccountKey("m1", "taobao"), NOW, NOW, NEWER)]) == []
    with ledger.read() as tx:
        assert tx.sessions.find(AccountKey("m1", "taobao")) is None
        assert (tx.sessions.find(AccountKey("m1", "wdgj")) is None) == (left == "m1")


def test_one_that_was_found_dead_is_forgotten(ledger: Ledger, run: str) -> None:
    with ledger.begin(run_id=run) as tx:
        tx.sessions.lapse(tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None))
    with ledger.read() as tx:
        assert tx.sessions.find(AccountKey("m1", "taobao")) is None
    with ledger.read() as tx:
        assert tx.sessions.known() == []


@pytest.mark.parametrize(("lives", "learnt"), [(2, False), (3, True)])
def test_a_lifetime_is_learnt_from_three_that_died(
    ledger: Ledger, run: str, clock: Clock, lives: int, learnt: bool
) -> None:
    for day in range(lives):
        with ledger.begin(run_id=run) as tx:
            kept = tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None)
        clock.now += timedelta(days=10 + day)
        with ledger.begin(run_id=run) as tx:
            tx.sessions.keep(AccountKey("m1", "taobao"), STATE, kept)
        clock.now += timedelta(days=30)
        with ledger.begin() as tx:
            tx.sessions.lapse(kept)
    with ledger.begin(run_id=run) as tx:
        tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None)
    with ledger.begin(run_id=run) as tx:
        tx.sessions.keep(AccountKey("m1", "jd"), STATE, None)
    with ledger.read() as tx:
        jd, taobao = tx.sessions.known()
    assert jd.expected_end is None
    assert (taobao.expected_end is not None) is learnt
    if taobao.expected_end:
        lasted = taobao.expected_end - taobao.issued_at
        assert timedelta(days=10) <= lasted < timedelta(days=11)


def test_lifetimes_are_found_without_going_through_all_sessions(ledger: Ledger, run: str, config: Settings) -> None:
    if config.database_url is not None:
        pytest.skip("PostgreSQL goes through a table that is as small as this one")
    plans: list[str] = []
    with ledger.begin(run_id=run) as tx:
        tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None)

    def explain(
        connection: Connection, _cursor: object, statement: str, parameters: tuple[str, ...], *_: object
    ) -> None:
        if "lapsed" in statement.partition("WHERE")[2] and not statement.startswith("EXPLAIN"):
            found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(str(row) for row in found)

    event.listen(ledger._engine, "before_cursor_execute", explain)
    with ledger.read() as tx:
        assert len(tx.sessions.known()) == 1
    assert plans
    assert all("ix_sessions_lapsed" in plan for plan in plans)


def test_the_history_tells_of_it_without_its_contents(
    ledger: Ledger, run: str, history: Callable[..., list[tuple[str, str, dict[str, Any]]]]
) -> None:
    with ledger.begin(run_id=run) as tx:
        kept = tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None)
    with ledger.begin(run_id=run) as tx:
        tx.sessions.keep(AccountKey("m1", "taobao"), NEWER, kept)
    with ledger.begin() as tx:
        tx.sessions.lapse(kept)
    told = history("sessions")
    assert [event for _, event, _ in told] == ["added", "changed"]
    assert "state" not in told[0][2] | told[1][2]
