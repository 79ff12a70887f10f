"""A throw-away data directory that leads the real program to a market or a sandbox, and what the tests ask of both."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as hour
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Protocol

from pydantic import SecretStr

from agent.browser import Chrome
from agent.domain.accounts import AccountKey
from agent.domain.orders import SHANGHAI
from agent.domain.report import AccountReport, Action, RunReport, StepKind
from agent.domain.text import Text
from agent.flows.runs.context import RunContext
from agent.flows.runs.selection import Selection
from agent.flows.runs.sync import run_sync
from agent.importing import read_merchants
from agent.ledger import Ledger, UnitOfWork
from agent.settings import load_settings, sites
from tests.fixtures.ledgers import put_ledger
from tests.fixtures.market import Market
from tests.fixtures.market.data import DEFAULT_TODAY

Made = dict[str, Any]


class World(Protocol):
    """What a market and a sandbox have in common."""

    def settings_toml(self) -> str: ...

    def merchants_toml(self) -> str: ...


class Clock:
    """Begins at nine on a day, then goes on as clocks do; `skip` moves it on between runs."""

    def __init__(self, day: date) -> None:
        self._start = datetime.combine(day, hour(9), SHANGHAI)
        self._began = time.monotonic()
        self._skipped = timedelta()

    def __call__(self) -> datetime:
        return self._start + self._skipped + timedelta(seconds=time.monotonic() - self._began)

    def skip(self, much: timedelta) -> None:
        self._skipped += much


class Ticking(Protocol):
    """A clock of aware moments that tests can move on."""

    def __call__(self) -> datetime: ...

    def skip(self, much: timedelta) -> None: ...


class Silent:
    """A watch that keeps the steps it is told of."""

    def __init__(self) -> None:
        self.began: list[tuple[str, str | None]] = []
        self.ended: list[Action] = []

    def account_started(self, account: AccountKey) -> None: ...

    def stage(self, account: AccountKey, text: Text) -> None: ...

    def step_started(self, account: AccountKey, kind: StepKind, order_no: str | None) -> None:
        self.began.append((kind.value, order_no))

    def step_ended(self, account: AccountKey, action: Action) -> None:
        self.ended.append(action)

    def account_ended(self, report: AccountReport) -> None: ...


class Home:
    """`Home(tmp_path, market)` is where an operator stands who has set everything up.

    `chrome` is the browser that all tests share; each account has contexts of its own in it. Sessions of the accounts
    were kept before and are over; with `first` there never was one, and the first that is kept is tried at once.
    """

    chrome: ClassVar[Chrome | None] = None

    def __init__(
        self,
        folder: Path,
        world: World,
        *,
        merchants: str | None = None,
        day: date = DEFAULT_TODAY,
        settings: str = "",
        first: bool = False,
    ) -> None:
        self.first = first
        self.folder = folder
        self.config = folder / "fankuan.toml"
        self.config.write_text(f'data_dir = "var"\n{settings}\n{world.settings_toml()}', encoding="utf-8")
        self.settings = load_settings(self.config)
        put_ledger(self.settings.data_dir)
        self.clock: Ticking = Clock(day)
        self.watch = Silent()
        self.add(merchants or world.merchants_toml())

    def add(self, merchants: str) -> None:
        """Registers merchants, as `fankuan merchants import` does."""
        listed = self.folder / "merchants.toml"
        listed.write_text(merchants, encoding="utf-8")
        known = sites(self.settings)
        titles, gone = {name: site.title for name, site in known.items()}, [n for n, site in known.items() if site.gone]
        found = read_merchants(listed, titles, gone).merchants
        listed.unlink()
        self.in_ledger(lambda tx: tx.merchants.save(found))
        if not self.first:
            for account in (account.key for merchant in found for account in merchant.accounts):
                self.in_ledger(partial(_session_over, account=account))

    def extend(self, settings: str, merchants: str) -> None:
        """Adds to the settings file, and registers merchants that need it."""
        self.config.write_text(f"{self.config.read_text(encoding='utf-8')}\n{settings}", encoding="utf-8")
        self.settings = load_settings(self.config)
        self.add(merchants)

    def in_ledger(self, use: Callable[[UnitOfWork], object]) -> None:
        def in_one(ledger: Ledger) -> None:
            with ledger.begin() as tx:
                use(tx)

        self.with_ledger(in_one)

    def with_ledger(self, use: Callable[[Ledger], object]) -> None:
        ledger = Ledger.open(self.settings, self.clock)
        try:
            use(ledger)
        finally:
            ledger.close()

    async def sync(self, *, later: timedelta = timedelta(minutes=10), **wanted: Any) -> RunReport:  # noqa: ANN401
        """One run, so much later than the one before, with a ledger opened anew."""
        self.clock.skip(later)
        self.watch = Silent()
        ledger = Ledger.open(self.settings, self.clock)
        try:
            named = {name: wanted.pop(name) for name in ("merchants", "platforms", "accounts") if name in wanted}
            own: dict[str, Any] = {"progress": self.watch, "chrome": self.chrome}
            return await run_sync(self.context(ledger, **(own | wanted)), Selection(**named))
        finally:
            ledger.close()

    def context(self, ledger: Ledger, **given: Any) -> RunContext:  # noqa: ANN401
        """What a run is given that a test starts."""
        return RunContext(settings=self.settings, ledger=ledger, clock=self.clock, started_by="test", **given)

    async def account(self, **wanted: Any) -> AccountReport:  # noqa: ANN401
        """The report of the only account of one run."""
        report = await self.sync(**wanted)
        (only,) = report.accounts
        return only


def _session_over(tx: UnitOfWork, account: AccountKey) -> None:
    if not tx.sessions.was_kept(account):
        tx.sessions.lapse(tx.sessions.keep(account, SecretStr("{}"), None))


# what a market must look like


def changed(market: Market) -> list[str]:
    """The numbers of the orders that are not what they were."""
    return [o["order_no"] for o in market.truth()["orders"] if o["status"] != o["initial_status"]]


def filed_here(market: Market) -> list[Made]:
    return [f for f in market.truth()["filings"] if not f["prefiled"]]


def ours_completed(market: Market) -> list[Made]:
    return [o for o in market.truth()["orders"] if o["ours"] and o["status"] == "交易成功"]


def applied(market: Market) -> Counter[tuple[str, str | None]]:
    return Counter((p["kind"], p["order_no"]) for p in market.truth()["log"] if p["applied"])


def assert_nothing_twice(market: Market) -> None:
    """Nothing bought, nothing of another vendor's touched, no step applied twice, no number filed twice."""
    truth = market.truth()
    ours = {o["order_no"] for o in truth["orders"] if o["ours"]}
    assert [p for p in truth["log"] if p["kind"] == "buy"] == []
    assert {n for kind, n in applied(market)} <= ours
    assert [(step, count) for step, count in applied(market).items() if count > 1] == [], truth["log"]
    assert set(Counter(f["order_no"] for f in truth["filings"]).values()) <= {1}
    assert set(changed(market)) <= set(truth["should_confirm"])


