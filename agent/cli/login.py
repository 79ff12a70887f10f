"""`fankuan login`: a person logs in once in a visible window, and the session is kept."""

from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.language import pick, say
from agent.cli.session import complain, open_ledger, settings_of, start_log
from agent.cli.sync import tell_risks, who

if TYPE_CHECKING:
    from agent.domain.report import AccountReport
    from agent.pages.window import Window


def login(
    context: typer.Context,
    *,
    platform: Annotated[str, typer.Argument(help=pick("The platform's id, such as taobao.", "平台代号，如 taobao。"))],
    merchant: Annotated[str, typer.Option(metavar="ID", help=pick("Whose shop.", "哪个商家的店铺。"))],
) -> None:
    """Opens the platform's log-in page in a window, waits up to ten minutes, and keeps the session, sealed."""
    import asyncio

    from agent.flows.by_hand import log_in_by_hand

    settings = settings_of(context)
    start_log(settings)
    tell_risks(settings)
    with open_ledger(settings) as ledger:
        report = asyncio.run(
            log_in_by_hand(settings, ledger, merchant, platform, headed=True, started_by=who(), ready=_invite)
        )
    _tell(report)
    raise typer.Exit(report.exit_status)


def _invite(_window: "Window") -> None:
    complain(pick("Log in in the window, as you always do.", "请在打开的窗口中照常登录（扫码、短信均可）。"))


def _tell(report: "AccountReport") -> None:
    from agent.domain.errors import Outcome

    if report.outcome is not Outcome.OK:
        complain(f"{report.reason}: {say(report.text)}" if report.text else report.reason or "")
        return
    where = f"--merchant {report.merchant} --platform {report.platform}"
    typer.echo(
        pick(
            f"✓ The session is kept; it shows {len(report.orders)} orders. Next: fankuan sync {where}",
            f"✓ 登录态已保存，可见 {len(report.orders)} 个订单。下一步：fankuan sync {where}",
        )
    )
