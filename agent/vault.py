"""Secrets at rest (密钥库): sealed with Fernet, each bound to what it is for."""

import json
import os
import secrets
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from agent.domain.key_errors import (
    FolderNotMade,
    KeyExposed,
    KeyLost,
    KeyMalformed,
    KeyUnreadable,
    SealedForOther,
    WrongKey,
)

KEY_FILE = "vault.key"


class HasKey(Protocol):
    """The settings that the vault reads."""

    @property
    def data_dir(self) -> Path:
        """The folder of the key file."""

    @property
    def vault_key(self) -> SecretStr | None:
        """Fernet keys, parted by commas, or None for those in the key file."""


class Vault:
    """Seals with the first key and opens with any of them, so that a key can be replaced step by step."""

    def __init__(self, keys: Sequence[SecretStr], source: str = "FANKUAN_VAULT_KEY") -> None:
        """Take Fernet keys; `source` is where they came from. Raise UsageError for a malformed key or none."""
        self._source = source
        try:
            self._fernet = MultiFernet([Fernet(k.get_secret_value()) for k in keys])
        except ValueError as error:
            raise KeyMalformed(source) from error

    @classmethod
    def of(cls, settings: HasKey, *, sealed_before: bool = False) -> Self:
        """The vault of the settings' key, else of the key file in `data_dir`, which is made at first use.

        `sealed_before`: sealed values exist, so that a missing key file must not be replaced by a new one.
        Raise UsageError for a key or key file that cannot be used.
        """
        if settings.vault_key is not None:
            return cls(_split(settings.vault_key.get_secret_value(), ","))
        path = settings.data_dir / KEY_FILE
        if not path.exists():
            if sealed_before:
                raise KeyLost(path)
            _make_key_file(path)
        return cls(_split(_read_key_file(path), None), str(path))

    def seal(self, purpose: str, secret: SecretStr) -> str:
        """A token that only `open` with the same purpose turns back into `secret`."""
        inside = json.dumps([purpose, secret.get_secret_value()])
        return self._fernet.encrypt(inside.encode()).decode()

    def open(self, purpose: str, token: str) -> SecretStr:
        """The sealed secret. Raise UsageError for another key, a damaged token, or one sealed for another purpose."""
        try:
            sealed_for, secret = json.loads(self._fernet.decrypt(token.encode()))
        except InvalidToken as error:
            raise WrongKey(purpose, self._source) from error
        if sealed_for != purpose:
            raise SealedForOther(purpose)
        return SecretStr(secret)

    def renew(self, token: str) -> str:
        """The same secret sealed with the first key. Raise UsageError if no key opens the token."""
        try:
            return self._fernet.rotate(token.encode()).decode()
        except InvalidToken as error:
            raise WrongKey("?", self._source) from error


def put_new_key(data_dir: Path) -> Path:
    """Put a new key before the one in the key file, which goes on opening what it sealed; older ones are left out.

    Raise UsageError if the file cannot be used. It is replaced in one step: no moment is without a whole file.
    """
    path = data_dir / KEY_FILE
    newest = _read_key_file(path).split()[0]
    _write_key_file(path, f"{Fernet.generate_key().decode()}\n{newest}\n", os.replace)
    return path


def make_private(folder: Path) -> Path:
    """Make `folder` if it is missing, readable by its owner alone. Raise UsageError if that is impossible."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderNotMade(folder, error) from error
    return folder


def _split(keys: str, separator: str | None) -> list[SecretStr]:
    return [SecretStr(key.strip()) for key in keys.split(separator)]


def _make_key_file(path: Path) -> None:
    # Linked, not moved: of two processes that start together one wins.
    _write_key_file(path, f"{Fernet.generate_key().decode()}\n", os.link)


def _write_key_file(path: Path, keys: str, put: Callable[[Path, Path], None]) -> None:
    # Written aside, so that nobody sees half a key.
    aside = make_private(path.parent) / f".{KEY_FILE}.{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(keys.encode())
            file.flush()
            os.fsync(file.fileno())
        put(aside, path)
    except FileExistsError:
        return
    except OSError as error:
        raise KeyUnreadable(path, error) from error
    finally:
        aside.unlink(missing_ok=True)


def _read_key_file(path: Path) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if os.name == "posix" and mode & 0o077:
            raise KeyExposed(path, mode)
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnreadable(path, error) from error
