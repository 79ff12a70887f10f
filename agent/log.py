"""The log: short lines on standard error, everything in a file, and no secret in either."""

import logging
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger
from pydantic import SecretStr

from agent.domain.redaction import Redactor

if TYPE_CHECKING:
    from loguru import Message, Record

BRIEF = "{time:HH:mm:ss} {level.name:<7} {message}"
FULL = "{time:YYYY-MM-DD HH:mm:ss.SSSZZ} {level.name:<7} {process} {name}:{line} {message}{extra[trace]}"

# What a page says ends up in terminals: nothing but line breaks and tabs may steer one.
_STEERING = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
_files: list[Path] = []
_hidden = Redactor()


def hide(*secrets: SecretStr | None) -> None:
    """From now on these secrets are masked in every line of the log, however they are spelled there."""
    for secret in secrets:
        if secret is not None:
            _hidden.add(secret.get_secret_value())


def redact(text: str) -> str:
    """The text without any hidden secret."""
    return _hidden.mask(text)


def harmless(text: str) -> str:
    """The text without characters that steer a terminal."""
    return text.translate(_STEERING)


def _clean(record: "Record") -> None:
    """Take the secrets out of a record before any sink sees it. An exception becomes plain text, without locals."""
    error = record["exception"]
    trace = "".join(traceback.format_exception(error.type, error.value, error.traceback)) if error else ""
    record["exception"] = None
    record["message"] = harmless(redact(record["message"]))
    record["extra"]["trace"] = harmless(redact(f"\n{trace}".rstrip()))


def _to_terminal(message: "Message") -> None:
    # Looked up for each line: while a progress display is live, it stands in for standard error.
    sys.stderr.write(message)


class _Forward(logging.Handler):
    """Brings what libraries log, and Python's warnings, under the same rules."""

    def emit(self, record: logging.LogRecord) -> None:
        logger.opt(depth=6, exception=record.exc_info).log(record.levelno, record.getMessage())


def current_file() -> Path | None:
    """The file that this process logs to, once there is one."""
    return _files[-1] if _files else None


def _private(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    if hasattr(os, "fchmod"):  # also where an older file was more open
        os.fchmod(descriptor, 0o600)
    return descriptor


def _level_for_people() -> str:
    # On a terminal the progress display tells the rest.
    return "WARNING" if sys.stderr.isatty() else "INFO"


def on_terminal_only() -> None:
    """The log before the data directory is known, and for commands that need none."""
    logger.remove()
    logger.configure(patcher=_clean)
    logger.add(_to_terminal, level=_level_for_people(), format=BRIEF, diagnose=False, backtrace=False)
    logging.basicConfig(handlers=[_Forward()], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)


def set_up(data_dir: Path) -> Path:
    """Start the log of this data directory; return the file."""
    path = data_dir / "logs" / "fankuan.log"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    on_terminal_only()
    logger.add(
        str(path).replace("{", "{{").replace("}", "}}"),
        level="DEBUG",
        format=FULL,
        rotation="5 MB",
        retention=5,
        watch=True,  # another fankuan may have rotated it
        encoding="utf-8",
        diagnose=False,
        backtrace=False,
        opener=_private,
    )
    _files[:] = [path]
    return path


def close() -> None:
    """Write out and close every sink."""
    logger.remove()
