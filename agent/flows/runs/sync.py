"""`fankuan sync`: the loop of every account, each on its own, some at the same time."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta

from agent.browser import Chrome, open_chrome
from agent.domain.accounts import AccountKey
from agent.domain.addresses import address_problem
from agent.domain.errors import UsageError
from agent.domain.merchants import Account, Merchant
from agent.domain.reasons import REASONS
from agent.domain.report import AccountReport, RunReport
from agent.domain.text import Text
from agent.flows.runs.merchant_run import RunContext, work_merchant
from agent.flows.runs.progress import RunProgress
from agent.flows.session.handoff import Tell, nobody
from agent.flows.session.login_attempts import LoginAttempts, LoginLocks
from agent.ledger import Ledger, Limits
from agent.settings import Settings, backoffice, sites
from agent.sites import BackOffice, Site

Work = list[tuple[Merchant, list[tuple[Account, Site]]]]
PAUSED = "paused"


async def run_sync(
    settings: Settings,
    ledger: Ledger,
    *,
    merchants: Sequence[str] = (),
    platforms: Sequence[str] = (),
    accounts: Sequence[AccountKey] = (),
    dry_run: bool = False,
    headed: bool = False,
    concurrency: int = 2,
    clock: Callable[[], datetime],
    watch: RunProgress,
    started_by: str,
    patience: timedelta = timedelta(),
    tell: Tell = nobody,
    chrome: Chrome | None = None,
    limits: Limits | None = None,
    stopping: Callable[[], bool] = lambda: False,
    login_locks: LoginLocks | None = None,
    brief: bool = False,
) -> RunReport:
    """Runs the job for all accounts or those named.

    Raises UsageError for an id that is not known and where no browser is found. What goes wrong with an account is in
    its report; the others go on. `clock` gives aware moments in Asia/Shanghai. `patience` is how long a page waits for
    a code that a person is asked for, and `tell` is called with each such question. `chrome` is a browser that runs
    already, for a caller who has many runs, and who shares the `login_locks` among those. An account for which the
    platform's `limits` are reached ends as busy. As soon as `stopping` is true, no further step or account is begun.
    `brief`: if a first page shows that nothing has changed, the others are not read.
    """
    known = sites(settings)
    work, paused = _without_paused(_work(ledger, known, merchants, platforms, accounts))
    started_at = clock()
    back_office = _back_office(settings) if work else None
    with ledger.begin() as tx:
        run_id = tx.runs.start(dry_run=dry_run, started_by=started_by)
    reports: list[AccountReport] = []
    if back_office is not None:
        headless = settings.browser.headless and not headed
        own = nullcontext(chrome) if chrome else open_chrome(settings.browser.executable, headless)
        async with own as browser:
            run = RunContext(
                id=run_id,
                settings=settings,
                back_office=back_office,
                ledger=ledger,
                clock=clock,
                watch=watch,
                dry_run=dry_run,
                started_by=started_by,
                chrome=browser,
                slots=asyncio.Semaphore(concurrency),
                login_attempts=LoginAttempts(login_locks),
                patience=patience,
                tell=tell,
                limits=limits,
                stopping=stopping,
                brief=brief,
            )
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(work_merchant(run, m, accounts)) for m, accounts in work]
            reports = [report for task in tasks for report in task.result()]
    with ledger.begin(run_id=run_id) as tx:
        tx.runs.finish()
    reports += [_left_out(account) for account in paused]
    return RunReport(run_id, started_at, clock(), dry_run, reports)


def check_startable(settings: Settings, ledger: Ledger) -> None:
    """Raise UsageError, as run_sync does, if the settings do not do for what is registered."""
    with ledger.read() as tx:
        platforms = [key.platform for merchant in tx.merchants.registered() for key in merchant.shops]
    _check_known("platform", "平台", platforms, set(sites(settings)))
    if platforms:
        _back_office(settings)


def _back_office(settings: Settings) -> BackOffice:
    """The back office. Raises UsageError if it may not be opened as it is configured.

    Its published address is plain http, where everyone on the way can read the password: that has to be accepted.
    """
    given = settings.backoffice
    if verdict := address_problem(given.login_url, allow_http=given.allow_http):
        reason, cure = verdict
        raise UsageError(Text(f"backoffice.login_url {reason.en}.", f"backoffice.login_url {reason.zh}。"), cure)
    return backoffice(settings)


def _work(
    ledger: Ledger,
    known: dict[str, Site],
    merchants: Sequence[str],
    platforms: Sequence[str],
    accounts: Sequence[AccountKey],
) -> Work:
    ids = merchants or sorted({name.merchant_id for name in accounts})
    with ledger.read() as tx:
        registered = tx.merchants.find(ids)
    if {m.id for m in registered} < set(ids):
        with ledger.read() as tx:
            everyone = {*tx.merchants.ids()}
        _check_known("merchant", "商家", ids, everyone)
    _check_known("platform", "平台", platforms, set(known))
    _check_known(
        "account", "账号", [str(name) for name in accounts], {str(a.key) for m in registered for a in m.accounts}
    )

    def is_wanted(account: Account) -> bool:
        return (not platforms or account.key.platform in platforms) and (not accounts or account.key in accounts)

    wanted = [(m, [a for a in m.accounts if is_wanted(a)]) for m in registered]
    _check_known("platform", "平台", [a.key.platform for _, found in wanted for a in found], set(known))
    return [(m, [(a, known[a.key.platform]) for a in found]) for m, found in wanted if found]


def _without_paused(work: Work) -> tuple[Work, list[Account]]:
    """What is to be worked on, and the accounts that are paused, alone or with their merchant."""
    paused = [account for merchant, found in work for account, _ in found if account.paused or merchant.paused]
    active = [(m, [(a, site) for a, site in found if a not in paused]) for m, found in work]
    return [(m, found) for m, found in active if found], paused


def _left_out(account: Account) -> AccountReport:
    told = REASONS[PAUSED]
    return AccountReport(account.key, reason=PAUSED, text=told.message, cure=told.cure)


def _check_known(en: str, zh: str, wanted: Sequence[str], known: set[str]) -> None:
    for name in wanted:
        if name not in known:
            listed = ", ".join(sorted(known)) or "-"
            raise UsageError(
                Text(f"There is no {en} “{name}”.", f"没有{zh}“{name}”。"),
                Text(f"Known: {listed}.", f"已有：{listed}。"),
            )
