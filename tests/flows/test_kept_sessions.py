"""Sessions that are kept from one run to the next, on the simulated Taobao and its back office."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.sandbox import Sandbox
from tests.flows.home import Home

TODAY = date(2026, 11, 23)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(shops=[["weimob"]], today=TODAY) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, box: Sandbox) -> Home:
    return Home(tmp_path, box, day=TODAY)


def log_ins(box: Sandbox) -> tuple[int, int]:
    """How often someone came in with the right password: on the platform, in the back office."""
    (shop,) = box.truth()["markets"]["weimob"].values()
    (member,) = box.truth()["backoffice"].values()
    return shop["logins"]["ok"], member["logins"]["ok"]


async def test_a_second_run_logs_in_nowhere(home: Home, box: Sandbox) -> None:
    assert (await home.account()).outcome is Outcome.OK
    assert log_ins(box) == (1, 1)
    again = await home.account()
    assert (again.outcome, len(again.orders)) == (Outcome.OK, 6)
    assert log_ins(box) == (1, 1)


async def test_a_session_that_died_is_replaced_by_a_log_in(home: Home, box: Sandbox) -> None:
    await home.account()
    box.state.sessions.clear()
    assert (await home.account()).outcome is Outcome.OK
    assert log_ins(box) == (2, 2)
    assert (await home.account()).outcome is Outcome.OK
    assert log_ins(box) == (2, 2)


async def test_a_run_that_met_another_shop_keeps_nothing_of_it(home: Home, box: Sandbox) -> None:
    box.faults.shop_name = "别人的店"
    assert (await home.account()).reason == "wrong_shop"
    kept: list[str] = []
    home.with_ledger(lambda ledger: kept.extend(s.site for s in ledger.sessions()))
    assert "weimob" not in kept


async def test_a_run_that_failed_leaves_the_kept_session_as_it_was(home: Home, box: Sandbox) -> None:
    await home.account()
    box.faults.unknown_status = True
    assert (await home.account()).reason == "page_changed"
    box.faults.unknown_status = False
    assert (await home.account()).outcome is Outcome.OK
    assert log_ins(box) == (1, 1)


async def test_a_password_that_was_changed_is_tried_though_a_session_is_kept(home: Home, box: Sandbox) -> None:
    await home.account()
    home.add(box.merchants_toml().replace(box.state.merchants[0].shops["weimob"].login.password, "another-one"))
    assert (await home.account()).reason == "bad_password"
