"""`fankuan login`: a person logs in once, in a window, by a QR code, or with the code of a message."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.audit import note, who
from agent.cli.language import pick
from agent.cli.session import account_key, complain, now, open_ledger, settings_of, start_log
from agent.cli.sync import follow_up
from agent.cli.warnings import tell_risks

if TYPE_CHECKING:
    from agent.domain.accounts import AccountKey
    from agent.domain.report import AccountReport
    from agent.flows.runs.attended import Way
    from agent.ledger import Ledger
    from agent.pages.live.page import LivePage
    from agent.settings import Settings

# As the help of the command says.
_PERSON_AT_HAND = timedelta(minutes=10)


def login(
    context: typer.Context,
    *,
    platform: Annotated[str, typer.Argument(help=pick("The platform's id, such as taobao.", "平台代号，如 taobao。"))],
    merchant: Annotated[str, typer.Option(metavar="ID", help=pick("Whose shop.", "哪个商家的店铺。"))],
    qr: Annotated[
        bool, typer.Option("--qr", help=pick("Draw the site's QR code in this terminal.", "在终端显示登录二维码。"))
    ] = False,
    window: Annotated[
        bool, typer.Option("--window", help=pick("In a visible browser window.", "在可见的浏览器窗口中登录。"))
    ] = False,
) -> None:
    """Wait up to ten minutes for a person to log in, and keep the session, sealed.

    Without an option: in a window if there is a screen, else with the registered password and the code that the
    site sends. What waited for this log-in goes on: a sync of the account follows.
    """
    from agent.domain.errors import UsageError
    from agent.domain.text import Text

    if qr and window:
        raise UsageError(Text("Choose --qr or --window, not both.", "--qr 与 --window 只能选一个。"))
    if qr:
        _check_qr(platform)
    settings = settings_of(context)
    start_log(settings)
    tell_risks(settings)
    with open_ledger(settings) as ledger:
        account = account_key(f"{merchant}/{platform}")
        note(ledger, "login_attended", str(account))
        with ledger.read() as tx:
            waited = tx.challenges.open_of(account) is not None
        report = log_in(settings, ledger, account, qr=qr, window=window)
        told(report, follows=waited)
        if report.exit_status or not waited:
            raise typer.Exit(report.exit_status)
    follow_up(settings, account)


def log_in(settings: "Settings", ledger: "Ledger", account: "AccountKey", *, qr: bool, window: bool) -> "AccountReport":
    """Let the person at hand log in; see `login`."""
    import asyncio

    from agent.cli.asking import asker
    from agent.flows.runs.attended import log_in_attended
    from agent.flows.runs.context import RunContext

    way, headed = _way(qr=qr, window=window)
    run = RunContext(
        settings=settings,
        ledger=ledger,
        clock=now,
        started_by=who(),
        headed=headed,
        patience=_PERSON_AT_HAND,
        tell=asker(ledger),
    )
    return asyncio.run(log_in_attended(run, account, way))


def _check_qr(platform: str) -> None:
    """Raise UsageError for a built-in platform whose log-in has no code to scan."""
    from agent.domain.errors import UsageError
    from agent.domain.text import Text
    from agent.sites import BUILT_IN
    from agent.sites.site import LogIn

    site = BUILT_IN.get(platform)
    if site is not None and LogIn.QR not in site.log_in:
        raise UsageError(
            Text(f"{site.title} has no QR code to log in by.", f"{site.title}不支持扫码登录。"),
            Text("Leave --qr out, or use --window.", "请去掉 --qr，或改用 --window。"),
        )


def _way(*, qr: bool, window: bool) -> "tuple[Way, bool]":
    from agent.cli.asking import draw, tell_scanned
    from agent.flows.runs.manual_login import ByQr, ByWindow, by_code, check_screen, has_screen

    if qr:
        return ByQr(draw, tell_scanned), False
    if window:
        check_screen()
    return (ByWindow(_invite), True) if window or has_screen() else (by_code, False)


def _invite(_page: "LivePage") -> None:
    complain(pick("Log in in the window, as you always do.", "请在打开的窗口中照常登录（扫码、短信均可）。"))


def told(report: "AccountReport", *, follows: bool) -> None:
    """Say how it went, on standard error."""
    from agent.cli.words import why
    from agent.domain.errors import Outcome

    if report.outcome is not Outcome.OK:
        complain(f"{report.reason}: {why(report)}")
        return
    then = pick(f" Next: fankuan sync --account {report.account}", f"下一步：fankuan sync --account {report.account}")
    complain(
        pick(
            f"✓ The session is kept; it shows {len(report.orders)} orders.",
            f"✓ 登录态已保存，可见 {len(report.orders)} 个订单。",
        )
        + (pick(" Its sync follows.", "随后自动同步。") if follows else then)
    )
