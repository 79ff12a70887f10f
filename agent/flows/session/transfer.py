"""Sessions on their way to another machine: a file that is sealed with a key of its own."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.ledger import CarriedSession

_FORM = "fankuan-sessions-1"


def pack(path: Path, carried: Sequence[CarriedSession]) -> SecretStr:
    """Write a new file, readable for its owner alone, and give the key that opens it.

    Raise UsageError if it cannot be written, or is there already.
    """
    key = Fernet.generate_key()
    told = [
        {
            "merchant": each.account.merchant_id,
            "site": each.account.platform,
            "label": each.account.label,
            "issued_at": each.issued_at.isoformat(),
            "proven_at": each.proven_at.isoformat(),
            "state": each.state.get_secret_value(),
        }
        for each in carried
    ]
    sealed = Fernet(key).encrypt(json.dumps({"form": _FORM, "sessions": told}).encode())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
    except OSError as error:
        text = error.strerror
        raise UsageError(
            Text(f"{path} cannot be written ({text}).", f"无法写入 {path}（{text}）。"),
            Text("Name a new file.", "请换个文件名。"),
        ) from None
    return SecretStr(key.decode())


def unpack(path: Path, key: SecretStr) -> list[CarriedSession]:
    """What `pack` wrote. Raise UsageError for another file, another key, and a file that was changed."""
    try:
        sealed = path.read_bytes()
        told = json.loads(Fernet(key.get_secret_value()).decrypt(sealed))
    except OSError as error:
        text = error.strerror
        raise UsageError(
            Text(f"{path} cannot be read ({text}).", f"无法读取 {path}（{text}）。"),
            Text("Correct the path.", "请更正路径。"),
        ) from None
    except (InvalidToken, ValueError):
        raise UsageError(
            Text(f"{path} does not open with this key.", f"该密钥无法解密 {path}。"),
            Text("Use the key that `fankuan sessions export` printed with it.", "请使用导出该文件时显示的密钥。"),
        ) from None
    try:
        return [_carried(each) for each in {_FORM: told["sessions"]}[told["form"]]]
    except (KeyError, TypeError, ValueError):
        raise UsageError(
            Text(f"{path} holds no sessions. Name what `fankuan sessions export` wrote.", f"{path} 中没有登录态。")
        ) from None


def _carried(told: dict[str, str]) -> CarriedSession:
    moments = [datetime.fromisoformat(told[name]) for name in ("issued_at", "proven_at")]
    if any(moment.tzinfo is None for moment in moments) or not isinstance(json.loads(told["state"]), dict):
        raise ValueError
    account = AccountKey(told["merchant"], told["site"], told.get("label", ""))
    return CarriedSession(account, moments[0], moments[1], SecretStr(told["state"]))
