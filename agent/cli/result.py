"""What a run did, for people: a table a merchant, what is due when, where the money stands, where the pictures are."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from agent.cli.language import pick, say
from agent.cli.matching import Line, lines, waiting
from agent.cli.orders import sums
from agent.cli.screen import line, row, table
from agent.cli.words import Names, money, orders, platform_name, step, why
from agent.domain.errors import Outcome
from agent.domain.orders import Order
from agent.domain.report import AccountReport, RunReport
from agent.domain.wording import OUTCOME, STATUS

if TYPE_CHECKING:
    from agent.ledger import KnownOrder

PICTURES_SHOWN = 3


def show_result(console: Console, report: RunReport, known: "Sequence[KnownOrder]", names: Names) -> None:
    """Everything about one run."""
    if report.dry_run:
        line(console, pick("A plan only: nothing was changed anywhere.", "仅为计划：未做任何更改。"), "bold yellow")
    for merchant, accounts in groupby(sorted(report.accounts, key=_merchant_id), key=_merchant_id):
        title = f"{names.merchants.get(merchant, '')} ({merchant})".strip()
        _merchant(console, title, list(accounts), names.platforms)
    if money_now := sums(_of_this_run(report, known)):
        line(console, pick(f"Money: {money_now}", f"款项：{money_now}"), "bold")


def _merchant_id(report: AccountReport) -> str:
    return report.account.merchant_id


def _merchant(console: Console, title: str, accounts: list[AccountReport], platforms: Mapping[str, str]) -> None:
    line(console, title, "bold cyan")
    made = _table()
    for account in accounts:
        for each in lines(account):
            _row(made, platform_name(account.account, platforms), each)
    if made.row_count:
        console.print(made)
    for account in accounts:
        _account(console, account, platform_name(account.account, platforms))
    for sentence in _due(accounts):
        line(console, f"  {sentence}")
    line(console)


def _table() -> Table:
    names = pick("Platform|Order|Service|Amount|What was done", "平台|订单编号|服务|金额|处理结果").split("|")
    return table(*names, right=[names[3]], whole=[names[1]])


def _row(made: Table, platform: str, each: Line) -> None:
    done = "\n".join(step(action) for action in each.actions)
    number = next((a.order_no for a in each.actions if a.order_no), "-")
    if order := each.order:
        cells = (order.order_no or number, order.service, money(order.amount, order.currency))
        row(made, platform, *cells, done or say(STATUS[order.status]), style="" if done else "dim")
    else:
        row(made, platform, number, "-", "-", done)


def _account(console: Console, account: AccountReport, platform: str) -> None:
    """One line of sums, the sentence if something went wrong, and the pictures."""
    style = "green" if account.outcome is Outcome.OK else "red"
    line(console, f"  {platform}: {say(OUTCOME[account.outcome])}{_counts(account.orders)}", style)
    if sentence := why(account):
        line(console, f"    {sentence}", style)
    for action in account.actions:
        if action.sends is not None:
            told = say(action.sends.text)
            line(
                console,
                pick(f"    would send for {action.order_no}: {told}", f"    订单 {action.order_no} 将提交：{told}"),
            )
    for path in _pictures(account):
        line(console, f"    {path}")


def _counts(seen: Sequence[Order]) -> str:
    ours = sum(order.ours for order in seen)
    others = len(seen) - ours
    if not seen:
        return ""
    return pick(
        f" · {orders(ours)} of ours, {others} of other vendors left alone",
        f" · 网店管家订单 {ours} 个，其他软件 {others} 个（未处理）",
    )


def _pictures(account: AccountReport) -> Iterator[str]:
    """The folders of the pictures, and the first few in them."""
    paths = [*account.evidence, *(path for action in account.actions for path in action.evidence)]
    if not paths:
        return
    yield pick("Pictures: ", "截图：") + ", ".join(dict.fromkeys(str(PurePath(path).parent) for path in paths))
    yield from (f"  {path}" for path in paths[:PICTURES_SHOWN])
    if len(paths) > PICTURES_SHOWN:
        yield pick(f"  … {len(paths) - PICTURES_SHOWN} more", f"  …另有 {len(paths) - PICTURES_SHOWN} 张")


def _due(accounts: Sequence[AccountReport]) -> Iterator[str]:
    """What is due when: “from 2026-10-13: ¥125.60 (2 orders)”."""
    amounts: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for order, action in waiting(accounts):
        amounts[str(action.due_on or ""), order.currency].append(order.amount)
    for (day, currency), found in sorted(amounts.items()):
        total = f"{money(sum(found, Decimal(0)), currency)} ({orders(len(found))})"
        when = (
            pick(f"Due from {day}", f"{day} 起可申请")
            if day
            else pick("Due when the back office says so", "以会员后台为准")
        )
        yield pick(f"{when}: {total}", f"{when}：{total}")


def _of_this_run(report: RunReport, known: "Sequence[KnownOrder]") -> "list[KnownOrder]":
    accounts = {each.account for each in report.accounts}
    return [each for each in known if each.account in accounts]
