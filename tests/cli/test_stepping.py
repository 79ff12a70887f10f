"""`fankuan sync --step` wants a window and a terminal."""

from pathlib import Path

from tests.support.command import fankuan


def test_without_a_window_it_says_what_to_add(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "sync", "--step")
    assert answer.returncode == 2
    assert "Add --headed" in answer.stderr


def test_without_a_terminal_it_says_where_to_run_it(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "sync", "--step", "--headed")
    assert answer.returncode == 2
    assert "terminal" in answer.stderr
