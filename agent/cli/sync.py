"""`fankuan sync`: the main job, once."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from agent.cli.audit import note, who
from agent.cli.channels import tell_channels
from agent.cli.due import known_orders
from agent.cli.language import pick
from agent.cli.session import (
    Accounts,
    Concurrency,
    Interrupted,
    Json,
    complain,
    named,
    now,
    open_ledger,
    plain,
    print_json,
    settings_of,
    start_log,
)
from agent.cli.warnings import tell_calendar, tell_risks
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.cli.words import Names
    from agent.domain.accounts import AccountKey
    from agent.domain.report import RunReport
    from agent.ledger import KnownOrder, Ledger
    from agent.settings import Settings


# How long an open page waits for a code that the person who started this is asked for.
_PERSON_AT_HAND = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one run is asked to do."""

    merchants: Sequence[str] = ()
    platforms: Sequence[str] = ()
    accounts: "Sequence[AccountKey]" = ()
    dry_run: bool = False
    headed: bool = False
    concurrency: int = 2
    patience: timedelta = timedelta()
    step: bool = False
    trace: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that has ended: its report, and what is needed to show it to people (`known` is left out for machines)."""

    report: "RunReport"
    known: "Sequence[KnownOrder]"
    names: "Names"


def sync(
    context: typer.Context,
    *,
    merchant: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help=pick("Only this merchant; may be repeated.", "只处理该商家，可重复。")),
    ] = None,
    platform: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help=pick("Only this platform; may be repeated.", "只处理该平台，可重复。")),
    ] = None,
    account: Accounts = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=pick("Look and plan; change nothing.", "只查看并给出计划，不做任何更改。"))
    ] = False,
    headed: Annotated[
        bool, typer.Option("--headed", help=pick("In a visible browser, slowly.", "使用可见的浏览器，放慢操作。"))
    ] = False,
    step: Annotated[
        bool,
        typer.Option("--step", help=pick("Ask before each consequential click.", "每次关键点击前先询问。")),
    ] = False,
    trace: Annotated[
        bool,
        typer.Option(
            "--trace", help=pick("Keep Playwright's trace, without secrets.", "保存 Playwright 跟踪，不含敏感信息。")
        ),
    ] = False,
    concurrency: Concurrency = 2,
    as_json: Json = False,
) -> None:
    """Confirm, file and request what is due, for all accounts or those named."""
    from agent.cli.stepping import check_stepping
    from agent.flows.runs.manual_login import check_screen

    if step:
        check_stepping(headed=headed, as_json=as_json)
    settings = settings_of(context)
    start_log(settings)
    if headed:
        check_screen(Text("Run it without --headed.", "请去掉 --headed 再运行。"))
    wanted = Wanted(
        merchant or (),
        platform or (),
        named(account),
        dry_run,
        headed,
        1 if step or trace else concurrency,
        step=step,
        trace=trace,
    )
    finish(settings, wanted, as_json=as_json)


def follow_up(settings: "Settings", of: "AccountKey | str", *, as_json: bool = False) -> NoReturn:
    """The sync of an account, or of a merchant's (by its id), that waited for a person who is at hand now.

    Ends the command.
    """
    merchants, accounts = ([of], []) if isinstance(of, str) else ([], [of])
    finish(settings, Wanted(merchants, (), accounts, patience=_PERSON_AT_HAND), as_json=as_json)


def finish(settings: "Settings", wanted: Wanted, *, as_json: bool) -> NoReturn:
    """Run the job, show what came of it, and end the command."""
    ended = run(settings, wanted, as_json=as_json)
    tell_calendar(settings, ended.report)
    show(ended, as_json=as_json)
    if not wanted.dry_run:
        tell_channels(settings)
    raise typer.Exit(ended.report.exit_status)


def run(settings: "Settings", wanted: Wanted, *, as_json: bool) -> Ended:
    """Run the job with progress on standard error."""
    from agent.cli.words import Names, titles_of

    tell_risks(settings)
    begun = now()
    with open_ledger(settings) as ledger:
        named = [*wanted.merchants, *wanted.platforms]
        note(ledger, "dry_run" if wanted.dry_run else "sync", " ".join(named) or None)
        try:
            report = _watched(settings, ledger, wanted, as_json=as_json)
        except KeyboardInterrupt:
            raise _cut_short(ledger, begun) from None
        with ledger.read() as tx:
            names = Names({each.id: each.name for each in tx.merchants.registered()}, titles_of(settings))
        concerned = () if as_json else {each.account.merchant_id for each in report.accounts}
        return Ended(report, [*known_orders(settings, ledger, concerned)], names)


def _cut_short(ledger: "Ledger", begun: datetime) -> Interrupted:
    """What was done by the run that Ctrl-C has ended; `begun` is when it was called."""

    with ledger.read() as tx:
        own = [each for each in tx.run_log.runs(20) if each.started_by == who() and each.started_at >= begun]
        run = own[-1] if own else None  # those begun since then are other commands' of the same person
        done, left_open = tx.run_log.steps_of(run.id) if run else (0, 0)
    if run is None:
        return Interrupted()
    accounts = sum(run.outcomes.values())
    told = Text(
        f"Interrupted: {accounts} accounts were looked at, {done} steps done, {left_open} begun without a known end.",
        f"已中断：已处理 {accounts} 个账号，完成 {done} 步，另有 {left_open} 步已开始、结果未知。",
    )
    cure = Text(
        f"Run it again: it looks before it acts. See: fankuan runs show {run.id}",
        f"请重新运行：会先查看再操作。详情：fankuan runs show {run.id}",
    )
    return Interrupted(told, cure, run_id=run.id, accounts=accounts, done=done, in_doubt=left_open)


def _watched(settings: "Settings", ledger: "Ledger", wanted: Wanted, *, as_json: bool) -> "RunReport":
    import asyncio

    from agent.cli.asking import asker
    from agent.cli.progress import Lines, watching
    from agent.cli.stepping import Stepper
    from agent.flows.runs.context import RunContext
    from agent.flows.runs.selection import Selection
    from agent.flows.runs.sync import run_sync
    from agent.flows.session.handoff import nobody

    stepper = Stepper() if wanted.step else None
    # Lines that stay live would be drawn over what a person types.
    watched = nullcontext(Lines(aloud=True)) if stepper is not None else watching(as_json=as_json)
    with watched as progress:
        run = RunContext(
            settings=settings,
            ledger=ledger,
            clock=now,
            started_by=who(),
            progress=progress,
            dry_run=wanted.dry_run,
            headed=wanted.headed,
            concurrency=wanted.concurrency,
            patience=wanted.patience,
            tell=asker(ledger) if wanted.patience else nobody,
            overseer=stepper,
            trace=_tell_trace if wanted.trace else None,
            stopping=(lambda: stepper.stopped) if stepper is not None else (lambda: False),
        )
        return asyncio.run(run_sync(run, Selection(wanted.merchants, wanted.platforms, wanted.accounts)))


def _tell_trace(place: str) -> None:
    complain(
        pick(
            f"Trace: {place}  (open it: playwright show-trace {place})",
            f"跟踪：{place}（打开：playwright show-trace {place}）",
        )
    )


def show(ended: Ended, *, as_json: bool) -> None:
    """The answer, on standard output."""
    if as_json:
        print_json(ended.report.to_json(plain))
    else:
        from agent.cli.result import show_result
        from agent.cli.screen import answers

        show_result(answers(), ended.report, ended.known, ended.names)
    if not ended.report.accounts:
        complain(
            pick(
                "No accounts to work on. Add some: fankuan merchants import FILE",
                "没有可处理的账号。请导入：fankuan merchants import 文件",
            )
        )
