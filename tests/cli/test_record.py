"""`fankuan record` and `replay`: what they keep, what they compare, and how they end."""

import json
import shutil
from pathlib import Path

from agent.sandbox import Sandbox
from tests.support.command import fankuan

RECORDED = Path(__file__).parents[1] / "fixtures" / "recorded" / "suning"


def test_a_recording_is_compared_with_what_a_person_has_approved(tmp_path: Path) -> None:
    folder = tmp_path / "suning"
    shutil.copytree(RECORDED, folder)
    (folder / "expected.json").unlink()

    first = fankuan(tmp_path, "replay", folder, "--json")
    assert first.returncode == 2
    assert "--approve" in json.loads(first.stdout)["error"]["cure"]
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert expected["approved"] is None
    assert fankuan(tmp_path, "replay", folder, "--approve").returncode == 0

    equal = fankuan(tmp_path, "replay", folder, "--json")
    assert (equal.returncode, json.loads(equal.stdout)["result"]) == (0, "equal")

    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    expected["orders"][0]["amount"] = "1.00"
    (folder / "expected.json").write_text(json.dumps(expected), encoding="utf-8")
    different = fankuan(tmp_path, "replay", folder)
    assert different.returncode == 1
    assert "1.00" in different.stdout


def test_what_is_no_recording_cannot_be_replayed(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "replay", tmp_path, "--json")
    assert answer.returncode == 2
    assert "is no recording" in json.loads(answer.stdout)["error"]["message"]


def test_an_account_is_recorded_into_a_new_folder(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        (tmp_path / "fankuan.toml").write_text(box.settings_toml(), encoding="utf-8")
        (tmp_path / "merchants.toml").write_text(box.merchants_toml(), encoding="utf-8")
        config = ("--config", tmp_path / "fankuan.toml")
        assert fankuan(tmp_path, *config, "merchants", "import", tmp_path / "merchants.toml").returncode == 0
        made = fankuan(tmp_path, *config, "record", "suning", "--merchant", "m1", "--out", tmp_path / "made")
        assert made.returncode == 0, made.stderr
        login = box.state.merchants[0].shops["suning"].login
        assert login.password not in made.stdout + made.stderr
        assert "Recorded" in made.stderr
        assert {path.name for path in (tmp_path / "made").iterdir()} == {
            *("recording.har", "recording.json", "replacements.csv")
        }
        again = fankuan(tmp_path, *config, "record", "suning", "--merchant", "m1", "--out", tmp_path / "made")
        assert again.returncode == 2
        assert "holds something" in again.stderr
        other = fankuan(
            tmp_path, *config, "record", "suning", "--merchant", "m1", "--out", tmp_path / "b", "--account", "m1/jd"
        )
        assert other.returncode == 2
        assert box.truth()["log"] == []
