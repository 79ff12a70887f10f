import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import fankuan


@pytest.fixture
def short() -> Iterator[str]:
    """A folder with a short name: Chromium does not start in one whose path is longer than its socket's may be."""
    with tempfile.TemporaryDirectory(prefix="fk-") as folder:
        yield folder


def test_the_demo_does_the_whole_job_and_touches_nothing_real(tmp_path: Path, short: str) -> None:
    elsewhere = tmp_path / "real"
    answer = fankuan(tmp_path, "demo", "--json", FANKUAN_DATA_DIR=str(elsewhere), TMPDIR=short)
    assert answer.returncode == 0, answer.stderr
    run = json.loads(answer.stdout)
    done = [action for account in run["accounts"] for action in account["actions"] if action["result"] == "done"]
    # One of the samples' filings was turned down, which is for a person to see to.
    assert [account["outcome"] for account in run["accounts"]] == ["ok", "needs_human", "ok"]
    assert {action["kind"] for action in done} == {"confirm", "file", "request_refund"}
    assert "SIMULATED" in answer.stderr
    assert all(Path(picture).is_file() for action in done for picture in action["evidence"])
    assert not elsewhere.exists()


def test_the_demo_shows_what_was_done_and_what_is_due(tmp_path: Path, short: str) -> None:
    answer = fankuan(tmp_path, "demo", language="zh_CN.UTF-8", TMPDIR=short)
    assert answer.returncode == 0, answer.stderr
    for word in ("✓ 已确认", "✓ 已报备", "起可申请：¥", "截图：", "款项："):
        assert word in answer.stdout
    assert "模拟演示" in answer.stderr
    assert "-Pass-" not in answer.stdout + answer.stderr
