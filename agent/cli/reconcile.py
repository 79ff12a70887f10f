"""`fankuan reconcile`: what the bank's statement shows against the refunds that were requested."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.audit import noted, who
from agent.cli.due import known_orders
from agent.cli.language import pick, say
from agent.cli.order_filter import OfMerchants
from agent.cli.session import Json, now, open_ledger, print_json, settings_of, start_log
from agent.domain.errors import UsageError
from agent.domain.payments import Claim, Undecided
from agent.domain.text import Text
from agent.exporting.order_filter import OrderFilter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from agent.bank.reconciling import Reconciled, Wanted
    from agent.importing.statement_headings import Field

WAITS = 3


def reconcile(
    context: typer.Context,
    statement: Annotated[
        Path | None,
        typer.Argument(help=pick("A bank's statement: .csv, .xls, .xlsx.", "银行对账单：.csv、.xls、.xlsx。")),
    ] = None,
    *,
    mapping: Annotated[
        Path | None,
        typer.Option(help=pick("What another bank calls its columns (TOML).", "其他银行的表头映射（TOML）。")),
    ] = None,
    merchant: OfMerchants = None,
    picks: Annotated[
        list[str] | None,
        typer.Option("--pick", metavar="ROW=ORDER", help=pick("This row is for these orders.", "指定该行对应的订单。")),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=pick("Record nothing.", "只查看，不登记。"))] = False,
    undo: Annotated[
        str | None, typer.Option(metavar="BATCH", help=pick("Take a statement back.", "撤销一次对账。"))
    ] = None,
    as_json: Json = False,
) -> None:
    """Match a statement's payments to requested refunds; what is sure becomes paid out."""
    from agent.bank.picks import parse_picks
    from agent.bank.reconciling import Wanted
    from agent.importing.statement_mapping import read_mapping

    if (statement is None) == (undo is None):
        raise UsageError(Text("Name a statement, or a batch with --undo.", "请指定对账单，或用 --undo 指定批次。"))
    if undo is not None and (mapping or merchant or picks or dry_run):
        raise UsageError(Text("--undo goes with --json alone.", "--undo 只能与 --json 一起使用。"))
    if undo is not None:
        return _undo(context, undo, as_json=as_json)
    assert statement is not None  # noqa: S101 - see above
    headings = read_mapping(mapping) if mapping else {}
    wanted = Wanted(merchant or (), parse_picks(picks or ()), None if dry_run else who())
    return _reconcile(context, statement, headings, wanted, as_json=as_json)


def _reconcile(
    context: typer.Context, file: Path, headings: "Mapping[Field, str]", wanted: "Wanted", *, as_json: bool
) -> None:
    from agent.bank.claims import of_known
    from agent.bank.reconciling import reconcile as reconciled
    from agent.importing.statement import read_statement

    settings, today = settings_of(context), now().date()
    start_log(settings)
    with open_ledger(settings) as ledger:
        OrderFilter(today, wanted.merchants).check(settings, ledger)
        statement = read_statement(file, headings, settings.bank.payers)
        claims = of_known(known_orders(settings, ledger), settings.bank.match_days)
        found = reconciled(settings, ledger, statement, claims=claims, wanted=wanted, today=today)
    if as_json:
        print_json(document(found, dry_run=wanted.dry_run, today=today))
    else:
        show(found, settings.bank.payers, dry_run=wanted.dry_run, today=today)
    if found.matches.ambiguous:
        raise typer.Exit(WAITS)


def _undo(context: typer.Context, batch: str, *, as_json: bool) -> None:
    from agent.ledger import payments

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger, ledger.begin() as tx:
        count = payments.undo(tx, batch)
        noted(tx, "reconcile_undo", batch, payments=count)
    if as_json:
        print_json({"schema": 1, "undone": batch, "payments": count})
    else:
        typer.echo(pick(f"{batch}: {count} payments taken back.", f"{batch}：已撤销 {count} 笔到账。"))


