import json
from pathlib import Path

from tests.cli.command import fankuan


def test_the_demo_does_the_whole_job_and_touches_nothing_real(tmp_path: Path) -> None:
    elsewhere = tmp_path / "real"
    answer = fankuan(tmp_path, "demo", "--json", FANKUAN_DATA_DIR=str(elsewhere), TMPDIR=str(tmp_path))
    assert answer.returncode == 0, answer.stderr
    run = json.loads(answer.stdout)
    done = [action for account in run["accounts"] for action in account["actions"] if action["result"] == "done"]
    assert {account["outcome"] for account in run["accounts"]} == {"ok"}
    assert {action["kind"] for action in done} == {"confirm", "file", "request_refund"}
    assert "SIMULATED" in answer.stderr
    assert all(Path(picture).is_file() for action in done for picture in action["evidence"])
    assert not elsewhere.exists()


def test_the_demo_shows_what_was_done_and_what_is_due(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "demo", language="zh_CN.UTF-8", TMPDIR=str(tmp_path))
    assert answer.returncode == 0, answer.stderr
    for word in ("✓ 已确认", "✓ 已报备", "起可申请：¥", "截图：", "款项："):
        assert word in answer.stdout
    assert "模拟演示" in answer.stderr
    assert "-Pass-" not in answer.stdout + answer.stderr
