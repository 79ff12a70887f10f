"""After a first log-in the kept session is tried in another window, which changes nothing of how the account ended."""

import asyncio
from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.ledger import LastRun
from tests.fixtures.market import Faults, Market
from tests.flows.home import Home, quiet


def ended(home: Home) -> list[LastRun]:
    found: list[LastRun] = []
    home.in_ledger(lambda tx: found.extend(tx.runs.latest()))
    return found


def kept(home: Home) -> list[str]:
    found: list[str] = []
    home.in_ledger(lambda tx: found.extend(each.account.platform for each in tx.sessions.known()))
    return found


@pytest.mark.parametrize("status", [403, 429])
async def test_a_proof_that_the_site_refuses_ends_no_session(status: int, tmp_path: Path) -> None:
    refused: list[str] = []

    def refuse(path: str) -> int | None:
        if path != "/api/orders" or not ended(home):
            return None
        refused.append(path)
        return status

    with Market("table-pages", orders=5, faults=Faults(on_read=refuse)) as market:
        home = Home(tmp_path, market, first=True)
        report = await home.account(dry_run=True)
        assert (report.outcome, len(report.orders)) == (Outcome.OK, 5)
        assert refused
        assert kept(home) == ["market", "wdgj"]
        assert quiet(market)


async def test_what_is_stopped_in_the_middle_of_a_proof_has_ended_as_it_did(tmp_path: Path) -> None:
    def stop(_path: str) -> int | None:
        if ended(home):
            loop.call_soon_threadsafe(work.cancel)
        return None

    loop = asyncio.get_running_loop()
    with Market("table-pages", orders=5, faults=Faults(on_read=stop)) as market:
        home = Home(tmp_path, market, first=True)
        work = asyncio.create_task(home.account(dry_run=True))
        with pytest.raises(asyncio.CancelledError):
            await work
        assert [run.outcome for run in ended(home)] == [Outcome.OK]
        assert kept(home) == ["market", "wdgj"]
