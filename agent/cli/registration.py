"""`fankuan merchants` and `fankuan accounts`: who is worked on, and single fields of what is registered."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.audit import note, noted
from agent.cli.importing import note_payees
from agent.cli.language import pick
from agent.cli.merchants import merchants
from agent.cli.session import account_key, complain, open_ledger, settings_of, start_log
from agent.cli.usage import Commands
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.domain.accounts import AccountKey
    from agent.domain.merchants import Account, Merchant
    from agent.ledger import Ledger
    from agent.settings import Settings

accounts = Commands(help=pick("Pause, resume, remove and change accounts.", "暂停、恢复、移除、修改账号。"))
MerchantId = Annotated[str, typer.Argument(metavar="ID", help=pick("The merchant's id.", "商家编号。"))]
AccountName = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help=pick("Such as m1/taobao or m1/taobao/second.", "例如 m1/taobao。"))
]
Fields = Annotated[
    list[str],
    typer.Argument(
        metavar="FIELD=VALUE...",
        help=pick(
            "A secret as FIELD=- (asked for, or read from standard input).",
            "敏感字段写成 FIELD=-，按提示或标准输入提供。",
        ),
    ),
]
_PAUSE = pick("Work on it no more until it is resumed.", "暂停处理，直到恢复。")
_RESUME = pick("Work on it again.", "恢复处理。")
_EDIT = pick("Change single fields.", "修改个别字段。")


def _set(context: typer.Context, of: "AccountKey | str", state: str) -> None:
    from agent.domain.merchants import Registration

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger, ledger.begin() as tx:
        if not tx.registrations.set_state(of, Registration(state)):
            raise _unknown(of)
        noted(tx, f"{_kind(of)}_{state}", str(of))
    typer.echo(f"{of}: " + (pick("paused", "已暂停") if state == "paused" else pick("active", "已恢复")))


def _remove(context: typer.Context, of: "AccountKey | str", *, erase: bool = False) -> None:
    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger, ledger.begin() as tx:
        whole = erase and isinstance(of, str)
        accounts = [key for each in tx.merchants.registered([str(of)]) for key in each.shops] if whole else []
        if not (tx.registrations.erase(str(of)) if whole else tx.registrations.remove(of)):
            raise _unknown(of)
        noted(tx, f"{_kind(of)}_{'erased' if erase else 'removed'}", str(of))
    _erase_pictures(settings, accounts)
    told = pick("erased with all that was known", "已连同全部记录删除")
    kept = pick(
        "removed: its secrets are erased, its orders and money stay", "已移除：敏感信息已清除，订单与款项记录保留"
    )
    typer.echo(f"{of}: {told if erase else kept}")


def _erase_pictures(settings: "Settings", accounts: "Sequence[AccountKey]") -> None:
    """Remove what is kept of these accounts' pages; what cannot be removed from here is told."""
    from agent.evidence.prune import find_of
    from agent.evidence.prune import remove as remove_files
    from agent.flows.runs.stops import forget_stop

    for account in accounts:
        forget_stop(settings.data_dir, str(account))
    for path in remove_files(find_of(settings.evidence_dir, accounts)):
        complain(pick(f"{path} could not be removed.", f"{path} 无法删除。"))
    if accounts and settings.evidence_store:
        url = settings.evidence_store.url
        complain(pick(f"Its pictures in {url} were not removed.", f"{url} 中的截图未删除，请自行处理。"))


def _kind(of: "AccountKey | str") -> str:
    return "merchant" if isinstance(of, str) else "account"


def _unknown(of: "AccountKey | str") -> UsageError:
    told = Text(
        f"{of} is not registered. See `fankuan merchants list`.", f"{of} 未登记。请查看 `fankuan merchants list`。"
    )
    return UsageError(told)


@merchants.command(help=_PAUSE)
def pause(context: typer.Context, merchant: MerchantId) -> None:
    """Pause a merchant with all its accounts."""
    _set(context, merchant, "paused")


@merchants.command(help=_RESUME)
def resume(context: typer.Context, merchant: MerchantId) -> None:
    """Resume a merchant; accounts that were paused alone stay so."""
    _set(context, merchant, "active")


