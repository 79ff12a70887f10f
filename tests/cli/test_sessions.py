import json
from pathlib import Path

from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.ledger import Ledger
from tests.ledger.support import Clock, merchant, settings
from tests.support.command import fankuan


def keep_one(folder: Path) -> None:
    ledger = Ledger.open(settings(folder / "var"), Clock())
    with ledger.begin() as tx:
        tx.merchants.save([merchant()])
    with ledger.begin() as tx:
        tx.sessions.keep(AccountKey("m1", "taobao"), SecretStr('{"cookie": "s-planted-1"}'), None)
    ledger.close()


def test_what_is_kept_is_listed_with_its_age_and_without_its_contents(tmp_path: Path) -> None:
    keep_one(tmp_path)
    answer = fankuan(tmp_path, "sessions", "--json")
    (one,) = json.loads(answer.stdout)["sessions"]
    assert (one["merchant"], one["site"], one["expected_end"]) == ("m1", "taobao", None)
    assert one["issued_at"].startswith("2026-11-23T12:45")
    shown = fankuan(tmp_path, "sessions", language="zh_CN.UTF-8").stdout
    assert "最近验证" in shown
    assert "2026-11-23 12:45" in shown
    assert "s-planted-1" not in answer.stdout + shown


def test_without_one_it_says_what_will_happen(tmp_path: Path) -> None:
    assert "the next sync logs in" in fankuan(tmp_path, "sessions").stdout


def test_they_go_to_another_machine_by_a_file_and_a_key(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    keep_one(here)
    ledger = Ledger.open(settings(there / "var"), Clock())
    with ledger.begin() as tx:
        tx.merchants.save([merchant()])
    ledger.close()
    out = fankuan(here, "sessions", "export", tmp_path / "s.bin")
    assert out.returncode == 0, out.stderr
    key = out.stdout.strip()
    taken = fankuan(there, "sessions", "import", tmp_path / "s.bin", FANKUAN_TRANSFER_KEY=key)
    assert "1 of 1 sessions" in taken.stdout, taken.stderr
    assert [s["site"] for s in json.loads(fankuan(there, "sessions", "--json").stdout)["sessions"]] == ["taobao"]
    wrong = fankuan(there, "sessions", "import", tmp_path / "s.bin", FANKUAN_TRANSFER_KEY="x")
    assert (wrong.returncode, "does not open" in wrong.stderr) == (2, True)
    written = [p for p in tmp_path.rglob("*") if p.is_file() and key.encode() in p.read_bytes()]
    assert written == []
