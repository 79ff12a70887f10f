"""What of the evidence and the logs is kept no longer (保留期限), and how it goes."""

import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from agent.domain.accounts import AccountKey
from agent.domain.orders import SHANGHAI
from agent.evidence.recorder import folder_of
from agent.ledger import Ledger
from agent.ledger.run_values import RunEvidence
from agent.settings import Settings

GB = 1_000_000_000
_RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
_LOG = "fankuan.*.log"  # the one that is written to is fankuan.log
_OURS = (".png", ".jsonl", ".part", "-trace.zip", "-failure.txt")
_STEPS = "steps.jsonl"
# Somebody may be looking at it, or a run that was not ended may still be at work.
_FRESH, _SURELY_DEAD = timedelta(days=1), timedelta(days=7)


class Kind(StrEnum):
    """What something was kept for."""

    IDLE = "idle"
    MONEY = "money"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Expired:
    """What is kept no longer: the folder of a run, or a log. `size` is the sum of its files in bytes."""

    kind: Kind
    path: Path
    at: datetime
    files: tuple[Path, ...]
    size: int


def find_expired(settings: Settings, ledger: Ledger, now: datetime) -> list[Expired]:
    """Return what [retention] lets go at the aware moment `now`, oldest first of each kind.

    Of pictures only those in the folder of the settings are found, and only of runs that this ledger knows and in which
    nothing is in doubt. Money's are found by age alone.
    """
    folders = dict(_run_folders(settings.evidence_dir))
    with ledger.read() as tx:
        known = tx.evidence.of_runs(folders)
    kept = [_kept(folders[run.run_id], run) for run in known if _is_over(run, now)]
    by_age = sorted((each for each in kept if each.files), key=lambda each: each.at)
    money = [each for each in by_age if each.kind is Kind.MONEY]
    idle = [each for each in by_age if each.kind is Kind.IDLE]
    rules = settings.retention
    return [
        *_old_or_too_much(idle, now - timedelta(days=rules.idle_days), rules.idle_gb * GB),
        *(each for each in money if each.at < now - timedelta(days=rules.money_days)),
        *(log for log in _logs(settings.data_dir / "logs") if log.at < now - timedelta(days=rules.logs_days)),
    ]


def find_of(root: Path, accounts: Collection[AccountKey]) -> list[Expired]:
    """Return what the runs have left of these accounts in the folder of the evidence, whatever it was kept for."""
    return [
        Expired(Kind.MONEY, folder, _begun(run), files, _size(files))
        for run, folder in sorted(_run_folders(root))
        for account in accounts
        if (files := tuple(_files(folder / folder_of(account))))
    ]


def _begun(run_id: str) -> datetime:
    return datetime.strptime(run_id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=SHANGHAI)


def remove(expired: Sequence[Expired]) -> list[Path]:
    """Remove the files, and the folders that are empty then. Return the files that could not be removed.

    What else lies in a folder stays, as do the targets of links. A file that is gone already is no error.
    """
    stuck = [path for each in expired for path in each.files if not _removed(path)]
    for each in expired:
        if each.kind is not Kind.LOG:
            for folder in sorted({each.path, *(path.parent for path in each.files)}, reverse=True):
                with suppress(OSError):
                    folder.rmdir()
    return stuck


def _removed(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _run_folders(root: Path) -> Iterator[tuple[str, Path]]:
    with suppress(FileNotFoundError), os.scandir(root) as entries:
        for entry in entries:
            if _RUN.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                yield entry.name, root / entry.name


def _is_over(run: RunEvidence, now: datetime) -> bool:
    age = now - run.started_at
    return not run.in_doubt and age > (_FRESH if run.finished else _SURELY_DEAD)


def _kept(folder: Path, run: RunEvidence) -> Expired:
    files = tuple(_files(folder))
    of_money = run.of_money or any(path.name == _STEPS for path in files)
    return Expired(Kind.MONEY if of_money else Kind.IDLE, folder, run.started_at, files, _size(files))


def _files(folder: Path) -> Iterator[Path]:
    """The files that evidence consists of; links are not followed."""
    for inner, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(inner, name)
            if path.name.endswith(_OURS) and not path.is_symlink():
                yield path


def _size(files: Collection[Path]) -> int:
    total = 0
    for path in files:
        with suppress(FileNotFoundError):
            total += path.lstat().st_size
    return total


def _old_or_too_much(idle: Sequence[Expired], before: datetime, most: int) -> list[Expired]:
    """Those from before that moment, and then the oldest until the others are not more than `most` bytes."""
    total = sum(each.size for each in idle)
    found = []
    for each in idle:
        if each.at >= before and total <= most:
            break
        found.append(each)
        total -= each.size
    return found


def _logs(folder: Path) -> list[Expired]:
    """The logs that are written to no more, oldest first."""
    found = []
    for path in folder.glob(_LOG):
        with suppress(FileNotFoundError):
            told = path.lstat()
            if path.is_file() and not path.is_symlink():
                at = datetime.fromtimestamp(told.st_mtime, SHANGHAI)
                found.append(Expired(Kind.LOG, path, at, (path,), told.st_size))
    return sorted(found, key=lambda log: log.at)
