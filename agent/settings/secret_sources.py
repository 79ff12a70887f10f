"""Secrets that the settings only point to: in the environment, in a file, from a command, in the system's keyring."""

import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from agent.domain.text import Text
from agent.settings.problems import Problem

_COMMAND_SECONDS = 20
Tree = dict[str, Any]
Keys = tuple[int | str, ...]


class _NotThere(Exception):
    """`reason` and `cure` tell why a source gives nothing; neither holds a secret."""

    def __init__(self, reason: Text, cure: Text) -> None:
        super().__init__(reason.en)
        self.reason, self.cure = reason, cure


def resolve(tree: Tree, folder: Path, place: Callable[[Keys], str]) -> list[Problem]:
    """Put secrets in the places of the tables that name their source, and give what is wrong with those.

    `folder` is what the paths of files are relative to; `place` names a key for the operator.
    """
    problems = []
    for at, name, keys in _secrets(tree):
        told = at[name]
        if isinstance(told, dict):
            try:
                at[name] = _fetched(told, folder)
            except _NotThere as error:
                problems.append(Problem(place(keys), error.reason, error.cure))
                at.pop(name)
    return problems


def _secrets(tree: Tree) -> Iterator[tuple[Tree, str, Keys]]:
    for name in ("database_url", "vault_key"):
        if name in tree:
            yield tree, name, (name,)
    store = tree.get("evidence_store")
    if isinstance(store, dict) and "secret_access_key" in store:
        yield store, "secret_access_key", ("evidence_store", "secret_access_key")
    channels = tree.get("notify")
    for index, channel in enumerate(channels if isinstance(channels, list) else []):
        for name in ("url", "secret"):
            if isinstance(channel, dict) and name in channel:
                yield channel, name, ("notify", index, name)


def _fetched(told: Tree, folder: Path) -> str:
    if len(told) != 1 or (kind := next(iter(told))) not in _KINDS:
        raise _NotThere(
            Text("names no source of a secret", "没有指明密钥来源"),
            Text(
                'Write one of { env = "NAME" }, { file = "path" }, { command = ["pass", "show", "x"] } and '
                '{ keyring = "service/user" }.',
                '请写 { env = "变量名" }、{ file = "路径" }、{ command = ["pass", "show", "x"] } 或'
                ' { keyring = "服务/用户" } 之一。',
            ),
        )
    value = _KINDS[kind](told[kind], folder)
    if not value.strip():
        raise _NotThere(Text("is empty at its source", "来源为空"), Text("Put the secret there.", "请在来源处填写。"))
    return value.strip()


def _of_environment(name: object, _: Path) -> str:
    if not isinstance(name, str):
        raise _NotThere(Text("names no variable", "没有写明环境变量"), Text("Write it in quotes.", "请加引号。"))
    value = os.environ.get(name)
    if value is None:
        raise _NotThere(
            Text(f"points to the variable {name}, which is not set", f"指向的环境变量 {name} 未设置"),
            Text("Set it before the start.", "请在启动前设置。"),
        )
    return value


def _of_file(name: object, folder: Path) -> str:
    try:
        path = folder / Path(str(name)).expanduser()
    except RuntimeError:
        raise _NotThere(
            Text("points to the home of a user who is not known", "指向未知用户的主目录"),
            Text("Correct the path.", "请更正路径。"),
        ) from None
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if os.name == "posix" and mode & 0o077:
            raise _NotThere(
                Text(f"points to {path}, which other users can read", f"指向的文件 {path} 可被其他用户读取"),
                Text(f"Run: chmod 600 '{path}'", f"请执行：chmod 600 '{path}'"),
            )
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise _NotThere(
            Text(f"points to {path}, which cannot be read", f"指向的文件 {path} 无法读取"),
            Text("Correct the path, or the rights.", "请更正路径或权限。"),
        ) from None


def _of_command(told: object, folder: Path) -> str:
    words = [str(word) for word in told] if isinstance(told, list) else []
    if not words:
        raise _NotThere(
            Text("names no command", "没有写明命令"),
            Text('Write it as a list: ["pass", "show", "x"].', '请写成列表：["pass", "show", "x"]。'),
        )
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=True, cwd=folder)
    except (OSError, subprocess.SubprocessError, ValueError):
        # What it printed is not repeated: it may be half a secret.
        raise _NotThere(
            Text(f"points to the command “{words[0]}”, which failed", f"指向的命令“{words[0]}”执行失败"),
            Text("Run it by hand and see why.", "请手动运行该命令查看原因。"),
        ) from None
    return done.stdout


def _of_keyring(told: object, _: Path) -> str:
    service, _slash, user = str(told).partition("/")
    try:
        value = import_module("keyring").get_password(service, user or "fankuan")
    except ImportError:
        raise _NotThere(
            Text("points to the keyring, for which a package is missing", "指向系统钥匙串，但缺少相应的软件包"),
            Text("Install it: pip install keyring", "请安装：pip install keyring"),
        ) from None
    except Exception as error:  # noqa: BLE001 - each system's keyring has errors of its own
        raise _NotThere(
            Text(f"points to the keyring, which failed ({type(error).__name__})", "指向系统钥匙串，但读取失败"),
            Text("Unlock it, or use another source.", "请解锁钥匙串，或改用其他来源。"),
        ) from None
    if value is None:
        raise _NotThere(
            Text(f"points to “{told}” of the keyring, which is not there", f"钥匙串中没有“{told}”"),
            Text(
                f"Put it there: keyring set {service} {user or 'fankuan'}",
                f"请写入：keyring set {service} {user or 'fankuan'}",
            ),
        )
    return str(value)


_KINDS: dict[str, Callable[[object, Path], str]] = {
    "env": _of_environment,
    "file": _of_file,
    "command": _of_command,
    "keyring": _of_keyring,
}
