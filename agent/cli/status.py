"""`fankuan status`: where every merchant stands, one screen each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli import expiry
from agent.cli.language import pick, say
from agent.cli.merchant_status import MerchantStatus, Next, statuses
from agent.cli.order_filter import Active, OfMerchants
from agent.cli.orders import sums
from agent.cli.paging import After, Limit, page, remainder
from agent.cli.session import Json, complain, now, open_ledger, plain, print_json, settings_of, start_log
from agent.cli.status_document import document
from agent.domain.accounts import AccountKey
from agent.domain.page_shape import CHANGED_DAYS, PageChange
from agent.domain.reasons import LOOK
from agent.exporting.order_filter import OrderFilter

if TYPE_CHECKING:
    from rich.console import Console

    from agent.ledger import LastRun


def status(
    context: typer.Context,
    *,
    merchant: OfMerchants = None,
    problems: Annotated[
        bool,
        typer.Option("--problems", help=pick("Only merchants with an account in trouble.", "只显示有问题的商家。")),
    ] = False,
    active: Active = False,
    limit: Limit = None,
    after: After = 0,
    as_json: Json = False,
) -> None:
    """Accounts, last runs, money, what is due next and what ends soon, by merchant."""
    from agent.settings import sites

    settings = settings_of(context)
    start_log(settings)
    wanted = OrderFilter(now().date(), merchant or ())
    with open_ledger(settings) as ledger:
        wanted.check(settings, ledger)
        every = statuses(settings, ledger, now().date())
        with ledger.read() as tx:
            changed = tx.page_shapes.changed(now() - timedelta(days=CHANGED_DAYS))
    found = [
        each
        for each in every
        if (not merchant or each.merchant.id in merchant)
        and (not problems or _is_troubled(each))
        and not (active and each.merchant.gone)
    ]
    if as_json:
        shown = page(found, limit, after) if limit or after else found
        print_json({"merchants": [document(each) for each in shown], "pages_changed": [_changed(c) for c in changed]})
    else:
        shown = page(found, limit, after)
        if every and not found:
            typer.echo(pick("No merchant fits.", "没有符合条件的商家。"))
        else:
            show(shown, {name: site.title for name, site in sites(settings).items()})
        _show_sums(found, remainder(found, shown, after))
        for change in changed:
            complain(f"{change.at:%m-%d %H:%M} {say(change.text)}")


def _changed(change: PageChange) -> dict[str, Any]:
    at = change.at.isoformat(timespec="seconds")
    return {"site": change.site_id, "page": change.page, "at": at, "message": plain(change.text)}


def _is_troubled(each: MerchantStatus) -> bool:
    from agent.domain.errors import Outcome

    own = (run for key, run in each.runs.items() if key in each.merchant.shops and key not in each.merchant.removed)
    return any(run.outcome is not Outcome.OK for run in own)


def _show_sums(found: Sequence[MerchantStatus], more: str) -> None:
    """How to see the next ones, and the money of all of them."""
    from agent.cli.screen import answers, line

    console = answers()
    if more:
        line(console, more, "bold")
    if len(found) > 1 and (total := sums([order for each in found for order in each.known])):
        line(console, pick(f"All {len(found)} merchants: {total}", f"全部 {len(found)} 家商家：{total}"), "bold")


def show(found: Sequence[MerchantStatus], titles: Mapping[str, str]) -> None:
    """One screen a merchant."""
    from agent.cli.screen import answers, line

    console = answers()
    if not found:
        return line(
            console,
            pick(
                "No merchants yet. Add some: fankuan merchants import FILE",
                "尚无商家。请导入：fankuan merchants import 文件",
            ),
        )
    for each in found:
        _show(console, each, titles)
    return None


def _show(console: "Console", each: MerchantStatus, titles: Mapping[str, str]) -> None:
    from agent.cli.screen import line
    from agent.cli.words import removed_mark
    from agent.domain.wording import EDITION

    merchant = each.merchant
    gone = removed_mark(merchant.gone)
    line(console, f"{merchant.name} ({merchant.id}) · {say(EDITION[merchant.edition])}{gone}", "bold cyan")
    for account, shop in merchant.shops.items():
        line(console, f"  {_account_line(each, account, shop, titles)}")
        for more in _trouble(each.runs.get(account)):
            line(console, f"    {more}")
    if text := sums(each.known):
        line(console, pick(f"  Money: {text}", f"  款项：{text}"))
    if sentence := _next_line(each.next):
        line(console, f"  {sentence}")
    expiry.show(console, each.expiring, "  ")
    line(console)


def _account_line(each: MerchantStatus, account: AccountKey, shop: str | None, titles: Mapping[str, str]) -> str:
    from agent.cli.words import minute, platform_name, removed_mark
    from agent.domain.wording import OUTCOME

    run, until = each.runs.get(account), each.authorizations.get(account)
    ended = pick("not run yet", "尚未运行")
    if run is not None:
        plan = pick(" · plan only", " · 仅计划") if run.dry_run else ""
        ended = f"{minute(run.ended_at)} {say(OUTCOME[run.outcome])}{plan}"
    name = platform_name(account, titles)
    named = (f"{name} {shop}" if shop else name) + removed_mark(account in each.merchant.removed)
    let_in = pick(f" · authorised until {until.until}", f" · 授权至 {until.until}") if until else ""
    return pick(f"{named}: {ended}{let_in}", f"{named}：{ended}{let_in}")


def _trouble(run: "LastRun | None") -> Iterator[str]:
    """Why the last run did not end well, what to do, and where the pictures are."""
    from agent.cli.words import why
    from agent.domain.errors import Outcome

    if run is not None and run.outcome is not Outcome.OK:
        yield why(run) or say(LOOK)
        yield from run.evidence


def _next_line(due: Next | None) -> str | None:
    from agent.cli.words import money, orders

    if due is None:
        return None
    total = f"{money(due.amount, due.currency)} ({orders(due.orders)})"
    return pick(f"Due next, from {due.due_on}: {total}", f"最近可申请，{due.due_on} 起：{total}")
