"""What a process holds is renewed as long as it lives, whatever its event loop does."""

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from weakref import ref

import pytest
from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.domain.orders import SHANGHAI
from agent.flows.runs import heartbeat as beating
from agent.flows.runs.heartbeat import HeldLease, heartbeat
from agent.flows.runs.lease import kept
from agent.ledger import Lease, Ledger
from agent.ledger.service_tables import LeaseRow
from agent.settings import Settings
from tests.ledger.support import merchant

M1 = AccountKey("m1", "jd")


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setattr(beating, "_BEAT_SECONDS", 0.01)
    made = Ledger.open(Settings(data_dir=tmp_path / "var"), lambda: datetime.now(SHANGHAI))
    with made.begin() as tx:
        tx.merchants.save([merchant("m1"), merchant("m2")])
    yield made
    made.close()


def take(ledger: Ledger, account: AccountKey = M1, holder: str = "1") -> HeldLease:
    with ledger.begin() as tx:
        lease = tx.leases.take_account(account, holder=holder, place="here#")
    assert lease is not None
    return HeldLease(lease)


def until(ledger: Ledger, lease: Lease) -> datetime | None:
    with ledger.read() as tx:
        return tx.session.scalar(select(LeaseRow.until).where(LeaseRow.name == lease.name))


def until_true(question: Callable[[], bool]) -> None:
    while not question():
        pass


def later(ledger: Ledger, lease: Lease) -> Callable[[], bool]:
    """Whether a lease lasts longer by now than when this was called."""
    before = until(ledger, lease)

    def lasts_longer() -> bool:
        after = until(ledger, lease)
        return before is not None and after is not None and after > before

    return lasts_longer


async def test_all_that_is_held_is_renewed_while_the_event_loop_does_something_else(ledger: Ledger) -> None:
    first, second = take(ledger), take(ledger, AccountKey("m2", "jd"))
    known = second.known
    async with kept(ledger, first), kept(ledger, second):
        renewed = [later(ledger, held.lease) for held in (first, second)]
        while not all(each() for each in renewed):  # without an await: nothing else of the loop gets its turn
            pass
        while second.known == known:
            pass
    assert until(ledger, first.lease) is until(ledger, second.lease) is None


def test_of_two_leases_of_one_name_the_newer_alone_is_renewed(ledger: Ledger) -> None:
    old, new = take(ledger).lease, take(ledger, holder="2").lease
    with ledger.begin() as tx:
        for both in ([old, new], [new, old]):
            assert tx.leases.renew_all(both) == {new}


async def test_what_another_has_taken_over_is_renewed_no_more(ledger: Ledger) -> None:
    held = take(ledger)
    async with kept(ledger, held):
        other = take(ledger, holder="2")  # from the same place, where only one is alive
        renewed = later(ledger, other.lease)
        async with kept(ledger, other):
            await asyncio.to_thread(until_true, renewed)
        with ledger.begin() as tx:
            assert not tx.leases.renew(held.lease)


async def test_a_process_whose_event_loop_answers_no_more_leaves_what_it_holds(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beating, "_LOOP_SECONDS", 0.2)
    held = take(ledger)
    async with kept(ledger, held):
        beat = heartbeat(ledger)
        while beat.beats:  # without an await
            pass
        renewed = later(ledger, held.lease)
        assert not renewed()
        async with kept(ledger, take(ledger, AccountKey("m2", "jd"))):  # and goes on once it does
            await asyncio.to_thread(until_true, renewed)


async def test_a_heartbeat_that_broke_is_begun_anew_with_what_is_kept_next(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    async with kept(ledger, take(ledger)):
        beat = heartbeat(ledger)
        beat._workers.add("\ud800")  # which no database takes
        while beat.beats:  # without an await
            pass
        beat._workers.clear()
        second = take(ledger, AccountKey("m2", "jd"))
        renewed = later(ledger, second.lease)
        async with kept(ledger, second):
            await asyncio.to_thread(until_true, renewed)
    assert len(told) == 1


async def test_nothing_is_left_of_the_heartbeat_of_a_ledger_that_is_gone(tmp_path: Path) -> None:
    made = Ledger.open(Settings(data_dir=tmp_path / "other"), lambda: datetime.now(SHANGHAI))
    heartbeat(made)
    made.close()
    gone = ref(made)
    del made
    gc.collect()
    assert gone() is None


async def test_a_task_that_is_cancelled_waits_for_the_end_of_what_it_writes(ledger: Ledger) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def change() -> None:
        def slowly(tx: object) -> None:
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(30)

        await ledger.write(slowly, on="x")

    task = asyncio.create_task(change())
    await asyncio.wait_for(begun.wait(), 30)
    task.cancel()
    for _ in range(50):
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 30)


def test_a_lease_lasts_longer_than_its_holder_trusts_it_and_several_heartbeats(ledger: Ledger) -> None:
    held = take(ledger)
    lasts = until(ledger, held.lease)
    assert lasts is not None
    left = (lasts - datetime.now(SHANGHAI)) / timedelta(seconds=1)
    assert left + 1 > beating._IN_FORCE_SECONDS + 1
