"""A lease is in force only for as long as nobody else can have it."""

import time

import pytest

from agent.flows.runs.heartbeat import HeldLease
from agent.ledger import Lease


def test_a_lease_that_was_just_taken_is_in_force() -> None:
    assert HeldLease(Lease("merchant/m1", 1)).in_force()


@pytest.mark.parametrize(("steady", "wall"), [(13, 13), (13, 0), (0, 13)], ids=["frozen", "clock set back", "asleep"])
def test_it_is_not_when_either_clock_says_that_it_was_not_renewed(steady: int, wall: int) -> None:
    held = HeldLease(Lease("merchant/m1", 1), (time.monotonic() - steady, time.time() - wall))
    assert not held.in_force()
