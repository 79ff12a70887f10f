"""A mapping file: what a bank that is not known calls the columns of its statement."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.importing.statement_headings import Field
from agent.settings.problems import Problem, instead_of, usage_error


def read_mapping(path: Path) -> Mapping[Field, str]:
    """Return the heading of each field that the TOML file names. Raise UsageError with all that is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(str(path), error.strerror or "") from None
    return parse_mapping(str(path), content)


def parse_mapping(file: str, content: bytes) -> Mapping[Field, str]:
    """Do the same with what a file holds; `file` is what it is called."""
    try:
        given = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _unreadable(file, str(error)) from None
    problems = [problem for name, value in given.items() if (problem := _problem(file, name, value))]
    if problems:
        raise usage_error(problems)
    return {Field(name): str(value) for name, value in given.items()}


def _unreadable(file: str, why: str) -> UsageError:
    reason = Text(f"cannot be read ({why})", f"无法读取（{why}）")
    cure = Text('Write it as TOML: date = "记账日"', '请写成 TOML：date = "记账日"')
    return usage_error([Problem(file, reason, cure)])


def _problem(file: str, name: str, value: object) -> Problem | None:
    if name not in [*Field]:
        return Problem(f"{file}: {name}", Text("is not a known field", "不是已知字段"), instead_of(name, [*Field]))
    if not isinstance(value, str) or not value.strip():
        cure = Text("Write the heading as the file has it, in quotes.", "请按文件中的表头填写，并加引号。")
        return Problem(f"{file}: {name}", Text("is no heading", "不是表头"), cure)
    return None
