"""Files that others read or keep: whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")


def write_whole(file: Path, write: Callable[[Path], Made]) -> Made:
    """Let `write` make a file beside `file`, put it in its place, and return what `write` returned.

    Raise OSError if that place cannot be written. Whatever happens, a power failure too, `file` is the old one or the
    new one, whole.
    """
    place = file.resolve()
    beside = place.with_name(f".{os.getpid()}.part{place.suffix}")
    try:
        made = write(beside)
        _reach_the_disk(beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
    return made


def _reach_the_disk(file: Path) -> None:
    with file.open("r+b") as written:
        os.fsync(written.fileno())
