"""`fankuan sync`: the loop of every account, each on its own, some at the same time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from loguru import logger
from playwright.async_api import Error

from agent.browser import Chrome, open_chrome
from agent.domain.errors import (
    AccountBusy,
    AccountError,
    AgreementAsked,
    Challenge,
    Outcome,
    RunStopped,
    ShopNotNamed,
    UsageError,
)
from agent.domain.merchants import Account, Edition, Merchant
from agent.domain.report import AccountReport, RunReport
from agent.domain.text import Text
from agent.flows.account import AccountRun, Job
from agent.flows.door import Door, desk_door, door_of
from agent.flows.evidence import Evidence, secrets_of
from agent.flows.keeper import BACK_OFFICE, Keeper
from agent.flows.lock import Held, only_one
from agent.flows.refusals import Refusals
from agent.flows.session import Session, stopped
from agent.flows.upcoming import plan_next
from agent.flows.watch import Watch
from agent.handoff import Handoff, Picture, Tell, nobody
from agent.ledger import LeaseLost, Ledger, Limits
from agent.pages.window import Window
from agent.settings import Settings, address_problem, backoffice, sites
from agent.sites import Desk, Site, names_of_others

# Outside Playwright: a page that hangs must not hold an account for ever.
_DEADLINE_SECONDS = 40 * 60.0


@dataclass(slots=True)
class Run:
    """One run of the command."""

    id: str
    settings: Settings
    desk: Desk
    ledger: Ledger
    clock: Callable[[], datetime]
    watch: Watch
    dry_run: bool
    started_by: str
    chrome: Chrome
    merchant_locks: dict[str, asyncio.Lock]
    slots: asyncio.Semaphore
    refusals: Refusals
    patience: timedelta
    tell: Tell
    limits: Limits | None
    stopping: Callable[[], bool]

    def handoff(self, merchant: str, site: str, door: Door, picture: Picture) -> Handoff:
        """Where a person is asked on behalf of one log-in."""
        return Handoff(
            ledger=self.ledger,
            run_id=self.id,
            merchant=merchant,
            site=site,
            clock=self.clock,
            patience=self.patience,
            tell=self.tell,
            picture=picture,
            dry_run=self.dry_run,
            totp=door.credentials.totp,
        )


async def run_sync(
    settings: Settings,
    ledger: Ledger,
    *,
    merchants: Sequence[str] = (),
    platforms: Sequence[str] = (),
    dry_run: bool = False,
    headed: bool = False,
    concurrency: int = 2,
    clock: Callable[[], datetime],
    watch: Watch,
    started_by: str,
    patience: timedelta = timedelta(),
    tell: Tell = nobody,
    chrome: Chrome | None = None,
    limits: Limits | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> RunReport:
    """Runs the job for all accounts or those named.

    Raises UsageError for an id that is not known and where no browser is found. What goes wrong with an account is in
    its report; the others go on. `clock` gives aware moments in Asia/Shanghai. `patience` is how long a page waits for
    a code that a person is asked for, and `tell` is called with each such question. `chrome` is a browser that runs
    already, for a caller who has many runs. An account for which the platform's `limits` are reached ends as busy. As
    soon as `stopping` is true, no further step is begun.
    """
    known = sites(settings)
    work = _work(ledger, known, merchants, platforms)
    started_at = clock()
    desk = _desk(settings, {m.edition for m, _, _ in work}) if work else None
    run_id = ledger.start_run(dry_run, started_by)
    reports: list[AccountReport] = []
    if desk is not None:
        headless = settings.browser.headless and not headed
        own = nullcontext(chrome) if chrome else open_chrome(settings.browser.executable, headless)
        async with own as browser:
            run = Run(
                id=run_id,
                settings=settings,
                desk=desk,
                ledger=ledger,
                clock=clock,
                watch=watch,
                dry_run=dry_run,
                started_by=started_by,
                chrome=browser,
                merchant_locks={m.id: asyncio.Lock() for m, _, _ in work},
                slots=asyncio.Semaphore(concurrency),
                refusals=Refusals(),
                patience=patience,
                tell=tell,
                limits=limits,
                stopping=stopping,
            )
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(_account(run, m, a, s)) for m, a, s in work]
            reports = [t.result() for t in tasks]
    ledger.finish_run(run_id)
    return RunReport(run_id, started_at, clock(), dry_run, reports)


def _desk(settings: Settings, editions: set[Edition]) -> Desk:
    """The back office. Raises UsageError where members with those editions cannot work it as it is configured.

    Its published address is plain http, where everyone on the way can read the password: that has to be accepted.
    """
    given = settings.backoffice
    if verdict := address_problem(given.login_url, allow_http=given.allow_http):
        reason, cure = verdict
        text = Text(f"backoffice.login_url {reason.en}. {cure.en}", f"backoffice.login_url {reason.zh}。{cure.zh}")
        raise UsageError(text)
    desk = backoffice(settings)
    lacking = {e for e in editions if desk.list_url(e) is None}
    if Edition.ENTERPRISE in lacking:
        raise UsageError(
            Text(
                "backoffice.filing_url is not set. Open 自助服务 → 平台报备 in the member back office and copy its "
                "address into the settings; likewise refund_url from 订购返款.",
                "未设置 backoffice.filing_url。请在会员后台打开“自助服务 → 平台报备”，把网址填入设置；"
                "refund_url 同理取自“订购返款”。",
            )
        )
    if lacking:
        raise UsageError(
            Text(
                "backoffice.refund_url is not set. Open 订购返款 in the member back office and copy its address into "
                "the settings.",
                "未设置 backoffice.refund_url。请在会员后台打开“订购返款”，把网址填入设置。",
            )
        )
    return desk


def _work(
    ledger: Ledger, known: dict[str, Site], merchants: Sequence[str], platforms: Sequence[str]
) -> list[tuple[Merchant, Account, Site]]:
    registered = ledger.merchants(merchants)
    if {m.id for m in registered} < set(merchants):
        _check_known("merchant", "商家", merchants, {m.id for m in ledger.merchants()})
    _check_known("platform", "平台", platforms, set(known))
    accounts = [(m, a) for m in registered for a in m.accounts]
    wanted = [(m, a) for m, a in accounts if (not platforms or a.platform in platforms)]
    _check_known("platform", "平台", [a.platform for _, a in wanted], set(known))
    return [(m, a, known[a.platform]) for m, a in wanted]


def _check_known(en: str, zh: str, wanted: Sequence[str], known: set[str]) -> None:
    for name in wanted:
        if name not in known:
            listed = ", ".join(sorted(known)) or "-"
            raise UsageError(
                Text(f"There is no {en} “{name}”. Known: {listed}.", f"没有{zh}“{name}”。已有：{listed}。")
            )


async def _account(run: Run, merchant: Merchant, account: Account, site: Site) -> AccountReport:
    async with run.slots, run.merchant_locks[merchant.id]:
        run.watch.account_started(merchant.id, site.id)
        report = await _guarded(run, merchant, account, site)
        busy = report.reason == AccountBusy.reason
        if busy and run.limits:
            return report  # it stays due; that another was quicker is not worth a word
        run.ledger.record_account(run.id, report)
        if not (run.dry_run or busy or report.reason == LeaseLost.reason):
            plan_next(run.settings, run.ledger, report, run.clock(), cut_short=run.stopping())
        run.watch.account_ended(report)
        return report


async def _guarded(run: Run, merchant: Merchant, account: Account, site: Site) -> AccountReport:
    folder = run.settings.evidence_dir / run.id / f"{merchant.id}-{site.id}"
    evidence = Evidence(folder, run.id, run.ledger, run.started_by, secrets_of(merchant, account))
    try:
        async with (
            asyncio.timeout(_DEADLINE_SECONDS),
            only_one(run.settings, run.ledger, merchant.id, site.id, run.limits) as held,
            _sessions(run, merchant, account, site, evidence=evidence, held=held) as (market, office),
        ):
            days, others = run.settings.work_calendar, names_of_others(site, sites(run.settings).values())
            job = Job(
                merchant=merchant,
                account=account,
                site=site,
                others=others,
                backoffice=run.desk,
                ledger=run.ledger,
                lease=held.lease,
                evidence=evidence,
                clock=run.clock,
                watch=run.watch,
                calendar=days,
                dry_run=run.dry_run,
                stopping=run.stopping,
            )
            return await _worked(AccountRun(job, market, office))
    except AccountError as error:
        return _ended(merchant, account, error)
    except TimeoutError:
        return _ended(merchant, account, RunStopped(f"not done after {_DEADLINE_SECONDS / 60:.0f} minutes"))
    except Error as error:
        return _ended(merchant, account, stopped(error))
    except Exception as error:  # noqa: BLE001
        # A mistake of ours in one account must not end the others; it is told as what it is.
        logger.opt(exception=error).error("{}/{}: unexpected", merchant.id, site.id)
        return _ended(merchant, account, RunStopped(f"unexpected {type(error).__name__}"))


def _ended(merchant: Merchant, account: Account, error: AccountError) -> AccountReport:
    return AccountReport(merchant.id, account.platform, error.outcome, error.reason, error.text)


@asynccontextmanager
async def _sessions(
    run: Run, merchant: Merchant, account: Account, site: Site, *, evidence: Evidence, held: Held
) -> AsyncIterator[tuple[Session | None, Session]]:
    desk = run.desk
    async with AsyncExitStack() as stack:

        async def opened(name: str, door: Door) -> Session:
            keeper = Keeper(run.ledger, run.id, merchant.id, name, door)
            page = run.chrome.page(keeper.restore(), door.network, held.in_force)
            window = Window(await stack.enter_async_context(page), door.allows)
            handoff = run.handoff(merchant.id, name, door, partial(evidence.take_challenge, window))
            return Session(window, door, refusals=run.refusals, keeper=keeper, handoff=handoff)

        market = None if site.gone else await opened(site.id, door_of(site, account))
        yield market, await opened(BACK_OFFICE, desk_door(desk, merchant))


async def _worked(work: AccountRun) -> AccountReport:
    try:
        return await work.run()
    except AccountError as error:
        session = max((s for s in (work.market, work.office) if s is not None), key=lambda s: s.opened_at)
        pictures = await work.job.evidence.take_failure(session.window, error.reason)
        if isinstance(error, Challenge | ShopNotNamed | AgreementAsked):
            session.leave(error.kind, error.said, pictures[0] if pictures else None)
        if not isinstance(error, LeaseLost):  # what is open then is another's to judge
            await work.settle_accounts()
        report = work.report()
        report.outcome, report.reason, report.text = error.outcome, error.reason, error.text
        report.evidence = pictures
        return report
    except Error as error:
        report = work.report()
        gone = stopped(error)
        report.outcome, report.reason, report.text = Outcome.UNKNOWN, gone.reason, gone.text
        return report
