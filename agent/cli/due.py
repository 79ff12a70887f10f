"""`fankuan due`: from when a refund may be requested."""

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.language import pick
from agent.cli.session import Json, complain, print_json, settings_of
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from agent.domain.deadlines import Due
    from agent.ledger import KnownOrder, Ledger
    from agent.settings import Settings
    from agent.sites import Site


_DATE = re.compile(r"(\d{4})([-/.年])(\d{1,2})(?:\2|月)(\d{1,2})日?", re.ASCII)


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
    site = _known(settings, platform)
    answer = _due(settings, site, _date(ordered_on))
    if as_json:
        print_json(_document(answer))
    else:
        typer.echo(_sentence(site, answer))
    if answer and answer.provisional:
        complain(
            pick(
                "Provisional: not all holidays on the way are announced yet. It may turn out to be earlier, not later.",
                "暂定：期间的节假日安排尚未全部公布，实际日期可能更早，不会更晚。",
            )
        )


def due_dates(settings: "Settings") -> "Callable[[str, date], date | None]":
    """From when a refund may be requested, by platform and date of subscription; None if no period is published."""
    from agent.settings import sites

    known = sites(settings)

    def due_on(platform: str, day: date) -> date | None:
        answer = _due(settings, known[platform], day) if platform in known else None
        return answer.due_on if answer else None

    return due_on


def known_orders(settings: "Settings", ledger: "Ledger", of: "Collection[str] | None" = None) -> "Iterator[KnownOrder]":
    """What is known of every order, or of these merchants', at the stage and with the due date that the settings give.

    Read as it is gone through, so that the ledger has to stay open as long.
    """
    from agent.ledger import found_ways
    from agent.ledger import known_orders as known_to_ledger
    from agent.settings import applies_directly

    return known_to_ledger(ledger, due_dates(settings), applies_directly(settings, found_ways(ledger)), of=of)


def _known(settings: "Settings", platform: str) -> "Site":
    from agent.settings import sites
    from agent.settings.problems import instead_of

    known = sites(settings)
    if platform in known:
        return known[platform]
    raise UsageError(Text(f"Unknown platform “{platform}”.", f"未知平台“{platform}”。"), instead_of(platform, known))


def _date(given: str) -> date:
    """As people write it, 2026-09-30, 2026/9/30 or 2026年9月30日: Python would also take 20260930 and 2026-W40-3."""
    try:
        if found := _DATE.fullmatch(given.strip()):
            return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        pass
    raise UsageError(
        Text(f"“{given}” is no date.", f"“{given}”不是日期。"),
        Text("Write it as YYYY-MM-DD, such as 2026-09-30.", "请写成 YYYY-MM-DD，例如 2026-09-30。"),
    )


def _due(settings: "Settings", site: "Site", ordered_on: date) -> "Due | None":
    return site.rule.due(ordered_on, settings.work_calendar) if site.rule else None


def _document(answer: "Due | None") -> dict[str, str | bool | None]:
    if answer is None:
        return {"due_on": None, "rule": None, "provisional": False}
    return {"due_on": answer.due_on.isoformat(), "rule": answer.rule, "provisional": answer.provisional}


def _sentence(site: "Site", answer: "Due | None") -> str:
    if answer is None or site.rule is None:
        return pick(
            f"{site.title}: no period is published; the back office decides.",
            f"{site.title}：未公布等待期，以会员后台为准。",
        )
    return pick(
        f"{site.title}: from {answer.due_on} ({site.rule.text.en})",
        f"{site.title}：{answer.due_on} 起可申请（{site.rule.text.zh}）",
    )
