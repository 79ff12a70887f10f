"""What a page sends time and again by itself is told from what a click has sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.pages.inference.repeats import is_meant_to_wait, is_repeated, likeness

BEAT = "https://shop.test/beat"


def beat(body: str, address: str = BEAT) -> str:
    return likeness("POST", address, body)


def test_a_moment_in_it_makes_no_difference() -> None:
    assert beat('{"t":1718000000123}') == beat('{"t":1718000000823}')
    assert beat("", f"{BEAT}?_=1718000000") == beat("", f"{BEAT}?_=1718000700")


@pytest.mark.parametrize("other", ['{"id":3391800000000002}', '{"op":"confirm"}', '{"id":12}'])
def test_another_body_is_another_request(other: str) -> None:
    assert not is_repeated(beat(other), [beat('{"id":3391800000000001}')] * 5, 1)


def test_a_counter_that_grows_is_the_same_heartbeat() -> None:
    assert is_repeated(beat('{"op":7,"seq":4}'), [beat(f'{{"op":7,"seq":{n}}}') for n in (1, 2, 3)], 2)


def test_a_number_that_never_changed_before_tells_what_is_asked_for() -> None:
    assert not is_repeated(beat('{"op":9,"seq":4}'), [beat(f'{{"op":7,"seq":{n}}}') for n in (1, 2, 3)], 2)


@given(st.text(max_size=30), st.integers(0, 3))
def test_what_is_sent_for_the_first_time_is_never_a_repetition(body: str, often: int) -> None:
    earlier = [beat("by itself"), likeness("POST", "https://shop.test/other", body)] * 4
    assert not is_repeated(likeness("POST", "https://shop.test/confirm", body), earlier, often + 1)


@pytest.mark.parametrize("path", ["socket.io/?transport=polling", "api/longpoll", "comet/wait", "user/heartbeat"])
def test_an_address_says_that_it_waits_for_news(path: str) -> None:
    assert is_meant_to_wait(f"https://shop.test/{path}")


def test_a_list_does_not() -> None:
    assert not is_meant_to_wait("https://shop.test/api/orders?note=heartbeat")
