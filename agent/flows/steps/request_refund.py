"""申请返款: asks the back office for the money, to the merchant's bank account. Read back before it is sent."""

from dataclasses import dataclass

from agent.domain.merchants import Payee
from agent.domain.orders import YUAN, Filing, Order
from agent.domain.page_errors import ChoiceUnclear, PageChanged
from agent.domain.text import Text, fold
from agent.flows.session.session import Session
from agent.flows.steps.attempt import OpenStep, StepAttempt
from agent.flows.steps.filing_form import amount_of, compare
from agent.flows.steps.form import opened_around, opened_form
from agent.flows.steps.form_choices import Choices, asks_where
from agent.flows.steps.form_page import FORM_SECONDS, stays
from agent.flows.steps.payee import compare_payee, fill_payee, ready_to_submit, sending_payee, sent_payee
from agent.flows.steps.row_lookup import find_row, not_own, own_row
from agent.flows.steps.step import StepClick, StepExecutor
from agent.pages import message_words, vocabulary
from agent.pages.actions.answer import Answer
from agent.pages.actions.fill import Field, Scope, find_field, set_date, shown, shown_date
from agent.pages.actions.fill_form import need_own_box
from agent.pages.inference.fields import is_box
from agent.pages.inference.list_kind import FILINGS
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.login_boxes import password_field
from agent.pages.inference.order_numbers import may_be, whole_number
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.pieces import segments
from agent.pages.inference.records import button, filing_of, refund_button
from agent.pages.inference.row_proof import Lasting
from agent.pages.live.network import own_writes
from agent.pages.live.page import LivePage
from agent.pages.live.request_hold import Sending
from agent.pages.live.scroll_into_view import bring
from agent.pages.values import numbers_in
from agent.pages.view import PageSnapshot

_NO_DATE_BOX = Text("the row has no box for the missing 订购日期", "该行没有可填写的订购日期")
_OTHER_DATE = Text("订购日期 shows another date than was filled in", "订购日期与所填不符")
_NO_DATE = ("number", "password", "select", "textarea")


async def request_refund(
    session: Session, address: str, payee: Payee, order: Order, filing: Filing, *, executor: StepExecutor
) -> StepAttempt:
    """Open 申请返款 of a filing, fill in where the money goes, and submit.

    A filing without its date gets it first: without it the button does nothing. Raise PageChanged, before anything is
    sent, where a field is missing or shows anything else than what was filled in.
    """
    request = _Request(session, address, payee, order, filing, executor)
    located, row = await request.find()
    sent = {"order_no": order.order_no or ""} | sent_payee(payee)
    begun = await executor.begin(session.page, sent)
    if filing.ordered_on is None:
        await request.save_date(located, row, begun)
        located, row = await request.find()
    if executor.overseer is not None:
        await request.ask_to_open(located, row, begun)
        located, row = await request.find()
    opened = await _open(session.page, located, row)
    if opened.scope is None:
        return await request.without_form(opened, begun)
    return await request.submit(opened.answer.snapshot, opened.scope, begun)


