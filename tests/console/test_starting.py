"""Runs that are started in the console, on simulated sites: they do what was asked for, and no more."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from filelock import FileLock

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.merchants import Registration
from agent.domain.orders import SHANGHAI
from agent.domain.report import AccountReport
from agent.domain.roles import Role
from agent.importing import read_merchants
from agent.ledger.run_log import KnownRun
from agent.sandbox import Sandbox
from agent.settings import load_settings, sites
from tests.console.site import Site, hidden, running

_PATIENCE = 150.0


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(shops=[["weimob"], ["weimob"]], today=datetime.now(SHANGHAI).date()) as made:
        yield made


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, box: Sandbox) -> Iterator[Site]:
    """A console whose settings lead to the simulated sites, with an operator."""
    folder: Path = tmp_path_factory.mktemp("busy")
    (folder / "f.toml").write_text(f'data_dir = "{folder / "var"}"\n{box.settings_toml()}', encoding="utf-8")
    (folder / "merchants.toml").write_text(box.merchants_toml(), encoding="utf-8")
    settings = load_settings(folder / "f.toml")
    known = sites(settings)
    titles = {name: site.title for name, site in known.items()}
    with running(folder, settings) as site:
        with site.ledger.begin() as tx:
            tx.merchants.save(read_merchants(folder / "merchants.toml", titles).merchants)
        site.add_user("operator", Role.OPERATOR)
        yield site


def start(client: httpx.Client, act: str, *accounts: str) -> httpx.Response:
    proof = hidden(client.get("/accounts"), "csrf")
    return client.post("/accounts/start", data={"csrf": proof, "act": act, "account": list(accounts)})


def begun(site: Site) -> list[KnownRun]:
    """Return the runs that there are, the newest first."""
    with site.ledger.read() as tx:
        return tx.run_log.runs(10)


def ended(site: Site, before: list[KnownRun]) -> KnownRun:
    """Return the run that was begun since, once it has ended."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        found = begun(site)
        if len(found) > len(before) and found[0].finished_at is not None:
            return found[0]
        time.sleep(0.3)
    raise AssertionError("it never ended")


def test_a_dry_run_plans_for_the_chosen_account_and_changes_nothing(busy: Site, box: Sandbox) -> None:
    client, before = busy.logged_in("operator"), begun(busy)
    assert start(client, "dry_run", "m1/weimob").headers["location"] == "/runs"
    run = ended(busy, before)
    assert (run.dry_run, run.started_by) == (True, "console:operator")
    assert box.truth()["log"] == []
    assert "planned" in client.get(f"/runs/{run.id}").text
    with busy.ledger.read() as tx:
        (newest, *_) = tx.audit.entries(1)
    assert (newest.who, newest.action, newest.target) == ("console:operator", "dry_run", "m1/weimob")
    assert str(newest.details["accounts"]) == "1"


def test_what_did_not_end_well_is_tried_again_and_nothing_else(busy: Site) -> None:
    well, badly = AccountKey("m1", "weimob"), AccountKey("m2", "weimob")
    with busy.ledger.begin() as tx:
        tx.registrations.set_state(badly, Registration.PAUSED)  # it is worked without a browser then
        run_id = tx.runs.start(dry_run=True, started_by="test")
    for account, outcome in ((well, Outcome.OK), (badly, Outcome.FAILED)):
        with busy.ledger.begin(run_id=run_id) as tx:
            tx.runs.record(AccountReport(account, outcome))
    with busy.ledger.begin(run_id=run_id) as tx:
        tx.runs.finish()
    client, before = busy.logged_in("operator"), begun(busy)
    proof = {"csrf": hidden(client.get(f"/runs/{run_id}"), "csrf")}
    assert client.post(f"/runs/{run_id}/retry", data=proof).headers["location"] == "/runs"
    run = ended(busy, before)
    assert (run.dry_run, run.started_by) == (True, "console:operator")
    with busy.ledger.begin() as tx:
        (newest, *_) = tx.audit.entries(1)
        tx.registrations.set_state(badly, Registration.ACTIVE)
    assert (newest.action, newest.target) == ("dry_run", "m2/weimob")


def test_why_a_run_could_not_begin_is_told_where_it_was_started(busy: Site) -> None:
    client, before = busy.logged_in("operator"), begun(busy)
    assert start(client, "dry_run", "m1/nothing").headers["location"] == "/runs"
    deadline = time.monotonic() + _PATIENCE
    while "m1/nothing" not in (text := client.get("/runs").text) and time.monotonic() < deadline:
        time.sleep(0.3)
    assert "m1/nothing" in text
    assert begun(busy) == before


def test_a_merchant_that_is_worked_on_already_is_not_told_as_failed(busy: Site) -> None:
    account = AccountKey("m1", "weimob")
    with busy.ledger.read() as tx:
        known = [last for last in tx.runs.latest() if last.account == account]
    client, before = busy.logged_in("operator"), begun(busy)
    locks = busy.settings.data_dir / "locks"
    locks.mkdir(exist_ok=True)
    with FileLock(locks / "m1.lock"):
        start(client, "sync", str(account))
        run = ended(busy, before)
    deadline = time.monotonic() + _PATIENCE
    while "Already worked on" not in (text := client.get("/runs").text) and time.monotonic() < deadline:
        time.sleep(0.3)
    assert "not looked at: m1/weimob" in text
    assert run.outcomes == {}
    with busy.ledger.read() as tx:
        assert [last for last in tx.runs.latest() if last.account == account] == known


def test_a_run_that_is_not_known_cannot_be_tried_again(busy: Site) -> None:
    client = busy.logged_in("operator")
    proof = {"csrf": hidden(client.get("/accounts"), "csrf")}
    assert client.post("/runs/nothing/retry", data=proof).status_code == 404


@pytest.mark.parametrize("chosen", [{"account": "m1"}, {"act": "erase"}, {"account": "m1/weimob/a/b"}])
def test_what_cannot_be_meant_starts_nothing(busy: Site, chosen: dict[str, str]) -> None:
    client = busy.logged_in("operator")
    sent = {"csrf": hidden(client.get("/accounts"), "csrf"), "act": "sync", "account": "m1/weimob", **chosen}
    assert client.post("/accounts/start", data=sent).status_code == 422


def test_a_run_that_is_over_cannot_be_stopped(busy: Site) -> None:
    client = busy.logged_in("operator")
    proof = {"csrf": hidden(client.get("/accounts"), "csrf")}
    assert client.post("/runs/started/999/stop", data=proof).status_code == 404
