"""The vault: what goes in comes out for the same purpose and key alone, and no key is ever lost by a start."""

import base64
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from agent.domain.errors import UsageError
from agent.vault import KEY_FILE, Vault, make_private


@dataclass
class Config:
    """Just the settings that the vault reads."""

    data_dir: Path
    vault_key: SecretStr | None = None


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(tmp_path / "var")


@pytest.fixture(autouse=True)
def _wide_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def new_key() -> SecretStr:
    return SecretStr(Fernet.generate_key().decode())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


VAULT = Vault([new_key()])
WORDS = st.text(st.characters(codec="utf-8"))


class TestSealing:
    @given(WORDS, WORDS)
    def test_opens_what_it_sealed(self, purpose: str, secret: str) -> None:
        assert VAULT.open(purpose, VAULT.seal(purpose, SecretStr(secret))).get_secret_value() == secret

    @given(WORDS, WORDS)
    def test_refuses_a_token_of_another_purpose(self, purpose: str, other: str) -> None:
        token = VAULT.seal(purpose, SecretStr("x"))
        if purpose != other:
            with pytest.raises(UsageError, match="sealed for something else"):
                VAULT.open(other, token)

    def test_a_purpose_cannot_be_continued_by_the_secret(self) -> None:
        token = VAULT.seal("account-password|m1", SecretStr("|taobao-secret"))
        with pytest.raises(UsageError):
            VAULT.open("account-password|m1|taobao", token)

    @given(st.data())
    def test_refuses_a_token_that_was_changed_anywhere(self, data: st.DataObject) -> None:
        raw = bytearray(base64.urlsafe_b64decode(VAULT.seal("p", SecretStr("secret"))))
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
        with pytest.raises(UsageError, match="damaged"):
            VAULT.open("p", base64.urlsafe_b64encode(bytes(raw)).decode())

    @pytest.mark.parametrize("token", ["", "hunter2", "密码", "gAAAA"])
    def test_refuses_what_is_no_token(self, token: str) -> None:
        with pytest.raises(UsageError):
            VAULT.open("p", token)

    def test_the_same_secret_never_looks_the_same(self) -> None:
        assert VAULT.seal("p", SecretStr("x")) != VAULT.seal("p", SecretStr("x"))

    def test_an_error_shows_neither_secret_nor_key(self) -> None:
        key = new_key()
        token = Vault([key]).seal("account-password|m1|taobao", SecretStr("hunter2"))
        with pytest.raises(UsageError) as caught:
            VAULT.open("account-password|m1|taobao", token)
        text = caught.value.text.en + caught.value.text.zh
        assert "account-password|m1|taobao" in text
        assert "hunter2" not in text
        assert key.get_secret_value() not in text


class TestSeveralKeys:
    def test_the_first_seals_and_all_open(self) -> None:
        old, new = new_key(), new_key()
        token = Vault([old]).seal("p", SecretStr("x"))
        both = Vault([new, old])
        assert both.open("p", token).get_secret_value() == "x"
        assert Vault([new]).open("p", both.seal("p", SecretStr("y"))).get_secret_value() == "y"
        with pytest.raises(UsageError):
            Vault([new]).open("p", token)

    def test_settings_part_them_by_commas(self, config: Config) -> None:
        old, new = new_key(), new_key()
        token = Vault([old]).seal("p", SecretStr("x"))
        config.vault_key = SecretStr(f"{new.get_secret_value()}, {old.get_secret_value()}")
        assert Vault.of(config).open("p", token).get_secret_value() == "x"

    def test_the_key_file_holds_one_a_line(self, config: Config) -> None:
        token = Vault.of(config).seal("p", SecretStr("x"))
        path = config.data_dir / KEY_FILE
        path.write_text(f"{new_key().get_secret_value()}\n{path.read_text()}")
        assert Vault.of(config).open("p", token).get_secret_value() == "x"


class TestKeyFile:
    def test_is_made_at_first_use_for_its_owner_alone(self, config: Config) -> None:
        token = Vault.of(config).seal("p", SecretStr("x"))
        assert mode(config.data_dir / KEY_FILE) == 0o600
        assert mode(config.data_dir) == 0o700
        assert Vault.of(config, sealed_before=True).open("p", token).get_secret_value() == "x"
        assert [p.name for p in config.data_dir.iterdir()] == [KEY_FILE]

    def test_is_not_made_where_the_settings_bring_a_key(self, config: Config) -> None:
        config.vault_key = new_key()
        Vault.of(config)
        assert not config.data_dir.exists()

    @pytest.mark.parametrize("wrong", [0o640, 0o604, 0o660, 0o644, 0o620])
    def test_is_refused_where_others_have_rights(self, config: Config, wrong: int) -> None:
        Vault.of(config)
        path = config.data_dir / KEY_FILE
        path.chmod(wrong)
        with pytest.raises(UsageError, match=f"{wrong:04o}.*chmod 600"):
            Vault.of(config)

    def test_is_not_replaced_where_sealed_values_exist(self, config: Config) -> None:
        with pytest.raises(UsageError, match="missing, but the ledger holds"):
            Vault.of(config, sealed_before=True)
        assert not config.data_dir.exists()

    @pytest.mark.parametrize("content", ["", "\n", "short", "Zm9vYmFy", "密钥", "a" * 44])
    def test_that_is_malformed_is_refused_and_left_alone(self, config: Config, content: str) -> None:
        path = make_private(config.data_dir) / KEY_FILE
        path.write_text(content)
        path.chmod(0o600)
        with pytest.raises(UsageError, match=str(path)):
            Vault.of(config)
        assert path.read_text() == content

    def test_that_is_a_folder_is_refused(self, config: Config) -> None:
        (config.data_dir / KEY_FILE).mkdir(parents=True, mode=0o700)
        with pytest.raises(UsageError, match="cannot be read"):
            Vault.of(config)

    @pytest.mark.parametrize("key", ["", " ", "short", ","])
    def test_a_malformed_key_of_the_settings_is_not_replaced_by_the_file(self, config: Config, key: str) -> None:
        Vault.of(config)
        config.vault_key = SecretStr(key)
        with pytest.raises(UsageError, match="FANKUAN_VAULT_KEY holds no usable key"):
            Vault.of(config)

    def test_a_data_dir_below_a_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(UsageError, match="FANKUAN_DATA_DIR"):
            Vault.of(Config(tmp_path / "file" / "var"))

    def test_those_that_start_together_agree_on_one_key(self, config: Config) -> None:
        with ThreadPoolExecutor(8) as pool:
            tokens = list(pool.map(_seal_in, [config.data_dir] * 24))
        vault = Vault.of(config)
        assert {vault.open("p", t).get_secret_value() for t in tokens} == {"x"}


def _seal_in(folder: Path) -> str:
    return Vault.of(Config(folder)).seal("p", SecretStr("x"))
