"""`fankuan reauthorize`: opens a platform's page for consent (授权), and presses its button if that is wanted."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from playwright.async_api import Error

from agent.browser import open_chrome
from agent.domain.accounts import AccountKey
from agent.domain.errors import AccountError, RunStopped
from agent.domain.report import AuthorizationReport
from agent.flows.runs.context import OpenRun, RunContext
from agent.flows.runs.heartbeat import HeldLease
from agent.flows.runs.lease import merchant_lease
from agent.flows.runs.open_site import OpenSite, evidence_of, open_site
from agent.flows.runs.reauthorization import Consenting, Reauthorization
from agent.flows.runs.selection import Named, named_account
from agent.flows.session.access import access_of
from agent.flows.session.session import stopped
from agent.flows.session.session_store import SessionStore
from agent.flows.steps.consent_page import ConsentPage
from agent.ledger import OWN_ROWS
from agent.pages.live.page import LivePage

_DEADLINE_SECONDS = 15 * 60.0


async def run_reauthorize(
    context: RunContext, name: AccountKey, *, by: Consenting, show: Callable[[AuthorizationReport], None]
) -> AuthorizationReport:
    """Look at the page, call `show` with what it says, and let the ERP in if `by` says so.

    A person is waited for as long as the run has patience. Raise UsageError for a merchant, platform or account that is
    not known, and if no browser is found. What goes wrong on the site is in the report.
    """
    named = named_account(context.settings, context.ledger, name)
    report = AuthorizationReport(named.account.key)
    with context.ledger.begin(on=OWN_ROWS) as tx:
        run_id = tx.runs.start(dry_run=by is Consenting.NOBODY, started_by=context.started_by)
    try:
        address = named.site.authorization
        async with asyncio.timeout(_DEADLINE_SECONDS), _opened(context, run_id, named) as (opened, held):
            consent_page = ConsentPage(opened.session(asks=False), named.site, address)
            work = Reauthorization(opened, consent_page, named.account, held.lease, report, show)
            await work.guarded(by)
    except AccountError as error:
        report.end_with(error)
    except TimeoutError:
        report.end_with(RunStopped(f"not done after {_DEADLINE_SECONDS / 60:.0f} minutes"))
    except Error as error:
        report.end_with(stopped(error))
    finally:
        with context.ledger.begin(on=OWN_ROWS, run_id=run_id) as tx:
            tx.runs.finish()
    return report


@asynccontextmanager
async def _opened(context: RunContext, run_id: str, named: Named) -> AsyncIterator[tuple[OpenSite, HeldLease]]:
    """The platform in a browser of the run's own, for as long as the block lasts and the lease is in force."""
    key = named.account.key
    async with (
        merchant_lease(context, key) as held,
        open_chrome(context.settings.browser.executable, context.headless) as browser,
        AsyncExitStack() as stack,
    ):
        access = access_of(named.site, named.account)

        async def open_page(store: SessionStore) -> LivePage:
            raw = browser.page(store.restore(), access.allows, held.in_force)
            return LivePage(await stack.enter_async_context(raw), access.allows)

        run = OpenRun.of(context, run_id, browser)
        evidence = evidence_of(run, named.merchant, named.account)
        yield await open_site(run, key, access, evidence, held=held, open_page=open_page), held
