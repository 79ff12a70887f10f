"""`fankuan console`, `users` and `tokens`, as users run them."""

import json
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.cli.living import once
from tests.support.command import COMMAND, TIMEOUT, environment, fankuan

PASSWORD = "correct horse battery"


def add_user(folder: Path, name: str, role: str, password: str = PASSWORD) -> "subprocess.CompletedProcess[str]":
    """The password comes on standard input, as scripts give it."""
    return subprocess.run(
        [*COMMAND, "users", "add", name, "--role", role],
        cwd=folder, env=environment(folder), input=f"{password}\n", text=True, capture_output=True, check=False,
        timeout=TIMEOUT,
    )  # fmt: skip


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).text == "ready\n"
    except httpx.TransportError:
        return False


def test_users_and_tokens_are_added_listed_and_removed(tmp_path: Path) -> None:
    added = add_user(tmp_path, "boss", "admin")
    assert (added.returncode, PASSWORD in added.stdout + added.stderr) == (0, False), added.stderr
    again = add_user(tmp_path, "boss", "viewer")
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    listed = json.loads(fankuan(tmp_path, "users", "list", "--json").stdout)
    assert [(each["name"], each["role"]) for each in listed["users"]] == [("boss", "admin")]
    token = fankuan(tmp_path, "tokens", "add", "cron", "--role", "viewer").stdout.strip()
    assert token.startswith("fk_")
    shown = fankuan(tmp_path, "tokens", "list", "--json").stdout
    assert token not in shown
    assert json.loads(shown)["tokens"][0]["name"] == "cron"
    for kind, name in (("users", "boss"), ("tokens", "cron")):
        assert fankuan(tmp_path, kind, "remove", name).returncode == 0
        assert json.loads(fankuan(tmp_path, kind, "list", "--json").stdout)[kind] == []


def test_a_short_password_and_an_unknown_role_are_wrong_usage(tmp_path: Path) -> None:
    assert add_user(tmp_path, "boss", "admin", "short").returncode == 2
    assert add_user(tmp_path, "boss", "king").returncode == 2


def test_the_console_answers_until_it_is_stopped(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [*COMMAND, "console", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(tmp_path), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as console:
        url = f"http://127.0.0.1:{port}"
        once(lambda: answers(url))
        assert httpx.get(url, trust_env=False).headers["location"] == "/login?next=/"
        second = fankuan(tmp_path, "console", "--port", port)
        assert (second.returncode, "another --port" in second.stderr) == (2, True), second.stderr
        console.send_signal(signal.SIGTERM)
        _, told = console.communicate(timeout=TIMEOUT)
    assert (console.returncode, "users add NAME" in told) == (0, True), told


@pytest.mark.parametrize("command", ["console", "serve"])
def test_who_listens_to_others_has_to_say_under_which_name(tmp_path: Path, command: str) -> None:
    refused = fankuan(tmp_path, command, "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - it is refused
    assert (refused.returncode, "[console]" in refused.stderr) == (2, True), refused.stderr


def test_what_is_done_at_the_command_line_stands_in_the_audit_trail(tmp_path: Path) -> None:
    from agent.cli.session import now
    from agent.ledger import Ledger
    from agent.settings import Settings

    add_user(tmp_path, "boss", "admin")
    fankuan(tmp_path, "tokens", "add", "cron", "--role", "viewer")
    fankuan(tmp_path, "sync", "--dry-run")
    ledger = Ledger.open(Settings(data_dir=tmp_path / "var"), now)
    with ledger.read() as tx:
        trail = [(each.action, each.target) for each in tx.audit.entries(10)]
        assert all(each.who.startswith("cli:") for each in tx.audit.entries(10))
    ledger.close()
    assert trail == [("dry_run", None), ("tokens_add", "cron"), ("users_add", "boss")]
