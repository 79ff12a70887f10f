"""`fankuan backup` and `fankuan restore`: what is lost with a machine comes back, and nothing is overwritten."""

import shutil
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from agent.domain.errors import UsageError
from agent.ledger import Ledger
from agent.ledger.backup import restore_backup, write_backup
from agent.vault import make_private
from tests.fixtures.ledgers import put_ledger
from tests.ledger.support import PLANTED, Clock, account, merchant, order, settings
from tests.support.command import fankuan


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose ledger knows a merchant and an order."""
    put_ledger(tmp_path / "var")
    ledger = Ledger.open(settings(tmp_path / "var"), Clock())
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m1")])
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(account("m1").key, [order()])
    ledger.close()
    return tmp_path


def test_a_backup_comes_back_on_another_machine_with_its_key(home: Path) -> None:
    ledger = Ledger.open(settings(home / "var"), Clock())  # somebody works on it meanwhile
    made = fankuan(home, "backup", "b.zip")
    ledger.close()
    assert made.returncode == 0
    assert "vault.key" in made.stdout
    raw = (home / "b.zip").read_bytes()
    assert (home / "b.zip").stat().st_mode & 0o077 == 0
    assert (home / "var" / "vault.key").read_bytes().strip() not in raw
    there = home / "there"
    there.mkdir()
    shutil.copy(home / "var" / "vault.key", there)
    restored = fankuan(home, "restore", "b.zip", FANKUAN_DATA_DIR=str(there))
    assert (restored.returncode, restored.stdout) == (0, "Restored: 1 merchants.\n")
    told = fankuan(home, "orders", "--json", FANKUAN_DATA_DIR=str(there)).stdout
    assert str(order().order_no) in told
    opened = Ledger.open(settings(there), Clock())
    with opened.read() as tx:
        (known,) = tx.merchants.find(["m1"])
    assert known.backoffice.password.get_secret_value() == PLANTED[1]
    opened.close()


def test_nothing_is_overwritten(home: Path) -> None:
    assert fankuan(home, "backup", "b.zip").returncode == 0
    answer = fankuan(home, "restore", "b.zip")
    assert answer.returncode == 2
    assert "is not empty. Nothing was changed." in answer.stderr


@pytest.mark.parametrize("name", ["var/ledger.sqlite3", "var/vault.key", "merchants.xlsx"])
def test_a_backup_overwrites_an_older_backup_and_nothing_else(home: Path, name: str) -> None:
    (home / "merchants.xlsx").write_bytes(b"PK")
    before = (home / name).read_bytes()
    answer = fankuan(home, "backup", name)
    assert answer.returncode == 2
    assert "exists and is no backup. Nothing was written." in answer.stderr
    assert (home / name).read_bytes() == before
    assert [fankuan(home, "backup", "b.zip").returncode for _ in range(2)] == [0, 0]


def test_damage_anywhere_is_told(home: Path) -> None:
    write_backup(settings(home / "var"), home / "b.zip", Clock()())
    raw = (home / "b.zip").read_bytes()
    for place in range(400, 4000, 90):
        (home / "b.zip").write_bytes(raw[:place] + b"\xff" * 8 + raw[place + 8 :])
        with pytest.raises(UsageError, match="is no whole backup"):
            restore_backup(settings(home / "there"), home / "b.zip", Clock())


@pytest.mark.parametrize("damage", ["cut", "changed", "none"])
def test_what_is_no_whole_backup_is_refused(home: Path, damage: str) -> None:
    assert fankuan(home, "backup", "b.zip").returncode == 0
    raw = (home / "b.zip").read_bytes()
    middle = len(raw) // 2
    if damage == "none":
        (home / "b.zip").unlink()
    else:
        changed = raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]
        (home / "b.zip").write_bytes(raw[:middle] if damage == "cut" else changed)
    answer = fankuan(home, "restore", "b.zip", FANKUAN_DATA_DIR=str(home / "there"))
    assert answer.returncode == 2
    assert "is no whole backup" in answer.stderr
    assert not (home / "there").exists()


@pytest.mark.parametrize("key", ["missing", "another"])
def test_without_its_key_a_ledger_is_not_restored_and_all_is_as_it_was(home: Path, key: str) -> None:
    assert fankuan(home, "backup", "b.zip").returncode == 0
    there, file = home / "there", home / "there" / "vault.key"
    if key == "another":
        there.mkdir()
        file.write_text(Fernet.generate_key().decode(), encoding="ascii")
        file.chmod(0o600)
    before = file.read_bytes() if file.exists() else b""
    answer = fankuan(home, "restore", "b.zip", FANKUAN_DATA_DIR=str(there))
    assert (answer.returncode, "key" in answer.stderr) == (2, True)
    assert [path.name for path in there.glob("*")] == ([] if key == "missing" else ["vault.key"])
    assert there.exists() == (key == "another")
    shutil.copy(home / "var" / "vault.key", there if there.exists() else make_private(there))
    assert fankuan(home, "restore", "b.zip", FANKUAN_DATA_DIR=str(there)).returncode == 0
    assert before != file.read_bytes()


def test_without_a_ledger_nothing_is_written(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "backup", "b.zip")
    assert answer.returncode == 2
    assert "There is no ledger in" in answer.stderr
    assert not (tmp_path / "b.zip").exists()
