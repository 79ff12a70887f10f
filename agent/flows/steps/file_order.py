"""报备: files an order in the back office. Every field is read back and compared before it is sent."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Self

from agent.domain.errors import PageChanged
from agent.domain.orders import Order
from agent.domain.text import Text, fold
from agent.flows.session.session import Session
from agent.flows.steps.attempt import StepAttempt
from agent.flows.steps.form import (
    empty_row,
    enclosing,
    has_boxes,
    is_button,
    list_parts,
    opened_form,
    openers,
    own_buttons,
)
from agent.flows.steps.form_choices import Choices
from agent.flows.steps.step import StepClick, StepExecutor
from agent.pages import vocabulary
from agent.pages.actions.answer import Answer
from agent.pages.actions.arrival import close_promotions
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
    wait_for_field,
)
from agent.pages.actions.paging import LoggedOut
from agent.pages.actions.press import Still
from agent.pages.inference.buttons import can_be_clicked, plainness
from agent.pages.inference.page_state import FILINGS, password_field
from agent.pages.live.network import logged_out
from agent.pages.live.page import LivePage
from agent.pages.live.request_hold import Sending
from agent.pages.snapshot import Node
from agent.pages.values import money
from agent.pages.view import FrameSnapshot, PageSnapshot

_ARRIVAL_SECONDS = 20.0
FORM_SECONDS = 8.0
_DEMAND = re.compile(r"请(选择|输入|填写)|.{1,8}(不能为空|必填)")
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


async def file_order(session: Session, address: str, entry: FilingForm, clicks: StepExecutor) -> StepAttempt:
    """Fills in 平台报备 for an order and presses 添加.

    Raises PageChanged, before anything is sent, where the form lacks a field or shows anything else than what was
    filled in.
    """
    page = session.page
    empty = await session.reading(lambda: _page(session, address))
    form = await _opened(page, empty)
    filled = await fill_entry(page, entry, form)

    choices = _choices(page, await page.settled(FORM_SECONDS), form, filled)

    def check(snapshot: PageSnapshot) -> None:
        compare_entry(snapshot, entry, filled, form)
        choices.check(snapshot)

    await choices.settle()
    await choices.declare(lambda v: _find_add(v, form))
    snapshot = await page.settled(FORM_SECONDS)
    check(snapshot)
    part, button = _need_add(snapshot, form)
    if part.shot.is_disabled(button):
        raise PageChanged(snapshot.address, _off(button))
    sending = Sending(entry.sent())
    await choices.check_sending(filled["order_no"], sending)
    begun = await clicks.begin(page, entry.sent(), (part, button))
    answer = await clicks.press(
        begun,
        StepClick(
            page,
            part,
            button,
            FILINGS,
            still=stays(check),
            heard=lambda a: without_hints(a, empty),
            sending=sending,
            again=choices.declare_once_asked,
        ),
    )
    return begun.clicked(answer)


def _choices(page: LivePage, snapshot: PageSnapshot, form: Scope | None, filled: Filled) -> Choices:
    """The further choices of the form. Of one that stands in a page with its list, those before its button."""
    if form is not None:
        return Choices.of(page, snapshot, form, ENTRY)
    part, button = _need_add(snapshot, form)
    standing = enclosing(snapshot, part, [button, *(f.control for f in filled.values())])
    choices = Choices.of(page, snapshot, standing, ENTRY)
    if any(standing.holds(p, node) for p, node in list_parts(snapshot)):
        choices.until = button
    return choices


def stays(check: Callable[[PageSnapshot], None]) -> Still:
    """Whether a form shows what is to be sent also right before the click: `check` raises PageChanged if it does not.

    What a site looks up (the bank of an account number) can come late, and put something else into a box.
    """

    def still(snapshot: PageSnapshot) -> bool:
        try:
            check(snapshot)
        except PageChanged:
            return False
        return True

    return still


def without_hints(answer: Answer, empty: PageSnapshot) -> Answer:
    """Leaves out the hints of a form that was accepted: it is emptied, and asks for everything again (请选择平台)."""
    standing = {n.text for n in empty.texts()}
    accepted = any(vocabulary.SUCCESS.search(t) for t in answer.said)
    said = [t for t in answer.said if t not in standing and not (accepted and _DEMAND.match(t))]
    return replace(answer, said=said)


async def _page(session: Session, address: str) -> PageSnapshot:
    def ready(snapshot: PageSnapshot) -> bool:
        return (
            find_field(snapshot, vocabulary.FORM_LABELS["order_no"]) is not None
            or empty_row(snapshot) is not None
            or _opener(snapshot) is not None
        )

    return await arrived(session, address, ready)


async def _opened(page: LivePage, snapshot: PageSnapshot) -> Scope | None:
    """Where the form stands that a button (新增报备) opens, pressed once; None where it stands on the page anyway.

    Raises PageChanged where no whole form opens.
    """
    if (row := empty_row(snapshot)) and _find_add(snapshot, row):
        return row
    opener = None if _stands_there(snapshot) else _opener(snapshot)
    if opener is None:
        return None

    def form(now: PageSnapshot) -> Scope | None:
        if row := empty_row(now):
            return row if has_boxes(now, row, ENTRY) else None
        found = opened_form(now, snapshot, find_field(now, vocabulary.FORM_LABELS["amount"]))
        return found if found is not None and has_boxes(now, found, ENTRY) else None

    await page.click(*opener)
    view_after = await page.settled(FORM_SECONDS, lambda v: form(v) is not None)
    opened = form(view_after)
    if opened is None:
        said = Text("the button 新增报备 opened no whole form", "点击“新增报备”后没有出现完整的报备表单")
        raise PageChanged(view_after.address, said)
    return opened


def _stands_there(snapshot: PageSnapshot) -> bool:
    """True where the page has a form without being asked for one: a box for the amount, or what sends one.

    A box for the number alone is none: lists are searched by it.
    """
    amount = find_field(snapshot, vocabulary.FORM_LABELS["amount"])
    if amount is not None and not amount.drawn:
        return True
    number = find_field(snapshot, vocabulary.FORM_LABELS["order_no"])
    send = _find_add(snapshot, None) if number is not None else None
    return number is not None and send is not None and send[1].index > number.control.index


def _opener(snapshot: PageSnapshot) -> tuple[FrameSnapshot, Node] | None:
    """The only button of these words, or else the only link; None where it is not certain which."""
    found = [*openers(snapshot, vocabulary.OPEN_FORM)]
    found = [f for f in found if is_button(f)] or found
    return found[0] if len(found) == 1 else None


async def arrived(session: Session, address: str, ready: Callable[[PageSnapshot], bool]) -> PageSnapshot:
    """The page once it is ready for work, or time is up. Raises LoggedOut where the log-in form came in its place."""
    cursor = await session.open(address)
    snapshot = await session.page.settled(_ARRIVAL_SECONDS, lambda v: ready(v) or password_field(v) is not None)
    if password_field(snapshot) is not None or logged_out(session.page.traffic.since(cursor)):
        raise LoggedOut
    return await close_promotions(session.page, snapshot)


async def fill_entry(page: LivePage, entry: FilingForm, within: Scope | None = None) -> Filled:
    """Fills in every field. The boxes are kept: a drawn one can lose its only name, its hint, by being filled in."""
    filled: Filled = {}
    for name, value in entry.sent().items():
        field = await wait_for_field(page, name, within)
        need_own_box(field, filled.values())
        filled[name] = field
        await _put(page, name, field, value, entry)
    return filled


def need_own_box(field: Field, others: Iterable[Field]) -> None:
    """Raises PageChanged where a field's box is that of one of the others, whose text would be taken for its own."""
    if any(f.control.id == field.control.id and f.part.frame is field.part.frame for f in others):
        raise PageChanged(
            field.part.frame.url, Text(f"{field.label} has no box of its own", f"“{field.label}”没有自己的输入框")
        )