@merchants.command(
    help=pick("Erase its secrets; what is known of its money stays.", "移除：清除敏感信息，款项记录保留。")
)
def remove(
    context: typer.Context,
    merchant: MerchantId,
    erase: Annotated[
        bool, typer.Option("--erase", help=pick("Erase all that is known of it, too.", "连同全部记录一并删除。"))
    ] = False,
) -> None:
    """Remove a merchant."""
    _remove(context, merchant, erase=erase)


@merchants.command(help=_EDIT)
def edit(context: typer.Context, merchant: MerchantId, fields: Fields) -> None:
    """Changes single fields of a merchant."""
    _edit(context, merchant, fields)


@merchants.command(
    help=pick("Write them to a file that imports again, without secrets.", "导出为可再次导入的文件，不含敏感信息。")
)
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=pick("A .toml, .csv or .xlsx file.", ".toml、.csv 或 .xlsx 文件。"))],
) -> None:
    """Write all merchants to a file."""
    from agent.importing import write_merchants

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger:
        with ledger.read() as tx:
            found = tx.merchants.find()
        write_merchants(file, found)
        note(ledger, "merchants_export", file.name, merchants=len(found))
    typer.echo(pick(f"{len(found)} merchants written: {file}", f"已导出 {len(found)} 个商家：{file}"))


@accounts.command("pause", help=_PAUSE)
def pause_account(context: typer.Context, account: AccountName) -> None:
    """Pause an account."""
    _set(context, account_key(account), "paused")


@accounts.command("resume", help=_RESUME)
def resume_account(context: typer.Context, account: AccountName) -> None:
    """Resume an account."""
    _set(context, account_key(account), "active")


@accounts.command(
    "remove", help=pick("Erase its secrets; what is known of its money stays.", "移除：清除敏感信息，款项记录保留。")
)
def remove_account(context: typer.Context, account: AccountName) -> None:
    """Remove an account."""
    _remove(context, account_key(account))


@accounts.command("edit", help=_EDIT)
def edit_account(context: typer.Context, account: AccountName, fields: Fields) -> None:
    """Changes single fields of an account."""
    _edit(context, account_key(account), fields)


def _edit(context: typer.Context, of: "AccountKey | str", words: list[str]) -> None:
    from agent.importing import Edit, edited_account, edited_merchant, fields_to_edit
    from agent.log import hide
    from agent.settings import sites

    settings = settings_of(context)
    start_log(settings)
    values = {
        name: _asked(name) if value == "-" else value
        for name, value in fields_to_edit(words, account=_kind(of) == "account")
    }
    change = Edit(str(of), values)
    with open_ledger(settings) as ledger:
        merchant, account = _found(ledger, of)
        if account is None:
            edited = edited_merchant(merchant, change)
        else:
            edited = edited_account(merchant, account, change, {n: s.title for n, s in sites(settings).items()})
        hide(*edited.secrets())
        with ledger.begin() as tx:
            note_payees(tx, {merchant.id: merchant}, [edited])
            tx.merchants.change(edited, of, change.cleared)
            if change.tells_login:
                tx.log_ins.forget(_log_in_of(of))
            noted(tx, f"{_kind(of)}_edit", str(of), fields=sorted(values))
    typer.echo(pick(f"{of}: changed {', '.join(values)}", f"{of}：已修改 {'、'.join(values)}"))


def _log_in_of(of: "AccountKey | str") -> "AccountKey":
    """Under what the ledger keeps how the log-in ended that is edited: a merchant's own is that of the back office."""
    from agent.domain.accounts import AccountKey
    from agent.sites import wdgj

    return AccountKey(of, wdgj.ID) if isinstance(of, str) else of


def _found(ledger: "Ledger", of: "AccountKey | str") -> "tuple[Merchant, Account | None]":
    name = of if isinstance(of, str) else of.merchant_id
    with ledger.read() as tx:
        merchant = next(iter(tx.merchants.find([name])), None)
    account = next((a for a in merchant.accounts if a.key == of), None) if merchant else None
    if merchant is None or (account is None and not isinstance(of, str)):
        raise _unknown(of)
    return merchant, account


def _asked(name: str) -> str:
    """A secret that is typed unseen, or one line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt(name, hide_input=True))
    return sys.stdin.readline().rstrip("\r\n")
