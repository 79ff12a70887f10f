"""`fankuan merchants`: who is registered."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.language import pick
from agent.cli.session import Json, open_ledger, print_json, settings_of, start_log

if TYPE_CHECKING:
    from agent.domain.merchants import Merchant, Payee
    from agent.settings import Settings

merchants = typer.Typer(
    help=pick("Import and list merchants and their accounts.", "导入、查看商家及其账号。"),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@merchants.command(
    "import",
    help=pick("Add or update merchants from a file; all or nothing.", "从文件导入商家：要么全部成功，要么不改动。"),
)
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=pick("A .toml, .csv or .xlsx file.", ".toml、.csv 或 .xlsx 文件。"))],
) -> None:
    """Adds or updates merchants and their accounts."""
    settings = settings_of(context)
    start_log(settings)
    typer.echo(register(settings, file))


def register(settings: "Settings", file: Path) -> str:
    """Reads the file and saves what it holds; returns what changed, in words."""
    from agent.importing import read_merchants
    from agent.log import hide
    from agent.settings import sites

    known = sites(settings)
    found = read_merchants(file, known, gone=[name for name, site in known.items() if site.gone])
    for merchant in found:
        hide(*merchant.secrets())
    with open_ledger(settings) as ledger:
        counts = ledger.save_merchants(found)
    return pick(
        f"Merchants: {counts.merchants_added} added, {counts.merchants_updated} updated. "
        f"Accounts: {counts.accounts_added} added, {counts.accounts_updated} updated.",
        f"商家：新增 {counts.merchants_added}，更新 {counts.merchants_updated}。"
        f"账号：新增 {counts.accounts_added}，更新 {counts.accounts_updated}。",
    )


@merchants.command("list", help=pick("What is registered; never a secret.", "查看已登记的商家（不显示任何密码）。"))
def list_(context: typer.Context, as_json: Json = False) -> None:
    """What is registered."""
    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger:
        registered = ledger.merchants(())
    if as_json:
        print_json([_document(merchant) for merchant in registered])
    else:
        _show(registered)


def _document(merchant: "Merchant") -> dict[str, Any]:
    accounts = [
        {"platform": a.platform, "username": a.login.username if a.login else None, "shop": a.shop}
        for a in merchant.accounts
    ]
    payee = merchant.payee
    return {
        "id": merchant.id,
        "name": merchant.name,
        "edition": merchant.edition.value,
        "accounts": accounts,
        "payee": {"bank": payee.bank, "holder": payee.holder, "account": _masked(payee)} if payee else None,
    }


def _masked(payee: "Payee") -> str:
    """The last four digits, where that leaves most of the number unsaid."""
    number = payee.account.get_secret_value()
    return f"…{number[-4:]}" if len(number) >= 8 else "…"


def _show(registered: "list[Merchant]") -> None:
    from agent.cli.screen import answers, line, row, table

    if not registered:
        nobody = pick(
            "No merchants yet. Add some: fankuan merchants import FILE",
            "尚无商家。请导入：fankuan merchants import 文件",
        )
        return line(answers(), nobody)
    made = table(
        *pick("Merchant|Name|Edition|Platform|User|Shop|Payee", "商家|名称|版本|平台|用户名|店铺|收款账户").split("|")
    )
    for merchant in registered:
        payee = f"{merchant.payee.bank} {merchant.payee.holder} {_masked(merchant.payee)}" if merchant.payee else "-"
        head = (merchant.id, merchant.name, merchant.edition.value)
        for account in merchant.accounts:
            user = account.login.username if account.login else "-"
            row(made, *head, account.platform, user, account.shop or "-", payee)
        if not merchant.accounts:
            row(made, *head, "-", "-", "-", payee)
    return answers().print(made)
