"""`fankuan orders`: what the ledger knows of every order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli import expiry
from agent.cli.due import known_orders
from agent.cli.language import pick, say
from agent.cli.order_filter import Active, AtStages, DueWithin, OfMerchants, OnPlatforms, Problems
from agent.cli.paging import After, Limit, page, remainder
from agent.cli.session import Accounts, Json, named, now, open_ledger, print_json, settings_of, start_log
from agent.cli.usage import Commands
from agent.exporting.order_filter import OrderFilter

if TYPE_CHECKING:
    from datetime import date, datetime

    from rich.table import Table

    from agent.domain.stage import Stage
    from agent.flows.runs.ending import Expiring
    from agent.ledger import KnownOrder


orders = Commands(help=pick("What is known of every order, and its money.", "查看每个订单的进度与款项。"), alone=True)


@orders.callback()
def list_orders(
    context: typer.Context,
    *,
    merchant: OfMerchants = None,
    platform: OnPlatforms = None,
    account: Accounts = None,
    stage: AtStages = None,
    problems: Problems = False,
    due_within: DueWithin = None,
    active: Active = False,
    everyone: Annotated[
        bool, typer.Option("--all", help=pick("Other vendors' orders too.", "同时显示其他软件的订单。"))
    ] = False,
    limit: Limit = None,
    after: After = 0,
    as_json: Json = False,
) -> None:
    """Every known order with its stage, due date and money; JSON has other vendors' too."""
    from agent.flows.runs import ending

    if context.invoked_subcommand is not None:
        return
    settings = settings_of(context)
    start_log(settings)
    wanted = OrderFilter(
        now().date(), merchant or (), platform or (), stage or (), problems, due_within, named(account), active
    )
    with open_ledger(settings) as ledger:
        wanted.check(settings, ledger)
        known = [*filter(wanted.passes, known_orders(settings, ledger, wanted.merchants or None))]
        with ledger.read() as tx:
            links = ending.Links.of(settings, tx.merchants.registered())
    soon = ending.subscriptions(known, links, now().date())
    if as_json:
        ends = {(each.account, each.order_key): each for each in soon}
        shown = page(known, limit, after) if limit or after else known
        print_json({"orders": [document(each, ends.get((each.account, each.order.key))) for each in shown]})
    else:
        from agent.cli.words import titles_of

        show(known, soon, everyone=everyone, limit=limit, after=after, titles=titles_of(settings))


@orders.command("show", help=pick("One order's journey with its evidence.", "查看一笔订单的全过程与凭证。"))
def show_one(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=pick("The order's number.", "订单编号。"))],
    as_json: Json = False,
) -> None:
    """What is known of the order of that number, on every platform that uses it, and each step that was begun."""
    from agent.cli import journey

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger:
        found = journey.of(settings, ledger, number)
    if as_json:
        print_json({"orders": [journey.document(each) for each in found]})
    else:
        journey.show(found)


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


def show(
    known: "Sequence[KnownOrder]",
    soon: "Sequence[Expiring]" = (),
    *,
    everyone: bool,
    limit: int | None = None,
    after: int = 0,
    titles: "Mapping[str, str] | None" = None,
) -> None:
    """The table, the sums of all, what ends soon, and how many orders of other vendors are left out."""
    from agent.cli.screen import answers, is_narrow, line

    shown = [each for each in known if everyone or each.order.ours]
    console = answers()
    if not shown:
        none = pick(
            "No orders to show: none fit, or none are known yet. Without filters all are shown; to look: fankuan sync",
            "没有可显示的订单：没有符合条件的，或尚无记录。去掉筛选条件可查看全部；读取订单请运行：fankuan sync",
        )
        return line(console, none)
    part = page(shown, limit, after)
    console.print((_narrow if is_narrow(console) else _table)(part, titles or {}))
    if more := remainder(shown, part, after):
        line(console, more, "bold")
    line(console, sums(shown))
    expiry.show(console, soon)  # below the table: a link would not fit into it
    if hidden := len(known) - len(shown):
        others = pick(
            f"Not shown: {hidden} of other vendors (--all).",
            f"另有 {hidden} 个其他软件的订单未显示（--all）。",
        )
        line(console, others, "dim")
    return None


def _narrow(shown: "list[KnownOrder]", titles: "Mapping[str, str]") -> "Table":
    """The columns that 80 have room for; the rest is in `fankuan orders show`."""
    from agent.cli.screen import row, table
    from agent.cli.words import account_name, money, removed_mark
    from agent.domain.wording import STAGE

    names = pick("Account|Order|Amount|Stage|Due", "账号|订单编号|金额|进度|可申请日").split("|")
    made = table(*names, right=[names[2]], whole=[names[1], names[4]])
    for each in shown:
        order = each.order
        number, amount = order.order_no or "-", money(order.amount, order.currency)
        name = account_name(each.account, titles) + removed_mark(each.removed)
        cells = (name, number, amount, say(STAGE[each.stage]), iso(each.due_on) or "-")
        row(made, *cells, style="" if order.ours else "dim")
    return made


def _table(shown: "list[KnownOrder]", titles: "Mapping[str, str]") -> "Table":
    from agent.cli.screen import row, table
    from agent.cli.words import minute, money, platform_name, removed_mark
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
            each.account.merchant_id + removed_mark(each.removed),
            platform_name(each.account, titles),
            order.order_no or "-",
            minute(order.ordered_at),
            order.service,
            money(order.amount, order.currency),
            say(STAGE[each.stage]),
            iso(each.due_on) or "-",
            style="" if order.ours else "dim",
        )
    return made