async def _put(page: LivePage, name: str, field: Field, value: str, entry: FilingForm) -> None:
    if name == "ordered_on":
        await set_date(page, field, entry.ordered_on)
    elif name == "amount":
        await fill(page, field, value, lambda text: amount_of(text) == entry.amount)
    elif name == "platform" or field.drawn or field.control.kind in ("select", "listbox"):
        await choose(page, field, value)
    else:
        await fill(page, field, value)


def compare_entry(snapshot: PageSnapshot, entry: FilingForm, filled: Filled, within: Scope | None = None) -> None:
    """Raises PageChanged where the form shows anything else than what is to be sent."""
    ways: dict[str, Callable[[Field], str]] = {
        "ordered_on": lambda f: str(shown_date(snapshot, f)),
        "amount": lambda f: str(amount_of(shown(snapshot, f))),
    }
    for name, value in entry.sent().items():
        read = ways.get(name, lambda f: fold(shown(snapshot, f)))
        compare(snapshot, name, read, fold(value), within=within, filled=filled.get(name))


def amount_of(text: str) -> Decimal | None:
    """The amount that a box shows in yuan, None where it shows none."""
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
    """Raises PageChanged where a field shows anything else than what it must; of a `private` one it says no more.

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


def _need_add(snapshot: PageSnapshot, form: Scope | None) -> tuple[FrameSnapshot, Node]:
    if found := _find_add(snapshot, form):
        return found
    raise PageChanged(snapshot.address, Text("the form has no button 添加", "表单没有“添加”按钮"))


def _find_add(snapshot: PageSnapshot, form: Scope | None) -> tuple[FrameSnapshot, Node] | None:
    """What sends the form: 添加, or 确定 of one that was opened, also one that is switched off if there is no other.

    None if there is none that a click would reach.
    """
    field = need_field(snapshot, "order_no", form)
    in_row = form is not None and form.in_list
    shot, said = (
        field.part.shot,
        vocabulary.ADD if form is None else vocabulary.SEND + (vocabulary.SEND_ROW if in_row else ()),
    )
    usable = [n for n in shot.nodes if vocabulary.is_one_of(_label_of(n), said) and can_be_clicked(shot, n)]
    if form is not None and in_row:
        usable = own_buttons(snapshot, form, usable)
    elif form is not None:  # its own button is the last of its kind
        usable = [n for n in reversed(usable) if form.holds(field.part, n)]

    def rank(node: Node) -> tuple[bool, bool, int]:
        # What stands before the form, such as a 新增 above the list that opened it, does not send it.
        return node.index < field.control.index, shot.is_disabled(node), plainness(_label_of(node), said)

    best = min(usable, key=rank, default=None)
    if best is not None and form is None:
        best = _of_form(snapshot, field, usable, best)
    return (field.part, best) if best is not None else None


def _of_form(snapshot: PageSnapshot, field: Field, usable: list[Node], best: Node) -> Node:
    """The one that is switched off in the form itself goes before another one far from its boxes."""
    shot = field.part.shot
    off = next((n for n in usable if shot.is_disabled(n) and n.index > field.control.index), None)
    own = enclosing(snapshot, field.part, [field.control, off]) if off is not None else None
    return off if off is not None and own is not None and not own.holds(field.part, best) else best


def _off(button: Node) -> Text:
    label = _label_of(button)
    return Text(f"“{label}” of the form is switched off", f"表单的“{label}”按钮不可点击")


def _label_of(node: Node) -> str:
    return node.text or (node.name if node.shown and (node.clickable or node.tag in ("i", "svg", "span")) else "")
