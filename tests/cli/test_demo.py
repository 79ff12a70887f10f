import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.sandbox.samples.trades import TRADES
from tests.cli.command import fankuan

M = ("m1", "m2", "m3")


@pytest.fixture
def short() -> Iterator[str]:
    """A folder with a short name: Chromium does not start in one whose path is longer than its socket's may be."""
    with tempfile.TemporaryDirectory(prefix="fk-") as folder:
        yield folder


def test_the_demo_does_the_whole_job_on_every_platform_and_touches_nothing_real(tmp_path: Path, short: str) -> None:
    elsewhere = tmp_path / "real"
    given = {"FANKUAN_DATA_DIR": str(elsewhere), "TMPDIR": short}
    answer = fankuan(tmp_path, "demo", "--json", language="zh_CN.UTF-8", **given)
    assert answer.returncode == 0, answer.stderr
    run = json.loads(answer.stdout)
    assert {account["platform"] for account in run["accounts"]} == {*TRADES, "taobao", "paipai"}
    assert {account["merchant"]: account["outcome"] for account in run["accounts"]} == dict.fromkeys(M, "ok")
    done = [action for account in run["accounts"] for action in account["actions"] if action["result"] == "done"]
    assert {action["kind"] for action in done} == {"confirm", "file", "request_refund"}
    assert all(Path(picture).is_file() for action in done for picture in action["evidence"])
    assert all(word in answer.stderr for word in ("模拟演示", "✓ 已确认", "✓ 已报备"))
    assert "-Pass-" not in answer.stdout + answer.stderr
    assert not elsewhere.exists()
