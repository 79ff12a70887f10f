"""Reads a statement that somebody sent, in a process of its own: what a file can unpack to is bounded there."""

import multiprocessing
import os
import pickle
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.importing.statement import Statement, read_statement
from agent.importing.statement_headings import Field

_MEMORY, _SECONDS = 1 << 30, 30.0
_STARTS = 30.0
_TOO_MUCH = Text(
    "The file unpacks to more than a statement holds, or cannot be read in time. Nothing was recorded.",
    "文件展开后过大，或无法在限定时间内读取。未登记任何内容。",
)
_CURE = Text(
    "Export fewer months, or save the sheet as .csv.", "请缩短导出的时间范围，或将工作表另存为 .csv 后再上传。"
)


def read_bounded(path: Path, own: Mapping[Field, str], payers: Sequence[str]) -> Statement:
    """Do what `read_statement` does, within limits of memory and time. Raise UsageError also if they are exceeded."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    with ours:
        reader = context.Process(target=_read, args=(theirs, path, dict(own), tuple(payers)), daemon=True)
        reader.start()
        theirs.close()
        try:
            answer = ours.recv_bytes() if ours.poll(_STARTS + _SECONDS) else None
        except EOFError:  # it was ended by what it read
            answer = None
        finally:
            reader.kill()
            reader.join()
    if answer is None:
        raise UsageError(_TOO_MUCH, _CURE)
    found: Statement | tuple[Text, Text | None] = pickle.loads(answer)  # noqa: S301 - our own process wrote it
    if isinstance(found, Statement):
        return found
    raise UsageError(*found)


def _read(answers: Connection, path: Path, own: Mapping[Field, str], payers: Sequence[str]) -> None:
    _limit()
    os.chdir(path.parent)  # what is told of the file names it as it was sent, not where it lies meanwhile
    try:
        found: Statement | tuple[Text, Text | None] = read_statement(Path(path.name), own, payers)
    except UsageError as error:
        found = (error.text, None)
    except MemoryError:
        return
    answers.send_bytes(pickle.dumps(found))


def _limit() -> None:
    """Bound memory and time, and let nothing be said but the answer. Windows has no such bounds: time alone, there."""
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(_SECONDS), int(_SECONDS)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
