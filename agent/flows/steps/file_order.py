"""报备: files an order in the back office. Every field is read back and compared before it is sent."""

from collections.abc import Callable

from agent.flows.session.session import Session
from agent.flows.steps.attempt import StepAttempt
from agent.flows.steps.filing_form import ENTRY, FilingForm, Filled, compare_entry, fill_entry
from agent.flows.steps.filing_place import (
    check_one_form,
    find_add,
    find_opener,
    form_apart,
    need_add,
    need_ready_add,
    open_form,
)
from agent.flows.steps.form import empty_row, enclosing, list_parts
from agent.flows.steps.form_choices import Choices
from agent.flows.steps.form_page import FORM_SECONDS, arrived, stays, without_hints
from agent.flows.steps.step import StepClick, StepExecutor
from agent.pages import vocabulary
from agent.pages.actions.fill import Scope, find_field
from agent.pages.inference.list_kind import FILINGS
from agent.pages.live.page import LivePage
from agent.pages.live.request_hold import Sending
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot


async def file_order(session: Session, address: str, entry: FilingForm, executor: StepExecutor) -> StepAttempt:
    """Fill in 平台报备 for an order and press 添加.

    Raise PageChanged, before anything is sent, if the form lacks a field or shows anything else than what was
    filled in.
    """
    page = session.page
    empty = await session.reading(lambda: _page(session, address))
    form = await open_form(page, empty) or form_apart(empty)
    filled = await fill_entry(page, entry, form)
    snapshot = await page.settled(FORM_SECONDS)
    choices = _choices(page, snapshot, form, filled)

    def check(snapshot: PageSnapshot) -> None:
        compare_entry(snapshot, entry, filled, form)
        choices.check(snapshot)

    part, button = await _ready(page, form, choices, check, snapshot)
    check_one_form(snapshot, filled, part, button)
    sending = Sending(entry.sent())
    await choices.check_sending(filled["order_no"], sending)
    begun = await executor.begin(page, entry.sent(), (part, button))
    click = StepClick(
        page,
        part,
        button,
        FILINGS,
        still=stays(check),
        heard=lambda a: without_hints(a, empty),
        sending=sending,
        again=choices.declare_once_asked,
    )
    return begun.clicked(await executor.press(begun, click))


async def _ready(
    page: LivePage,
    form: Scope | None,
    choices: Choices,
    check: Callable[[PageSnapshot], None],
    snapshot: PageSnapshot,
) -> tuple[FrameSnapshot, Node]:
    """The button that sends the form, once its choices are ours and it shows what it should.

    Raise ChoiceUnclear and PageChanged, as `check` does, before anything is sent.
    """
    snapshot = await choices.settle(snapshot)
    await choices.declare(lambda v: find_add(v, form), snapshot)
    snapshot = await page.settled(FORM_SECONDS)
    check(snapshot)
    return need_ready_add(snapshot, form)


def _choices(page: LivePage, snapshot: PageSnapshot, form: Scope | None, filled: Filled) -> Choices:
    """The further choices of the form. Of one that stands in a page with its list, those before its button."""
    if form is not None:
        return Choices.of(page, snapshot, form, ENTRY)
    part, button = need_add(snapshot, form)
    around = enclosing(snapshot, part, [button, *(f.control for f in filled.values())])
    choices = Choices.of(page, snapshot, around, ENTRY)
    if any(around.holds(p, node) for p, node in list_parts(snapshot)):
        choices.until = button
    return choices


async def _page(session: Session, address: str) -> PageSnapshot:
    def ready(snapshot: PageSnapshot) -> bool:
        return (
            find_field(snapshot, vocabulary.FORM_LABELS["order_no"]) is not None
            or empty_row(snapshot) is not None
            or find_opener(snapshot) is not None
        )

    return await arrived(session, address, ready)