@dataclass(frozen=True, slots=True)
class _Request:
    """The request for the refund of one filing, in the list at `address`."""

    session: Session
    address: str
    payee: Payee
    order: Order
    filing: Filing
    executor: StepExecutor

    @property
    def page(self) -> LivePage:
        return self.session.page

    async def find(self) -> tuple[LocatedList, Row]:
        """The row of the filing that offers the refund."""
        number = self.order.order_no or ""
        return await find_row(
            self.session, self.address, FILINGS, lambda r, _: may_be(r, number), lambda r, a: _is_it(r, a, self.order)
        )

    async def ask_to_open(self, located: LocatedList, row: Row, begun: OpenStep) -> None:
        """Let a person decide on 申请返款 itself, too: there may be no form, and the request be sent by it."""
        if (opener := refund_button(row)) is not None:
            await self.executor.ask(begun, StepClick(self.page, located.part, opener, FILINGS, own_row=row.root))

    async def without_form(self, opened: "_Opened", begun: OpenStep) -> StepAttempt:
        """What the page said, or sent, in place of a form."""
        answer = opened.answer
        if answer.writes:
            self.executor.hear(begun, answer)
        await self._picture(begun, "after")
        await self.session.open(self.address)  # whatever tip lies over the list is gone with it
        return begun.clicked(answer) if answer.writes else begun.without_effect(opened.objection)

    async def submit(self, snapshot: PageSnapshot, form: Scope, begun: OpenStep) -> StepAttempt:
        """Fill in the form that opened, read it back, and send it."""
        choices = Choices.of(self.page, snapshot, form, vocabulary.FORM_LABELS, self.payee)
        try:
            ready = await self._filled(choices, form, snapshot)
        except ChoiceUnclear as error:
            await self._picture(begun, "form")
            self.executor.call_off(begun, error)
            raise
        await bring(self.page, ready.part, ready.node)
        await self._picture(begun, "form")
        return begun.clicked(await self.executor.press(begun, ready))

    async def _filled(self, choices: Choices, form: Scope, snapshot: PageSnapshot) -> StepClick:
        """The click on 提交, once the form shows what is to be sent."""
        await choices.settle(snapshot)
        filled = await fill_payee(self.page, form, self.payee)

        def check(snapshot: PageSnapshot) -> None:
            _compare_form(snapshot, form, self.payee, self.order, filled)
            _compare_amount(snapshot, form, self.order, self.filing, filled)
            choices.check(snapshot)

        part, submit = await ready_to_submit(choices, form, check)
        plan = {"order_no": self.order.order_no or ""} | sending_payee(self.payee, filled)
        sending = Sending(plan, unsaid=frozenset({"order_no"}))
        await choices.check_sending(filled["account"], sending)
        account, again = self.payee.account.get_secret_value(), choices.declare_once_asked
        return StepClick(
            self.page, part, submit, FILINGS, still=stays(check), payee=account, sending=sending, again=again
        )

    async def save_date(self, located: LocatedList, row: Row, begun: OpenStep) -> None:
        """Fill in a filing's missing date in its row and save it."""
        page, day = self.page, self.order.ordered_at.date()
        field = _date_box(page, located, row)
        await set_date(page, field, day)
        snapshot = await page.settled(3.0)
        if shown_date(snapshot, field) != day:
            raise PageChanged(page.raw.url, _OTHER_DATE)
        after = find_list(snapshot, FILINGS)
        current = next((r for r in after.parsed.rows if r.root.id == row.root.id), None) if after else None
        save = button(current, vocabulary.SAVE) if current else None
        if after is None or current is None or save is None:
            raise PageChanged(page.raw.url, Text("the row has no button 保存", "该行没有“保存”按钮"))

        def still(snapshot: PageSnapshot) -> bool:
            return own_row(snapshot, FILINGS, row, save) is not None and shown_date(snapshot, field) == day

        click = StepClick(
            page,
            after.part,
            save,
            FILINGS,
            own_row=row.root,
            lasting=Lasting.of(after.part.shot, current),
            still=still,
            decides=False,
        )
        await self.executor.press(begun, click)

    async def _picture(self, begun: OpenStep, role: str) -> None:
        await self.executor.picture(begun, self.page, role)


def _date_box(page: LivePage, located: LocatedList, row: Row) -> Field:
    boxes = [n for n in row.nodes if is_box(located.part.shot, n) and n.kind not in _NO_DATE]
    boxes = sorted(boxes, key=lambda n: n.kind is None)
    if not boxes:
        raise PageChanged(page.raw.url, _NO_DATE_BOX)
    return Field(located.part, boxes[0], "订购日期")


@dataclass(frozen=True, slots=True)
class _Opened:
    """What came of a click on 申请返款: the form in `scope`, or what the page said in its place."""

    scope: Scope | None
    answer: Answer

    @property
    def objection(self) -> str:
        return next(iter(self.answer.messages), "the button 申请返款 did nothing")


