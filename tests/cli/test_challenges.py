"""A person answers from another process, as users do: each log-in ends in a kept session and a finished sync."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image

from agent.ledger.engine import FILE
from agent.sandbox import leave_nothing_to_do, leave_to_do
from agent.sandbox.core.codes import inbox
from tests.cli.living import SETTINGS, at_home, once, running, waiting
from tests.support.command import TIMEOUT, fankuan


def sessions(folder: Path) -> list[str]:
    return [each["site"] for each in json.loads(fankuan(folder, "sessions", "--json").stdout)["sessions"]]


def test_an_account_waits_for_its_code_and_its_sync_follows_the_answer(tmp_path: Path) -> None:
    with at_home(tmp_path, ["weimob"]) as box:
        leave_to_do(box, 1)
        box.faults.challenge = "sms"
        synced = fankuan(tmp_path, *SETTINGS, "sync", "--json")
        assert synced.returncode == 3, synced.stderr
        assert [a["reason"] for a in json.loads(synced.stdout)["accounts"]] == ["challenge_sms"]
        assert "fankuan answer" in synced.stderr
        (asked,) = waiting(tmp_path)
        told = (asked["merchant"], asked["platform"], asked["kind"], asked["attempts"], asked["waits"])
        assert told == ("m1", "weimob", "sms", 0, False)
        assert "138****0000" in asked["said"]
        assert asked["deadline"] > asked["asked_at"]
        assert Path(asked["picture"]).is_file()
        (message,) = inbox(box.state)
        answered = fankuan(tmp_path, *SETTINGS, "answer", asked["id"], message.digits, "--json")
        assert answered.returncode == 0, answered.stderr
        (account,) = json.loads(answered.stdout)["accounts"]
        assert {a["result"] for a in account["actions"]} <= {"done", "already", "waiting"}
        assert waiting(tmp_path) == []
        assert set(sessions(tmp_path)) == {"weimob", "wdgj"}
        written = [
            p for p in (tmp_path / "var").rglob("*") if p.is_file() and message.digits.encode() in p.read_bytes()
        ]
        assert written == []
        assert message.digits not in answered.stdout + answered.stderr


def test_a_code_after_its_deadline_is_not_typed_and_another_asked_for(tmp_path: Path) -> None:
    with at_home(tmp_path, ["weimob"]) as box:
        leave_nothing_to_do(box)
        box.faults.challenge = "sms"
        fankuan(tmp_path, *SETTINGS, "sync", "--json")
        (asked,) = waiting(tmp_path)
        with closing(sqlite3.connect(tmp_path / "var" / FILE)) as database:
            database.execute("update challenges set deadline = '2026-01-01 00:00:00.000000'")
            database.commit()
        with running(tmp_path, "answer", str(asked["id"]), "123456") as process:
            again = once(lambda: next((c for c in waiting(tmp_path) if c["waits"]), None))
            assert [code.wrong for code in box.state.codes] == [0] * len(box.state.codes)
            fankuan(tmp_path, *SETTINGS, "answer", again["id"], inbox(box.state)[-1].digits)
            _, told = process.communicate(timeout=TIMEOUT)
            assert (process.returncode, "is not typed" in told) == (0, True), told


def test_a_log_in_that_waits_takes_the_code_from_another_process(tmp_path: Path) -> None:
    with at_home(tmp_path, ["suning"]) as box:
        box.faults.challenge = "sms"
        with running(tmp_path, "login", "suning", "--merchant", "m1") as process:
            asked = once(lambda: next((c for c in waiting(tmp_path) if c["waits"]), None))
            (message,) = inbox(box.state)
            given = fankuan(tmp_path, *SETTINGS, "answer", asked["id"], message.digits)
            assert (given.returncode, "Given to the log-in" in given.stderr) == (0, True), given.stderr
            assert process.wait(TIMEOUT) == 0
        assert sessions(tmp_path) == ["suning"]


def test_a_code_in_the_terminal_is_scanned_and_the_sync_that_waited_follows(tmp_path: Path) -> None:
    with at_home(tmp_path, ["jd"]) as box:
        box.faults.challenge = "slider"
        assert fankuan(tmp_path, *SETTINGS, "sync", "--json").returncode == 3
        with running(tmp_path, "login", "jd", "--merchant", "m1", "--qr") as process:
            asked = once(lambda: next((c for c in waiting(tmp_path) if c["kind"] == "qr"), None))
            (code,) = zxingcpp.read_barcodes(Image.open(asked["picture"]))
            for act in ("scan", "grant"):
                told = httpx.post(
                    f"{box.url}/_phone/{act}", data={"payload": code.text, "merchant": "m1"}, trust_env=False
                )
                assert told.json() == {"success": True}
            out, err = process.communicate(timeout=TIMEOUT)
            assert process.returncode == 0, err
        assert "▀" in err  # the code, drawn
        assert "Its sync follows" in err
        assert "all well" in out
        assert {entry["kind"] for entry in box.truth()["log"]} == {"confirm", "file", "refund"}
        written = [p for p in tmp_path.rglob("*") if p.is_file() and code.text.encode() in p.read_bytes()]
        assert written == []
        assert code.text not in out + err


def test_nothing_waits_and_a_number_that_nobody_asked_for(tmp_path: Path) -> None:
    assert "Nothing waits" in fankuan(tmp_path, "challenges").stdout
    wrong = fankuan(tmp_path, "answer", "7", "123456")
    assert (wrong.returncode, "No challenge 7" in wrong.stderr) == (2, True)


@pytest.mark.parametrize("language", ["C.UTF-8", "zh_CN.UTF-8"])
def test_both_ways_at_once_are_refused(tmp_path: Path, language: str) -> None:
    answer = fankuan(tmp_path, "login", "jd", "--merchant", "m1", "--qr", "--window", language=language)
    assert answer.returncode == 2
    assert "--qr" in answer.stderr


def test_a_shop_that_is_named_is_opened_from_then_on(tmp_path: Path) -> None:
    with at_home(tmp_path, ["youzan"]) as box:
        leave_nothing_to_do(box)
        shop = box.state.merchants[0].shops["youzan"].name
        unnamed = box.merchants_toml().replace(f'shop = "{shop}"\n', "")
        (tmp_path / "merchants.toml").write_text(unnamed, encoding="utf-8")
        fankuan(tmp_path, *SETTINGS, "merchants", "import", "merchants.toml", FANKUAN_DATA_DIR=str(tmp_path / "new"))
        fresh = {"FANKUAN_DATA_DIR": str(tmp_path / "new")}
        assert fankuan(tmp_path, *SETTINGS, "sync", "--json", **fresh).returncode == 3
        (asked,) = json.loads(fankuan(tmp_path, *SETTINGS, "challenges", "--json", **fresh).stdout)["challenges"]
        assert asked["kind"] == "shop"
        answered = fankuan(tmp_path, *SETTINGS, "answer", asked["id"], shop, "--json", **fresh)
        assert answered.returncode == 0, answered.stderr
