"""The workflows say what they mean: they can be read, and what they call is there."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


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
