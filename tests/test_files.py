"""A file that is written anew is the old one or the new one, whatever happens meanwhile."""

from pathlib import Path

import pytest

from agent.files import write_whole


def test_the_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "merchants.csv"
    file.write_text("old", encoding="utf-8")
    assert write_whole(file, lambda beside: beside.write_text("new", encoding="utf-8")) == 3
    assert [(each.name, each.read_text(encoding="utf-8")) for each in tmp_path.iterdir()] == [("merchants.csv", "new")]


def test_one_that_is_broken_off_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "merchants.csv"
    file.write_text("old", encoding="utf-8")

    def broken_off(beside: Path) -> None:
        beside.write_text("ne", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(file, broken_off)
    assert [(each.name, each.read_text(encoding="utf-8")) for each in tmp_path.iterdir()] == [("merchants.csv", "old")]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_whole(tmp_path / "link.csv", lambda beside: beside.write_text("new", encoding="utf-8"))
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text(encoding="utf-8") == "new"
