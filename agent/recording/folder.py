"""A recording as a folder: the answers (HAR), what was visited, what was replaced, and what a replay is to find."""

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.recording.cleaning import Raw
from agent.recording.disguise import Replacement
from agent.recording.exchange import Exchange

HAR, FACTS, REPLACED, EXPECTED = "recording.har", "recording.json", "replacements.csv", "expected.json"
SCHEMA = 1


def check_new(folder: Path) -> None:
    """Raise UsageError for a folder that holds something already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            Text(f"{folder} holds something already.", f"{folder} 已有内容。"),
            Text("Name a new folder with --out.", "请用 --out 指定新的文件夹。"),
        )


def write_folder(folder: Path, clean: Raw, replacements: Sequence[Replacement]) -> None:
    """Write a recording in one piece, readable for its owner alone. Raise UsageError if it cannot be written."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            (made / HAR).write_text(_har(clean.exchanges), encoding="utf-8", errors="backslashreplace")
            facts = _json({"schema": SCHEMA, **clean.facts})
            (made / FACTS).write_text(facts, encoding="utf-8", errors="backslashreplace")
            (made / REPLACED).write_text(_listing(replacements), encoding="utf-8-sig")
            if folder.exists():
                folder.rmdir()
            made.replace(folder)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except OSError as error:
        raise UsageError(
            Text(f"{folder} cannot be written ({error.strerror}).", f"{folder} 无法写入（{error.strerror}）。")
        ) from error


def read_folder(folder: Path) -> Raw:
    """The recording in a folder. Raise UsageError for anything else."""
    try:
        har = json.loads((folder / HAR).read_text(encoding="utf-8"))
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        exchanges = tuple(Exchange.of_har(entry) for entry in har["log"]["entries"])
        schema = facts["schema"]
    except OSError as error:
        raise unusable(folder, error.strerror or str(error)) from error
    except (KeyError, TypeError, ValueError) as error:
        raise unusable(folder, f"{type(error).__name__}: {error}"[:120]) from error
    if schema != SCHEMA:
        raise unusable(folder, f"schema {schema}")
    return Raw(exchanges, facts)


def unusable(folder: Path, why: str) -> UsageError:
    """What is raised for a folder that cannot be replayed."""
    return UsageError(
        Text(f"{folder} is no recording ({why}).", f"{folder} 不是录制文件夹（{why}）。"),
        Text("Make one with `fankuan record`.", "请用 `fankuan record` 录制。"),
    )


def read_expected(folder: Path) -> dict[str, Any] | None:
    """What a replay is to find; None if none was made yet. Raise UsageError if it cannot be read."""
    try:
        told: dict[str, Any] = json.loads((folder / EXPECTED).read_text(encoding="utf-8"))
        return told
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UsageError(
            Text(f"{folder / EXPECTED} cannot be read ({error}).", f"{folder / EXPECTED} 无法读取（{error}）。"),
            Text("Delete it, and replay again.", "请删除后重新回放。"),
        ) from error


def write_expected(folder: Path, expected: dict[str, Any]) -> Path:
    """Keep what a replay is to find. Return its place."""
    path = folder / EXPECTED
    path.write_text(_json(expected), encoding="utf-8")
    return path


def _har(exchanges: Sequence[Exchange]) -> str:
    entries = [e.to_har() for e in exchanges]
    return _json({"log": {"version": "1.2", "creator": {"name": "fankuan", "version": "1"}, "entries": entries}})


def _listing(replacements: Sequence[Replacement]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["kind", "replaced by", "times", "where first", "context"])
    for each in replacements:
        row = (each.kind.value, each.by, each.count, each.where, each.context)
        writer.writerow([f"'{c}" if str(c)[:1] in "=+-@" else c for c in row])
    return out.getvalue()


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
