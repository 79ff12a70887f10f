"""The file that a sheet goes to, and what is said if it cannot be written."""

from collections.abc import Callable
from pathlib import Path

from xlsxwriter.exceptions import XlsxWriterException

from agent import files
from agent.domain.errors import UsageError
from agent.domain.text import Text


def write_whole(file: Path, write: Callable[[Path], int]) -> int:
    """Let `write` make a file beside `file`, put it in its place, and return what `write` returned.

    Raise UsageError if that place cannot be written. Whatever happens, `file` is the old one or the new one, whole.
    """
    try:
        if file.is_dir():
            raise _unwritable(file, Text("is a folder", "是一个文件夹"))
        if not file.resolve().parent.is_dir():
            raise _unwritable(file, Text("lies in a folder that does not exist", "所在的文件夹不存在"))
        return files.write_whole(file, write)
    except (OSError, XlsxWriterException) as error:
        raise _unwritable(file, _cause(error)) from error


def _cause(error: Exception) -> Text:
    text = (error.strerror or "") if isinstance(error, OSError) else str(error)
    return Text(f"cannot be written ({text})", f"无法写入（{text}）")


def _unwritable(file: Path, reason: Text) -> UsageError:
    return UsageError(
        Text(
            f"{file} {reason.en}. Nothing was written. Name another place, close the file where it is open, or correct "
            "its rights.",
            f"{file} {reason.zh}。未写入任何内容。请换一个位置，关闭正在打开该文件的程序，或修正权限。",
        )
    )
