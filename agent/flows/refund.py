"""申请返款: asks the back office for the money, to the merchant's bank account. Read back before it is sent."""

from collections.abc import Mapping
from datetime import date

from playwright.async_api import Frame

from agent.domain.errors import PageChanged
from agent.domain.merchants import Payee
from agent.domain.orders import Filing, Order
from agent.domain.text import Text, fold
from agent.flows.file import amount_of, compare
from agent.flows.lookup import find_row
from agent.flows.session import Session
from agent.flows.step import Begun, Clicked, Clicks
from agent.pages import words
from agent.pages.condition import FILINGS, Sheet, find_sheet
from agent.pages.forms import Field, Scope, choose, fill, find_field, need_field, set_date, shown, shown_date
from agent.pages.listing import Row
from agent.pages.overlays import appeared, close_promotions
from agent.pages.snapshot import Node
from agent.pages.typed import button, filing_of, may_be, refund_button, whole_number
from agent.pages.window import Part, View, Window

_FORM_SECONDS = 8.0


async def request_refund(
    session: Session, address: str, payee: Payee, order: Order, filing: Filing, clicks: Clicks
) -> Clicked:
    """Opens 申请返款 of a filing, fills in where the money goes, and submits.

    A filing without its date gets it first: without it the button does nothing. Raises PageChanged, before anything is
    sent, where a field is missing or shows anything else than what was filled in.
    """
    sheet, row = await _find(session, address, order)
    window = session.window
    sent = {"order_no": order.order_no or "", "bank": payee.bank, "holder": payee.holder, "account": _tail(payee)}
    begun = await clicks.begin(window, sent)
    if filing.ordered_on is None:
        await _save_date(window, sheet, row, order.ordered_at.date(), begun, clicks)
        sheet, row = await _find(session, address, order)
    opener = refund_button(row)
    if opener is None:
        raise PageChanged(address, Text("the row has no button 申请返款", "该行没有“申请返款”按钮"))
    known, seen = sheet.view.ids(), {n.text for n in sheet.view.texts()}
    await window.click(sheet.part, opener)
    view = await window.settled(_FORM_SECONDS, lambda v: _form(v, known) is not None or bool(_objection(v, seen)))
    scope = _form(view, known)
    if scope is None:
        await clicks.evidence.take(window, begun.name, "after", begun.intent_id)
        objection = _objection(view, seen)
        await close_promotions(window, view)
        return begun.without_effect(objection or "the button 申请返款 did nothing")
    await _fill_payee(window, scope, payee)
    view = await window.settled(3.0)
    _compare_payee(view, scope, payee, order)
    part, submit = _submit_button(view, scope)
    begun.pictures.append(await clicks.evidence.take(window, begun.name, "form", begun.intent_id))
    return begun.clicked(await clicks.press(begun, window, part, submit, [r.root for r in sheet.listing.rows]))


async def _find(session: Session, address: str, order: Order) -> tuple[Sheet, Row]:
    number = order.order_no or ""
    return await find_row(session, address, FILINGS, lambda r, _: may_be(r, number), lambda r, a: _is_it(r, a, order))


def _is_it(row: Row, address: str, order: Order) -> bool:
    return whole_number(row) == order.order_no and filing_of(row, address).offered


def _tail(payee: Payee) -> str:
    return "…" + payee.account.get_secret_value()[-4:]


def _form(view: View, known: Mapping[Frame, frozenset[int]]) -> Scope | None:
    """What appeared and has a box for the bank account."""
    field = find_field(view, words.FORM_LABELS["account"])
    if field is None:
        return None
    new = {n.index for n in appeared(field.part, known)}
    root = field.control
    for outer in field.part.shot.ancestors(field.control):
        if outer.index not in new and outer.shown:
            break
        root = outer
    return Scope(field.part, root)


def _objection(view: View, seen: set[str]) -> str | None:
    """What the page says against the request."""
    new = (n.text for n in view.texts() if n.text not in seen and len(n.text) < 80)  # noqa: PLR2004
    return next((t for t in new if words.TOO_EARLY.search(t) or words.FAILURE.search(t)), None)


async def _save_date(window: Window, sheet: Sheet, row: Row, day: date, begun: Begun, clicks: Clicks) -> None:
    """Fills in a filing's missing date in its row and saves it."""
    scope = Scope(sheet.part, row.root)
    boxes = [n for n in row.nodes if n.kind in ("date", "text", "search") and n.shown]
    if not boxes:
        raise PageChanged(window.page.url, Text("the row has no box for the missing 订购日期", "该行没有可填写的订购日期"))
    field = Field(scope.part, boxes[0], "订购日期")
    await set_date(window, field, day)
    view = await window.settled(3.0)
    if shown_date(view, field) != day:
        raise PageChanged(window.page.url, Text("订购日期 shows another date than was filled in", "订购日期与所填不符"))
    after = find_sheet(view, FILINGS)
    current = next((r for r in after.listing.rows if r.root.id == row.root.id), None) if after else None
    save = button(current, words.SAVE) if current else None
    if after is None or save is None:
        raise PageChanged(window.page.url, Text("the row has no button 保存", "该行没有“保存”按钮"))
    await clicks.press(begun, window, after.part, save, [r.root for r in after.listing.rows], row.root)


async def _fill_payee(window: Window, scope: Scope, payee: Payee) -> None:
    for name, value in (("bank", payee.bank), ("holder", payee.holder), ("account", payee.account.get_secret_value())):
        field = need_field(await window.settled(3.0), name, scope)
        if field.control.readonly or field.control.kind == "select":
            await choose(window, field, value)
        else:
            await fill(window, field, value)


def _compare_payee(view: View, scope: Scope, payee: Payee, order: Order) -> None:
    compare(view, "bank", lambda f: fold(shown(view, f)), fold(payee.bank), scope)
    compare(view, "holder", lambda f: fold(shown(view, f)), fold(payee.holder), scope)
    compare(view, "account", lambda f: fold(shown(view, f)), fold(payee.account.get_secret_value()), scope)
    if find_field(view, words.FORM_LABELS["order_no"], scope):
        compare(view, "order_no", lambda f: fold(shown(view, f)), order.order_no or "", scope)
    if find_field(view, words.FORM_LABELS["amount"], scope):
        compare(view, "amount", lambda f: str(amount_of(shown(view, f))), str(order.amount), scope)


def _submit_button(view: View, scope: Scope) -> tuple[Part, Node]:
    for part in view.parts:
        found = [n for n in part.shot.texts if scope.holds(part, n) and words.is_one_of(n.text, words.SUBMIT)]
        usable = [n for n in found if part.shot.worked_by(n) and not part.shot.is_disabled(n) and n.top is not False]
        if usable:
            return part, min(usable, key=lambda n: next(i for i, w in enumerate(words.SUBMIT) if words.is_one_of(n.text, (w,))))
    raise PageChanged(view.address, Text("the refund form has no button 提交", "返款表单没有“提交”按钮"))
