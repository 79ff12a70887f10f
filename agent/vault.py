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

from agent.domain.errors import UsageError
from agent.domain.text import Text

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
            raise _malformed(source) from error

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
                raise _lost(path)
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
            raise _wrong_key(purpose, self._source) from error
        if sealed_for != purpose:
            raise _swapped(purpose)
        return SecretStr(secret)

    def renew(self, token: str) -> str:
        """The same secret sealed with the first key. Raise UsageError if no key opens the token."""
        try:
            return self._fernet.rotate(token.encode()).decode()
        except InvalidToken as error:
            raise _wrong_key("?", self._source) from error


def put_new_key(data_dir: Path) -> Path:
    """Put a new key before the one in the key file, which goes on opening what it sealed; older ones are left out.

    Raise UsageError if the file cannot be used. It is replaced in one step: no moment is without a whole file.
    """
    path = data_dir / KEY_FILE
    newest = _read_key_file(path).split()[0]
    _write_key_file(path, f"{Fernet.generate_key().decode()}\n{newest}\n", os.replace)
    return path


def make_private(folder: Path) -> Path:
    """Make `folder` readable by its owner alone, where it is missing. Raise UsageError if that is impossible."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _no_folder(folder, error) from error
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
        raise _unreadable(path, error) from error
    finally:
        aside.unlink(missing_ok=True)


def _read_key_file(path: Path) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if os.name == "posix" and mode & 0o077:
            raise _exposed(path, mode)
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _malformed(source: str) -> UsageError:
    return UsageError(
        Text(
            f"{source} holds no usable key: it must be 32 random bytes in URL-safe base64 (44 characters).",
            f"{source} 中没有可用的密钥：应为 32 个随机字节的 URL 安全 base64（44 个字符）。",
        ),
        Text(
            "Put the key back from your backup. Only if nothing was sealed yet, remove it: a new key is made "
            "at the next start.",
            "请从备份恢复密钥；仅当尚未保存任何加密数据时才可删除，下次启动会生成新密钥。",
        ),
    )


def _lost(path: Path) -> UsageError:
    return UsageError(
        Text(
            f"The key file {path} is missing, but the ledger holds passwords that were sealed with it.",
            f"缺少密钥文件 {path}，而台账中已有用它加密的密码。",
        ),
        Text(
            "Put it back from your backup, or set FANKUAN_VAULT_KEY to that key. Without it the merchants "
            "must be imported anew into an empty data directory.",
            "请从备份恢复，或将该密钥设为 FANKUAN_VAULT_KEY；若已丢失，只能在空的数据目录中重新导入商家。",
        ),
    )


def _exposed(path: Path, mode: int) -> UsageError:
    return UsageError(
        Text(
            f"The key file {path} can be read by other users (mode {mode:04o}).",
            f"密钥文件 {path} 可被其他用户读取（权限 {mode:04o}）。",
        ),
        Text(f"Run: chmod 600 '{path}'", f"请执行：chmod 600 '{path}'"),
    )


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> UsageError:
    text = error.strerror if isinstance(error, OSError) else "not text"
    return UsageError(
        Text(f"The key file {path} cannot be read or made ({text}).", f"无法读取或创建密钥文件 {path}（{text}）。"),
        Text("Correct the owner and mode of it and its folder.", "请修正该文件及其目录的所有者和权限。"),
    )


def _no_folder(folder: Path, error: OSError) -> UsageError:
    return UsageError(
        Text(
            f"The folder {folder} cannot be made ({error.strerror}).",
            f"无法创建目录 {folder}（{error.strerror}）。",
        ),
        Text(
            "Choose another one with `data_dir` or FANKUAN_DATA_DIR.",
            "请用 data_dir 或 FANKUAN_DATA_DIR 指定其他目录。",
        ),
    )


def _wrong_key(purpose: str, source: str) -> UsageError:
    return UsageError(
        Text(
            f"The sealed value “{purpose}” cannot be opened with the key from {source}: it was sealed with "
            "another key, or damaged.",
            f"无法用 {source} 的密钥解开“{purpose}”：它由另一把密钥加密，或已损坏。",
        ),
        Text(
            "Use the key that it was sealed with; several keys may be given, the newest first.",
            "请使用当时的密钥；可同时提供多把密钥，最新的在前。",
        ),
    )


def _swapped(purpose: str) -> UsageError:
    return UsageError(
        Text(
            f"The sealed value “{purpose}” was sealed for something else: the ledger was changed from outside.",
            f"“{purpose}”的加密值原本用于其他用途：台账被外部改动过。",
        ),
        Text("Import the merchants again, and find out who changed it.", "请重新导入商家，并查明是谁改动的。"),
    )
