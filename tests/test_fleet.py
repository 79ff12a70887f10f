"""Why what is due was not begun, and that a process tells the others that it is there."""

import asyncio
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agent.cli.fleet import Waiting, Waits, waiting_now
from agent.domain.orders import SHANGHAI
from agent.fleet.presence import present, this_worker
from agent.flows.runs import heartbeat
from agent.ledger import Ledger
from agent.ledger.fleet import DueAccounts
from agent.settings import Settings

NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)


def due(count: int, room: int, platform: str = "jd", *, at_work: bool = False) -> DueAccounts:
    return DueAccounts(platform, at_work, count, NOON, room)


def told(found: list[DueAccounts], free: int) -> list[tuple[str, int]]:
    return [(each.why.value, each.count) for each in waiting_now(found, free)]


def test_what_has_room_and_a_free_worker_is_begun_with_next() -> None:
    assert told([due(3, room=4)], free=5) == [("next", 3)]


def test_a_platform_without_room_waits_for_its_limit() -> None:
    assert told([due(3, room=0)], free=5) == [("limit", 3)]
    assert told([due(3, room=1)], free=5) == [("next", 1), ("limit", 2)]


def test_what_has_room_and_no_free_worker_waits_for_one() -> None:
    assert told([due(3, room=4)], free=0) == [("nobody_free", 3)]
    assert told([due(3, room=4), due(2, room=4, platform="taobao")], free=4) == [
        *(("next", 3), ("next", 1)),
        ("nobody_free", 1),
    ]


def test_what_is_of_a_merchant_that_is_worked_on_waits_for_that() -> None:
    assert told([due(3, room=4, at_work=True)], free=5) == [("merchant_at_work", 3)]


@given(
    some.lists(some.builds(due, some.integers(1, 50), some.integers(0, 9), at_work=some.booleans())),
    some.integers(0, 9),
)
def test_everything_that_is_due_is_told_once_and_no_more_is_begun_than_slots_are_free(
    found: list[DueAccounts], free: int
) -> None:
    waiting: list[Waiting] = [*waiting_now(found, free)]
    assert sum(each.count for each in waiting) == sum(each.count for each in found)
    assert all(each.count > 0 for each in waiting)
    assert sum(each.count for each in waiting if each.why is Waits.NEXT) <= free


async def test_a_process_is_seen_by_others_as_long_as_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_BEAT_SECONDS", 0.01)
    settings = Settings(data_dir=tmp_path / "var")
    moments = (NOON + timedelta(microseconds=n) for n in count())
    ledger = Ledger.open(settings, lambda: next(moments))
    worker = this_worker(settings, "worker", 3)
    async with asyncio.timeout(30), present(ledger, worker):
        with ledger.read() as tx:
            (first,) = tx.workers.all()
        while True:
            await asyncio.sleep(0)
            with ledger.read() as tx:
                (known,) = tx.workers.all()
            if known.seen_at > first.seen_at:
                break
        assert (known.worker, known.alive, known.started_at) == (worker, True, first.started_at)
    with ledger.read() as tx:
        assert tx.workers.all() == []
    ledger.close()
