"""`fankuan due`: from when a refund may be requested."""

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from agent.cli.language import pick
from agent.cli.session import Json, complain, print_json, settings_of
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from agent.domain.deadlines import Due, RefundRule
    from agent.settings import Settings

# What is published for platforms that have no site of their own yet; a site's own rule goes before it.
_PUBLISHED = {"jd": "20 working days", "paipai": "2 months", "yhd": "1 year"}


class Period(NamedTuple):
    """A platform's title and waiting period; None where the back office decides."""

    title: str
    rule: "RefundRule | None"


def due(
    context: typer.Context,
    platform: Annotated[str, typer.Argument(help=pick("The platform's id, such as taobao.", "平台代号，如 taobao。"))],
    ordered_on: Annotated[
        str, typer.Argument(metavar="DATE", help=pick("The subscription's date, YYYY-MM-DD.", "订购日期，YYYY-MM-DD。"))
    ],
    as_json: Json = False,
) -> None:
    """From when a refund may be requested for a subscription of this date."""
    settings = settings_of(context)
    period = _known(settings, platform)
    answer = _due(settings, period, _date(ordered_on))
    if as_json:
        print_json(_document(answer))
    else:
        typer.echo(_sentence(period, answer))
    if answer and answer.provisional:
        complain(
            pick(
                "Provisional: not all holidays on the way are announced yet. It may turn out to be earlier, not later.",
                "暂定：期间的节假日安排尚未全部公布，实际日期可能更早，不会更晚。",
            )
        )


def due_dates(settings: "Settings") -> "Callable[[str, date], date | None]":
    """From when a refund may be requested, by platform and date of subscription; None where no period is published."""
    periods = _periods(settings)

    def due_on(platform: str, day: date) -> date | None:
        answer = _due(settings, periods[platform], day) if platform in periods else None
        return answer.due_on if answer else None

    return due_on


def _known(settings: "Settings", platform: str) -> Period:
    known = _periods(settings)
    if platform in known:
        return known[platform]
    names = ", ".join(known)
    raise UsageError(
        Text(f"Unknown platform “{platform}”. Known are: {names}.", f"未知平台“{platform}”。可用的平台：{names}。")
    )


def _periods(settings: "Settings") -> dict[str, Period]:
    """The period of every platform that has an id, also of those that cannot be worked yet."""
    from agent.domain.deadlines import RefundRule
    from agent.settings import BUILT_IN
    from agent.sites import sites

    changed = {name: given.refund_after for name, given in settings.sites.items()}
    published = {name: RefundRule.parse(text) for name, text in _PUBLISHED.items()}
    named = {name: Period(name, changed.get(name) or published.get(name)) for name in BUILT_IN}
    return named | {name: Period(site.title, site.rule) for name, site in sites(settings).items()}


def _date(given: str) -> date:
    """Only the full form: Python would also take 20260930 and 2026-W40-3."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", given, re.ASCII):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise UsageError(
        Text(
            f"“{given}” is no date. Write it as YYYY-MM-DD, such as 2026-09-30.",
            f"“{given}”不是日期。请写成 YYYY-MM-DD，例如 2026-09-30。",
        )
    )


def _due(settings: "Settings", period: Period, ordered_on: date) -> "Due | None":
    return period.rule.due(ordered_on, settings.work_calendar) if period.rule else None


def _document(answer: "Due | None") -> dict[str, str | bool | None]:
    if answer is None:
        return {"due_on": None, "rule": None, "provisional": False}
    return {"due_on": answer.due_on.isoformat(), "rule": answer.rule, "provisional": answer.provisional}


def _sentence(period: Period, answer: "Due | None") -> str:
    if answer is None:
        return pick(
            f"{period.title}: no period is published; the back office decides.",
            f"{period.title}：未公布等待期，以会员后台为准。",
        )
    return pick(
        f"{period.title}: from {answer.due_on} ({answer.rule})",
        f"{period.title}：{answer.due_on} 起可申请（{answer.rule}）",
    )