def assert_finished(market: Market) -> None:
    """The whole job is done, each part of it once, with the right values."""
    assert_nothing_twice(market)
    truth = market.truth()
    assert sorted(changed(market)) == sorted(truth["should_confirm"])
    filings = {f["order_no"]: f for f in truth["filings"]}
    for order in ours_completed(market):
        filing = filings[order["order_no"]]
        shown = (filing["platform"], filing["date"], float(filing["amount"]))
        assert shown == ("淘宝", order["ordered_at"][:10], float(order["amount"]))
        assert filing["shop"] == order["shop"]
    mine = {o["order_no"] for o in truth["orders"] if o["ours"]}
    assert {f["order_no"] for f in filed_here(market)} <= mine
    for filing in truth["filings"]:
        if filing["order_no"] in mine:
            assert filing["status"] in ("报备中", "已申请")  # what was offered has been requested
        else:
            assert filing["payee"] is None
    payee = {"bank": "招商银行杭州分行", "holder": "杭州锦绣家居有限公司", "account": "571900000010001"}
    asked = [f["payee"] for f in truth["filings"] if f["status"] == "已申请" and f["order_no"] in mine]
    assert all(p == payee for p in asked)


def quiet(market: Market) -> bool:
    """True where no write but log-ins has come."""
    return not market.truth()["log"]
