"""`fankuan export`: what the ledger knows, as a file for a spreadsheet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.due import known_orders
from agent.cli.language import pick, say
from agent.cli.order_filter import Active, AtStages, DueWithin, OfMerchants, OnPlatforms, Problems
from agent.cli.session import Accounts, ledger_of, named, now
from agent.cli.usage import Commands
from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.exporting.order_filter import OrderFilter

if TYPE_CHECKING:
    from agent.ledger import KnownOrder, Ledger
    from agent.settings import Settings

_ENDINGS = (".xlsx", ".csv")
File = Annotated[Path, typer.Argument(help=pick("An .xlsx or .csv file.", ".xlsx 或 .csv 文件。"))]

export = Commands(help=pick("Write what is known into a file for a spreadsheet.", "导出为表格文件（.xlsx 或 .csv）。"))


@export.command("orders", help=pick("Every order of ours, with its stage and money.", "导出全部订单及其进度与款项。"))
def orders_(
    context: typer.Context,
    file: File,
    *,
    merchant: OfMerchants = None,
    platform: OnPlatforms = None,
    account: Accounts = None,
    stage: AtStages = None,
    problems: Problems = False,
    due_within: DueWithin = None,
    active: Active = False,
    everyone: Annotated[
        bool, typer.Option("--all", help=pick("Other vendors' orders too.", "同时导出其他软件的订单。"))
    ] = False,
) -> None:
    """Write a row for each order."""
    from agent.exporting.files import write_file
    from agent.exporting.orders import ORDERS, order_rows
    from agent.exporting.sources import names_of

    wanted = OrderFilter(
        now().date(), merchant or (), platform or (), stage or (), problems, due_within, named(account), active
    )
    with _ledger(context, file) as (settings, ledger):
        known = (k for k in _known(settings, ledger, wanted) if everyone or k.order.ours)
        _tell(write_file(file, ORDERS, order_rows(known, names_of(settings, ledger)), say), file)


@export.command("refunds", help=pick("Refunds that are due, requested or paid.", "导出可申请、已申请和已到账的返款。"))
def refunds_(
    context: typer.Context,
    file: File,
    *,
    merchant: OfMerchants = None,
    platform: OnPlatforms = None,
    account: Accounts = None,
    stage: AtStages = None,
    active: Active = False,
) -> None:
    """Write a row for each order of ours whose refund can be requested, was requested or was paid out."""
    from agent.exporting.files import write_file
    from agent.exporting.orders import REFUNDS, refund_rows
    from agent.exporting.sources import names_of

    wanted = OrderFilter(
        now().date(), merchant or (), platform or (), stage or (), accounts=named(account), active=active
    )
    with _ledger(context, file) as (settings, ledger):
        known = _known(settings, ledger, wanted)
        _tell(write_file(file, REFUNDS, refund_rows(known, names_of(settings, ledger), wanted.today), say), file)


@export.command("runs", help=pick("How each run ended for each account.", "导出每次运行中各账号的结果。"))
def runs_(
    context: typer.Context,
    file: File,
    *,
    merchant: OfMerchants = None,
    platform: OnPlatforms = None,
    account: Accounts = None,
) -> None:
    """Write a row for each account of each run."""
    from agent.exporting.files import write_file
    from agent.exporting.runs import RUNS, run_rows
    from agent.exporting.sources import names_of

    wanted = OrderFilter(now().date(), merchant or (), platform or (), accounts=named(account))
    with _ledger(context, file) as (settings, ledger):
        wanted.check(settings, ledger)
        from agent.ledger import account_runs

        ends = (end for end in account_runs(ledger) if wanted.is_of(end.account))
        _tell(write_file(file, RUNS, run_rows(ends, names_of(settings, ledger)), say), file)


@export.command("audit", help=pick("Who did what, and when.", "导出操作记录。"))
def audit_(context: typer.Context, file: File) -> None:
    """Write a row for each act in the audit trail, the newest first."""
    from agent.exporting.audit import AUDIT, audit_rows
    from agent.exporting.files import write_file
    from agent.exporting.sources import acts

    with _ledger(context, file) as (_, ledger):
        _tell(write_file(file, AUDIT, audit_rows(acts(ledger)), say), file)


@contextmanager
def _ledger(context: typer.Context, file: Path) -> "Iterator[tuple[Settings, Ledger]]":
    """Open the ledger, once the file's name is known to be usable."""
    _known_ending(file)
    with ledger_of(context) as opened:
        yield opened


def _known(settings: "Settings", ledger: "Ledger", wanted: OrderFilter) -> "Iterator[KnownOrder]":
    wanted.check(settings, ledger)
    return filter(wanted.passes, known_orders(settings, ledger, wanted.merchants or None))


def _tell(count: int, file: Path) -> None:
    typer.echo(pick(f"{count} rows written to {file}", f"已导出 {count} 行：{file}"))


def _known_ending(file: Path) -> None:
    if file.suffix.lower() not in _ENDINGS:
        raise UsageError(
            Text(
                f"{file}: the name of the file has to end with .xlsx or .csv.",
                f"{file}：文件名须以 .xlsx 或 .csv 结尾。",
            )
        )
