"""申请返款 without a filing: editions other than 企业版 give the order and the bank account in one form."""

from agent.domain.errors import PageChanged
from agent.domain.merchants import Payee
from agent.domain.text import Text
from agent.flows.file import FORM_SECONDS, Entry, arrived, compare_entry, fill_entry, stays, without_hints
from agent.flows.payee import compare_payee, fill_payee, find_submit, need_submit, sent_payee
from agent.flows.session import Session
from agent.flows.step import Clicked, Clicks
from agent.pages import words
from agent.pages.condition import FILINGS, find_sheet
from agent.pages.forms import Scope, find_field, need_field
from agent.pages.snapshot import Node
from agent.pages.window import Part, View


async def apply_for_refund(session: Session, address: str, entry: Entry, payee: Payee, clicks: Clicks) -> Clicked:
    """Fills in 申请返款 under 订购返款 for an order and submits it.

    Raises PageChanged, before anything is sent, where the form lacks a field or shows anything else than what was
    filled in.
    """
    window = session.window
    empty, form = await session.reading(lambda: _opened(session, address))
    filled = await fill_entry(window, entry, form)
    payee_filled = await fill_payee(window, form, payee, filled)

    def check(view: View) -> None:
        compare_entry(view, entry, filled, form)
        compare_payee(view, form, payee, payee_filled)

    view = await window.settled(FORM_SECONDS)
    check(view)
    part, submit = need_submit(view, form)
    begun = await clicks.begin(window, entry.sent() | sent_payee(payee))
    answer = await clicks.press(begun, window, part, submit, FILINGS, still=stays(check))
    return begun.clicked(without_hints(answer, empty))


async def _opened(session: Session, address: str) -> tuple[View, Scope]:
    """The page with its form, which 申请返款 opens where it does not stand there anyway."""
    window = session.window
    view = await arrived(session, address, lambda v: _form(v) is not None or _opener(v) is not None)
    if _form(view) is None and (opener := _opener(view)) is not None:
        await window.click(*opener)
        view = await window.settled(FORM_SECONDS, lambda v: _form(v) is not None)
    form = _form(view)
    if form is None:
        raise _no_form(view)
    return view, form


def _form(view: View) -> Scope | None:
    """The smallest part of the page that has a box for every field and 提交; never one that holds the list."""
    account = find_field(view, words.FORM_LABELS["account"])
    if account is None or account.control.top is False:
        return None
    around = (Scope(account.part, outer) for outer in account.part.shot.ancestors(account.control))
    form = next((s for s in around if _is_complete(view, s)), None)
    return None if form is None or any(form.holds(part, row) for part, row in _rows(view)) else form


def _is_complete(view: View, form: Scope) -> bool:
    boxes = (find_field(view, labels, form) for labels in words.FORM_LABELS.values())
    return all(boxes) and find_submit(view, form) is not None


def _rows(view: View) -> list[tuple[Part, Node]]:
    sheet = find_sheet(view, FILINGS)
    return [(sheet.part, row.root) for row in sheet.listing.rows] if sheet else []


def _opener(view: View) -> tuple[Part, Node] | None:
    """The 申请返款 that belongs to no row; a button rather than a link, for a menu can have the same words."""
    rows = _rows(view)
    found = [
        (part, node, worked)
        for part in view.parts
        for node in part.shot.nodes
        if words.is_one_of(node.text, words.REFUND) and node.top is not False and not part.shot.is_disabled(node)
        if (worked := part.shot.worked_by(node)) is not None
        if not any(part is p and part.shot.holds(row, node) for p, row in rows)
    ]
    part, node, _ = min(found, key=lambda f: f[2].tag != "button", default=(None, None, None))
    return None if part is None or node is None else (part, node)


def _no_form(view: View) -> PageChanged:
    for name in words.FORM_LABELS:
        need_field(view, name)
    return PageChanged(view.address, Text("no form for 申请返款 was found", "未找到“申请返款”表单"))
