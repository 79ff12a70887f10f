"""A copy of the ledger in one file, made while others work on it, and put back if there is none."""

import hashlib
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from agent import __version__
from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.files import write_whole
from agent.ledger.engine import FILE
from agent.ledger.ledger import Ledger
from agent.settings import Settings
from agent.vault import KEY_FILE, make_private

_MANIFEST = "manifest.json"
_KIND = "fankuan backup"


def write_backup(settings: Settings, file: Path, now: datetime) -> int:
    """Write the ledger as it is at this moment into the new `file`, and return its size in bytes. `now` is aware.

    The key is not in it: what is sealed stays sealed. Raise UsageError if the ledger is no file of this machine.
    """
    ledger = settings.data_dir / FILE
    if settings.database_url is not None:
        raise UsageError(
            Text("The ledger is in PostgreSQL.", "台账保存在 PostgreSQL 中。"),
            Text("Use pg_dump, and pg_restore to put it back.", "请用 pg_dump 备份，用 pg_restore 恢复。"),
        )
    if not ledger.exists():
        raise UsageError(Text(f"There is no ledger in {settings.data_dir}.", f"{settings.data_dir} 中没有台账。"))
    copy = file.with_name(f"{file.name}.ledger")
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(ledger)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        manifest = {
            "kind": _KIND,
            "schema": 1,
            "version": __version__,
            "made_at": now.isoformat(timespec="seconds"),
            "sha256": hashlib.sha256(copy.read_bytes()).hexdigest(),
        }
        file.touch(mode=0o600)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(_MANIFEST, json.dumps(manifest, indent=2))
            packed.write(copy, FILE)
    finally:
        copy.unlink(missing_ok=True)
    return file.stat().st_size


def check_target(file: Path) -> None:
    """Raise UsageError if a backup in that place would overwrite anything but an older backup."""
    if file.is_file():
        try:
            _ledger_in(file)
        except UsageError:
            raise UsageError(
                Text(
                    f"{file} exists and is no backup. Nothing was written.",
                    f"{file} 已存在且不是备份，未写入任何内容。",
                ),
                Text("Name another file.", "请指定其他文件。"),
            ) from None


def restore_backup(settings: Settings, file: Path, clock: Callable[[], datetime]) -> int:
    """Put the ledger of a backup into the data directory of `settings`, which may hold the key and nothing else.

    It is opened once with the key; return how many merchants it holds. Raise UsageError if the directory holds anything
    else, if the file is no whole backup, and if the ledger cannot be opened: all is as it was before then.
    """
    folder = settings.data_dir
    if settings.database_url is not None:
        raise UsageError(
            Text("database_url is set.", "已设置 database_url。"),
            Text("Take it out of the settings for this.", "恢复前请从设置中删除。"),
        )
    if folder.exists() and {path.name for path in folder.iterdir()} - {KEY_FILE}:
        raise UsageError(
            Text(f"{folder} is not empty. Nothing was changed.", f"{folder} 不为空，未做任何更改。"),
            Text("Name an empty data_dir; it may hold vault.key.", "请指定空的 data_dir（可含 vault.key）。"),
        )
    raw = _ledger_in(file)
    with _all_or_nothing(folder):
        write_whole(make_private(folder) / FILE, partial(_write_private, raw=raw))
        ledger = Ledger.open(settings, clock)
        try:
            with ledger.read() as tx:
                return len(tx.merchants.ids())
        finally:
            ledger.close()


def _write_private(file: Path, raw: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(raw)


@contextmanager
def _all_or_nothing(folder: Path) -> Iterator[None]:
    """Take away what the block has put into `folder`, and a folder that it has made, if it does not come to its end."""
    was_there = folder.exists()
    before = {path.name for path in folder.iterdir()} if was_there else set()
    try:
        yield
    except BaseException:
        for path in [p for p in folder.iterdir() if p.name not in before] if folder.exists() else ():
            path.unlink()
        if not was_there and folder.exists():
            folder.rmdir()
        raise


def _ledger_in(file: Path) -> bytes:
    try:
        with zipfile.ZipFile(file) as packed:
            manifest, raw = json.loads(packed.read(_MANIFEST)), packed.read(FILE)
    except (OSError, KeyError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise _no_backup(file) from error
    if (
        not isinstance(manifest, dict)
        or manifest.get("kind") != _KIND
        or manifest.get("sha256") != hashlib.sha256(raw).hexdigest()
    ):
        raise _no_backup(file)
    return raw


def _no_backup(file: Path) -> UsageError:
    return UsageError(
        Text(f"{file} is no whole backup of fankuan.", f"{file} 不是完整的 fankuan 备份文件。"),
        Text("Name a file that `fankuan backup` wrote.", "请指定 `fankuan backup` 生成的文件。"),
    )
