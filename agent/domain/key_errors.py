"""What can be wrong with the key of the vault, and with what it sealed: the facts, and how people are told of them."""

from pathlib import Path

from agent.domain.errors import UsageError
from agent.domain.text import Text


class KeyMalformed(UsageError):
    """What stands at `source` is no Fernet key."""

    def __init__(self, source: str) -> None:
        """`source` is a file, or the variable FANKUAN_VAULT_KEY."""
        self.source = source
        super().__init__(
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


class KeyLost(UsageError):
    """The ledger holds sealed values, and the key file is gone."""

    def __init__(self, path: Path) -> None:
        """`path` is where the key file should be."""
        self.path = path
        super().__init__(
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


class KeyExposed(UsageError):
    """Others than its owner can read the key file."""

    def __init__(self, path: Path, mode: int) -> None:
        """`mode` is that of the file, as chmod takes it."""
        self.path, self.mode = path, mode
        super().__init__(
            Text(
                f"The key file {path} can be read by other users (mode {mode:04o}).",
                f"密钥文件 {path} 可被其他用户读取（权限 {mode:04o}）。",
            ),
            Text(f"Run: chmod 600 '{path}'", f"请执行：chmod 600 '{path}'"),
        )


class KeyUnreadable(UsageError):
    """The key file cannot be read, made or replaced."""

    def __init__(self, path: Path, error: OSError | UnicodeDecodeError) -> None:
        """`error` is what the system said."""
        self.path = path
        text = error.strerror if isinstance(error, OSError) else "not text"
        super().__init__(
            Text(f"The key file {path} cannot be read or made ({text}).", f"无法读取或创建密钥文件 {path}（{text}）。"),
            Text("Correct the owner and mode of it and its folder.", "请修正该文件及其目录的所有者和权限。"),
        )


class FolderNotMade(UsageError):
    """The folder of the data cannot be made."""

    def __init__(self, folder: Path, error: OSError) -> None:
        """`error` is what the system said."""
        self.folder = folder
        super().__init__(
            Text(
                f"The folder {folder} cannot be made ({error.strerror}).",
                f"无法创建目录 {folder}（{error.strerror}）。",
            ),
            Text(
                "Choose another one with `data_dir` or FANKUAN_DATA_DIR.",
                "请用 data_dir 或 FANKUAN_DATA_DIR 指定其他目录。",
            ),
        )


class WrongKey(UsageError):
    """No key that is given opens a sealed value."""

    def __init__(self, purpose: str, source: str) -> None:
        """`purpose` is what the value is for, `source` where the keys came from."""
        self.purpose, self.source = purpose, source
        super().__init__(
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


class SealedForOther(UsageError):
    """A sealed value stands where another one belongs."""

    def __init__(self, purpose: str) -> None:
        """`purpose` is what the value should be for."""
        self.purpose = purpose
        super().__init__(
            Text(
                f"The sealed value “{purpose}” was sealed for something else: the ledger was changed from outside.",
                f"“{purpose}”的加密值原本用于其他用途：台账被外部改动过。",
            ),
            Text("Import the merchants again, and find out who changed it.", "请重新导入商家，并查明是谁改动的。"),
        )
