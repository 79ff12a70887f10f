"""A notice that runs for ever does not keep the rest of a page from resting; what is still drawn does."""

from itertools import count, pairwise

from agent.pages.inference.restless import Restless
from agent.pages.snapshot import Snapshot


def shot(*texts: tuple[str, float, float, float, float]) -> Snapshot:
    nodes = [
        {"id": i, "parent": -1, "tag": "p", "box": [x, y, w, h], "text": text, "attrs": {}, "shown": True, "size": 14}
        for i, (text, x, y, w, h) in enumerate(texts)
    ]
    page = {"address": "https://shop.test/", "title": "", "ready": "complete", "width": 1000, "height": 1000}
    return Snapshot.load(page | {"scrollTop": 0, "scrollHeight": 1000, "clientHeight": 1000, "nodes": nodes})


def rests(pages: list[Snapshot]) -> bool:
    """What is said of the last two of them, looked at every half a second."""
    seconds = count(step=0.5)
    restless = Restless(lambda: next(seconds))
    texts = [restless.same(before, now) for before, now in pairwise(pages)]
    return texts[-1]


def test_a_small_part_that_moves_all_the_time_is_left_out() -> None:
    assert rests([shot(("订单", 0, 100, 900, 800), (f"{n}", 0, 0, 200, 20)) for n in range(9)])


def test_what_moves_for_the_first_time_is_not() -> None:
    assert not rests([shot(("订单", 0, 100, 900, 800), (f"{n}", 0, 0, 200, 20)) for n in range(3)])


def test_a_page_that_grows_is_still_being_drawn() -> None:
    assert not rests([shot(*((f"{n}", 0.0, 20.0 * n, 200.0, 20.0) for n in range(m))) for m in range(1, 12)])


def test_a_page_that_changes_as_a_whole_is_not_at_rest() -> None:
    assert not rests([shot((f"{n}", 0, 0, 900, 900)) for n in range(12)])


def test_a_change_elsewhere_begins_anew() -> None:
    moving = [shot(("订单", 0, 100, 900, 80), (f"{n}", 0, 0, 200, 20)) for n in range(9)]
    assert not rests([*moving, shot(("成功", 0, 100, 900, 80), ("10", 0, 0, 200, 20))])
