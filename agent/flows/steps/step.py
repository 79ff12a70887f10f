"""The frame around every consequential click: evidence, the intent in the ledger, the click, evidence."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from playwright.async_api import Error

from agent.browser import is_over
from agent.domain.accounts import AccountKey
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError
from agent.domain.orders import Order
from agent.domain.page_errors import DialogDeclined, FormDiffers, StepSkipped
from agent.domain.report import StepKind, StepResult
from agent.domain.text import Text
from agent.evidence.recorder import Evidence, Worked
from agent.flows.steps.asked_again import asks_again
from agent.flows.steps.attempt import OpenStep, heard_in
from agent.flows.steps.oversight import AboutToClick, Decision, Overseer
from agent.ledger import ALIKE, Lease, Ledger
from agent.pages.actions.answer import Answer
from agent.pages.actions.focus import Focus
from agent.pages.actions.press import ClickAttempt, ConfirmedClick, Objects, Still
from agent.pages.inference.claims import contradiction
from agent.pages.inference.dialogs import CONFIRM, FILE, REFUND, Matter, Step, matter_of
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import find_list
from agent.pages.inference.order_numbers import whole_number
from agent.pages.inference.row_proof import Lasting
from agent.pages.live.network import own_writes
from agent.pages.live.page import LivePage
from agent.pages.live.request_hold import Sending, Watched, held_to
from agent.pages.live.scroll_into_view import bring
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_STEPS: dict[StepKind, Step] = {StepKind.CONFIRM: CONFIRM, StepKind.FILE: FILE, StepKind.REQUEST_REFUND: REFUND}


class PictureOf(Protocol):
    """Pictures a window under the name of the step, by the role that it plays in it."""

    async def __call__(self, role: str, shown: LivePage, /) -> None: ...


# Given the answer to a click that did nothing here, what came of it elsewhere, and the window where that is shown.
Onward = Callable[[Answer, PictureOf], Awaitable[tuple[Answer, LivePage]]]


# Given what a form said when it was to be sent and was not: true if what it asked for is done now.
Again = Callable[[Iterable[str]], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class StepClick:
    """What is ordered: one click of a step, if it is made, and what must hold for it.

    `kind`, `own_row`, `lasting`, `objects` and `still`: see ConfirmedClick. `onward` is asked if the click sent nothing
    and no dialog followed: it may go on elsewhere, and picture it. `heard` takes from the answer what is none.
    `decides` is false if the click only prepares the step. `payee` is the account number that a dialog may name.
    `sending` is what may leave. If nothing was sent, and `again` did what the form asked for, it is clicked once more.
    """

    page: LivePage
    part: FrameSnapshot
    node: Node
    kind: ListKind
    own_row: Node | None = None
    lasting: Lasting | None = None
    objects: Objects = lambda _: None
    still: Still = lambda _: True
    onward: Onward | None = None
    heard: Callable[[Answer], Answer] = lambda a: a
    decides: bool = True
    payee: str = ""
    sending: Sending | None = None
    again: Again | None = None


@dataclass(slots=True)
class _Course:
    """What has happened since a click began. `cursor` is its place in the traffic, `shown` the window where it ended.

    `elsewhere`: what is sent from another window is not in this one's traffic.
    """

    since: datetime
    cursor: int
    shown: LivePage
    watched: Watched | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class StepExecutor:
    """Makes the clicks of one step of one order, for as long as nobody else has the lease.

    `alike` orders, this one included, await the step and cannot be told from each other.
    """

    account: AccountKey
    kind: StepKind
    order: Order
    ledger: Ledger
    lease: Lease
    evidence: Evidence
    clock: Callable[[], datetime]
    alike: int = 1
    overseer: Overseer | None = None

    async def begin(
        self,
        page: LivePage,
        sent: dict[str, str],
        clicked: tuple[FrameSnapshot, Node] | None = None,
        row: Node | None = None,
    ) -> OpenStep:
        """Picture the page, with what is to be clicked on it and its row, and commit the intent.

        To be called when all is checked and only the click is left.
        """
        name = self.evidence.next_step(self.kind, self.order.order_no or f"{self.order.ordered_at:%Y%m%d-%H%M%S}")
        told = sent | ({ALIKE: str(self.alike)} if self.alike > 1 else {})
        with self.ledger.begin(self.lease, run_id=self.evidence.run_id) as tx:
            intent = tx.intents.begin(self.account, self.kind, self.order.key, told)
        begun = OpenStep(intent, name, sent)
        if clicked is not None:
            await bring(page, *clicked)
        await self.picture(
            begun, page, "before", Focus(*clicked, row, alone=row is not None) if clicked is not None else None
        )
        return begun

    async def press(self, begun: OpenStep, click: StepClick) -> Answer:
        """Click, agree to the dialogs about it, picture the page after it, and record what was sent and said.

        What the answer comes to is committed before anything else is done, unless the click only prepares the step.
        Raise DialogDeclined, the intent closed, if nothing was sent because the page was no longer as it was, a dialog
        was not agreed to, or what was to leave is not what was meant; StepSkipped, likewise, if a person said no.
        """
        await self.ask(begun, click)
        course = _Course(self.clock(), click.page.traffic.cursor(), click.page)
        try:
            answer = await self._clicked(begun, click, course)
        except (AccountError, Error) as error:
            self._hear_of_trouble(begun, click, course, error)
            raise
        heard = click.heard(answer)
        if click.decides:
            self.hear(begun, heard)
        await self._picture_after(begun, click, course, answer.snapshot)
        await self.evidence.record(begun.name, course.since, begun.sent, answer, begun.pictures)
        self._check_not_held_back(begun, course)
        return heard

    async def ask(self, begun: OpenStep, click: StepClick) -> None:
        """Let a person decide, if one watches. Whatever the page became meanwhile, who clicks proves it anew."""
        if self.overseer is None:
            return
        await bring(click.page, click.part, click.node)
        focus = Focus(click.part, click.node, click.own_row)
        button = click.node.text or click.node.name or click.node.value or click.node.tag
        decision = await self.overseer.decide(
            AboutToClick(self.account, self.kind, self.order, button, click.page, focus)
        )
        if decision is not Decision.GO_ON:
            skipped = StepSkipped(whole_order=decision is Decision.SKIP_ORDER)
            with self.ledger.begin(self.lease) as tx:
                tx.intents.close(begun.intent_id, StepResult.FAILED, explained(skipped).message.en)
            raise skipped

    async def _clicked(self, begun: OpenStep, click: StepClick, course: _Course) -> Answer:
        """The click itself, and where it leads if it sent nothing and no dialog followed."""

        async def picture(role: str, shown: LivePage = click.page) -> None:
            await self.picture(begun, shown, role)

        against, matter = self._objecting(click.objects, click.payee), self._matter(begun, click.payee)
        order = ConfirmedClick(
            click.page, click.kind, click.own_row, picture, matter, against, click.still, click.lasting
        )
        async with _held_to(click.page, click.sending) as course.watched:
            answer = await _twice(order, click)
        _note_wire(answer, course.watched)
        if click.onward is not None and not answer.dialogs and all(map(click.page.traffic.is_noise, answer.writes)):
            course.elsewhere = True
            answer, course.shown = await click.onward(answer, picture)
        return answer

    def _hear_of_trouble(self, begun: OpenStep, click: StepClick, course: _Course, error: AccountError | Error) -> None:
        """Close the intent if nothing was sent; else commit that nobody knows what came of it."""
        traffic = click.page.traffic
        sent = own_writes(traffic.since(course.cursor), click.part.shot.address)
        if isinstance(error, DialogDeclined) and all(map(traffic.is_noise, sent)):
            self.call_off(begun, error)
            return
        # A browser that is gone is like a run that is: what it sent last nobody has heard of.
        unheard = isinstance(error, Error) and is_over(error) and all(w.status is None for w in sent)
        if click.decides and (sent or course.elsewhere) and not unheard:
            self.hear(begun, Answer(PageSnapshot(()), sent))

    async def _picture_after(self, begun: OpenStep, click: StepClick, course: _Course, snapshot: PageSnapshot) -> None:
        """Picture the window where the click ended. `snapshot` is what answered it."""
        shown = course.shown.left
        here = shown is click.page and not course.elsewhere
        focus = await self._show_row(shown, click, snapshot if here else await shown.look())
        await self.picture(begun, shown, "after", focus)

    async def picture(self, begun: OpenStep, page: LivePage, role: str, focus: Focus | None = None) -> None:
        """Add a picture of the page, and of what is in focus on it, to those of the step. Raise NoEvidence."""
        worked = Worked(self.clock(), focus)
        begun.pictures.append(await self.evidence.take(page, begun.name, role, begun.intent_id, worked))

    def _check_not_held_back(self, begun: OpenStep, course: _Course) -> None:
        """Raise FormDiffers, the intent closed, if all that was to leave was held back."""
        watched = course.watched
        if watched is not None and watched.held is not None and not watched.passed:
            differs = FormDiffers(course.shown.raw.url, watched.held.text)
            self.call_off(begun, differs)
            raise differs

    async def _show_row(self, page: LivePage, click: StepClick, snapshot: PageSnapshot) -> Focus | None:
        """Scroll to the row of the order as the list draws it now, or else to the one that was worked, and return it.

        None if it was no row that was worked.
        """
        located = find_list(snapshot, click.kind)
        number = self.order.order_no
        rows = [r for r in located.parsed.rows if number and whole_number(r) == number] if located else []
        if located is not None and len(rows) == 1:
            return await self._brought(page, located.part, rows[0].root)
        return await self._brought(page, click.part, click.own_row) if click.own_row is not None else None

    @staticmethod
    async def _brought(page: LivePage, part: FrameSnapshot, row: Node) -> Focus:
        await bring(page, part, row)
        return Focus(part, row, alone=False)  # what the page says may stand anywhere

    def call_off(self, begun: OpenStep, error: DialogDeclined) -> None:
        """Close the intent of a step of which nothing was sent."""
        with self.ledger.begin(self.lease) as tx:
            tx.intents.close(begun.intent_id, StepResult.FAILED, error.missing.en)

    def hear(self, begun: OpenStep, answer: Answer) -> None:
        """Commit what the site answered to the step."""
        told, agrees = heard_in(answer), answer.wire_agrees
        with self.ledger.begin(self.lease) as tx:
            tx.intents.hear(begun.intent_id, told, wire_agrees=agrees)

    def _matter(self, begun: OpenStep, payee: str) -> Matter:
        """What a dialog may speak of: the order, and what was filled in for it."""
        sent = begun.sent
        bank, word, _ = sent.get("bank", "").partition("银行")
        filled = [sent.get(name) for name in ("platform", "shop", "bank", "holder")]
        return matter_of(_STEPS[self.kind], self.order, [*filled, bank + word], [payee])

    def _objecting(self, objects: Objects, payee: str) -> Objects:
        """What in a dialog's words is not true of the order."""

        def against(text: str) -> Text | None:
            plain = text.replace(payee, "") if payee else text
            return objects(plain) or contradiction(plain, self.order, ()) or asks_again(self.kind, plain)

        return against


async def _twice(order: ConfirmedClick, click: StepClick) -> Answer:
    """One click, and a second one if nothing was sent by the first and `again` tells that it is worth it.

    A page that put its form off can send it by itself as soon as what it asked for is done.
    """
    attempt, again = ClickAttempt(order), click.again
    before = len(order.page.dialogs)
    try:
        answer = await attempt.click(click.part, click.node)
    except DialogDeclined as error:
        if again is None or not await again([*order.page.dialogs[before:], error.missing.zh]):
            raise
    else:
        if again is None or answer.writes or not await again([*answer.messages, *answer.dialogs]):
            return answer
    return await attempt.answer_to_what_came_after() or await order.click(click.part, click.node)


def _held_to(page: LivePage, sending: Sending | None) -> AbstractAsyncContextManager[Watched | None]:
    return held_to(page, sending) if sending is not None else nullcontext()


def _note_wire(answer: Answer, watched: Watched | None) -> None:
    if watched is not None:
        off = watched.differs or watched.held
        answer.wire_agrees, answer.off = watched.agrees, off.text if off is not None else None
