"""`fankuan schedule`: which account is looked at when, and why then."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from agent.cli.language import pick, say
from agent.cli.order_filter import OfMerchants, OnPlatforms
from agent.cli.paging import After, Limit, page, remainder
from agent.cli.session import Json, now, open_ledger, print_json, settings_of, start_log
from agent.domain.schedule import DueReason
from agent.domain.text import Text
from agent.exporting.order_filter import OrderFilter

if TYPE_CHECKING:
    from datetime import datetime

    from agent.ledger import Planned
    from agent.settings import Settings

WHY = {
    DueReason.NEW: Text("never looked at", "尚未查看"),
    DueReason.ASKED: Text("somebody changed or answered something", "有人更正资料或回答验证"),
    DueReason.REGULAR: Text("the usual look", "例行查看"),
    DueReason.CALM: Text("nothing has changed for long", "长期无变化，降低频率"),
    DueReason.REFUND_DUE: Text("a refund may be requested from that day", "当日起可申请返款"),
    DueReason.AFTER_WORK: Text("what was done is looked at again", "操作后复查"),
    DueReason.FAILED: Text("tries again after a failure", "失败后重试"),
    DueReason.IN_DOUBT: Text("a step is in doubt", "有步骤结果不明"),
    DueReason.NOT_LISTED: Text("what was accepted is looked for again", "已受理但列表尚未显示，再次查看"),
    DueReason.CUT_SHORT: Text("the last look was cut short", "上次运行被中断"),
}


def schedule(
    context: typer.Context,
    *,
    merchant: OfMerchants = None,
    platform: OnPlatforms = None,
    limit: Limit = None,
    after: After = 0,
    as_json: Json = False,
) -> None:
    """What `fankuan serve` does when; the next first."""
    settings = settings_of(context)
    start_log(settings)
    wanted = OrderFilter(now().date(), merchant or (), platform or ())
    with open_ledger(settings) as ledger:
        wanted.check(settings, ledger)
        with ledger.read() as tx:
            planned = [each for each in tx.schedule.all() if wanted.is_of(each.account)]
    if as_json:
        shown = page(planned, limit, after) if limit or after else planned
        print_json({"schedule": [_document(each) for each in shown]})
    elif planned:
        shown = page(planned, limit, after)
        _show(shown, now(), settings)
        typer.echo(remainder(planned, shown, after) or pick(f"{len(planned)} accounts", f"共 {len(planned)} 个账号"))
    else:
        typer.echo(pick("No account is planned that fits.", "没有符合条件的计划账号（已暂停的不在计划内）。"))


def _document(each: "Planned") -> dict[str, object]:
    return {
        "merchant": each.account.merchant_id,
        "platform": each.account.platform,
        "account": str(each.account),
        "at": each.at.isoformat(timespec="seconds"),
        "why": each.why.value,
        "failures": each.failures,
    }


def _show(planned: "Sequence[Planned]", moment: "datetime", settings: "Settings") -> None:
    from agent.cli.screen import answers, row, table
    from agent.cli.words import platform_name, titles_of

    titles = titles_of(settings)
    names = pick("When|Merchant|Platform|Why", "时间|商家|平台|原因").split("|")
    drawn = table(*names, whole=[names[0]])
    for each in planned:
        due = each.at <= moment
        at = pick("now", "现在") if due else f"{each.at:%Y-%m-%d %H:%M}"
        times = pick(f" ({each.failures} in a row)", f"（连续 {each.failures} 次）") if each.failures else ""
        style = "bold" if due else ""
        platform = platform_name(each.account, titles)
        row(drawn, at, each.account.merchant_id, platform, f"{say(WHY[each.why])}{times}", style=style)
    answers().print(drawn)
