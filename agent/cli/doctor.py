"""`fankuan doctor`: what is missing or wrong, and how to mend it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from agent.cli.language import pick, say
from agent.cli.session import Json, now, open_ledger, plain, print_json, settings_of, start_log
from agent.domain.errors import UsageError
from agent.domain.page_shape import CHANGED_DAYS
from agent.domain.text import Text

if TYPE_CHECKING:
    from datetime import datetime

    from agent.cli.checks import Check
    from agent.domain.merchants import Merchant
    from agent.settings import Settings


_LABELS = {
    "browser": Text("browser", "浏览器"),
    "fonts": Text("fonts", "中文字体"),
    "database": Text("database", "台账"),
    "key": Text("key", "密钥"),
    "evidence": Text("evidence", "凭证"),
    "disk": Text("disk", "磁盘空间"),
    "clock": Text("clock", "系统时间"),
    "calendar": Text("calendar", "节假日"),
    "merchants": Text("merchants", "商家"),
    "site": Text("site", "网站"),
    "page": Text("page", "页面"),
    "settings": Text("settings", "设置"),
}


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Look at everything that a run needs."""
    from agent.cli.checks import Status

    checks = _checks(settings_of(context))
    if as_json:
        print_json({"checks": [_document(each) for each in checks]})
    else:
        _show(checks)
    raise typer.Exit(int(any(each.status is Status.PROBLEM for each in checks)))


def _checks(settings: "Settings") -> "list[Check]":
    from agent.cli import checks
    from agent.cli.reach import reachable

    # The ledger comes before the key: opening it makes the key where there is nothing to open with it yet.
    database, registered, written = _database(settings)
    return [
        checks.browser(settings),
        checks.fonts(),
        database,
        checks.key(settings),
        *([checks.evidence(settings.evidence_store)] if settings.evidence_store else []),
        checks.disks(settings),
        checks.clock(now(), written),
        checks.calendar(settings, now()),
        _merchants(registered),
        *_pages(settings),
        *([_fit(settings)] if registered else []),
        *reachable(_addresses(settings, registered)),
    ]


def _database(settings: "Settings") -> "tuple[Check, list[Merchant], datetime | None]":
    from agent.cli.checks import Check, Status

    where = Text(str(settings.data_dir), str(settings.data_dir))
    try:
        start_log(settings)
        with open_ledger(settings) as ledger, ledger.read() as tx:
            # With their secrets: one that cannot be opened must show here.
            return Check("database", Status.OK, where), tx.merchants.find(), tx.orders.last_seen_at()
    except UsageError as error:
        return Check("database", Status.PROBLEM, where, error.text), [], None


def _pages(settings: "Settings") -> "list[Check]":
    """Whether the sites' pages look as they did; nothing if no ledger can be opened, which is told already."""
    from agent.cli import checks

    try:
        with open_ledger(settings) as ledger, ledger.read() as tx:
            changed = tx.page_shapes.changed(now() - timedelta(days=CHANGED_DAYS))
    except UsageError:
        return []
    return [checks.page(change) for change in changed]


def _merchants(registered: "Sequence[Merchant]") -> "Check":
    from agent.cli.checks import Check, Status

    count = len(registered)
    if count:
        return Check("merchants", Status.OK, Text(f"{count} registered", f"已登记 {count} 家"))
    return Check(
        "merchants",
        Status.WARNING,
        Text("none registered", "尚未登记"),
        Text("Add some: fankuan merchants import FILE", "请导入：fankuan merchants import 文件"),
    )


def _fit(settings: "Settings") -> "Check":
    """What a sync would refuse. Pages without an address are found by way of the menus."""
    from agent.cli.checks import Check, Status
    from agent.flows.runs.sync import check_startable

    try:
        with open_ledger(settings) as ledger:
            check_startable(settings, ledger)
    except UsageError as error:
        return Check("settings", Status.PROBLEM, error.message, error.cure)
    return Check("settings", Status.OK, Text("enough for what is registered", "足以处理已登记的账号"))


def _addresses(settings: "Settings", registered: "Sequence[Merchant]") -> dict[str, str]:
    """The log-in addresses that the registered merchants need."""
    from agent.settings import sites

    known = sites(settings)
    used = dict.fromkeys(account.key.platform for merchant in registered for account in merchant.accounts)
    found = {name: str(known[name].login_url) for name in used if name in known and not known[name].gone}
    return ({"backoffice": str(settings.backoffice.login_url)} if registered else {}) | found


def _document(each: "Check") -> dict[str, str | None]:
    return {
        "check": each.check,
        "status": each.status.value,
        "detail": plain(each.detail),
        "cure": plain(each.cure) if each.cure else None,
    }


def _show(checks: "Sequence[Check]") -> None:
    from agent.cli.screen import answers, line

    signs = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "red")}
    console = answers()
    for each in checks:
        sign, style = signs[each.status]
        line(console, f"{sign} {_label(each.check)}{pick(': ', '：')}{say(each.detail)}", style)
        if each.cure:
            line(console, f"    {pick('Cure: ', '处理：')}{say(each.cure)}")


def _label(check: str) -> str:
    """What a check is called; of a site's its id is part of the name."""
    kind, _, site = check.partition(" ")
    return f"{say(_LABELS[kind])} {site}".rstrip()
