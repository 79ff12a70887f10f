"""Another package called `agent` on the path is told as what it is, and not started."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT, environment

START = ("-c", "from fankuan import main; main()")
MODULE = ("-m", "fankuan")


def called(
    folder: Path, path: list[Path], *words: str, language: str = "C.UTF-8", start: tuple[str, str] = START
) -> subprocess.CompletedProcess[str]:
    """What the installed command does: its module is found by way of the path, in this order."""
    variables = environment(folder, language) | {"PYTHONPATH": os.pathsep.join(map(str, path))}
    return subprocess.run(
        [sys.executable, *start, *words],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A folder with somebody's package `agent`, which tells that it was started."""
    package = tmp_path / "elsewhere" / "agent"
    (package / "cli").mkdir(parents=True)
    for place in (package, package / "cli"):
        (place / "__init__.py").write_text("print('somebody else was started')\n", encoding="utf-8")
    return package.parent


@pytest.mark.parametrize(
    ("language", "said"), [("C.UTF-8", "Another package called “agent”"), ("zh_CN.UTF-8", "另一个名为 agent 的包")]
)
def test_another_package_before_ours_is_told_in_one_sentence_and_not_started(
    tmp_path: Path, foreign: Path, language: str, said: str
) -> None:
    answer = called(tmp_path, [foreign, ROOT], "sync", "--json", language=language)
    assert (answer.returncode, said in answer.stderr) == (2, True), answer.stderr
    assert str(foreign / "agent") in answer.stderr
    error = json.loads(answer.stdout)["error"]
    assert (error["reason"], said in error["message"]) == ("foreign_agent", True)
    assert "Traceback" not in answer.stderr


def test_a_module_of_that_name_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text("print('somebody else was started')\n", encoding="utf-8")
    answer = called(tmp_path, [tmp_path, ROOT], "--version")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert str(tmp_path / "agent.py") in answer.stderr


@pytest.mark.parametrize("start", [START, MODULE])
def test_behind_ours_it_does_not_matter(tmp_path: Path, foreign: Path, start: tuple[str, str]) -> None:
    answer = called(tmp_path, [ROOT, foreign], "--version", start=start)
    assert (answer.returncode, answer.stdout.startswith("fankuan ")) == (0, True), answer.stderr
