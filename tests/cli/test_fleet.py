"""`fankuan fleet`: what it says of workers, of what waits, and of the last hour."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from agent.cli.session import now
from agent.domain.accounts import AccountKey
from agent.domain.orders import SHANGHAI
from agent.domain.schedule import DueReason, Next
from agent.ledger import AccountHistory, Ledger, UnitOfWork, Worker
from agent.settings import Settings, load_settings
from tests.ledger.support import merchant
from tests.support.command import fankuan

MINUTE = timedelta(minutes=1)
SETTINGS = '[schedule]\nhours = "00:00-00:00"\nat_once = 2\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three merchants that are due; a worker with one of two slots taken, one that died, and a command at work."""
    (tmp_path / "fankuan.toml").write_text(SETTINGS, encoding="utf-8")

    def at(before: timedelta, *changes: Callable[[UnitOfWork], object]) -> None:
        moment = now() - before
        ledger = Ledger.open(Settings(data_dir=tmp_path / "var"), lambda: moment)
        for change in changes:
            with ledger.begin() as tx:
                change(tx)
        ledger.close()

    at(10 * MINUTE, lambda tx: tx.merchants.save([merchant(name) for name in ("m1", "m2", "m3")]))
    at(5 * MINUTE, lambda tx: tx.workers.begin(Worker("frozen#9", "worker", "machine-of-a-client", 9, 4)))
    at(
        timedelta(),
        lambda tx: tx.workers.begin(Worker("here#7", "serve", "here", 7, 2)),
        lambda tx: tx.leases.take_account(AccountKey("m1", "jd"), holder="7", place="here#"),
        lambda tx: tx.leases.take_account(AccountKey("m2", "jd"), holder="8", place="there:boot#"),
    )
    return tmp_path


def test_workers_what_waits_and_the_last_hour_are_told(home: Path) -> None:
    answer = fankuan(home, "--config", "fankuan.toml", "fleet", "--json")
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    dead, alive = told["workers"]
    assert [(each["kind"], each["alive"], each["slots"]) for each in (dead, alive)] == [
        ("worker", False, 4),
        ("serve", True, 2),
    ]
    assert dead["age_seconds"] >= 300
    assert [each["account"] for each in alive["working_on"]] == ["m1/jd"]
    assert datetime.fromisoformat(alive["working_on"][0]["since"]).utcoffset() == timedelta(hours=8)
    assert [(each["name"], each["working_on"][0]["account"]) for each in told["commands"]] == [
        ("there:boot#8", "m2/jd")
    ]
    assert told["slots"] == {"all": 2, "free": 1}
    assert {(each["platform"], each["reason"]): each["accounts"] for each in told["waiting"]} == {
        ("jd", "limit"): 1,
        ("taobao", "merchant_at_work"): 2,
        ("taobao", "next"): 1,
    }
    assert told["last_hour"] == {"taken_up": 2, "taken_over": 0}


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            ["serve here:7", "silent for", "m1/jd", "command there:8", "the platform's limit is reached", "2 accounts"],
        ),
        ("zh", ["serve here:7", "失去响应", "m1/jd", "命令 there:8", "已达平台限额", "开始处理 2 个账号"]),
    ],
)
def test_a_person_reads_the_same_within_80_columns(home: Path, language: str, texts: list[str]) -> None:
    answer = fankuan(home, "--config", "fankuan.toml", "fleet", COLUMNS="80", FANKUAN_LANGUAGE=language)
    assert answer.returncode == 0, answer.stderr
    assert [line for line in answer.stdout.splitlines() if cell_len(line) > 80] == []
    whole = " ".join(answer.stdout.split())
    assert [part for part in texts if part not in whole] == []


def test_what_its_platform_s_hours_put_off_waits_for_them(tmp_path: Path) -> None:
    moment = now()
    tomorrow = (moment + timedelta(days=1)).astimezone(SHANGHAI).date()
    closed = f"closed = [{moment.date()}]\n"
    (tmp_path / "fankuan.toml").write_text(f'[schedule]\nhours = "00:00-00:00"\n{closed}', encoding="utf-8")
    settings = Settings(data_dir=tmp_path / "var")
    ledger = Ledger.open(settings, lambda: moment)
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m1")])
    policy = load_settings(tmp_path / "fankuan.toml").schedule.policy(AccountKey("m1", "jd"))
    for platform, why in (("jd", DueReason.FAILED), ("taobao", DueReason.REGULAR)):
        with ledger.begin() as tx:
            following = Next(policy.slot(tomorrow, "m1"), why)
            tx.schedule.plan(AccountKey("m1", platform), AccountHistory(0, None, None), following)
    ledger.close()
    (waits,) = json.loads(fankuan(tmp_path, "--config", "fankuan.toml", "fleet", "--json").stdout)["waiting"]
    assert (waits["platform"], waits["reason"], waits["accounts"]) == ("jd", "hours", 1)


def test_without_workers_and_work_it_says_so(tmp_path: Path) -> None:
    told = fankuan(tmp_path, "fleet", FANKUAN_LANGUAGE="zh").stdout
    assert "没有工作进程在运行。请启动：fankuan serve" in told
    assert "没有等待中的账号。" in told
