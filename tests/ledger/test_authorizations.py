"""Until when the ERP is let in, and the presses of 确认授权 that were begun."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.report import AccountReport, StepKind, StepResult
from agent.ledger import IntentAlreadyOpen, Ledger
from agent.ledger.engine import open_engine
from tests.ledger.support import NOW, Clock, account, merchant, settings

UNTIL = date(2026, 12, 13)


def opened(folder: Path) -> Ledger:
    ledger = Ledger.open(settings(folder), Clock())
    with ledger.begin() as tx:
        tx.merchants.save([merchant()])
    return ledger


def test_the_end_is_kept_with_when_it_was_read(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.authorizations.note(account().key, UNTIL)
    with ledger.begin(run_id=run) as tx:
        tx.authorizations.note(account(platform="jd").key, UNTIL)
    with ledger.begin(run_id=run) as tx:
        tx.authorizations.note(account().key, date(2027, 12, 13))
    with ledger.read() as tx:
        found = {each.account.platform: each for each in tx.authorizations.known()}
    assert {name: each.until for name, each in found.items()} == {"jd": UNTIL, "taobao": date(2027, 12, 13)}
    assert found["taobao"].read_at > found["jd"].read_at > NOW
    assert found["taobao"].account.merchant_id == "m1"
    ledger.close()
    engine = open_engine(tmp_path, None)
    with engine.connect() as connection:
        told = connection.execute(text("SELECT event, changes FROM history WHERE entity = 'authorizations'")).all()
    engine.dispose()
    assert [event for event, _ in told] == ["added", "added", "changed"]
    assert "2027-12-13" in str(told[-1][1])


def test_a_press_that_was_begun_is_no_step_of_a_sync(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        intent = tx.authorizations.begin(account().key, UNTIL, {"shop": "旗舰店"})
    with ledger.read() as tx:
        begun = tx.authorizations.begun(account().key)
    assert begun is not None
    assert (begun.intent_id, begun.until) == (intent, UNTIL)
    with ledger.read() as tx:
        assert tx.intents.open_of(AccountKey("m1", "taobao")) == []
    with ledger.read() as tx:
        assert tx.authorizations.begun(account(platform="jd").key) is None
    with pytest.raises(IntentAlreadyOpen), ledger.begin(run_id=run) as tx:
        tx.authorizations.begin(account().key, UNTIL, {})
    with ledger.begin(run_id=run) as tx:
        tx.intents.begin(account().key, StepKind.CONFIRM, "1", {})
    with ledger.begin() as tx:
        tx.intents.close(intent, StepResult.DONE, None)
    with ledger.read() as tx:
        assert tx.authorizations.begun(account().key) is None
    with ledger.read() as tx:
        assert len(tx.intents.open_of(AccountKey("m1", "taobao"))) == 1
    with ledger.begin(run_id=run) as tx:
        assert tx.authorizations.begin(account().key, None, {}) != intent
    ledger.close()


def test_the_newest_run_of_each_account(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    with ledger.begin() as tx:
        before = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=before) as tx:
        tx.runs.record(AccountReport(AccountKey("m1", "taobao"), Outcome.OK))
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=True, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.runs.record(AccountReport(AccountKey("m1", "taobao"), Outcome.FAILED, "wrong_shop"))
    with ledger.begin(run_id=run) as tx:
        tx.runs.record(AccountReport(AccountKey("m1", "jd"), Outcome.OK))
    with ledger.begin() as tx:
        tx.runs.start(dry_run=False, started_by="test")  # one that has recorded nothing
    with ledger.read() as tx:
        found = [(each.account.platform, each.outcome, each.dry_run, each.run_id) for each in tx.runs.latest()]
    assert found == [("jd", Outcome.OK, True, run), ("taobao", Outcome.FAILED, True, run)]
    ledger.close()
