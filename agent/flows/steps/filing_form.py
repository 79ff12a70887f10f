"""What is filled in for one order, and read back before it is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Self

from agent.domain.orders import Order
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text, fold
from agent.pages import vocabulary
from agent.pages.actions.fill import (
    Field,
    Scope,
    choose,
    current,
    fill,
    find_field,
    need_field,
    set_date,
    shown,
    shown_date,
)
from agent.pages.actions.fill_form import Wanted, fill_form
from agent.pages.live.page import LivePage
from agent.pages.values import money
from agent.pages.view import PageSnapshot

Filled = dict[str, Field]


@dataclass(frozen=True, slots=True)
class FilingForm:
    """What is filled in for one order."""

    platform: str
    shop: str
    order_no: str
    ordered_on: date
    amount: Decimal

    @classmethod
    def of(cls, order: Order, platform: str, shop: str) -> Self:
        """`platform` is the back office's name of it."""
        return cls(platform, shop, order.order_no or "", order.ordered_at.date(), order.amount)

    def sent(self) -> dict[str, str]:
        return {
            "platform": self.platform,
            "shop": self.shop,
            "order_no": self.order_no,
            "ordered_on": self.ordered_on.isoformat(),
            "amount": f"{self.amount:.2f}",
        }


ENTRY = tuple(field.name for field in fields(FilingForm))


async def fill_entry(page: LivePage, entry: FilingForm, within: Scope | None = None) -> Filled:
    """Fill in every field of an order. Raise PageChanged if the form lacks one."""
    wanted = [_wanted(page, name, value, entry) for name, value in entry.sent().items()]
    return await fill_form(page, wanted, within)


def _wanted(page: LivePage, name: str, value: str, entry: FilingForm) -> Wanted:
    if name == "ordered_on":
        day = entry.ordered_on
        return Wanted(name, value, lambda v, f: shown_date(v, f) == day, lambda f: set_date(page, f, day), typed=False)

    def same(text: str) -> bool:
        return amount_of(text) == entry.amount if name == "amount" else fold(text) == fold(value)

    def put(field: Field) -> Awaitable[None]:
        if name != "amount" and (name == "platform" or field.drawn or field.control.kind in ("select", "listbox")):
            return choose(page, field, value)
        return fill(page, field, value, same)

    return Wanted(name, value, lambda v, f: same(shown(v, f)), put, typed=name != "platform")


def compare_entry(snapshot: PageSnapshot, entry: FilingForm, filled: Filled, within: Scope | None = None) -> None:
    """Raise PageChanged if the form shows anything else than what is to be sent."""
    ways: dict[str, Callable[[Field], str]] = {
        "ordered_on": lambda f: str(shown_date(snapshot, f)),
        "amount": lambda f: str(amount_of(shown(snapshot, f))),
    }
    for name, value in entry.sent().items():
        read = ways.get(name, lambda f: fold(shown(snapshot, f)))
        compare(snapshot, name, read, fold(value), within=within, filled=filled.get(name))


def amount_of(text: str) -> Decimal | None:
    """The amount that a box shows in yuan, None if it shows none."""
    try:
        return money(text)
    except ValueError:
        return None


def compare(
    snapshot: PageSnapshot,
    name: str,
    read: Callable[[Field], str],
    expected: str,
    *,
    within: Scope | None = None,
    filled: Field | None = None,
    private: bool = False,
) -> None:
    """Raise PageChanged if a field shows anything else than what it must; of a `private` one it says no more.

    The box is looked for by its label again. Only a drawn one may have lost its label: then it is the one `filled`.
    """
    field = find_field(snapshot, vocabulary.FORM_LABELS[name], within)
    if (field is None or field.drawn) and filled is not None and current(snapshot, filled) is not None:
        field = filled
    field = field or need_field(snapshot, name, within)
    got = read(field)
    if got != expected:
        label = vocabulary.FORM_LABELS[name][0]
        hint = f"{len(got)} characters" if private else f"“{got}”"
        raise PageChanged(
            snapshot.address,
            Text(
                f"{label} shows {hint} after it was filled in, which is not what was meant; the form was not sent",
                f"“{label}”填写后显示为{hint}，与应填内容不符，表单未提交",
            ),
        )
