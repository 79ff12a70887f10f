"""`fankuan evidence prune`, and what `fankuan serve` does of it."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from agent.cli.channels import tell_channels
from agent.cli.evidence import prune_idle
from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI
from agent.domain.report import AccountReport, StepKind, StepResult
from agent.ledger import Ledger
from agent.settings import ChannelSettings
from tests.fixtures.ledgers import put_ledger
from tests.ledger.support import Clock, account, merchant, order, settings
from tests.support.command import fankuan

LONG_AGO = timedelta(days=4000)


def picture(home: Path, run_id: str) -> Path:
    path = home / "var" / "screenshots" / run_id / "m1-taobao" / "01-failure.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x" * 2_000_000)
    return path


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, Path]:
    """The pictures of two runs of eleven years ago: of one that did nothing, and of one that confirmed an order."""
    put_ledger(tmp_path / "var")
    ledger = Ledger.open(settings(tmp_path / "var"), Clock(datetime.now(SHANGHAI) - LONG_AGO))
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m1")])
        idle, money = (tx.runs.start(dry_run=False, started_by="test") for _ in range(2))
    with ledger.begin(run_id=money) as tx:
        tx.intents.close(tx.intents.begin(account().key, StepKind.CONFIRM, "339", {}), StepResult.DONE, None)
    ledger.close()
    return picture(tmp_path, idle), picture(tmp_path, money)


def test_a_dry_run_says_what_would_go_and_removes_nothing(tmp_path: Path, old: tuple[Path, Path]) -> None:
    answer = fankuan(tmp_path, "evidence", "prune", "--dry-run")
    assert answer.returncode == 0, answer.stderr
    assert "2 would go, 4.0 MB. Nothing was removed." in answer.stdout
    assert all(path.exists() for path in old)
    told = fankuan(tmp_path, "evidence", "prune", "--dry-run", language="zh_CN.UTF-8").stdout
    assert "将清理 2 项，共 4.0 MB；本次未删除。" in told


def test_what_is_kept_too_long_goes_and_is_told(tmp_path: Path, old: tuple[Path, Path]) -> None:
    answer = fankuan(tmp_path, "evidence", "prune", "--json")
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert [(each["kind"], each["files"], each["bytes"]) for each in told["expired"]] == [
        ("idle", 1, 2_000_000),
        ("money", 1, 2_000_000),
    ]
    assert (told["dry_run"], told["left"], told["bucket"]) == (False, [], None)
    assert not any(path.parent.parent.exists() for path in old)
    assert "Nothing is kept too long." in fankuan(tmp_path, "evidence", "prune").stdout


def test_how_idle_runs_ended_long_ago_is_forgotten_and_nothing_else(tmp_path: Path, old: tuple[Path, Path]) -> None:
    idle, money = (path.parent.parent.name for path in old)
    clock = Clock(datetime.now(SHANGHAI) - LONG_AGO)
    ledger = Ledger.open(settings(tmp_path / "var"), clock)
    failed = AccountReport(account().key, Outcome.FAILED, "refused")
    for run, report in ((idle, AccountReport(account().key)), (money, failed)):
        with ledger.begin(run_id=run) as tx:
            tx.runs.record(report)
    with ledger.begin() as tx:
        newest = tx.runs.start(dry_run=False, started_by="test")
        seen = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=newest) as tx:
        tx.runs.record(failed)
    with ledger.begin(run_id=seen) as tx:
        tx.orders.save(account().key, [order()])
    ledger.close()
    would = json.loads(fankuan(tmp_path, "evidence", "prune", "--dry-run", "--json").stdout)
    answer = json.loads(fankuan(tmp_path, "evidence", "prune", "--json").stdout)
    assert (would["runs"], answer["runs"]) == (1, 1)
    left = {run["run_id"] for run in json.loads(fankuan(tmp_path, "runs", "list", "--json").stdout)["runs"]}
    assert left == {money, newest, seen}


def test_the_service_never_removes_money_s_evidence_by_itself(tmp_path: Path, old: tuple[Path, Path]) -> None:
    config = settings(tmp_path / "var")
    ledger = Ledger.open(config, Clock())
    prune_idle(config, ledger)
    ledger.close()
    assert [path.exists() for path in old] == [False, True]


def test_an_old_service_goes_on_once_a_newer_one_has_brought_the_tables_on(
    tmp_path: Path, old: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told = SecretStr("json://127.0.0.1:9/")  # where nobody listens
    config = settings(tmp_path / "var").model_copy(update={"notify": [ChannelSettings(url=told)]})
    ledger = Ledger.open(config, Clock())
    with ledger.begin() as tx:
        tx.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    prune_idle(config, ledger)
    tell_channels(config, ledger)
    ledger.close()
    assert [path.exists() for path in old] == [False, True]
    assert "took no message" in capsys.readouterr().err


def test_a_bucket_is_left_to_its_own_rules(tmp_path: Path, old: tuple[Path, Path]) -> None:
    answer = fankuan(tmp_path, "evidence", "prune", "--dry-run", FANKUAN_EVIDENCE_STORE__URL="s3://shots/fankuan")
    assert answer.returncode == 0, answer.stderr
    assert "In s3://shots/fankuan nothing was removed" in answer.stderr
    assert "2 would go" in answer.stdout  # of the folder


def test_a_rule_that_is_too_short_is_refused(tmp_path: Path, old: tuple[Path, Path]) -> None:
    answer = fankuan(tmp_path, "evidence", "prune", FANKUAN_RETENTION__MONEY_DAYS="30")
    assert answer.returncode == 2
    assert "FANKUAN_RETENTION__MONEY_DAYS" in answer.stderr
    assert all(path.exists() for path in old)
