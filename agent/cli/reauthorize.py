"""`fankuan reauthorize`: lets the ERP in again on one platform (重新授权), only when it is told to."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.audit import note, who
from agent.cli.language import pick
from agent.cli.session import Json, account_key, complain, now, open_ledger, plain, print_json, settings_of, start_log
from agent.cli.warnings import tell_risks

if TYPE_CHECKING:
    from agent.domain.accounts import AccountKey
    from agent.domain.report import AuthorizationReport
    from agent.ledger import Ledger
    from agent.settings import Settings

# How long the person in the window has to press the button.
_PERSON_AT_HAND = timedelta(minutes=5)


def reauthorize(
    context: typer.Context,
    *,
    platform: Annotated[str, typer.Argument(help=pick("The platform's id, such as taobao.", "平台代号，如 taobao。"))],
    merchant: Annotated[str, typer.Option(metavar="ID", help=pick("Whose shop.", "哪个商家的店铺。"))],
    yes: Annotated[
        bool,
        typer.Option("--yes", help=pick("Agree to the terms and press the button.", "同意授权协议并点击授权按钮。")),
    ] = False,
    headed: Annotated[
        bool,
        typer.Option(
            "--headed",
            help=pick(
                "In a visible browser; without --yes you press the button yourself, within 5 minutes.",
                "使用可见的浏览器；不带 --yes 时由您在 5 分钟内自行点击按钮。",
            ),
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what a platform's page of the authorisation says; press its button only with --yes."""
    settings = settings_of(context)
    start_log(settings)
    tell_risks(settings)
    with open_ledger(settings) as ledger:
        account = account_key(f"{merchant}/{platform}")
        note(ledger, "reauthorize", str(account), yes=yes)
        report = _run(settings, ledger, account, yes=yes, headed=headed, as_json=as_json)
    _tell(report, as_json=as_json)
    raise typer.Exit(report.exit_status)


def _run(
    settings: "Settings", ledger: "Ledger", account: "AccountKey", *, yes: bool, headed: bool, as_json: bool
) -> "AuthorizationReport":
    import asyncio

    from agent.flows.runs.context import RunContext
    from agent.flows.runs.reauthorization import Consenting
    from agent.flows.runs.reauthorize import run_reauthorize

    by_hand = Consenting.PERSON if headed else Consenting.NOBODY

    def show(report: "AuthorizationReport") -> None:
        if not as_json:
            _page(report)
        if headed and not yes:
            complain(pick("Waiting for your click in the window.", "请在窗口中点击授权按钮。"))

    run = RunContext(
        settings=settings, ledger=ledger, clock=now, started_by=who(), headed=headed, patience=_PERSON_AT_HAND
    )
    by = Consenting.PROGRAM if yes else by_hand
    return asyncio.run(run_reauthorize(run, account, by=by, show=show))


def _page(report: "AuthorizationReport") -> None:
    """What will be agreed to."""
    from agent.cli.screen import answers, line
    from agent.log import redact

    console = answers()
    for name, text in (
        (pick("Application", "应用"), report.application),
        (pick("Shop", "店铺"), report.shop),
        (pick("Authorised until", "当前授权到期"), report.before and report.before.isoformat()),
        *((pick("Permission", "权限"), one) for one in report.permissions),
        *((pick("Terms", "协议"), one) for one in report.terms),
    ):
        line(console, f"{name}: {redact(text or '-')}")


def _tell(report: "AuthorizationReport", *, as_json: bool) -> None:
    from agent.cli.screen import answers, line
    from agent.cli.words import why
    from agent.domain.errors import Outcome

    if as_json:
        print_json(report.to_json(plain))
    if report.outcome is not Outcome.OK:
        complain(f"{report.reason}: {why(report)}")
    if as_json:
        return
    console = answers()
    if report.outcome is Outcome.OK:
        line(console, _result(report), "green" if report.pressed else "")
    for path in report.evidence:
        line(console, f"  {path}")


def _result(report: "AuthorizationReport") -> str:
    if report.pressed:
        return pick(f"✓ authorised until {report.until}", f"✓ 授权已更新至 {report.until}")
    return pick(
        "Nothing was pressed. To agree: add --yes, or --headed and press it yourself.",
        "未点击任何按钮。如需授权：加 --yes，或用 --headed 自行点击。",
    )
