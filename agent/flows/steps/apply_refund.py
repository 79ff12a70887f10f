"""申请返款 without a filing: editions other than 企业版 give the order and the bank account in one form."""

from agent.domain.merchants import Payee
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.flows.session.session import Session
from agent.flows.steps.attempt import StepAttempt
from agent.flows.steps.filing_form import ENTRY, FilingForm, compare_entry, fill_entry
from agent.flows.steps.form import has_boxes, is_button, openers
from agent.flows.steps.form_choices import Choices, asks_where
from agent.flows.steps.form_page import FORM_SECONDS, arrived, stays, without_hints
from agent.flows.steps.payee import compare_payee, fill_payee, find_submit, ready_to_submit, sending_payee, sent_payee
from agent.flows.steps.step import StepClick, StepExecutor
from agent.pages import vocabulary
from agent.pages.actions.fill import Scope, find_field, need_field
from agent.pages.inference.list_kind import FILINGS
from agent.pages.live.page import LivePage
from agent.pages.live.request_hold import Sending
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot


async def apply_for_refund(
    session: Session, address: str, entry: FilingForm, payee: Payee, executor: StepExecutor
) -> StepAttempt:
    """Fill in 申请返款 under 订购返款 for an order and submit it.

    Raise PageChanged, before anything is sent, if the form lacks a field or shows anything else than what was
    filled in.
    """
    page = session.page
    empty, form = await session.reading(lambda: _opened(session, address))
    choices = Choices.of(page, empty, form, vocabulary.FORM_LABELS, payee)
    await _whole(page, await choices.settle(empty), form)
    filled = await fill_entry(page, entry, form)
    payee_filled = await fill_payee(page, form, payee, filled)

    def check(snapshot: PageSnapshot) -> None:
        compare_entry(snapshot, entry, filled, form)
        compare_payee(snapshot, form, payee, payee_filled)
        choices.check(snapshot)

    part, submit = await ready_to_submit(choices, form, check)
    sending = Sending(entry.sent() | sending_payee(payee, payee_filled))
    await choices.check_sending(payee_filled["account"], sending)
    begun = await executor.begin(page, entry.sent() | sent_payee(payee), (part, submit))
    click = StepClick(
        page,
        part,
        submit,
        FILINGS,
        still=stays(check),
        heard=lambda a: without_hints(a, empty),
        payee=payee.account.get_secret_value(),
        sending=sending,
        again=choices.declare_once_asked,
    )
    return begun.clicked(await executor.press(begun, click))


async def _opened(session: Session, address: str) -> tuple[PageSnapshot, Scope]:
    """The page with its form, which 申请返款 opens if it does not stand there anyway."""
    page = session.page
    snapshot = await arrived(session, address, lambda v: _form(v) is not None or _opener(v) is not None)
    if _form(snapshot) is None and (opener := _opener(snapshot)) is not None:
        await page.click(*opener)
        snapshot = await page.settled(FORM_SECONDS, lambda v: _form(v) is not None)
    form = _form(snapshot)
    if form is None:
        raise _no_form(snapshot)
    return snapshot, form


def _form(snapshot: PageSnapshot) -> Scope | None:
    """The smallest part of the page that has a box for every field and 提交; never one that holds the list."""
    account = find_field(snapshot, vocabulary.FORM_LABELS["account"])
    if account is not None and account.control.top is not False:
        around = (Scope(account.part, outer) for outer in account.part.shot.ancestors(account.control))
        whole = (s for s in around if has_boxes(snapshot, s, vocabulary.FORM_LABELS) and find_submit(snapshot, s))
        if form := next(whole, None):
            return form
    return _form_with_choice(snapshot)


def _form_with_choice(snapshot: PageSnapshot) -> Scope | None:
    """The smallest part of the page with the boxes of an order, 提交, and a choice of where the money goes: its boxes
    for the bank account come with that choice.
    """
    number = find_field(snapshot, vocabulary.FORM_LABELS["order_no"])
    if number is None or number.control.top is False:
        return None
    around = (Scope(number.part, outer) for outer in number.part.shot.ancestors(number.control))
    whole = (s for s in around if has_boxes(snapshot, s, ENTRY) and find_submit(snapshot, s))
    return next((s for s in whole if asks_where(snapshot, s)), None)


async def _whole(page: LivePage, snapshot: PageSnapshot, form: Scope) -> None:
    for name in vocabulary.FORM_LABELS:
        if find_field(snapshot, vocabulary.FORM_LABELS[name], form) is None:
            need_field(await page.settled(FORM_SECONDS), name, form)


def _opener(snapshot: PageSnapshot) -> tuple[FrameSnapshot, Node] | None:
    """The 申请返款 that belongs to no row, else the 申请退款, which ends the service where both stand."""
    found = (openers(snapshot, (words,)) for words in vocabulary.REFUND)
    return next((min(each, key=lambda one: not is_button(one)) for o in found if (each := [*o])), None)


def _no_form(snapshot: PageSnapshot) -> PageChanged:
    for name in vocabulary.FORM_LABELS:
        need_field(snapshot, name)
    return PageChanged(snapshot.address, Text("no form for 申请返款 was found", "未找到“申请返款”表单"))
