"""Which runs the console starts, keeps and waits for. They are of accounts that nobody registered: no browser opens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.console.board import Board
from agent.console.starter import Starter
from agent.domain.accounts import AccountKey
from agent.ledger import Ledger
from tests.fixtures.ledgers import put_ledger
from tests.ledger.support import Clock, settings

ACCOUNT = AccountKey("nobody", "taobao")


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[Starter]:
    put_ledger(tmp_path / "var")
    given, clock = settings(tmp_path / "var"), Clock()
    ledger = Ledger.open(given, clock)
    yield Starter(given, ledger, clock, Board(clock))
    ledger.close()


async def test_a_second_press_of_the_button_starts_nothing_more(starter: Starter) -> None:
    first = starter.start("console:a", [ACCOUNT], dry_run=False)
    assert starter.start("console:b", [ACCOUNT], dry_run=False) is first
    assert starter.start("console:a", [ACCOUNT], dry_run=True) is not first
    await starter.close()


async def test_what_runs_is_never_forgotten(starter: Starter) -> None:
    begun = [starter.start("console:a", [AccountKey(f"m{n}", "taobao")], dry_run=True) for n in range(40)]
    assert starter.started == begun[::-1]
    assert starter.stop(begun[0].number)
    await starter.close()
    assert not any(each.runs for each in begun)
    assert all(each.told for each in begun)


async def test_what_has_ended_is_forgotten_in_the_end(starter: Starter) -> None:
    for number in range(40):
        begun = starter.start("console:a", [AccountKey(f"m{number}", "taobao")], dry_run=True)
        assert begun.task
        await begun.task
    assert len(starter.started) < 30


async def test_nothing_is_begun_while_the_console_ends(starter: Starter) -> None:
    await starter.close()
    late = starter.start("console:a", [ACCOUNT], dry_run=False)
    assert not late.runs
    assert late.told
