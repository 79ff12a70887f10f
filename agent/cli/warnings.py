"""What a person at the terminal is warned of: addresses in the clear, due dates that are bounds."""

from typing import TYPE_CHECKING

from agent.cli.language import pick
from agent.cli.session import complain

if TYPE_CHECKING:
    from agent.domain.report import RunReport
    from agent.settings import Settings


def tell_risks(settings: "Settings") -> None:
    """The configured addresses that send passwords in the clear."""
    for address in settings.exposed_addresses:
        complain(
            pick(
                f"WARNING: {address} is plain http: everyone on the way can read the passwords.",
                f"警告：{address} 使用明文 http，途中任何人都能看到密码。",
            )
        )


def tell_calendar(settings: "Settings", report: "RunReport") -> None:
    """One line in every run in which a due date is only a bound, or for whose own day there is no notice."""
    from agent.cli.words import RENEW_CALENDAR

    today, days = report.finished_at.date(), settings.work_calendar
    if report.accounts and (not days.look(today).announced or _has_bound(settings, report)):
        last = days.known_until(today.year)
        complain(
            pick(
                f"WARNING: public holidays are known only until the end of {last}, so due dates beyond are cautious "
                f"bounds. {RENEW_CALENDAR.en}",
                f"警告：已知节假日安排仅至 {last} 年底，此后的日期按稳妥估计。{RENEW_CALENDAR.zh}",
            )
        )


def _has_bound(settings: "Settings", report: "RunReport") -> bool:
    from agent.domain.orders import SHANGHAI
    from agent.settings import sites

    known, days = sites(settings), settings.work_calendar
    ordered = {
        (known[account.account.platform].rule, order.ordered_at.astimezone(SHANGHAI).date())
        for account in report.accounts
        for order in account.orders
        if order.ours
    }
    return any(rule is not None and rule.due(day, days).provisional for rule, day in ordered)
