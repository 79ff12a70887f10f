"""The whole job on pages that ask for more than they should, that count down, and that come and go by themselves."""

from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from tests.fixtures.market import Faults, Market
from tests.flows.home import Home, assert_finished

HABITS = {
    "questions": ("offer-first", "ticked-box", "countdown"),
    "arrivals": ("guided-tour", "leave-question", "reload-after-success"),
}


@pytest.mark.parametrize("name", HABITS)
async def test_the_job_is_done_in_spite_of(name: str, tmp_path: Path) -> None:
    with Market("split-header", seed=3, orders=6, refundable=True, faults=Faults(habits=HABITS[name])) as market:
        report = await Home(tmp_path, market).account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert_finished(market)
        assert not [p for p in market.truth()["log"] if p["kind"] == "buy"]
