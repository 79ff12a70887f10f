import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.errors import UsageError
from agent.ledger import Ledger
from tests.ledger.support import PLANTED, Clock, merchant, settings
from tests.support.command import fankuan

STATE = SecretStr('{"cookie": "s-1"}')


def keep(folder: Path) -> None:
    ledger = Ledger.open(settings(folder / "var"), Clock())
    with ledger.begin() as tx:
        tx.merchants.save([merchant()])
    with ledger.begin() as tx:
        tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None)
    ledger.close()


def assert_opens(folder: Path) -> None:
    ledger = Ledger.open(settings(folder / "var"), Clock())
    with ledger.read() as tx:
        (one,) = tx.merchants.find()
    with ledger.read() as tx:
        session = tx.sessions.find(AccountKey("m1", "taobao"))
    ledger.close()
    assert one.backoffice.password.get_secret_value() == PLANTED[1]
    assert session is not None
    assert session.state == STATE


def test_everything_is_sealed_with_a_new_key_and_the_one_before_opens_nothing_any_more(tmp_path: Path) -> None:
    keep(tmp_path)
    path = tmp_path / "var" / "vault.key"
    old = path.read_text()
    answer = fankuan(tmp_path, "vault", "rotate")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("5 secrets are sealed")
    new = path.read_text().split()
    assert new[1] == old.strip() != new[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text(new[0])
    assert_opens(tmp_path)
    path.write_text(old)
    with pytest.raises(UsageError, match="cannot be opened with the key"):
        assert_opens(tmp_path)
    assert all(key not in answer.stdout + answer.stderr for key in (old.strip(), new[0]))


def test_a_second_rotation_leaves_out_the_oldest_key(tmp_path: Path) -> None:
    keep(tmp_path)
    path = tmp_path / "var" / "vault.key"
    first = path.read_text().strip()
    fankuan(tmp_path, "vault", "rotate")
    fankuan(tmp_path, "vault", "rotate")
    assert first not in path.read_text()
    assert_opens(tmp_path)


def test_keys_of_the_environment_are_the_operators_to_change(tmp_path: Path) -> None:
    keep(tmp_path)
    old, new = (tmp_path / "var" / "vault.key").read_text().strip(), Fernet.generate_key().decode()
    answer = fankuan(tmp_path, "vault", "rotate", FANKUAN_VAULT_KEY=f"{new},{old}")
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "var" / "vault.key").read_text().strip() == old
    (tmp_path / "var" / "vault.key").write_text(new)
    assert_opens(tmp_path)


def test_a_key_that_does_not_fit_is_not_replaced(tmp_path: Path) -> None:
    keep(tmp_path)
    path = tmp_path / "var" / "vault.key"
    wrong = Fernet.generate_key().decode()
    path.write_text(wrong)
    answer = fankuan(tmp_path, "vault", "rotate")
    assert (answer.returncode, path.read_text()) == (2, wrong)
