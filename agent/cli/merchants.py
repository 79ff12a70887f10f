"""`fankuan merchants`: who is registered."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.audit import noted
from agent.cli.language import chinese, pick, say
from agent.cli.order_filter import OfMerchants, OnPlatforms, OrderFilter
from agent.cli.paging import After, Limit, page, remainder
from agent.cli.session import Json, complain, now, open_ledger, print_json, settings_of, start_log
from agent.cli.usage import Commands
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.domain.merchant_changes import Change
    from agent.domain.merchants import Account, Merchant
    from agent.ledger import Ledger
    from agent.settings import Settings

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


def _read(settings: "Settings", file: Path, ledger: "Ledger") -> "list[Merchant]":
    """What the file holds; what is to be told of it goes to standard error."""
    from agent.domain.merchant_changes import replaced
    from agent.importing import read_merchants
    from agent.log import hide
    from agent.settings import sites

    known = sites(settings)
    gone = [name for name, site in known.items() if site.gone]
    with ledger.read() as tx:
        read = read_merchants(file, {name: site.title for name, site in known.items()}, gone, tx.merchants.find)
    for merchant in read.merchants:
        hide(*merchant.secrets())
    for sentence in read.notes:
        complain(say(sentence))
    with ledger.read() as tx:
        registered = {m.id: m for m in tx.merchants.find([m.id for m in read.merchants])}
    if other := replaced(registered, read.merchants):
        raise _would_replace(other)
    return read.merchants


def _would_replace(accounts: "list[Account]") -> UsageError:
    names = ", ".join(f"{a.key} ({a.login.username if a.login else '-'})" for a in accounts)
    first = accounts[0].key
    return UsageError(
        Text(
            f"The file has another user name for {names}. Nothing was imported. If it is a second shop, give it a "
            f"`label` in the file; if the user has changed: fankuan accounts edit {first} username=NAME password=-",
            f"文件中 {names} 的用户名与已登记的不同，未导入任何内容。若是第二家店铺，请在文件中填写 label（账号标签）；"
            f"若是用户名变更：fankuan accounts edit {first} username=新用户名 password=-",
        )
    )


def register(settings: "Settings", file: Path) -> str:
    """Read the file and save what it holds; return what changed, in words."""
    with open_ledger(settings) as ledger:
        found = _read(settings, file, ledger)
        with ledger.begin() as tx:
            counts = tx.merchants.save(found)
            noted(tx, "merchants_import", file.name, merchants=len(found))
    return pick(
        f"Merchants: {counts.merchants_added} added, {counts.merchants_updated} updated. "
        f"Accounts: {counts.accounts_added} added, {counts.accounts_updated} updated.",
        f"商家：新增 {counts.merchants_added}，更新 {counts.merchants_updated}。"
        f"账号：新增 {counts.accounts_added}，更新 {counts.accounts_updated}。",
    )


def compare(settings: "Settings", file: Path) -> str:
    """What importing the file would change, one line a merchant and account: fields by name, and no value."""
    from agent.domain.merchant_changes import changes

    with open_ledger(settings) as ledger:
        found = _read(settings, file, ledger)
        with ledger.read() as tx:
            known = {m.id: m for m in tx.merchants.find([m.id for m in found])}
    lines = [f"{change.name}: {_told(change)}" for change in changes(known, found)]
    return "\n".join([*lines, pick("Nothing was saved.", "未保存任何内容。")])


def _told(change: "Change") -> str:
    if change.new:
        return pick("new", "新增")
    fields = ", ".join(change.fields)
    return pick(f"changes {fields}", f"变更 {fields}") if fields else pick("unchanged", "无变化")


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
            line(console, f"  {pick('Payee: ', '收款账户：')}{payee.bank} {payee.holder} {payee.masked}")
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
