"""Pages that never rest: a stream costs no time, and what cannot be waited for ends typed, with no process left."""

import time
from pathlib import Path

import pytest

from tests.fixtures.market import Faults, Market
from tests.flows.home import Home
from tests.support.processes import sync

# What an answer that never comes is waited for is far more, for each page that is opened.
STREAM_SECONDS = 12.0


def seconds_to_read(folder: Path, habits: tuple[str, ...]) -> float:
    """How long a whole look takes, of which everything is right."""
    with Market("split-header", seed=3, orders=4, faults=Faults(habits=habits)) as market:
        home = Home(folder, market)
        began = time.monotonic()
        with sync(home.config, "--dry-run") as agent:
            status, answer, told = agent.wait()
        assert (status, answer["accounts"][0]["outcome"]) == (0, "ok"), told
        return time.monotonic() - began


def test_a_page_with_an_open_stream_is_as_quick_as_one_without(tmp_path: Path) -> None:
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    plain = seconds_to_read(tmp_path / "without", ())
    assert seconds_to_read(tmp_path / "with", ("open-stream",)) < plain + STREAM_SECONDS


@pytest.mark.parametrize("habit", ["endless-loop", "memory-hog"])
def test_a_page_that_never_stops_ends_the_account_in_time(habit: str, tmp_path: Path) -> None:
    with Market("split-header", seed=3, orders=4, faults=Faults(habits=(habit,))) as market:
        home = Home(tmp_path, market)
        began = time.monotonic()
        with sync(home.config) as agent:
            status, answer, told = agent.wait()
            assert agent.left() == []
        (account,) = answer["accounts"]
        assert (status, account["outcome"], account["reason"]) == (1, "failed", "site_unavailable"), told
        assert time.monotonic() - began < 90
        assert market.truth()["log"] == []
