"""Sessions that are kept from one run to the next, on the simulated Taobao and its back office."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.flows.runs.attended import log_in_attended
from agent.flows.runs.manual_login import by_code
from agent.ledger import Ledger
from agent.sandbox import Sandbox
from tests.fixtures.market import Faults, Market
from tests.flows.home import Home

TODAY = date(2026, 11, 23)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(shops=[["weimob"]], today=TODAY) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, box: Sandbox) -> Home:
    return Home(tmp_path, box, day=TODAY, first=True)


def log_ins(box: Sandbox) -> tuple[int, int]:
    """How often someone came in with the right password: on the platform, in the back office."""
    (shop,) = box.truth()["markets"]["weimob"].values()
    (member,) = box.truth()["backoffice"].values()
    return shop["logins"]["ok"], member["logins"]["ok"]


def requests(box: Sandbox) -> Counter[str]:
    """How much was asked for in the sessions that live, by site."""
    return Counter({each.site: each.requests for each in box.state.sessions.values()})


async def test_a_second_run_logs_in_nowhere(home: Home, box: Sandbox) -> None:
    assert (await home.account(dry_run=True)).outcome is Outcome.OK
    assert log_ins(box) == (1, 1)
    again = await home.account(dry_run=True)
    assert (again.outcome, len(again.orders)) == (Outcome.OK, 6)
    assert log_ins(box) == (1, 1)


async def test_whether_a_session_lives_is_seen_by_the_page_that_is_read_anyway(tmp_path: Path) -> None:
    with Market("table-pages", orders=5) as market:
        home = Home(tmp_path, market)
        await home.account(dry_run=True)
        market.state.opened.clear()
        assert (await home.account(dry_run=True)).outcome is Outcome.OK
        assert sorted(market.state.opened) == ["/filing", "/orders"]


async def test_a_first_log_in_is_seen_to_serve_another_window_and_a_later_one_is_not_tried(
    home: Home, box: Sandbox, tmp_path: Path
) -> None:
    await home.account(dry_run=True)
    first = requests(box)
    box.state.sessions.clear()
    await home.account(dry_run=True)
    look = requests(box)
    assert {site for site in first if first[site] > look[site]} == {"weimob"}
    (tmp_path / "new").mkdir()
    with Sandbox(shops=[["weimob"]], today=TODAY) as other:
        other.faults.expire_session_after = look["weimob"]  # it ends with the window in which it was opened
        new = Home(tmp_path / "new", other, day=TODAY, first=True)
        report = await new.account(dry_run=True)
        assert (report.outcome, log_ins(other)) == (Outcome.OK, (1, 1))
        kept: list[str] = []
        new.in_ledger(lambda tx: kept.extend(each.account.platform for each in tx.sessions.known()))
        assert kept == ["wdgj"]


async def test_a_list_that_is_empty_says_nothing_of_how_long_a_session_lasts(tmp_path: Path) -> None:
    with Market("table-pages", faults=Faults(empty=True)) as market:
        home = Home(tmp_path, market)
        known: list[tuple[str, datetime | None]] = []
        for _ in range(4):
            assert (await home.account(dry_run=True)).outcome is Outcome.OK
            home.in_ledger(lambda tx: known.extend((s.account.platform, s.expected_end) for s in tx.sessions.known()))
        assert known == 4 * [("market", None), ("wdgj", None)]


async def test_a_session_that_died_is_replaced_by_a_log_in(home: Home, box: Sandbox) -> None:
    await home.account(dry_run=True)
    box.state.sessions.clear()
    assert (await home.account(dry_run=True)).outcome is Outcome.OK
    assert log_ins(box) == (2, 2)
    assert (await home.account(dry_run=True)).outcome is Outcome.OK
    assert log_ins(box) == (2, 2)


async def test_a_run_that_met_another_shop_keeps_nothing_of_it(home: Home, box: Sandbox) -> None:
    box.faults.shop_name = "别人的店"
    assert (await home.account(dry_run=True)).reason == "wrong_shop"
    kept: list[str] = []
    home.in_ledger(lambda tx: kept.extend(s.account.platform for s in tx.sessions.known()))
    assert "weimob" not in kept


async def test_a_run_that_failed_leaves_the_kept_session_as_it_was(home: Home, box: Sandbox) -> None:
    await home.account(dry_run=True)
    box.faults.unknown_status = True
    assert (await home.account(dry_run=True)).reason == "page_changed"
    box.faults.unknown_status = False
    assert (await home.account(dry_run=True)).outcome is Outcome.OK
    assert log_ins(box) == (1, 1)


async def test_a_password_that_was_changed_is_tried_though_a_session_is_kept(home: Home, box: Sandbox) -> None:
    await home.account(dry_run=True)
    home.add(box.merchants_toml().replace(box.state.merchants[0].shops["weimob"].login.password, "another-one"))
    assert (await home.account(dry_run=True)).reason == "bad_password"


async def test_a_password_that_was_refused_is_tried_by_no_later_run_until_it_is_corrected(
    home: Home, box: Sandbox
) -> None:
    login = box.state.merchants[0].shops["weimob"].login
    right, login.password = login.password, "another"
    for _ in range(3):
        report = await home.account(dry_run=True)
        assert (report.outcome, report.reason) == (Outcome.FAILED, "bad_password")
    assert login.bad == 1
    login.password = "corrected"
    home.add(box.merchants_toml())
    assert (await home.account(dry_run=True)).outcome is Outcome.OK
    assert right != login.password


async def test_a_refusal_that_was_corrected_on_the_site_is_lifted_by_an_import(home: Home, box: Sandbox) -> None:
    login = box.state.merchants[0].shops["weimob"].login
    right, login.password = login.password, "another"
    assert (await home.account(dry_run=True)).reason == "bad_password"
    login.password = right
    ledger = Ledger.open(home.settings, home.clock)
    opened = await log_in_attended(home.context(ledger), AccountKey("m1", "weimob"), by_code)
    ledger.close()
    assert opened.reason == "bad_password"  # a person's hurry is no reason to try it again
    home.add(box.merchants_toml())
    assert (await home.account(dry_run=True)).outcome is Outcome.OK
    assert (login.ok, login.bad) == (1, 1)


async def test_a_session_that_no_browser_takes_is_replaced_by_a_log_in(home: Home, box: Sandbox) -> None:
    await home.account(dry_run=True)

    def spoil(ledger: Ledger) -> None:
        with ledger.read() as tx:
            kept = tx.sessions.find(AccountKey("m1", "weimob"))
        assert kept is not None
        state = json.loads(kept.state.get_secret_value())
        state["stored"]["shared"]["cookies"].append({"name": "of no host", "value": "x"})
        with ledger.begin() as tx:
            tx.sessions.keep(AccountKey("m1", "weimob"), SecretStr(json.dumps(state)), kept.id)

    home.with_ledger(spoil)
    assert (await home.account(dry_run=True)).outcome is Outcome.OK
    assert log_ins(box) == (2, 1)
