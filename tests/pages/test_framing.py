"""Which part of a window a picture keeps: the head and what is worked, whatever else there is."""

from itertools import pairwise
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from agent.pages.box import Box
from agent.pages.inference.framing import AROUND, HEAD, bands, joined
from tests.pages.made import El, snapshot

HEIGHT = 1800.0
places = st.floats(0, HEIGHT - 60)
focuses = st.lists(st.builds(lambda y: Box(100, y, 900, 40), places), min_size=1, max_size=2)


@given(focuses, st.one_of(st.just(inf), st.floats(HEIGHT - 10, HEIGHT)))
def test_the_head_and_all_that_is_worked_is_kept_in_order_and_once(focus: list[Box], bottom: float) -> None:
    kept = bands(focus, snapshot(), bottom)
    assert kept[0][0] == 0
    assert kept[0][1] >= HEAD
    assert all(any(start <= box.y and box.bottom <= end for start, end in kept) for box in focus)
    assert all(end < start for (_, end), (start, _) in pairwise(kept))


def test_what_is_far_from_the_row_is_left_out() -> None:
    assert bands([Box(0, 1000, 900, 40)], snapshot(), HEIGHT) == [(0, HEAD), (1000 - AROUND, 1040 + AROUND)]


def test_a_message_at_the_edge_of_the_window_is_kept() -> None:
    message = El("div", "操作失败", more={"box": [1500, 1700, 300, 60], "afloat": True, "fixed": True})
    (_, low) = bands([Box(0, 700, 900, 40)], snapshot(message), HEIGHT)
    assert low[1] >= 1760


def test_with_a_dialog_over_the_whole_window_all_of_it_is_kept() -> None:
    mask = El("div", more={"box": [0, 0, 2000, 1800], "afloat": True, "fixed": True})
    assert bands([Box(0, 700, 900, 40)], snapshot(mask), HEIGHT) == [(0, HEIGHT)]


def test_without_anything_that_is_worked_all_is_kept() -> None:
    assert bands([], snapshot(), inf) == [(0, inf)]


def test_stretches_that_meet_are_one() -> None:
    assert joined([(100, 300), (0, 160), (500, 900)], 800) == [(0, 300), (500, 800)]
