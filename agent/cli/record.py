"""`fankuan record`: keeps a visit as a recording without anything personal, to be replayed as a test."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.audit import note, who
from agent.cli.language import pick, say
from agent.cli.session import account_key, complain, now, open_ledger, settings_of, start_log
from agent.cli.warnings import tell_risks
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, Outcome, UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.domain.accounts import AccountKey
    from agent.flows.runs.record import Recording
    from agent.ledger import Ledger
    from agent.settings import Settings

_MOST_SHOWN = 40


def record(
    context: typer.Context,
    *,
    platform: Annotated[str, typer.Argument(help=pick("The platform's id, such as taobao.", "平台代号，如 taobao。"))],
    merchant: Annotated[str, typer.Option(metavar="ID", help=pick("Whose account.", "使用哪个商家的账号。"))],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help=pick("A new folder for it.", "保存录制的新文件夹。"))],
    account: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=pick("Such as m1/taobao/second.", "如 m1/taobao/second。")),
    ] = None,
    headed: Annotated[bool, typer.Option("--headed", help=pick("In a visible browser.", "使用可见的浏览器。"))] = False,
) -> None:
    """Read the lists of a platform and of the back office, and keep what that took without anything personal."""
    from agent.recording.folder import check_new, write_folder

    settings = settings_of(context)
    start_log(settings)
    check_new(out)
    tell_risks(settings)
    key = _account(platform, merchant, account)
    with open_ledger(settings) as ledger:
        try:
            made = _made(settings, ledger, key, headed=headed)
        except AccountError as error:
            complain(f"{error.reason}: {say(explained(error).text)}")
            raise typer.Exit(3 if error.outcome is Outcome.NEEDS_HUMAN else 1) from None
        write_folder(out, made.clean, made.replacements)
        note(ledger, "record", str(key), orders=made.orders, filings=made.filings)
    _tell(made, out)


def _account(platform: str, merchant: str, name: str | None) -> "AccountKey":
    """The account that is meant. Raise UsageError if `name` is another merchant's, or on another platform."""
    key = account_key(name or f"{merchant}/{platform}")
    if (key.merchant_id, key.platform) != (merchant, platform):
        raise UsageError(
            Text(
                f"{key} is not on {platform}, or not {merchant}'s.", f"{key} 不属于商家 {merchant} 或平台 {platform}。"
            ),
            Text("Leave --account out, or correct it.", "请去掉或更正 --account。"),
        )
    return key


def _made(settings: "Settings", ledger: "Ledger", account: "AccountKey", *, headed: bool) -> "Recording":
    from agent.flows.runs.context import RunContext
    from agent.flows.runs.record import run_record

    run = RunContext(settings=settings, ledger=ledger, clock=now, started_by=who(), headed=headed)
    return asyncio.run(run_record(run, account))


def _tell(made: "Recording", out: Path) -> None:
    """What was replaced, each with what is around it now, so that a person sees what was not."""
    from agent.cli.screen import answers, row, table

    shown = table(pick("Kind", "类型"), pick("Replaced by", "替换为"), pick("Times", "次数"), pick("Context", "上下文"))
    for each in made.replacements[:_MOST_SHOWN]:
        row(shown, each.kind.value, each.by, str(each.count), each.context)
    answers().print(shown)
    if (more := len(made.replacements) - _MOST_SHOWN) > 0:
        complain(pick(f"{more} more: {out / 'replacements.csv'}", f"另有 {more} 项：{out / 'replacements.csv'}"))
    complain(
        pick(
            f"Recorded: {out} ({made.orders} orders, {made.filings} filings). Look through replacements.csv, then: "
            f"fankuan replay {out}",
            f"已录制：{out}（{made.orders} 个订单，{made.filings} 条报备）。请检查 replacements.csv，然后运行："
            f"fankuan replay {out}",
        )
    )
