import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from agent.cli.checks import LEAST_FREE, Status, calendar, clock, disk, disks
from agent.cli.reach import reachable
from agent.domain.orders import SHANGHAI
from agent.settings import CalendarSettings, Settings
from tests.cli.test_merchants import SAMPLE
from tests.fixtures.bucket import serving
from tests.support.command import fankuan


def found(home: Path, *arguments: object, **more: str) -> tuple[int, dict[str, dict[str, Any]]]:
    answer = fankuan(home, *arguments, "doctor", "--json", **more)
    assert "Traceback" not in answer.stderr
    return answer.returncode, {each["check"]: each for each in json.loads(answer.stdout)["checks"]}


def test_a_fresh_place_has_no_problem(tmp_path: Path) -> None:
    status, checks = found(tmp_path)
    assert status == 0, checks
    assert {"browser", "fonts", "database", "key", "disk", "clock", "calendar", "merchants"} <= set(checks)
    assert all(set(each) == {"check", "status", "detail", "cure"} for each in checks.values())
    assert "0600" in checks["key"]["detail"]
    assert checks["merchants"]["status"] == "warning"


def test_what_is_wrong_is_named_with_its_cure(tmp_path: Path) -> None:
    fankuan(tmp_path, "merchants", "list")
    for key in (tmp_path / "var").glob("*.key"):
        key.chmod(0o644)
    status, checks = found(tmp_path, FANKUAN_BROWSER__EXECUTABLE=str(tmp_path / "no-browser"))
    assert status == 1
    assert checks["browser"]["status"] == checks["key"]["status"] == "problem"
    assert "FANKUAN_BROWSER__EXECUTABLE" in checks["browser"]["cure"]
    assert "chmod 600" in checks["key"]["cure"]


def test_a_secret_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "merchants.toml").write_text(SAMPLE + SAMPLE.replace('"m1"', '"m2"'), encoding="utf-8")
    assert fankuan(tmp_path, "merchants", "import", "merchants.toml").returncode == 0
    with closing(sqlite3.connect(tmp_path / "var" / "ledger.sqlite3")) as connection, connection:
        connection.execute("UPDATE accounts SET password = 'damaged' WHERE merchant_id = 'm2'")
    status, checks = found(tmp_path)
    assert (status, checks["database"]["status"]) == (1, "problem")


def test_a_bucket_for_evidence_is_tried(tmp_path: Path) -> None:
    with serving(tmp_path / "s3") as server:
        (tmp_path / "f.toml").write_text(server.settings, encoding="utf-8")
        status, checks = found(tmp_path, "--config", "f.toml")
        assert (status, checks["evidence"]["status"]) == (0, "ok"), checks
        wrong = found(tmp_path, "--config", "f.toml", FANKUAN_EVIDENCE_STORE__SECRET_ACCESS_KEY="another")
    status, checks = wrong
    assert (status, checks["evidence"]["status"]) == (1, "problem")
    assert checks["evidence"]["detail"] == "s3://evidence/here: SignatureDoesNotMatch"
    assert "[evidence_store]" in checks["evidence"]["cure"]


def test_a_database_that_is_none_is_a_problem(tmp_path: Path) -> None:
    fankuan(tmp_path, "merchants", "list")
    for ledger in (tmp_path / "var").glob("ledger.sqlite3*"):
        ledger.write_bytes(b"this is no database" * 99)
    status, checks = found(tmp_path)
    assert (status, checks["database"]["status"]) == (1, "problem")


def test_the_sites_of_registered_merchants_are_tried(tmp_path: Path, site: str) -> None:
    closed = f"http://127.0.0.1:{_closed_port()}/login"
    (tmp_path / "f.toml").write_text(
        f'[backoffice]\nlogin_url = "{site}"\n[sites.taobao]\nlogin_url = "{closed}"\n', encoding="utf-8"
    )
    (tmp_path / "merchants.toml").write_text(SAMPLE, encoding="utf-8")
    assert fankuan(tmp_path, "--config", "f.toml", "merchants", "import", "merchants.toml").returncode == 0
    status, checks = found(tmp_path, "--config", "f.toml")
    assert status == 1
    assert checks["site backoffice"]["status"] == "ok"
    assert checks["site taobao"]["status"] == "problem"


