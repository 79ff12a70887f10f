"""`fankuan sessions`: which sessions are kept, how old they are, which are about to end; and their way elsewhere."""

import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.audit import note
from agent.cli.language import pick
from agent.cli.session import Json, complain, now, open_ledger, print_json, settings_of, start_log
from agent.cli.usage import Commands

if TYPE_CHECKING:
    from datetime import datetime

    from agent.ledger import KnownSession
    from agent.settings import Settings

_SOON = timedelta(days=1)
_KEY = "FANKUAN_TRANSFER_KEY"

sessions = Commands(help=pick("The sessions that are kept, and how old they are.", "查看已保存的登录态。"), alone=True)


@sessions.callback()
def show(context: typer.Context, as_json: Json = False) -> None:
    """Every session that is kept, with its age, its last proof and the end that is expected of it."""
    if context.invoked_subcommand is not None:
        return
    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger, ledger.read() as tx:
        known = tx.sessions.known()
    if as_json:
        print_json({"sessions": [_document(each) for each in known]})
    elif known:
        _show(known, now(), settings)
    else:
        typer.echo(pick("No session is kept yet: the next sync logs in.", "尚未保存任何登录态，下次同步时将登录。"))


@sessions.command(
    "export", help=pick("Take them to another machine, encrypted.", "导出登录态（加密），用于另一台电脑。")
)
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=pick("The file to write.", "要写入的文件。"))],
) -> None:
    """Write all that are kept, sealed with a key of its own, which stands on standard output and nowhere else."""
    from agent.flows.session.transfer import pack

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger:
        with ledger.read() as tx:
            carried = tx.sessions.carry()
        note(ledger, "sessions_export", file.name, sessions=len(carried))
    key = pack(file, carried)
    complain(
        pick(
            f"{len(carried)} sessions are in {file}. The key that opens it follows; it is shown this once. Take it "
            f"another way than the file, and give it to `fankuan sessions import` in {_KEY}.",
            f"已导出 {len(carried)} 个登录态到 {file}。下面是打开它的密钥，仅显示一次；请与文件分开传送，"
            f"导入时通过环境变量 {_KEY} 提供。",
        )
    )
    typer.echo(key.get_secret_value())


@sessions.command("import", help=pick("Take in what `export` wrote elsewhere.", "导入另一台电脑导出的登录态。"))
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=pick("The file that `export` wrote.", "export 写出的文件。"))],
) -> None:
    """Keep them for merchants that are known here; where a newer session is kept, it stays."""
    from pydantic import SecretStr

    from agent.flows.session.transfer import unpack

    settings = settings_of(context)
    start_log(settings)
    key = os.environ.get(_KEY) or (sys.stdin.readline().strip() if not sys.stdin.isatty() else _asked())
    carried = unpack(file, SecretStr(key))
    with open_ledger(settings) as ledger:
        with ledger.begin() as tx:
            taken = tx.sessions.take_in(carried)
        note(ledger, "sessions_import", file.name, sessions=len(taken))
    typer.echo(
        pick(
            f"{len(taken)} of {len(carried)} sessions are kept. The next run proves them by its first page.",
            f"已导入 {len(taken)} 个登录态（共 {len(carried)} 个），下次运行时由第一个页面验证。",
        )
    )


def _asked() -> str:
    from getpass import getpass

    return getpass(pick("Key: ", "密钥："))


def _document(each: "KnownSession") -> dict[str, str | None]:
    return {
        "merchant": each.account.merchant_id,
        "site": each.account.platform,
        "account": str(each.account),
        "issued_at": each.issued_at.isoformat(timespec="seconds"),
        "proven_at": each.proven_at.isoformat(timespec="seconds"),
        "expected_end": each.expected_end.isoformat(timespec="seconds") if each.expected_end else None,
    }


def _show(known: "Sequence[KnownSession]", moment: "datetime", settings: "Settings") -> None:
    from agent.cli.screen import answers, row, table
    from agent.cli.words import platform_name, titles_of

    titles = titles_of(settings)
    merchant, site = pick("Merchant", "商家"), pick("Site", "网站")
    age, proven, end = pick("Age", "已用时间"), pick("Last proof", "最近验证"), pick("Expected end", "预计失效")
    drawn = table(merchant, site, age, proven, end, right=(age,), whole=(proven, end))
    for each in known:
        soon = each.expected_end is not None and each.expected_end - moment < _SOON
        shown = f"{each.expected_end:%Y-%m-%d %H:%M}" if each.expected_end else "-"
        lately = f"{each.proven_at:%Y-%m-%d %H:%M}"
        style = "yellow" if soon else ""
        row(
            drawn,
            each.account.merchant_id,
            platform_name(each.account, titles),
            _age(moment - each.issued_at),
            lately,
            shown,
            style=style,
        )
    answers().print(drawn)


def _age(length: timedelta) -> str:
    hours = int(length.total_seconds() // 3600)
    return pick(f"{hours // 24} d {hours % 24} h", f"{hours // 24} 天 {hours % 24} 小时")
