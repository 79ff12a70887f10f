"""Sessions that go to another machine, and what does not open there."""

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.errors import UsageError
from agent.flows.session.transfer import pack, unpack
from agent.ledger import CarriedSession, Ledger
from tests.ledger.support import NOW, Clock, merchant, settings

STATE = SecretStr('{"cookie": "s-planted-1"}')


def carried(account: str = "m1/taobao", proven_at: datetime = NOW) -> CarriedSession:
    return CarriedSession(AccountKey.parse(account), NOW - timedelta(days=1), proven_at, STATE)


def test_what_is_packed_opens_with_its_key_alone(tmp_path: Path) -> None:
    key = pack(tmp_path / "s.bin", [carried(), carried("m1/jd/second")])
    assert unpack(tmp_path / "s.bin", key) == [carried(), carried("m1/jd/second")]
    assert b"s-planted-1" not in (tmp_path / "s.bin").read_bytes()
    assert stat.S_IMODE((tmp_path / "s.bin").stat().st_mode) == 0o600
    other = pack(tmp_path / "t.bin", [])
    for wrong in (other, SecretStr("no key"), SecretStr("")):
        with pytest.raises(UsageError, match="does not open with this key"):
            unpack(tmp_path / "s.bin", wrong)


def test_a_file_that_was_changed_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "s.bin"
    key = pack(path, [carried()])
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(UsageError, match="does not open"):
        unpack(path, key)


def test_no_file_is_written_over(tmp_path: Path) -> None:
    pack(tmp_path / "s.bin", [])
    with pytest.raises(UsageError, match="Name a new file"):
        pack(tmp_path / "s.bin", [carried()])
    with pytest.raises(UsageError, match="Correct the path"):
        unpack(tmp_path / "none.bin", SecretStr("x"))


def test_a_session_lives_on_in_another_ledger_with_its_age(tmp_path: Path) -> None:
    here, there = (Ledger.open(settings(tmp_path / name), Clock()) for name in ("here", "there"))
    try:
        for ledger in (here, there):
            with ledger.begin() as tx:
                tx.merchants.save([merchant()])
        with here.begin() as tx:
            tx.sessions.keep(AccountKey("m1", "taobao"), STATE, None)
        with here.read() as old, there.begin() as new:
            assert len(new.sessions.take_in(old.sessions.carry())) == 1
            (moved,), (was,) = new.sessions.known(), old.sessions.known()
        assert (moved.account.platform, moved.issued_at, moved.proven_at) == ("taobao", was.issued_at, was.proven_at)
        with there.read() as tx:
            found = tx.sessions.find(AccountKey("m1", "taobao"))
        assert found
        assert found.state == STATE
    finally:
        here.close()
        there.close()


def test_neither_a_strangers_nor_an_older_one_is_taken(tmp_path: Path) -> None:
    ledger = Ledger.open(settings(tmp_path), Clock())
    try:
        with ledger.begin() as tx:
            tx.merchants.save([merchant()])
        with ledger.begin() as tx:
            tx.sessions.keep(AccountKey("m1", "taobao"), SecretStr('{"cookie": "newer"}'), None)
        stranger, older = carried("m9/taobao"), carried(proven_at=NOW - timedelta(hours=1))
        with ledger.begin() as tx:
            assert tx.sessions.take_in([stranger, older]) == []
        with ledger.read() as tx:
            found = tx.sessions.find(AccountKey("m1", "taobao"))
        assert found
        assert "newer" in found.state.get_secret_value()
    finally:
        ledger.close()