def document(found: "Reconciled", *, dry_run: bool, today: "date") -> dict[str, Any]:
    """What came of a statement as `--json` prints it."""
    return {
        "schema": 1,
        "batch": found.batch,
        "dry_run": dry_run,
        "matched": [
            {
                "merchant": part.claim.merchant,
                "platform": part.claim.platform,
                "order_no": part.claim.order_no,
                "amount": f"{part.amount:.2f}",
                "paid_on": part.payment.paid_on.isoformat(),
                "row": part.payment.row,
            }
            for part in found.matches.matched
        ],
        "ambiguous": [_undecided(one) for one in found.matches.ambiguous],
        "unmatched": [_undecided(one) for one in found.matches.unmatched],
        "overdue": [_claim(one) | {"days": (today - one.requested_on).days} for one in found.overdue],
        "already": [
            {"row": one.row, "amount": f"{one.amount:.2f}", "paid_on": one.paid_on.isoformat()} for one in found.already
        ],
        "others": found.others,
    }


def _undecided(one: Undecided) -> dict[str, Any]:
    return {
        "row": one.payment.row,
        "amount": f"{one.payment.amount:.2f}",
        "paid_on": one.payment.paid_on.isoformat(),
        "reason": one.doubt.value,
        "orders": [_claim(claim) for claim in one.claims],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "merchant": claim.merchant,
        "platform": claim.platform,
        "order_no": claim.order_no,
        "amount": f"{claim.amount:.2f}",
        "requested_on": claim.requested_on.isoformat(),
    }


def show(found: "Reconciled", payers: tuple[str, ...], *, dry_run: bool, today: "date") -> None:
    """The same for people: what was paid, what a person has to decide, what is late, and how to go on."""
    from agent.cli.screen import answers, line
    from agent.cli.words import money

    console, matches = answers(), found.matches
    for part in matches.matched:
        paid = f"{part.payment.paid_on} {money(part.amount)}"
        row = pick(f"row {part.payment.row}", f"第 {part.payment.row} 行")
        line(console, f"✓ {row}  {paid}  {part.claim.merchant}  {part.claim.order_no}")
    for one in (*matches.ambiguous, *matches.unmatched):
        line(console, _doubtful(one))
    for claim in found.overdue:
        days = (today - claim.requested_on).days
        late = pick(f"unpaid for {days} days", f"申请后 {days} 天未到账")
        line(console, f"! {claim.merchant}  {claim.order_no}  {money(claim.amount)}  {late}")
    total = money(sum((part.amount for part in matches.matched), Decimal(0)))
    count = len({part.payment for part in matches.matched})
    line(console, pick(f"Paid: {total} ({count}).", f"到账：{total}（{count} 笔）。"))
    if found.already:
        line(console, pick(f"Recorded before: {len(found.already)}.", f"之前已登记：{len(found.already)} 笔。"))
    if not count and not found.already and not matches.ambiguous and not matches.unmatched:
        names = ", ".join(payers)
        line(
            console,
            pick(f"{found.others} other rows, none of {names}.", f"其余 {found.others} 行，付款方均不是{names}。"),
        )
    if dry_run:
        line(console, pick("Nothing was recorded (--dry-run).", "未登记任何内容（--dry-run）。"))
    elif found.batch:
        undo, orders = f"fankuan reconcile --undo {found.batch}", len(matches.matched)
        line(
            console, pick(f"Recorded. Orders that are paid out now: {orders}.", f"已登记：{orders} 笔订单改为已返款。")
        )
        line(console, pick(f"To take it back: {undo}", f"如需撤销：{undo}"))


def _doubtful(one: Undecided) -> str:
    from agent.cli.words import money
    from agent.domain.wording import DOUBT

    row = pick(f"row {one.payment.row}", f"第 {one.payment.row} 行")
    text = f"? {row}  {one.payment.paid_on} {money(one.payment.amount)}  {say(DOUBT[one.doubt])}"
    if not one.claims:
        return text
    orders = ", ".join(claim.name_among(one.claims) for claim in one.claims[:10])
    return pick(f"{text}: {orders} (--pick {one.payment.row}=…)", f"{text}：{orders}（--pick {one.payment.row}=…）")