def test_an_order_list_without_an_address_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "merchants.toml").write_text(SAMPLE.replace('"taobao"', '"jd"'), encoding="utf-8")
    nowhere = 'login_url = "http://127.0.0.1:9/login"\n'
    (tmp_path / "f.toml").write_text(f"[backoffice]\n{nowhere}[sites.jd]\n{nowhere}", encoding="utf-8")
    assert fankuan(tmp_path, "--config", "f.toml", "merchants", "import", "merchants.toml").returncode == 0
    _, checks = found(tmp_path, "--config", "f.toml")
    assert checks["settings"]["status"] == "ok", checks["settings"]  # it is found by way of the menus


@pytest.mark.parametrize(("language", "word"), [("C.UTF-8", "Cure"), ("zh_CN.UTF-8", "处理")])
def test_it_speaks_both_languages(tmp_path: Path, language: str, word: str) -> None:
    assert word in fankuan(tmp_path, "doctor", language=language).stdout


class _Refuses(BaseHTTPRequestHandler):
    """Answers every HEAD as log-in pages may: not allowed."""

    def do_HEAD(self) -> None:
        self.send_response(405)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keeps the tests quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refuses) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/login"
        server.shutdown()
        thread.join()


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_any_answer_means_that_a_site_is_reachable(site: str) -> None:
    checks = reachable({"up": site, "down": f"http://127.0.0.1:{_closed_port()}/"})
    assert [each.status for each in checks] == [Status.OK, Status.PROBLEM]
    assert checks[1].cure
    assert reachable({}) == []


def test_the_calendar_is_missed_only_when_it_should_be_there() -> None:
    def on(year: int, month: int, *named: date) -> Status:
        settings = Settings(calendar=CalendarSettings(holidays=named))
        return calendar(settings, datetime(year, month, 15, tzinfo=SHANGHAI)).status

    assert on(2026, 6) is Status.OK
    assert on(2035, 6) is Status.PROBLEM
    assert on(2035, 6, date(2035, 1, 1)) is Status.WARNING  # a notice with one day in it cannot be whole
    whole = [date(2035, month, day) for month in range(1, 13) for day in range(1, 29)]
    assert on(2035, 6, *(day for day in whole if day.month != 10)) is Status.WARNING
    assert on(2035, 6, *whole) is Status.OK
    assert on(2035, 11, *whole) is Status.WARNING


def test_a_clock_before_this_program_existed_is_wrong() -> None:
    now = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    assert clock(now, None).status is Status.OK
    assert clock(now - timedelta(days=9999), None).status is Status.PROBLEM
    assert clock(now.replace(tzinfo=None), None).status is Status.PROBLEM


def test_the_key_may_come_from_the_environment(tmp_path: Path) -> None:
    key = "x" * 43 + "="
    _, checks = found(tmp_path, FANKUAN_VAULT_KEY=key)
    assert "FANKUAN_VAULT_KEY" in checks["key"]["detail"]
    assert key not in json.dumps(checks)
    assert not list((tmp_path / "var").glob("*.key"))


def test_too_little_space_is_a_problem_in_both_languages(tmp_path: Path) -> None:
    assert disk(tmp_path, LEAST_FREE).status is Status.OK
    found = disk(tmp_path, LEAST_FREE - 100_000_000)
    assert found.status is Status.PROBLEM
    assert (found.detail.en, found.detail.zh) == (f"0.9 GB free ({tmp_path})", f"剩余 0.9 GB（{tmp_path}）")
    assert found.cure is not None
    assert all("fankuan evidence prune --dry-run" in told for told in (found.cure.en, found.cure.zh))


def test_the_space_is_looked_at_before_the_folder_is_made(tmp_path: Path) -> None:
    assert str(tmp_path) in disks(Settings(data_dir=tmp_path / "a" / "b")).detail.en
    assert not (tmp_path / "a").exists()
