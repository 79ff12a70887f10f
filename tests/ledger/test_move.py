"""A ledger that is moved from its file to PostgreSQL arrives whole, or stays where it was."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import UsageError
from agent.domain.report import StepKind, StepResult
from agent.ledger import Asked, Ledger
from agent.ledger.engine import FILE, open_engine
from agent.ledger.move import move
from agent.ledger.tables import Base
from tests.ledger.support import NOW, Clock, account, merchant, order, settings

pytestmark = pytest.mark.postgres


LATER = NOW + timedelta(hours=1)


def fill(folder: Path) -> None:
    ledger = Ledger.open(settings(folder), Clock())
    with ledger.begin() as tx:
        tx.merchants.save([merchant(), merchant("m2")])
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(account().key, [order(), order(None)])
    with ledger.begin(run_id=run) as tx:
        intent = tx.intents.begin(account().key, StepKind.FILE, "1", {"order_no": "1"})
    with ledger.begin() as tx:
        tx.intents.close(intent, StepResult.DONE, "报备成功")
    with ledger.begin(run_id=run) as tx:
        tx.sessions.keep(AccountKey("m1", "taobao"), SecretStr("{}"), None)
    with ledger.begin(run_id=run) as tx:
        tx.challenges.ask(Asked(AccountKey("m1", "jd"), ChallengeKind.SMS, "已发送"))
    with ledger.begin(run_id=run) as tx:
        tx.runs.finish()
    ledger.close()


def rows(folder: Path, url: SecretStr | None) -> dict[str, list[dict[str, Any]]]:
    engine = open_engine(folder, url)
    with engine.connect() as connection:
        found = {
            t.name: sorted((dict(r) for r in connection.execute(select(t)).mappings()), key=str)
            for t in Base.metadata.sorted_tables
        }
    engine.dispose()
    return found


def test_every_row_arrives_and_the_work_goes_on(tmp_path: Path, postgres_database: str) -> None:
    fill(tmp_path)
    before = rows(tmp_path, None)
    moved = settings(tmp_path, database_url=SecretStr(postgres_database))
    counts = move(moved, LATER)
    assert counts == {name: len(found) for name, found in before.items()}
    assert rows(tmp_path, moved.database_url) == before
    assert not (tmp_path / FILE).exists()
    assert (tmp_path / f"{FILE}.moved").exists()
    ledger = Ledger.open(moved, Clock())
    with ledger.read() as tx:
        assert tx.merchants.find() == [merchant(), merchant("m2")]  # the same key opens what is sealed
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        assert tx.intents.begin(account().key, StepKind.FILE, "2", {}) > 1  # numbers go on
    ledger.close()


def test_a_database_that_holds_a_ledger_is_left_as_it_is(tmp_path: Path, postgres_database: str) -> None:
    moved = settings(tmp_path, database_url=SecretStr(postgres_database))
    there = Ledger.open(moved, Clock())
    with there.begin() as tx:
        tx.merchants.save([merchant("m9")])
    there.close()
    fill(tmp_path)
    with pytest.raises(UsageError, match="holds a ledger already"):
        move(moved, LATER)
    assert (tmp_path / FILE).exists()
    assert [row["id"] for row in rows(tmp_path, moved.database_url)["merchants"]] == ["m9"]


def test_without_a_file_or_an_address_there_is_nothing_to_move(tmp_path: Path, postgres_database: str) -> None:
    with pytest.raises(UsageError, match="Set database_url"):
        move(settings(tmp_path, database_url=SecretStr(postgres_database)), LATER)
    fill(tmp_path)
    with pytest.raises(UsageError, match="Set database_url"):
        move(settings(tmp_path), LATER)


def test_nothing_is_moved_while_somebody_works_on_it(tmp_path: Path, postgres_database: str) -> None:
    fill(tmp_path)
    ledger = Ledger.open(settings(tmp_path), Clock())
    with ledger.begin() as tx:
        tx.leases.take_account(AccountKey("m1", "jd"), holder="1", place="here#")
    ledger.close()
    with pytest.raises(UsageError, match="merchant/m1"):
        move(settings(tmp_path, database_url=SecretStr(postgres_database)), NOW)
    assert (tmp_path / FILE).exists()
