"""`fankuan sync`: the loop of every account, each on its own, some at the same time."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext

from agent.browser import Chrome, open_chrome
from agent.domain.merchants import Account
from agent.domain.reasons import REASONS
from agent.domain.report import AccountReport, RunReport
from agent.flows.runs.backoffice_check import checked_back_office
from agent.flows.runs.context import OpenRun, RunContext
from agent.flows.runs.merchant_run import work_merchant
from agent.flows.runs.selection import SelectedAccounts, Selection, check_known, selected, without_paused
from agent.ledger import OWN_ROWS, Ledger
from agent.settings import Settings, sites
from agent.sites import BackOffice

EVERY_ACCOUNT = Selection()
PAUSED = "paused"


async def run_sync(context: RunContext, selection: Selection = EVERY_ACCOUNT) -> RunReport:
    """Run the job for the selected accounts.

    Raise UsageError for an id that is not known and if no browser is found. What goes wrong with an account is in its
    report; the others go on.
    """
    work, paused = without_paused(selected(context.ledger, sites(context.settings), selection))
    started_at = context.clock()
    back_office = checked_back_office(context.settings) if work else None
    run_id = await context.ledger.write(
        lambda tx: tx.runs.start(dry_run=context.dry_run, started_by=context.started_by), on=OWN_ROWS
    )
    reports: list[AccountReport] = []
    if back_office is not None:
        async with _browser(context) as chrome:
            reports = await _worked(OpenRun.of(context, run_id, chrome), back_office, work)
    await context.ledger.write(lambda tx: tx.runs.finish(), on=OWN_ROWS, run_id=run_id)
    reports += [_left_out(account) for account in paused]
    return RunReport(run_id, started_at, context.clock(), context.dry_run, reports)


def check_startable(settings: Settings, ledger: Ledger) -> None:
    """Raise UsageError, as run_sync does, if the settings do not do for what is registered."""
    with ledger.read() as tx:
        platforms = [key.platform for merchant in tx.merchants.registered() for key in merchant.shops]
    check_known("platform", "平台", platforms, set(sites(settings)))
    if platforms:
        checked_back_office(settings)


def _browser(context: RunContext) -> AbstractAsyncContextManager[Chrome]:
    """The browser that runs already, or one of the run's own."""
    if context.chrome is not None:
        return nullcontext(context.chrome)
    return open_chrome(context.settings.browser.executable, context.headless)


async def _worked(run: OpenRun, back_office: BackOffice, work: SelectedAccounts) -> list[AccountReport]:
    """Work all merchants; so many accounts at the same time as there are places."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work_merchant(run, back_office, merchant, accounts)) for merchant, accounts in work]
    return [report for task in tasks for report in task.result()]


def _left_out(account: Account) -> AccountReport:
    told = REASONS[PAUSED]
    return AccountReport(account.key, reason=PAUSED, text=told.message, cure=told.cure)