async def _open(page: LivePage, located: LocatedList, row: Row) -> _Opened:
    opener = refund_button(row)
    if opener is None:
        raise PageChanged(page.raw.url, Text("the row has no button 申请返款", "该行没有“申请返款”按钮"))
    seen = {n.text for n in located.snapshot.texts()}
    cursor, asked = page.traffic.cursor(), len(page.dialogs)

    def objections(snapshot: PageSnapshot) -> list[str]:
        return [t for t in page.dialogs[asked:] if _objects(t)] + _objections(snapshot, seen)

    def opened(snapshot: PageSnapshot) -> bool:
        return (
            _form(snapshot, located.snapshot) is not None
            or password_field(snapshot) is not None
            or bool(objections(snapshot))
        )

    if own_row(await page.look(), FILINGS, row, opener) is None:
        raise not_own(page.raw.url, opener.text)
    await page.click(located.part, opener)
    snapshot = await page.settled(FORM_SECONDS, opened)
    writes = own_writes(page.traffic.since(cursor), located.part.shot.address)
    return _Opened(_form(snapshot, located.snapshot), Answer(snapshot, writes=writes, messages=objections(snapshot)))


def _is_it(row: Row, address: str, order: Order) -> bool:
    return whole_number(row) == order.order_no and filing_of(row, address).offered


def _form(snapshot: PageSnapshot, before: PageSnapshot) -> Scope | None:
    """What appeared and has a box for the bank account, or a choice with which one comes."""
    form = opened_form(snapshot, before, find_field(snapshot, vocabulary.FORM_LABELS["account"]))
    return form or _form_with_choice(snapshot, before)


def _form_with_choice(snapshot: PageSnapshot, before: PageSnapshot) -> Scope | None:
    for part in snapshot.parts:
        submit = next((n for n in part.shot.texts if vocabulary.is_one_of(n.text, vocabulary.SUBMIT) and n.top), None)
        form = opened_around(snapshot, before, part, submit) if submit else None
        if form is not None and asks_where(snapshot, form):
            return form
    return None


def _objections(snapshot: PageSnapshot, seen: set[str]) -> list[str]:
    """What the page says against the request."""
    new = (n.text for n in snapshot.texts() if n.text not in seen and len(n.text) < 80)
    found = [t for t in new if _objects(t)]
    return sorted(found, key=lambda t: message_words.TOO_EARLY.search(t) is None)


def _objects(text: str) -> bool:
    return message_words.TOO_EARLY.search(text) is not None or message_words.FAILURE.search(text) is not None


def _compare_form(snapshot: PageSnapshot, scope: Scope, payee: Payee, order: Order, filled: dict[str, Field]) -> None:
    compare_payee(snapshot, scope, payee, filled)
    _compare_shown_number(snapshot, scope, payee, order)
    if found := find_field(snapshot, vocabulary.FORM_LABELS["order_no"], scope):
        need_own_box(found, filled.values())
        compare(snapshot, "order_no", lambda f: fold(shown(snapshot, f)), order.order_no or "", within=scope)


def _compare_amount(
    snapshot: PageSnapshot, scope: Scope, order: Order, filing: Filing, filled: dict[str, Field]
) -> None:
    expected = order.amount if order.currency == YUAN else filing.amount
    if expected is not None and (found := find_field(snapshot, vocabulary.FORM_LABELS["amount"], scope)):
        need_own_box(found, filled.values())
        compare(snapshot, "amount", lambda f: str(amount_of(shown(snapshot, f))), str(expected), within=scope)


def _compare_shown_number(snapshot: PageSnapshot, scope: Scope, payee: Payee, order: Order) -> None:
    """Raise PageChanged if the form names another order in plain words: it was opened for the wrong row."""
    number = order.order_no or ""
    shown = (t for p in snapshot.parts for _, t in segments(n for n in p.shot.texts if scope.holds(p, n)))
    seen = {n for text in shown for n in numbers_in(text)}
    alike = {n for n in seen if len(n) == len(number)} - {fold(payee.account.get_secret_value())}
    if alike and number not in alike:
        raise PageChanged(
            snapshot.address,
            Text(f"the refund form names the order {min(alike)}", f"返款表单显示的订单编号为 {min(alike)}"),
        )
