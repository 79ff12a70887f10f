"""报备: files an order in the back office. Every field is read back and compared before it is sent."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from agent.domain.errors import PageChanged
from agent.domain.orders import Order
from agent.domain.text import Text, fold
from agent.flows.session import Session
from agent.flows.step import Clicked, Clicks
from agent.pages import words
from agent.pages.condition import FILINGS, find_sheet, password_field
from agent.pages.forms import Field, Scope, choose, fill, find_field, need_field, set_date, shown, shown_date
from agent.pages.paging import LoggedOut
from agent.pages.snapshot import Node
from agent.pages.traffic import logged_out
from agent.pages.values import money
from agent.pages.window import Part, View, Window

_FIELDS = ("platform", "shop", "order_no", "ordered_on", "amount")


async def file_order(
    session: Session, address: str, platform: str, shop: str, order: Order, clicks: Clicks
) -> Clicked:
    """Fills in 平台报备 for an order and presses 添加.

    `platform` is the back office's name of it. Raises PageChanged, before anything is sent, where the form lacks a
    field or shows anything else than what was filled in.
    """

    async def ready() -> View:
        mark = await session.open(address)
        view = await session.window.settled(20.0, lambda v: find_field(v, words.FORM_LABELS["order_no"]) is not None)
        if password_field(view) is not None or logged_out(session.window.traffic.since(mark)):
            raise LoggedOut
        return view

    await session.reading(ready)
    window = session.window
    number = order.order_no or ""
    day = order.ordered_at.date()
    await _fill_all(window, platform, shop, number, day, order.amount)
    view = await window.settled(5.0)
    _compare_all(view, platform, shop, number, day, order.amount)
    part, button = _add_button(view)
    sent = {"platform": platform, "shop": shop, "order_no": number, "ordered_on": day.isoformat(), "amount": f"{order.amount:.2f}"}
    sheet = find_sheet(view, FILINGS)
    rows = [r.root for r in sheet.listing.rows] if sheet else []
    begun = await clicks.begin(window, sent)
    return begun.clicked(await clicks.press(begun, window, part, button, rows))


async def _fill_all(window: Window, platform: str, shop: str, number: str, day: date, amount: Decimal) -> None:
    await _set(window, "platform", platform)
    await _set(window, "shop", shop)
    await _set(window, "order_no", number)
    await set_date(window, need_field(await window.settled(5.0), "ordered_on"), day)
    await _set(window, "amount", f"{amount:.2f}")


async def _set(window: Window, name: str, value: str, within: Scope | None = None) -> None:
    field = need_field(await window.settled(5.0), name, within)
    if name == "platform":
        await choose(window, field, value)
    else:
        await fill(window, field, value)


def _compare_all(view: View, platform: str, shop: str, number: str, day: date, amount: Decimal) -> None:
    compare(view, "platform", lambda f: fold(shown(view, f)), fold(platform))
    compare(view, "shop", lambda f: fold(shown(view, f)), fold(shop))
    compare(view, "order_no", lambda f: fold(shown(view, f)), number)
    compare(view, "ordered_on", lambda f: str(shown_date(view, f)), day.isoformat())
    compare(view, "amount", lambda f: str(amount_of(shown(view, f))), str(amount))


def amount_of(text: str) -> Decimal | None:
    """The amount that a box shows in yuan, None where it shows none."""
    try:
        return money(text)
    except ValueError:
        return None


def compare(view: View, name: str, read: Callable[[Field], str], expected: str, within: Scope | None = None) -> None:
    """Raises PageChanged where a field shows anything else than what it must."""
    field = need_field(view, name, within)
    got = read(field)
    if got != expected:
        label = words.FORM_LABELS[name][0]
        hint = f"{len(got)} characters" if name == "account" else f"“{got}”"
        raise PageChanged(
            view.address,
            Text(
                f"{label} shows {hint} after it was filled in, which is not what was meant; nothing was sent",
                f"“{label}”填写后显示为{hint}，与应填内容不符，未提交",
            ),
        )


def _add_button(view: View) -> tuple[Part, Node]:
    field = need_field(view, "order_no")
    found = [n for n in field.part.shot.texts if words.is_one_of(n.text, words.ADD) and n.top is not False]
    usable = [n for n in found if field.part.shot.worked_by(n) and not field.part.shot.is_disabled(n)]
    if not usable:
        raise PageChanged(view.address, Text("the form has no button 添加", "表单没有“添加”按钮"))
    return field.part, min(usable, key=lambda n: next(i for i, w in enumerate(words.ADD) if words.is_one_of(n.text, (w,))))
