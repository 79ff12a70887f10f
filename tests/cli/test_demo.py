import json
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from agent.sandbox.samples.trades import TRADES
from tests.cli.living import once
from tests.console.site import log_in
from tests.support.command import COMMAND, TIMEOUT, environment, fankuan

M = ("m1", "m2", "m3")
_LOGIN = re.compile(r"控制台：(?P<url>http://\S+)/\n.*用户名 (?P<name>\S+)，密码 (?P<password>\S+)（")


@pytest.fixture
def short() -> Iterator[str]:
    """A folder with a short name: Chromium does not start in one whose path is longer than its socket's may be."""
    with tempfile.TemporaryDirectory(prefix="fk-") as folder:
        yield folder


@pytest.mark.timeout(TIMEOUT)  # the demo takes a minute alone, and far more beside other tests
def test_the_demo_does_the_whole_job_on_every_platform_and_touches_nothing_real(tmp_path: Path, short: str) -> None:
    elsewhere = tmp_path / "real"
    given = {"FANKUAN_DATA_DIR": str(elsewhere), "TMPDIR": short}
    status, stdout, stderr, money = demo_with_a_look(tmp_path, environment(tmp_path, "zh_CN.UTF-8", **given))
    assert status == 0, stderr
    run = json.loads(stdout)
    assert {account["platform"] for account in run["accounts"]} == {*TRADES, "taobao", "paipai"}
    assert {account["merchant"]: account["outcome"] for account in run["accounts"]} == dict.fromkeys(M, "ok")
    done = [action for account in run["accounts"] for action in account["actions"] if action["result"] == "done"]
    assert {action["kind"] for action in done} == {"confirm", "file", "request_refund"}
    assert all(Path(picture).is_file() for action in done for picture in action["evidence"])
    assert all(word in stderr for word in ("模拟演示", "✓ 已确认", "✓ 已报备"))
    assert "-Pass-" not in stdout + stderr
    assert not elsewhere.exists()
    assert "已申请返款" in money
    assert "¥" in money


def test_a_port_that_is_taken_is_told_before_anything_is_done(tmp_path: Path, short: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = fankuan(tmp_path, "demo", "--console", "--port", port, TMPDIR=short)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "Choose another --port" in answer.stderr
    assert "SIMULATED" not in answer.stderr
    assert not any(Path(short).iterdir())


def demo_with_a_look(folder: Path, given: dict[str, str]) -> tuple[int, str, str, str]:
    """Run the demo, look at the money in the console that it leaves open, and end it as a person does."""
    told, answer = folder / "told.txt", folder / "answer.json"
    with (
        told.open("w", encoding="utf-8") as errors,
        answer.open("w", encoding="utf-8") as out,
        subprocess.Popen(
            [*COMMAND, "demo", "--json", "--console", "--port", "0"], cwd=folder, env=given, stdout=out, stderr=errors
        ) as demo,
    ):
        try:
            found = once(lambda: demo.poll() is not None or _LOGIN.search(told.read_text(encoding="utf-8")), TIMEOUT)
            money = look(found["url"], found["name"], found["password"]) if isinstance(found, re.Match) else ""
            demo.send_signal(signal.SIGINT)
            demo.wait(60)
        finally:
            demo.kill()
    return demo.returncode, answer.read_text(encoding="utf-8"), told.read_text(encoding="utf-8"), money


def look(url: str, name: str, password: str) -> str:
    with httpx.Client(base_url=url, trust_env=False, timeout=60, headers={"accept-language": "zh"}) as client:
        assert log_in(client, name, password).status_code == 303
        return client.get("/money").text
