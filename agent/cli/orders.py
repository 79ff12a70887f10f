"""`fankuan orders`: what the ledger knows of every order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli import expiry
from agent.cli.due import known_orders
from agent.cli.language import pick, say
from agent.cli.session import Json, now, open_ledger, print_json, settings_of, start_log

if TYPE_CHECKING:
    from datetime import date, datetime

    from rich.table import Table

    from agent.domain.stage import Stage
    from agent.flows.runs.ending import Expiring
    from agent.ledger import KnownOrder


def orders(
    context: typer.Context,
    everyone: Annotated[
        bool, typer.Option("--all", help=pick("Other vendors' orders too.", "同时显示其他软件的订单。"))
    ] = False,
    as_json: Json = False,
) -> None:
    """Every known order with its stage, due date and money; JSON has other vendors' too."""
    from agent.flows.runs import ending

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger:
        known = list(known_orders(settings, ledger))
        with ledger.read() as tx:
            links = ending.Links.of(settings, tx.merchants.registered())
    soon = ending.subscriptions(known, links, now().date())
    if as_json:
        ends = {(each.account, each.order_key): each for each in soon}
        listed = [document(each, ends.get((each.account, each.order.key))) for each in known]
        print_json({"orders": listed})
    else:
        show(known, soon, everyone=everyone)


def sums(known: "Iterable[KnownOrder]") -> str:
    """How much money stands at each stage, in words; only orders of ours count."""
    from agent.cli.words import money
    from agent.domain.wording import STAGE

    found: dict[tuple[Stage, str], list[Decimal]] = defaultdict(list)
    for each in known:
        if each.order.ours and each.order.amount:
            found[each.stage, each.order.currency].append(each.order.amount)
    parts = (f"{say(STAGE[at])} {money(sum(a, Decimal(0)), unit)} ({len(a)})" for (at, unit), a in found.items())
    return " · ".join(parts)


def document(known: "KnownOrder", soon: "Expiring | None" = None) -> dict[str, Any]:
    """One known order as `--json` prints it; `soon` where its subscription ends within 30 days."""
    from agent.ledger import documents

    return documents.order(known, soon.days if soon else None, soon.url if soon else None)


def iso(when: "date | datetime | None") -> str | None:
    """A date or a moment as JSON has it."""
    from datetime import datetime

    if isinstance(when, datetime):
        return when.isoformat(timespec="seconds")
    return when.isoformat() if when else None


def show(known: "Sequence[KnownOrder]", soon: "Sequence[Expiring]" = (), *, everyone: bool) -> None:
    """The table, the sums, what ends soon, and how many orders of other vendors are left out."""
    from agent.cli.screen import answers, line

    shown = [each for each in known if everyone or each.order.ours]
    console = answers()
    if not shown:
        return line(console, pick("No orders known yet. Look: fankuan sync", "尚无订单记录。请运行：fankuan sync"))
    console.print(_table(shown))
    line(console, sums(shown))
    expiry.show(console, soon)  # below the table: a link would not fit into it
    if hidden := len(known) - len(shown):
        others = pick(
            f"Not shown: {hidden} of other vendors (--all).",
            f"另有 {hidden} 个其他软件的订单未显示（--all）。",
        )
        line(console, others, "dim")
    return None


def _table(shown: "list[KnownOrder]") -> "Table":
    from agent.cli.screen import row, table
    from agent.cli.words import minute, money
    from agent.domain.wording import STAGE

    names = pick(
        "Merchant|Platform|Order|Ordered|Service|Amount|Stage|Due",
        "商家|平台|订单编号|订购时间|服务|金额|进度|可申请日",
    ).split("|")
    made = table(*names, right=[names[5]], whole=[names[2], names[7]])
    for each in shown:
        order = each.order
        row(
            made,
            each.account.merchant_id,
            each.account.local,
            order.order_no or "-",
            minute(order.ordered_at),
            order.service,
            money(order.amount, order.currency),
            say(STAGE[each.stage]),
            iso(each.due_on) or "-",
            style="" if order.ours else "dim",
        )
    return made
