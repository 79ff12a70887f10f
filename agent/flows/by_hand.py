"""A person logs in (人工登录) in a visible window; the session then serves the runs that nobody watches."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from playwright.async_api import Error

from agent.browser import Chrome, open_chrome
from agent.domain.errors import AccountError, Outcome, SessionExpired, SiteUnavailable, UsageError
from agent.domain.merchants import Account
from agent.domain.orders import Order
from agent.domain.report import AccountReport
from agent.domain.text import Text
from agent.flows.door import door_of
from agent.flows.keeper import Keeper
from agent.flows.lock import only_one
from agent.flows.login import is_log_in
from agent.flows.lookup import look_up_orders
from agent.flows.named import named_account
from agent.flows.refusals import Refusals
from agent.flows.session import Session, stopped
from agent.ledger import Ledger
from agent.pages.condition import challenge
from agent.pages.window import Window
from agent.settings import Settings
from agent.sites import Site
from agent.storage import Stored

_PATIENCE_SECONDS = 600.0
_LOOK_EVERY = 0.5


async def log_in_by_hand(
    settings: Settings,
    ledger: Ledger,
    merchant_id: str,
    platform: str,
    *,
    headed: bool,
    started_by: str,
    ready: Callable[[Window], None],
    patience: float = _PATIENCE_SECONDS,
) -> AccountReport:
    """Opens the platform's log-in page, calls `ready` with its window, and waits for a person to log in there.

    Nothing is typed or clicked. The session is kept once a browser that nobody sees, given nothing else, reads the
    order list of the account's shop in it. Raises UsageError for an account that is not known, a platform that has no
    site any more, and where there is no browser or no screen. What goes wrong on the site is in the report.
    """
    merchant, account, site = named_account(settings, ledger, merchant_id, platform)
    if site.gone:
        raise UsageError(Text(f"{site.title} has no site any more.", f"{site.title}已停止服务，无需登录。"))
    if headed and not _has_screen():
        raise UsageError(_NO_SCREEN)
    report = AccountReport(merchant.id, site.id, Outcome.OK)
    run_id = ledger.start_run(True, started_by)
    keeper = Keeper(ledger, run_id, merchant.id, site.id, door_of(site, account))
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(only_one(settings, merchant.id))
            executable = settings.browser.executable
            seen = await stack.enter_async_context(open_chrome(executable, not headed))
            window = Window(await stack.enter_async_context(seen.page()))
            unseen = await stack.enter_async_context(open_chrome(executable, True)) if headed else seen
            await _show(window, site.login_url)
            ready(window)
            report.orders = await _waited(
                window, lambda stored: _proven(unseen, stored, site, account, keeper), patience
            )
    except AccountError as error:
        report.outcome, report.reason, report.text = error.outcome, error.reason, error.text
    except TimeoutError:
        report.outcome, report.reason, report.text = Outcome.NEEDS_HUMAN, "not_logged_in", _NOBODY
    except Error as error:
        ended = stopped(error)
        report.outcome, report.reason, report.text = Outcome.FAILED, ended.reason, ended.text
    finally:
        ledger.finish_run(run_id)
    return report


async def _show(window: Window, address: str) -> None:
    try:
        await window.open(address)
    except Error as error:
        raise SiteUnavailable(address, error.message.splitlines()[0][:120]) from None


async def _waited(window: Window, proven: Callable[[Stored], Awaitable[list[Order]]], patience: float) -> list[Order]:
    """What `proven` gives once somebody is logged in. Raises TimeoutError where nobody is, and what `proven` raises."""
    deadline, tried = time.monotonic() + patience, None
    while time.monotonic() < deadline:
        view = await window.look()
        stored = await Stored.of(window.page)
        if stored != tried and not is_log_in(view) and challenge(view) is None:
            tried = stored
            try:
                return await proven(stored)
            except SessionExpired:
                pass  # not yet: sites set cookies before anyone has logged in, too
        await asyncio.sleep(_LOOK_EVERY)
    raise TimeoutError


async def _proven(unseen: Chrome, stored: Stored, site: Site, account: Account, keeper: Keeper) -> list[Order]:
    """Reads the orders in a context that knows `stored` alone, and keeps the session where that succeeds."""
    door = keeper.door
    # The password is not for this: what does not open by itself is not logged in.
    refusals = Refusals()
    refusals.note((door.login_url, door.credentials.username), SessionExpired(site.title))
    async with unseen.page(stored) as page:
        session = Session(Window(page), door, refusals=refusals, logged_in=True)
        orders = await look_up_orders(session, site, account.shop)
        await keeper.keep(page)
        return orders


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))


_NO_SCREEN = Text(
    "There is no screen for a window here. Run this on a machine with one, on the same data directory or database.",
    "此处没有可显示窗口的屏幕。请在有屏幕的电脑上运行，并使用同一数据目录或数据库。",
)
_NOBODY = Text(
    "Nobody logged in within the time. Run it again when someone is there.",
    "在限定时间内无人登录，请在有人时重新运行。",
)
