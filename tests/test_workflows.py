"""The workflows say what they mean: they can be read, and what they call is there."""

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# What Python lacks on Windows: one of them at a module's head, and no test at all is collected there.
POSIX = {"fcntl", "grp", "pty", "pwd", "resource", "termios"}


def commands(file: Path) -> list[str]:
    jobs: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]
    return [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_workflow_is_whole_and_may_only_read_the_repository(file: Path) -> None:
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["permissions"] == {"contents": "read"}
    assert commands(file)


def test_the_files_that_they_name_are_there() -> None:
    words = {word for file in FILES for command in commands(file) for word in command.split()}
    assert {"requirements-dev.lock", "deploy/Containerfile"} <= words
    assert all((ROOT / word).is_file() for word in words if word.endswith((".lock", "Containerfile")))


def heads(folder: str) -> dict[str, set[str]]:
    """What each module below a folder imports as soon as it is imported itself."""
    found = {}
    for file in sorted((ROOT / folder).rglob("*.py")):
        body = ast.parse(file.read_text(encoding="utf-8")).body
        plain = {alias.name for line in body if isinstance(line, ast.Import) for alias in line.names}
        found[str(file.relative_to(ROOT))] = plain | {str(e.module) for e in body if isinstance(e, ast.ImportFrom)}
    return found


@pytest.mark.parametrize("folder", ["agent", "tests"])
def test_no_module_needs_what_windows_lacks(folder: str) -> None:
    assert {file for file, names in heads(folder).items() if names & POSIX} == set()
