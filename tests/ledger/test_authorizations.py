"""Until when the ERP is let in, and the presses of 确认授权 that were begun."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.report import AccountReport, StepKind, StepResult
from agent.ledger import Ledger
from agent.ledger.engine import open_engine
from tests.ledger.support import NOW, Clock, account, merchant, settings

UNTIL = date(2026, 12, 13)


def opened(folder: Path) -> Ledger:
    ledger = Ledger.open(settings(folder), Clock())
    ledger.save_merchants([merchant()])
    return ledger


def test_the_end_is_kept_with_when_it_was_read(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    run = ledger.start_run(dry_run=False, started_by="test")
    ledger.note_authorization(run, account().key, UNTIL)
    ledger.note_authorization(run, account(platform="jd").key, UNTIL)
    ledger.note_authorization(run, account().key, date(2027, 12, 13))
    found = {each.account.platform: each for each in ledger.authorizations()}
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
    run = ledger.start_run(dry_run=False, started_by="test")
    intent = ledger.begin_authorization(run, account().key, UNTIL, {"shop": "旗舰店"})
    begun = ledger.begun_authorization(account().key)
    assert begun is not None
    assert (begun.intent_id, begun.until) == (intent, UNTIL)
    assert ledger.open_intents(AccountKey("m1", "taobao")) == []
    assert ledger.begun_authorization(account(platform="jd").key) is None
    with pytest.raises(IntegrityError):
        ledger.begin_authorization(run, account().key, UNTIL, {})
    ledger.begin(run, account().key, StepKind.CONFIRM, "1", {})
    ledger.close_intent(intent, StepResult.DONE, None)
    assert ledger.begun_authorization(account().key) is None
    assert len(ledger.open_intents(AccountKey("m1", "taobao"))) == 1
    assert ledger.begin_authorization(run, account().key, None, {}) != intent
    ledger.close()


def test_the_newest_run_of_each_account(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    before = ledger.start_run(dry_run=False, started_by="test")
    ledger.record_account(before, AccountReport(AccountKey("m1", "taobao"), Outcome.OK))
    run = ledger.start_run(dry_run=True, started_by="test")
    ledger.record_account(run, AccountReport(AccountKey("m1", "taobao"), Outcome.FAILED, "wrong_shop"))
    ledger.record_account(run, AccountReport(AccountKey("m1", "jd"), Outcome.OK))
    ledger.start_run(dry_run=False, started_by="test")  # one that has recorded nothing
    found = [(each.account.platform, each.outcome, each.dry_run, each.run_id) for each in ledger.last_runs()]
    assert found == [("jd", Outcome.OK, True, run), ("taobao", Outcome.FAILED, True, run)]
    ledger.close()
