"""The pictures of a step show what was clicked, wherever in a long list it stands."""

from pathlib import Path

import pytest
from PIL import Image

from agent.domain.errors import Outcome
from tests.fixtures.market import Faults, Market
from tests.flows.home import Home, assert_finished

OUTLINE = "e03131"


@pytest.mark.parametrize("habit", ["tall-rows", "list-in-a-box"])
async def test_the_button_of_a_row_below_the_fold_is_on_its_picture(habit: str, tmp_path: Path) -> None:
    with Market("table-pages", seed=3, orders=8, faults=Faults(habits=(habit, "confirm-in-colour"))) as market:
        report = await Home(tmp_path, market).account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert_finished(market)
    confirmed = [a for a in report.actions if a.kind == "confirm" and a.order_no]
    assert confirmed
    for action in confirmed:
        before, *_ = action.evidence
        assert "before" in before
        assert has_colour(Path(before), (action.order_no or "")[-6:]), before
        assert has_colour(Path(before), OUTLINE), before


def has_colour(picture: Path, colour: str) -> bool:
    """Whether a picture shows a colour: the 确认 of each row has that of its number's end."""
    wanted = tuple(bytes.fromhex(colour))
    shown = Image.open(picture).convert("RGB")
    return any(colour == wanted for _, colour in shown.getcolors(shown.width * shown.height) or [])
