"""The command as users call it, against the simulated site, in a real browser."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.cli.session import now
from agent.sandbox import Sandbox
from tests.support.command import fankuan


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Sandbox]:
    """A simulated site to which the settings in `tmp_path` lead, with one merchant."""
    with Sandbox(shops=[["taobao"]], today=now().date()) as made:
        (tmp_path / "f.toml").write_text(made.settings_toml(), encoding="utf-8")
        (tmp_path / "merchants.toml").write_text(made.merchants_toml(), encoding="utf-8")
        fankuan(tmp_path, "--config", "f.toml", "merchants", "import", "merchants.toml")
        yield made


def test_it_shows_first_and_presses_on_yes_alone(tmp_path: Path, box: Sandbox) -> None:
    command = ["--config", "f.toml", "reauthorize", "taobao", "--merchant", "m1"]
    before = (now().date() + timedelta(days=20)).isoformat()
    after = (now().date() + timedelta(days=385)).isoformat()
    shown = fankuan(tmp_path, *command, language="zh_CN.UTF-8")
    assert shown.returncode == 0, shown.stderr
    for words in ("应用: 网店管家", "读取店铺基本信息", "《授权协议》", before, "未点击任何按钮"):
        assert words in shown.stdout
    assert box.truth()["log"] == []
    pressed = fankuan(tmp_path, *command, "--yes", "--json")
    assert pressed.returncode == 0, pressed.stderr
    found = json.loads(pressed.stdout)
    assert len(found.pop("evidence")) == 2
    assert found == {
        "schema": 1,
        "merchant": "m1",
        "platform": "taobao",
        "account": "m1/taobao",
        "outcome": "ok",
        "reason": None,
        "message": None,
        "cure": None,
        "application": "网店管家",
        "authorized_until_before": before,
        "authorized_until": after,
        "pressed": True,
    }
    (merchant,) = json.loads(fankuan(tmp_path, "status", "--json").stdout)["merchants"]
    assert merchant["accounts"][0]["authorized_until"] == after
    assert box.truth()["purchases"] == 0


def test_money_is_3_and_a_sentence(tmp_path: Path, box: Sandbox) -> None:
    box.faults.authorization_costs = True
    answer = fankuan(tmp_path, "--config", "f.toml", "reauthorize", "taobao", "--merchant", "m1", "--yes")
    assert answer.returncode == 3
    assert "asks_for_money: The page" in answer.stderr
    assert box.truth()["log"] == []


def test_a_run_whose_due_dates_are_bounds_says_so(tmp_path: Path, box: Sandbox) -> None:
    text = (tmp_path / "f.toml").read_text(encoding="utf-8")
    longer = text.replace("[sites.taobao]", '[sites.taobao]\nrefund_after = "250 working days"')
    (tmp_path / "f.toml").write_text(longer, encoding="utf-8")
    answer = fankuan(tmp_path, "--config", "f.toml", "sync", "--dry-run", "--json")
    assert len([line for line in answer.stderr.splitlines() if "[calendar]" in line]) == 1
    assert json.loads(answer.stdout)["accounts"][0]["outcome"] == "ok"
