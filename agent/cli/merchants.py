"""`fankuan merchants`: who is registered."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.importing import compare, register
from agent.cli.language import chinese, pick, say
from agent.cli.order_filter import OfMerchants, OnPlatforms
from agent.cli.paging import After, Limit, page, remainder
from agent.cli.session import Json, now, open_ledger, print_json, settings_of, start_log
from agent.cli.usage import Commands
from agent.exporting.order_filter import OrderFilter

if TYPE_CHECKING:
    from agent.domain.merchants import Merchant

merchants = Commands(help=pick("Import and list merchants and their accounts.", "导入、查看商家及其账号。"))


@merchants.command(
    "import",
    help=pick("Add or update merchants from a file; all or nothing.", "从文件导入商家：要么全部成功，要么不改动。"),
)
def import_(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help=pick("A .toml, .csv, .xlsx or .xls file.", ".toml、.csv、.xlsx 或 .xls 文件。")),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=pick("Show what would change.", "只显示将有哪些变化，不保存。"))
    ] = False,
) -> None:
    """Add or update merchants and their accounts."""
    settings = settings_of(context)
    start_log(settings)
    typer.echo(compare(settings, file) if dry_run else register(settings, file))


@merchants.command(
    help=pick(
        "Write an empty .xlsx to fill in, with comments and choices.", "生成待填写的 .xlsx 模板，含批注和下拉选项。"
    )
)
def template(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=pick("The file to write (.xlsx).", "要生成的文件（.xlsx）。"))],
) -> None:
    """Write a sheet to fill in."""
    from agent.importing import write_template
    from agent.settings import sites

    settings = settings_of(context)
    write_template(file, {name: site.title for name, site in sites(settings).items()}, chinese=chinese())
    typer.echo(
        pick(f"Written: {file}. Fill it in, then: ", f"已生成：{file}。填写后导入：")
        + f"fankuan merchants import {file}"
    )


@merchants.command("list", help=pick("What is registered; never a secret.", "查看已登记的商家（不显示任何密码）。"))
def list_(
    context: typer.Context,
    *,
    merchant: OfMerchants = None,
    platform: OnPlatforms = None,
    limit: Limit = None,
    after: After = 0,
    as_json: Json = False,
) -> None:
    """What is registered."""
    from agent.settings import sites

    settings = settings_of(context)
    start_log(settings)
    wanted = OrderFilter(now().date(), merchant or (), platform or ())
    with open_ledger(settings) as ledger:
        wanted.check(settings, ledger)
        with ledger.read() as tx:
            registered = [each for each in tx.merchants.find(wanted.merchants) if _is_on(each, wanted.platforms)]
    if as_json:
        shown = page(registered, limit, after) if limit or after else registered
        print_json({"merchants": [_document(each) for each in shown]})
    else:
        _show(registered, {name: site.title for name, site in sites(settings).items()}, limit, after)


def _is_on(merchant: "Merchant", platforms: Sequence[str]) -> bool:
    return not platforms or any(account.key.platform in platforms for account in merchant.accounts)


def _document(merchant: "Merchant") -> dict[str, Any]:
    accounts = [
        {
            "platform": a.key.platform,
            "account": str(a.key),
            "username": a.login.username if a.login else None,
            "shop": a.shop,
            "paused": a.paused or merchant.paused,
        }
        for a in merchant.accounts
    ]
    payee = merchant.payee
    return {
        "id": merchant.id,
        "name": merchant.name,
        "edition": merchant.edition.value,
        "paused": merchant.paused,
        "file_as": merchant.file_as,
        "accounts": accounts,
        "payee": {"bank": payee.bank, "holder": payee.holder, "account": payee.masked} if payee else None,
    }


def _paused(paused: bool) -> str:
    return pick(" · paused", " · 已暂停") if paused else ""


def _show(registered: "list[Merchant]", titles: Mapping[str, str], limit: int | None, after: int) -> None:
    """A line a merchant, and one for each of its accounts."""
    from agent.cli.screen import answers, line
    from agent.cli.words import platform_name
    from agent.domain.wording import EDITION

    console = answers()
    if not registered:
        return line(
            console,
            pick(
                "No merchants yet. Add some: fankuan merchants import FILE",
                "尚无商家。请导入：fankuan merchants import 文件",
            ),
        )
    shown = page(registered, limit, after)
    for merchant in shown:
        line(
            console,
            f"{merchant.name} ({merchant.id}) · {say(EDITION[merchant.edition])}{_paused(merchant.paused)}",
            "bold cyan",
        )
        if payee := merchant.payee:
            line(console, f"  {pick('Payee: ', '收款账户：')}{payee.shown}")
        for account in merchant.accounts:
            user = account.login.username if account.login else "-"
            line(
                console,
                f"  {platform_name(account.key, titles)}  {user}  {account.shop or '-'}{_paused(account.paused)}",
            )
    if more := remainder(registered, shown, after):
        line(console, more, "bold")
    accounts = sum(len(merchant.accounts) for merchant in registered)
    line(
        console,
        pick(f"{len(registered)} merchants, {accounts} accounts", f"共 {len(registered)} 家商家，{accounts} 个账号"),
    )
    return None
