import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent import log
from agent.cli.app import tell, unexpected
from agent.cli.session import complain
from tests.support.command import COMMAND, ROOT, environment, fankuan, fankuan_afresh

COMMANDS = [
    *("demo", "merchants", "sync", "serve", "worker", "schedule", "fleet", "login", "challenges", "answer", "sessions"),
    *("orders", "status", "reauthorize", "due", "vault", "migrate", "move-to-postgres", "doctor", "sandbox"),
]
HEAVY = {"playwright", "sqlalchemy", "alembic", "starlette", "uvicorn", "pydantic", "rich", "holidays", "loguru"}


@pytest.mark.parametrize(("language", "word"), [("C.UTF-8", "refunds"), ("zh_CN.UTF-8", "返款")])
def test_help_speaks_the_readers_language_and_names_every_command(tmp_path: Path, language: str, word: str) -> None:
    answer = fankuan(tmp_path, "--help", language=language)
    assert answer.returncode == 0
    assert word in answer.stdout
    assert all(f"\n  {command} " in answer.stdout for command in COMMANDS)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(tmp_path: Path, command: str) -> None:
    assert fankuan(tmp_path, command, "--help").returncode == 0


def imported_by(home: Path, *arguments: str) -> set[str]:
    """The packages that a command has loaded when it ends."""
    code = (
        f"import sys\nfrom agent.cli import main\ntry:\n    main({[*arguments]})\nexcept SystemExit:\n"
        "    print('loaded', *{m.split('.')[0] for m in sys.modules}, file=sys.stderr)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), cwd=home, capture_output=True, text=True, check=True
    )
    return set(answer.stderr.splitlines()[-1].split())


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    assert not HEAVY & imported_by(tmp_path, "--help")


def test_what_migrates_is_loaded_only_where_something_is_to_be_migrated(tmp_path: Path) -> None:
    assert "alembic" in imported_by(tmp_path, "status")
    assert "alembic" not in imported_by(tmp_path, "status")


def test_help_takes_little_time(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows does not tell what a child took")

    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return float(usage.ru_utime + usage.ru_stime)

    marks = [spent()]
    for _ in range(3):
        fankuan_afresh(tmp_path, "--help")
        marks.append(spent())
    assert min(after - before for before, after in pairwise(marks)) < 0.35


def test_version(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "--version")
    assert (answer.returncode, answer.stdout.split()[0]) == (0, "fankuan")


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["sync", "--concurrency", "0"], ["sync", "--concurrency", "two"], ["due", "taobao"], ["--nothing"]],
)
def test_wrong_usage_is_2_and_leaves_standard_output_alone(tmp_path: Path, arguments: list[str]) -> None:
    answer = fankuan(tmp_path, *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr


def test_a_settings_file_that_is_missing_is_named(tmp_path: Path) -> None:
    for how in ({"FANKUAN_CONFIG": "nowhere.toml"}, {}):
        arguments = [] if how else ["--config", "nowhere.toml"]
        answer = fankuan(tmp_path, *arguments, "orders", **how)
        assert (answer.returncode, answer.stdout) == (2, "")
        assert "nowhere.toml" in answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    answer = fankuan(tmp_path, "orders", FANKUAN_DATA_DIR=str(tmp_path / "file" / "var"))
    assert answer.returncode == 2
    assert str(tmp_path / "file") in answer.stderr


@pytest.mark.parametrize(
    ("missing", "language", "cure"),
    [
        ("No module named 'psycopg'", "C.UTF-8", 'Install it: pip install "psycopg[binary]"'),
        ("no pq wrapper available.", "zh_CN.UTF-8", '请安装：pip install "psycopg[binary]"'),
    ],
)
def test_a_postgresql_database_without_its_driver_is_wrong_usage(
    tmp_path: Path, missing: str, language: str, cure: str
) -> None:
    # What is installed is hidden behind a module that fails as a missing, or half installed, one does.
    (tmp_path / "psycopg.py").write_text(f'raise ImportError("{missing}")', encoding="utf-8")
    url = "postgresql://user:s3cret@127.0.0.1:1/x"
    hidden = os.pathsep.join((str(tmp_path), str(ROOT)))
    answer = fankuan_afresh(tmp_path, "orders", LANG=language, PYTHONPATH=hidden, FANKUAN_DATABASE_URL=url)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert all(part in answer.stderr for part in ("database_url", missing, cure))
    assert "s3cret" not in answer.stderr


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "--help"], stdout=writing, stderr=subprocess.PIPE, env=environment(tmp_path), check=False
    )
    os.close(writing)
    assert done.stderr == b""


def test_an_unexpected_error_is_one_sentence_with_the_log_and_no_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = log.set_up(tmp_path)
    log.hide(SecretStr("planted-secret"))
    try:
        tell(unexpected(KeyError("planted-secret")), as_json=False)
    finally:
        log.close()
    text = capsys.readouterr()
    assert text.out == ""
    assert text.err.startswith("fankuan: Unexpected error (KeyError: '*****')")
    assert str(file) in text.err
    assert len(text.err.splitlines()) == 1
    assert "planted-secret" not in file.read_text(encoding="utf-8")


def test_an_unexpected_error_before_the_log_is_set_up_shows_no_variables(tmp_path: Path) -> None:
    code = (
        "from agent.cli.app import main, tell, unexpected\ntry:\n    main(['--version'])\n"
        "except SystemExit:\n    pass\n"
        "password = 'planted' + '-secret'\ntry:\n    int(password[:2])\n"
        "except ValueError as error:\n    tell(unexpected(error), as_json=False)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert len(answer.stderr.splitlines()) == 1
    assert "planted-secret" not in answer.stderr


def test_a_sentence_shows_no_secret_that_is_known_by_then(capsys: pytest.CaptureFixture[str]) -> None:
    log.hide(SecretStr("planted-secret"))
    complain("bad_password: the site said “planted-secret is wrong”")
    assert capsys.readouterr().err == "fankuan: bad_password: the site said “***** is wrong”\n"


def test_migrate_makes_the_ledger_and_says_so_again(tmp_path: Path) -> None:
    for _ in range(2):
        answer = fankuan(tmp_path, "migrate")
        assert (answer.returncode, answer.stdout) == (0, "")
        assert "has the tables of fankuan" in answer.stderr
    (ledger,) = tmp_path.rglob("ledger.sqlite3")
    with sqlite3.connect(ledger) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    answer = fankuan(tmp_path, "migrate")
    assert (answer.returncode, "newer fankuan" in answer.stderr) == (2, True)


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    file = tmp_path / "var" / "ledger.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    before = file.read_bytes()
    answer = fankuan(tmp_path, "status")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "another program's database (tables: songs). Nothing was written." in answer.stderr
    assert file.read_bytes() == before


def test_a_server_that_is_not_there_is_told_with_host_and_cause(tmp_path: Path) -> None:
    url = "postgresql://user:s3cret@127.0.0.1:9/fankuan"
    answer = fankuan(tmp_path, "status", FANKUAN_DATABASE_URL=url)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "of database_url (127.0.0.1) cannot be opened (connection refused" in answer.stderr
    assert "s3cret" not in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["sync", "--headed"], "no screen for a window here. Run it without --headed."),
        (["login", "weimob", "--merchant", "m1", "--qr"], "微盟 has no QR code to log in by."),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_tried(tmp_path: Path, arguments: list[str], told: str) -> None:
    answer = fankuan(tmp_path, *arguments, DISPLAY="", WAYLAND_DISPLAY="")
    assert answer.returncode == 2
    assert told in answer.stderr
