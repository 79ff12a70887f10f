"""When (APScheduler): wakes the accounts that the ledger says are due, as long as it is wanted, and stops cleanly."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from filelock import FileLock, Timeout
from loguru import logger
from pydantic import SecretStr

from agent.browser import Chrome, open_chrome
from agent.domain.errors import AccountBusy, BrowserFailed, Outcome, UsageError
from agent.domain.login_errors import NoLogin
from agent.domain.orders import SHANGHAI
from agent.domain.report import AccountReport
from agent.domain.text import Text
from agent.fleet.presence import present, this_worker
from agent.flows.runs.context import RunContext
from agent.flows.runs.heartbeat import HeldLease
from agent.flows.runs.lease import kept, place
from agent.flows.runs.progress import RunProgress
from agent.flows.runs.reschedule import plan_next
from agent.flows.runs.selection import Selection
from agent.flows.runs.sync import run_sync
from agent.flows.session.login_attempts import LoginLocks
from agent.ledger import OWN_ROWS, Ledger, Limits, Planned, lease_of
from agent.settings import Settings

_TICK_SECONDS, _TELL_SECONDS = 5.0, 60.0
# Once a day, and first some time after the start: a service that is started anew each day does it, too.
_TIDY_HOURS, _TIDY_AFTER = 24, timedelta(minutes=10)
# A browser is started anew after so many accounts, before what it never gives back adds up.
_ACCOUNTS_OF_A_BROWSER = 200
# Begun steps have this long to end once the service is to stop; what is not done then is in doubt.
_DRAIN_SECONDS = 90.0
_BUSY_SECONDS, _REST_SECONDS = 30.0, 1.0
# After so many that did not start it is more than the browser that is broken: Playwright's driver, or the machine.
_BROWSERS_IN_A_ROW = 3
_WITHOUT_BROWSER = (AccountBusy.reason, NoLogin.reason)
_NAME = "serve"


@dataclass(frozen=True, slots=True)
class Service:
    """What one process does for the schedule, for so many accounts at the same time (`concurrency`).

    `begun` is called once nobody else is known to serve, `tell` every minute, `tidy` every day; `clock` gives aware
    moments.
    """

    settings: Settings
    ledger: Ledger
    clock: Callable[[], datetime]
    progress: RunProgress
    started_by: str
    tell: Callable[[], Awaitable[None]]
    concurrency: int
    begun: Callable[[], None] = lambda: None
    tidy: Callable[[], Awaitable[None]] | None = None

    async def alone(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set.

        Raise UsageError while another process serves this ledger, if no browser is found, and once none starts any
        more.
        """
        async with _only_service(self.settings, self.ledger):
            self.begun()
            await self._work(stop, _NAME)

    async def beside_others(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, beside any number of others; tell nobody. Raise UsageError as alone() does."""
        self.begun()
        await self._work(stop, "worker")

    async def _work(self, stop: asyncio.Event, kind: str) -> None:
        browser, telling = self.settings.browser, kind == _NAME
        worker = this_worker(self.settings, kind, self.concurrency)
        async with open_chrome(browser.executable, browser.headless) as chrome, present(self.ledger, worker):
            pool = _WorkerPool(self, chrome, stop)
            url = self.settings.database_url
            scheduler = AsyncIOScheduler(
                timezone=SHANGHAI, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
            )
            if url is None:
                scheduler.add_job(pool.take_up, "interval", seconds=_TICK_SECONDS, next_run_time=datetime.now(SHANGHAI))
            if telling:
                scheduler.add_job(self.tell, "interval", seconds=_TELL_SECONDS)
            if telling and self.tidy is not None:
                first = datetime.now(SHANGHAI) + _TIDY_AFTER
                scheduler.add_job(self.tidy, "interval", hours=_TIDY_HOURS, next_run_time=first)
            scheduler.start()
            try:
                await (stop.wait() if url is None else self._hand_out(pool, url, stop))
            finally:
                scheduler.shutdown(wait=False)
                await pool.clear()
            if pool.broken:
                raise _no_browser()

    async def _hand_out(self, pool: "_WorkerPool", url: SecretStr, stop: asyncio.Event) -> None:
        """Share what is due with all others that work on this database."""
        from agent.fleet.handout import HandOut  # which loads what one machine does not need

        if os.name == "nt":
            raise _not_on_windows()
        shared = HandOut(self.ledger, url, self.concurrency, pool.slots, pool.limits, pool.visit, _DRAIN_SECONDS)
        await shared.run(stop)


@dataclass(slots=True)
class _WorkerPool:
    """What is worked on right now."""

    service: Service
    chrome: Chrome
    stop: asyncio.Event
    working: dict[asyncio.Task[None], str] = field(default_factory=dict)  # on which merchant
    busy: dict[str, float] = field(default_factory=dict)  # merchants that another keeps, and until when they rest
    following: asyncio.Task[None] | None = None
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    turns: asyncio.Condition = field(default_factory=asyncio.Condition)
    login_locks: LoginLocks = field(default_factory=lambda: LoginLocks(asyncio.Lock))
    slots: asyncio.Semaphore = field(init=False)  # each of them for one account
    taken: int = 0
    failed: int = 0  # browsers in a row that did not start
    broken: bool = False

    def __post_init__(self) -> None:
        self.slots = asyncio.Semaphore(self.service.concurrency)

    async def take_up(self) -> None:
        """Begin with as many merchants that have something due as there is room for."""
        async with self.asking:  # of two that ask at the same time, both would begin with the same
            await self._take_up()

    async def _take_up(self) -> None:
        if self.taken >= _ACCOUNTS_OF_A_BROWSER:
            await self._renew()
        free = self.service.concurrency - len(self.working)
        if self.stop.is_set() or free <= 0 or self.taken >= _ACCOUNTS_OF_A_BROWSER:
            return
        begun = {*self.working.values(), *(name for name, until in self.busy.items() if until > time.monotonic())}
        due = await self.service.ledger.look(lambda tx: tx.schedule.due(free + len(begun), self.limits))
        if self.stop.is_set():
            return
        for planned in [each for each in due if each[0].account.merchant_id not in begun][:free]:
            self.taken += len(planned)
            task = asyncio.create_task(self._work(planned))
            self.working[task] = planned[0].account.merchant_id
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self.working[task]
        if not self.stop.is_set():
            self.following = asyncio.create_task(self.take_up())
            self.following.add_done_callback(_tell_failure)
        _tell_failure(task)

    async def visit(self, merchant: str) -> None:
        """Do what is due for a merchant that was handed out."""
        if self.busy.get(merchant, 0.0) > time.monotonic():
            await asyncio.sleep(_REST_SECONDS)  # it stays due: it is handed out anew, to another or once it is free
            return
        planned = await self.service.ledger.look(lambda tx: tx.schedule.due_of(merchant))
        if not planned or self.stop.is_set():
            return
        async with self.turns:
            await self.turns.wait_for(lambda: self.taken < _ACCOUNTS_OF_A_BROWSER or not self.working)
            if self.stop.is_set():
                return
            if self.taken >= _ACCOUNTS_OF_A_BROWSER:
                await self._renew()
            self.taken += len(planned)
            task = asyncio.create_task(self._work(planned))
            self.working[task] = merchant
        try:
            await task
        finally:
            task.cancel()
            async with self.turns:
                del self.working[task]
                self.turns.notify_all()

    async def clear(self) -> None:
        """Wait for what was begun."""
        if self.working:
            _, late = await asyncio.wait(self.working, timeout=_DRAIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _renew(self) -> None:
        """End the browser once nothing is open in it; the next page starts one."""
        if not self.working:
            await self.chrome.close()
            self.taken = 0

    async def _work(self, planned: list[Planned]) -> None:
        """Do what is due for one merchant."""
        merchant = planned[0].account.merchant_id
        try:
            done = await run_sync(self._context, Selection(accounts=[each.account for each in planned]))
            self._consider([report.reason for report in done.accounts], merchant)
        except UsageError as error:
            if len(planned) > 1:  # one of them may be what is wrong
                for each in planned:
                    await self._work([each])
            else:
                self._put_off(planned[0], error)
        except Exception as error:  # noqa: BLE001
            # A mistake of ours in one account must not end the service for all; it is told as what it is.
            logger.opt(exception=error).error("{}: unexpected", merchant)
            for each in planned:
                if self._is_due(each):
                    self._put_off(each, error)

    def _consider(self, reasons: list[str | None], merchant: str) -> None:
        if all(reason == AccountBusy.reason for reason in reasons):
            self.busy[merchant] = time.monotonic() + _BUSY_SECONDS
        tried = [reason for reason in reasons if reason not in _WITHOUT_BROWSER]
        if tried:
            self.failed = self.failed + 1 if all(reason == BrowserFailed.reason for reason in tried) else 0
        if self.failed >= _BROWSERS_IN_A_ROW:
            self.broken = True
            self.stop.set()

    def _is_due(self, planned: Planned) -> bool:
        with self.service.ledger.read() as tx:
            return tx.schedule.planned(planned.account).at <= self.service.clock()

    def _put_off(self, planned: Planned, error: Exception) -> None:
        """What did not even begin is told, and tried again, as any failure is."""
        text = error.text if isinstance(error, UsageError) else None
        report = AccountReport(planned.account, Outcome.FAILED, "not_started", text)
        service = self.service
        with service.ledger.begin(on=OWN_ROWS) as tx:
            run_id = tx.runs.start(dry_run=False, started_by=service.started_by)
        with service.ledger.begin(on=lease_of(planned.account.merchant_id), run_id=run_id) as tx:
            tx.runs.record(report)
            tx.runs.finish()
            plan_next(self._context, tx, report, cut_short=False)
        service.progress.account_ended(report)

    @property
    def _context(self) -> RunContext:
        service = self.service
        return RunContext(
            settings=service.settings,
            ledger=service.ledger,
            clock=service.clock,
            started_by=service.started_by,
            progress=service.progress,
            chrome=self.chrome,
            login_locks=self.login_locks,
            slots=self.slots,
            limits=self.limits,
            stopping=self.stop.is_set,
            brief=True,
        )

    @property
    def limits(self) -> Limits:
        return Limits(self.service.settings.schedule.at_once, self.service.settings.schedule.a_minute)


def _tell_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        # Above all a database that is away: what is due stays due.
        logger.error("what is due was left as it is: {}", type(error).__name__)


@asynccontextmanager
async def _only_service(settings: Settings, ledger: Ledger) -> AsyncIterator[None]:
    lock = FileLock(settings.data_dir / "serve.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise _serves_already() from None
    try:
        here = place(settings)
        lease = await ledger.write(lambda tx: tx.leases.take(_NAME, str(os.getpid()), here), on=_NAME)
        if lease is None:
            raise _serves_already()
        async with kept(ledger, HeldLease(lease)):
            yield
    finally:
        lock.release()


def _no_browser() -> UsageError:
    return UsageError(
        Text(
            "The browser does not start any more. This process ends so that it can be started anew.",
            "浏览器已无法启动，本进程退出，以便重新启动。",
        ),
        Text(
            "The accounts that failed are tried again within the hour. If it happens again: fankuan doctor.",
            "失败的账号一小时内会重试。若再次发生，请运行 fankuan doctor。",
        ),
    )


def _not_on_windows() -> UsageError:
    return UsageError(
        Text(
            "On Windows fankuan serves a ledger in its file alone: the drivers of PostgreSQL and of the browser want "
            "different event loops.",
            "在 Windows 上，serve 和 worker 只能使用文件台账：PostgreSQL 驱动与浏览器驱动所需的事件循环不同。",
        ),
        Text("Run serve and worker on Linux or macOS.", "请在 Linux 或 macOS 上运行 serve 和 worker。"),
    )


def _serves_already() -> UsageError:
    return UsageError(
        Text(
            "Another fankuan serves this ledger already. This one ends.",
            "已有一个 fankuan serve 正在使用该台账，本进程退出。",
        ),
        Text(
            "One is enough; where more machines are to help, run `fankuan worker` there.",
            "一个台账只需一个 serve；如需多台机器协助，请在其他机器上运行 `fankuan worker`。",
        ),
    )
