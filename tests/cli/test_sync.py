import json
import os
import signal
import socket
import subprocess
import threading
import time
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
import pytest

from agent.cli.audit import who
from agent.cli.sync import _cut_short
from agent.cli.warnings import tell_calendar
from agent.domain.accounts import AccountKey
from agent.domain.orders import SHANGHAI, Order, OrderStatus
from agent.domain.report import AccountReport, RunReport
from agent.ledger import Ledger
from agent.sandbox import leave_to_do
from agent.sandbox.core.model import Post
from agent.settings import Settings
from tests.cli.living import SETTINGS, at_home, running
from tests.cli.test_merchants import ACCOUNT, PASSWORD, SAMPLE
from tests.ledger.support import Clock
from tests.support.command import COMMAND, environment, fankuan

KEYS = {"run_id", "started_at", "finished_at", "dry_run", "accounts"}


def settings(home: Path, port: int) -> Path:
    base = f"http://127.0.0.1:{port}"
    (home / "f.toml").write_text(
        f'[backoffice]\nlogin_url = "{base}/b"\nfiling_url = "{base}/f"\nrefund_url = "{base}/f"\n'
        f'[sites.taobao]\nlogin_url = "{base}/login"\norders_url = "{base}/orders"\n',
        encoding="utf-8",
    )
    (home / "merchants.toml").write_text(SAMPLE, encoding="utf-8")
    answer = fankuan(home, "--config", "f.toml", "merchants", "import", "merchants.toml")
    assert answer.returncode == 0, answer.stderr
    (home / "merchants.toml").unlink()
    return home


@pytest.fixture
def lonely(tmp_path: Path) -> Path:
    """A place whose sites do not answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return settings(tmp_path, port)


def document(answer: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert "Traceback" not in answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_nothing_to_do_is_told_and_is_no_failure(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "sync", "--json")
    assert answer.returncode == 0
    assert set(document(answer)) == KEYS | {"schema"}
    assert document(answer)["accounts"] == []
    assert "fankuan merchants import" in answer.stderr


def test_an_account_that_fails_is_1_and_still_one_document(lonely: Path) -> None:
    answer = fankuan(lonely, "--config", "f.toml", "sync", "--json")
    (account,) = document(answer)["accounts"]
    assert answer.returncode == 1
    assert (account["merchant"], account["platform"]) == ("m1", "taobao")
    assert (account["outcome"], account["reason"]) == ("failed", "site_unavailable")
    assert "is not available" in answer.stderr
    for secret in (PASSWORD, ACCOUNT):
        assert secret not in answer.stdout + answer.stderr


@pytest.mark.parametrize("option", [["--merchant", "nobody"], ["--platform", "nowhere"]])
def test_an_unknown_name_is_2(lonely: Path, option: list[str]) -> None:
    answer = fankuan(lonely, "--config", "f.toml", "sync", *option)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert option[1] in answer.stderr


def test_people_who_cannot_be_told_change_nothing_of_how_a_sync_ended(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text('[[notify]]\nurl = "json://127.0.0.1:9/"\n', encoding="utf-8")
    (tmp_path / "var" / ".notify.lock").mkdir(parents=True)  # it cannot be opened
    answer = fankuan(tmp_path, "--config", "f.toml", "sync", "--json")
    assert (answer.returncode, document(answer)["accounts"]) == (0, [])
    assert "The channels of [[notify]] were told nothing" in answer.stderr


def test_ctrl_c_is_130_without_a_traceback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never answers
        settings(tmp_path, silent.getsockname()[1])
        with subprocess.Popen(
            [*COMMAND, "--config", "f.toml", "sync", "--json"],
            cwd=tmp_path,
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            silent.settimeout(60)
            connection, _ = silent.accept()
            time.sleep(0.5)
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the browser and the driver, too
            answer, errors = process.communicate(timeout=60)
            connection.close()
    assert (process.returncode, json.loads(answer)["error"]["reason"]) == (130, "interrupted")
    assert "Traceback" not in errors
    assert not [p.cmdline() for p in psutil.process_iter() if _session(p) == process.pid]


def test_ctrl_c_sums_up_what_was_done_and_the_next_run_goes_on(tmp_path: Path) -> None:
    reached = threading.Event()

    def on_post(post: Post, stage: str) -> None:
        if post.number == 2 and stage == "before":
            reached.set()

    with at_home(tmp_path, ["taobao"], on_post=on_post) as box:
        leave_to_do(box, 2)
        with running(tmp_path, "sync", "--json") as process:
            assert reached.wait(150)
            process.send_signal(signal.SIGINT)
            answer, errors = process.communicate(timeout=60)
        error = json.loads(answer)["error"]
        known = fankuan(tmp_path, *SETTINGS, "runs", "show", error["run_id"], "--json")
        assert (process.returncode, error["reason"], error["accounts"]) == (130, "interrupted", 0)
        assert (error["done"], error["in_doubt"]) in {(0, 2), (1, 1), (2, 0)}, errors
        assert known.returncode == 0
    assert f"{error['done']} steps done" in errors
    assert f"fankuan runs show {error['run_id']}" in error["cure"]
    assert "Traceback" not in errors


def test_what_another_command_does_meanwhile_is_not_summed_up(tmp_path: Path) -> None:
    clock = Clock()
    ledger = Ledger.open(Settings(data_dir=tmp_path / "var"), clock)
    begun, ids = clock(), list[str]()
    for by in ("somebody else", who(), who()):
        clock.now += timedelta(minutes=1)
        with ledger.begin() as tx:
            ids.append(tx.runs.start(dry_run=False, started_by=by))
    assert _cut_short(ledger, begun).more["run_id"] == ids[1]
    ledger.close()


def _session(process: psutil.Process) -> int | None:
    try:
        return os.getsid(process.pid)
    except OSError:  # it has just ended
        return None


def seen(on: datetime, ordered_on: datetime, *, ours: bool = True) -> RunReport:
    order = Order("1", ordered_on, "网店管家", None, ours, Decimal(1), OrderStatus.COMPLETED)
    return RunReport("r", on, on, False, [AccountReport(AccountKey("m1", "taobao"), orders=[order])])


@pytest.mark.parametrize(
    ("today", "ordered_on", "ours", "told"),
    [
        ("2026-06-18", "2026-06-17", True, False),
        ("2026-06-18", "2089-06-17", True, True),  # due beyond the notices
        ("2026-06-18", "2089-06-17", False, False),
        ("2089-06-18", "2026-06-17", True, True),  # the day itself lies beyond them
    ],
)
def test_due_dates_that_are_bounds_are_told_in_every_run(
    capsys: pytest.CaptureFixture[str], today: str, ordered_on: str, ours: bool, told: bool
) -> None:
    on, day = (datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (today, ordered_on))
    tell_calendar(Settings(), seen(on, day, ours=ours))
    words = capsys.readouterr().err
    assert words.count("\n") == int(told)
    assert ("[calendar]" in words) == told
