"""`fankuan export`: what the ledger knows, as a file for a spreadsheet."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.due import known_orders
from agent.cli.language import pick, say
from agent.cli.order_filter import Active, AtStages, DueWithin, OfMerchants, OnPlatforms, OrderFilter, Problems
from agent.cli.session import Accounts, ledger_of, named, now
from agent.cli.usage import Commands
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.exporting.orders import Names
    from agent.exporting.sheet import Row, Sheet
    from agent.ledger import KnownOrder, Ledger
    from agent.ledger.audit import AuditEntry
    from agent.settings import Settings

_ACTS_AT_ONCE = 1000
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
    from agent.exporting.orders import ORDERS, order_rows

    wanted = OrderFilter(
        now().date(), merchant or (), platform or (), stage or (), problems, due_within, named(account), active
    )
    with _ledger(context, file) as (settings, ledger):
        known = (k for k in _known(settings, ledger, wanted) if everyone or k.order.ours)
        _tell(write_file(file, ORDERS, order_rows(known, _names(settings, ledger))), file)


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
    from agent.exporting.orders import REFUNDS, refund_rows

    wanted = OrderFilter(
        now().date(), merchant or (), platform or (), stage or (), accounts=named(account), active=active
    )
    with _ledger(context, file) as (settings, ledger):
        known = _known(settings, ledger, wanted)
        _tell(write_file(file, REFUNDS, refund_rows(known, _names(settings, ledger), wanted.today)), file)


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
    from agent.exporting.runs import RUNS, run_rows

    wanted = OrderFilter(now().date(), merchant or (), platform or (), accounts=named(account))
    with _ledger(context, file) as (settings, ledger):
        wanted.check(settings, ledger)
        from agent.ledger import account_runs

        ends = (end for end in account_runs(ledger) if wanted.is_of(end.account))
        _tell(write_file(file, RUNS, run_rows(ends, _names(settings, ledger))), file)


@export.command("audit", help=pick("Who did what, and when.", "导出操作记录。"))
def audit_(context: typer.Context, file: File) -> None:
    """Write a row for each act in the audit trail, the newest first."""
    from agent.exporting.audit import AUDIT, audit_rows

    with _ledger(context, file) as (_, ledger):
        _tell(write_file(file, AUDIT, audit_rows(_acts(ledger))), file)


def _acts(ledger: "Ledger") -> "Iterator[AuditEntry]":
    from agent.ledger import audit

    before = None
    while True:
        with ledger.read() as tx:
            found = audit.entries(tx, _ACTS_AT_ONCE, before)
        yield from found
        if len(found) < _ACTS_AT_ONCE:
            return
        before = found[-1].id


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


def write_file(file: Path, sheet: "Sheet", rows: "Iterable[Row]") -> int:
    """Write a sheet as the file's ending says, in the reader's language, and return the number of its rows."""
    from agent.exporting.target import write_whole

    def write(beside: Path) -> int:
        if file.suffix.lower() == ".xlsx":
            from agent.exporting.workbook import write_xlsx

            return write_xlsx(beside, sheet, rows, say)
        from agent.exporting.csv_file import ENCODING, write_csv

        with beside.open("w", encoding=ENCODING, newline="") as lines:
            return write_csv(lines, sheet, rows, say)

    return write_whole(file, write)


def _known_ending(file: Path) -> None:
    if file.suffix.lower() not in _ENDINGS:
        raise UsageError(
            Text(
                f"{file}: the name of the file has to end with .xlsx or .csv.",
                f"{file}：文件名须以 .xlsx 或 .csv 结尾。",
            )
        )


def _names(settings: "Settings", ledger: "Ledger") -> "Names":
    from agent.exporting.orders import Names
    from agent.settings import sites

    with ledger.read() as tx:
        everyone, merchants = tx.merchants.registered(), tx.merchants.find()
    return Names(
        {merchant.id: merchant.name for merchant in everyone},
        {name: site.title for name, site in sites(settings).items()},
        {merchant.id: merchant.payee for merchant in merchants},
    )
