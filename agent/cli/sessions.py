"""`fankuan sessions`: which sessions are kept, how old they are, and which are about to end."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from agent.cli.language import pick
from agent.cli.session import Json, now, open_ledger, print_json, settings_of, start_log

if TYPE_CHECKING:
    from datetime import datetime

    from agent.ledger import KnownSession

_SOON = timedelta(days=1)


def sessions(context: typer.Context, as_json: Json = False) -> None:
    """Every session that is kept, with its age, its last proof and the end that is expected of it."""
    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger:
        known = ledger.sessions()
    if as_json:
        print_json({"sessions": [_document(each) for each in known]})
    elif known:
        _show(known, now())
    else:
        typer.echo(pick("No session is kept yet: the next sync logs in.", "尚未保存任何登录态，下次同步时将登录。"))


def _document(each: "KnownSession") -> dict[str, str | None]:
    return {
        "merchant": each.merchant,
        "site": each.site,
        "issued_at": each.issued_at.isoformat(timespec="seconds"),
        "proven_at": each.proven_at.isoformat(timespec="seconds"),
        "expected_end": each.expected_end.isoformat(timespec="seconds") if each.expected_end else None,
    }


def _show(known: "Sequence[KnownSession]", moment: "datetime") -> None:
    from agent.cli.screen import answers, row, table

    merchant, site = pick("Merchant", "商家"), pick("Site", "网站")
    age, proven, end = pick("Age", "已用时间"), pick("Last proof", "最近验证"), pick("Expected end", "预计失效")
    drawn = table(merchant, site, age, proven, end, right=(age,), whole=(proven, end))
    for each in known:
        soon = each.expected_end is not None and each.expected_end - moment < _SOON
        shown = f"{each.expected_end:%Y-%m-%d %H:%M}" if each.expected_end else "-"
        lately = f"{each.proven_at:%Y-%m-%d %H:%M}"
        style = "yellow" if soon else ""
        row(drawn, each.merchant, each.site, _age(moment - each.issued_at), lately, shown, style=style)
    answers().print(drawn)


def _age(length: timedelta) -> str:
    hours = int(length.total_seconds() // 3600)
    return pick(f"{hours // 24} d {hours % 24} h", f"{hours // 24} 天 {hours % 24} 小时")
