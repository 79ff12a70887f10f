"""A mapping file: what a bank that is not known calls the columns of its statement."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from agent.domain.text import Text
from agent.importing.statement_headings import Field
from agent.settings.problems import Problem, instead_of, usage_error


def read_mapping(path: Path) -> Mapping[Field, str]:
    """Return the heading of each field that the TOML file names. Raise UsageError with all that is wrong with it."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        text = error.strerror if isinstance(error, OSError) else str(error)
        reason = Text(f"cannot be read ({text})", f"无法读取（{text}）")
        cure = Text('Write it as TOML: date = "记账日"', '请写成 TOML：date = "记账日"')
        raise usage_error([Problem(str(path), reason, cure)]) from None
    problems = [problem for name, value in given.items() if (problem := _problem(path, name, value))]
    if problems:
        raise usage_error(problems)
    return {Field(name): str(value) for name, value in given.items()}


def _problem(path: Path, name: str, value: object) -> Problem | None:
    if name not in [*Field]:
        return Problem(f"{path}: {name}", Text("is not a known field", "不是已知字段"), instead_of(name, [*Field]))
    if not isinstance(value, str) or not value.strip():
        cure = Text("Write the heading as the file has it, in quotes.", "请按文件中的表头填写，并加引号。")
        return Problem(f"{path}: {name}", Text("is no heading", "不是表头"), cure)
    return None
