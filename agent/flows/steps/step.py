"""The frame around every consequential click: evidence, the intent in the ledger, the click, evidence."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from playwright.async_api import Error

from agent.browser import is_over
from agent.domain.doubt import Heard
from agent.domain.errors import AccountError, DialogDeclined, FormDiffers
from agent.domain.merchants import Account
from agent.domain.orders import Order
from agent.domain.report import StepKind, StepResult
from agent.domain.text import Text
from agent.evidence.recorder import Evidence
from agent.ledger import ALIKE, Lease
from agent.pages import vocabulary
from agent.pages.actions.press import Answer, ConfirmedClick, Objects, Still
from agent.pages.inference.claims import contradiction
from agent.pages.inference.dialogs import CONFIRM, FILE, REFUND, Matter, Step, matter_of
from agent.pages.inference.page_state import ListKind, find_list
from agent.pages.inference.records import whole_number
from agent.pages.live.network import declined, own_writes
from agent.pages.live.page import LivePage
from agent.pages.live.request_hold import Sending, Watched, held_to
from agent.pages.live.scroll_into_view import bring
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_STEPS: dict[StepKind, Step] = {StepKind.CONFIRM: CONFIRM, StepKind.FILE: FILE, StepKind.REQUEST_REFUND: REFUND}
_PASSING = ("HTTP 401",)
_TROUBLE = 500  # and above: errors of the site's own, which say nothing of what it has done by then
# What a gateway answers while the server behind it may still be at work: as good as no answer.
_GAVE_UP_WAITING = (408, 502, 503, 504)


class PictureOf(Protocol):
    """Pictures a window under the name of the step, by the role that it plays in it."""

    async def __call__(self, role: str, shown: LivePage, /) -> None: ...


# Given the answer to a click that did nothing here, what came of it elsewhere, and the window where that is shown.
Onward = Callable[[Answer, PictureOf], Awaitable[tuple[Answer, LivePage]]]


# Given what a form said when it was to be sent and was not: true if what it asked for is done now.
Again = Callable[[Iterable[str]], Awaitable[bool]]


class Intents(Protocol):
    """The part of the ledger that holds what was begun."""

    def begin(
        self, run_id: str, account: Account, kind: StepKind, order_key: str, sent: dict[str, str], *, lease: Lease
    ) -> int: ...

    def hear(self, intent_id: int, heard: Heard, *, wire_agrees: bool | None, lease: Lease) -> None: ...

    def close_intent(self, intent_id: int, result: StepResult, said: str | None, *, lease: Lease) -> None: ...


@dataclass(frozen=True, slots=True)
class StepAttempt:
    """A step whose clicks were made. What came of it is known only once the page has been read again.

    `refused` are the site's words where it answered that it did not do it. `lost` is true where no answer came, or one
    that says that nobody knows (a gateway's 504, 请求超时): then it is not tried again before the next run has looked.
    `heard` is what the answer comes to; `wire_agrees` whether what was sent is what was planned (None: not known),
    and `off` what of it is not.
    """

    intent_id: int
    lost: bool
    refused: str | None
    pictures: tuple[str, ...]
    heard: Heard = Heard.UNCLEAR
    wire_agrees: bool | None = None
    off: Text | None = None

    @property
    def too_early(self) -> bool:
        """True where the back office said that the waiting time is not over."""
        return self.refused is not None and vocabulary.TOO_EARLY.search(self.refused) is not None

    @property
    def passing(self) -> bool:
        """True where the refusal is trouble of the site's own, so that asking again can help."""
        return self.heard is Heard.UNCLEAR or (self.refused or "") in _PASSING


@dataclass(slots=True)
class OpenStep:
    """A step whose intent is committed."""

    intent_id: int
    name: str
    sent: dict[str, str]
    pictures: list[str] = field(default_factory=list)

    def clicked(self, answer: Answer) -> StepAttempt:
        """The step, ended with this answer."""
        return StepAttempt(
            self.intent_id,
            _is_lost(answer),
            answer.refused,
            tuple(self.pictures),
            heard=heard_in(answer),
            wire_agrees=answer.wire_agrees,
            off=answer.off,
        )

    def without_effect(self, said: str) -> StepAttempt:
        """The step, ended before anything was sent."""
        pictures = tuple(self.pictures)
        return StepAttempt(self.intent_id, lost=False, refused=said, pictures=pictures, heard=Heard.REFUSED)


def heard_in(answer: Answer) -> Heard:
    """What an answer comes to. What the site says it has already (请勿重复提交) was accepted, whatever the status."""
    said, statuses = answer.refused, [w.status or 0 for w in answer.writes]
    accepted = any(vocabulary.SUCCESS.search(t) and not vocabulary.FAILURE.search(t) for t in answer.said)
    if said is not None and vocabulary.HAS_IT_ALREADY.search(said):
        return Heard.ACCEPTED
    if said is None and accepted:
        return Heard.ACCEPTED
    troubled = any(s >= _TROUBLE for s in statuses) or vocabulary.SITE_ERROR.search(said or "") is not None
    if troubled or (said is None and declined(answer.writes)) or _is_lost(answer):
        return Heard.UNCLEAR
    if said is not None:
        return Heard.REFUSED
    return Heard.ACCEPTED if statuses else Heard.UNCLEAR


def _is_lost(answer: Answer) -> bool:
    timed_out = any(w.status in _GAVE_UP_WAITING for w in answer.writes) or "超时" in (answer.refused or "")
    return answer.lost or timed_out


@dataclass(frozen=True, slots=True)
class StepExecutor:
    """Makes the clicks of one step of one order, for as long as nobody else has the lease.

    `alike` orders, this one included, await the step and cannot be told from each other.
    """

    account: Account
    kind: StepKind
    order: Order
    intents: Intents
    lease: Lease
    evidence: Evidence
    clock: Callable[[], datetime]
    alike: int = 1

    async def begin(
        self, window: LivePage, sent: dict[str, str], clicked: tuple[FrameSnapshot, Node] | None = None
    ) -> OpenStep:
        """Pictures the page, with what is to be clicked on it, and commits the intent.

        To be called when all is checked and only the click is left.
        """
        name = self.evidence.next_step(self.kind, self.order.order_no or f"{self.order.ordered_at:%Y%m%d-%H%M%S}")
        run_id = self.evidence.run_id
        told = sent | ({ALIKE: str(self.alike)} if self.alike > 1 else {})
        intent = self.intents.begin(run_id, self.account, self.kind, self.order.key, told, lease=self.lease)
        begun = OpenStep(intent, name, sent)
        if clicked is not None:
            await bring(window, *clicked)
        begun.pictures.append(await self.evidence.take(window, name, "before", intent))
        return begun

    async def press(
        self,
        begun: OpenStep,
        window: LivePage,
        part: FrameSnapshot,
        node: Node,
        kind: ListKind,
        *,
        own_row: Node | None = None,
        objects: Objects = lambda _: None,
        still: Still = lambda _: True,
        onward: Onward | None = None,
        heard: Callable[[Answer], Answer] = lambda a: a,
        decides: bool = True,
        payee: str = "",
        sending: Sending | None = None,
        again: Again | None = None,
    ) -> Answer:
        """Clicks, agrees to the dialogs about it, pictures the page after it, and records what was sent and said.

        `onward` is asked if the click sent nothing and no dialog followed: it may go on elsewhere, and picture it.
        `heard` takes from the answer what is none. What it comes to is committed before anything else is done, unless
        the click only prepares the step (`decides` is false). `payee` is the account number that a dialog may name. If
        nothing was sent, and `again` did what the form asked for, it is clicked once more.
        Raises DialogDeclined, the intent closed, where the page was no longer as it was (`still`), a dialog was not
        agreed to, or what was to leave is not what was meant (`sending`), and nothing was sent.
        """

        async def asked(role: str, shown: LivePage = window) -> None:
            begun.pictures.append(await self.evidence.take(shown, begun.name, role, begun.intent_id))

        when, mark, shown = self.clock(), window.traffic.mark(), window
        watched: Watched | None = None
        elsewhere = False  # what is sent from another window is not in this one's traffic
        try:
            against, matter = self._objecting(objects, payee), self._matter(begun, payee)

            def fresh() -> ConfirmedClick:
                return ConfirmedClick(shown, kind, own_row, asked, matter, against, still)

            async with _held_to(window, sending) as watched:
                answer = await _twice(fresh, part, node, again)
            _note_wire(answer, watched)
            if onward is not None and not answer.dialogs and all(window.traffic.is_noise(w) for w in answer.writes):
                elsewhere = True
                answer, window = await onward(answer, asked)
        except (AccountError, Error) as error:
            sent = own_writes(window.traffic.since(mark), part.shot.address)
            if isinstance(error, DialogDeclined) and all(window.traffic.is_noise(w) for w in sent):
                self.call_off(begun, error)
                raise
            # A browser that is gone is like a run that is: what it sent last nobody has heard of.
            unheard = isinstance(error, Error) and is_over(error) and all(w.status is None for w in sent)
            if decides and (sent or elsewhere) and not unheard:
                self.hear(begun, Answer(PageSnapshot(()), sent))
            raise
        if decides:
            self.hear(begun, heard(answer))
        await self._show_row(window.left, kind, part, own_row)
        begun.pictures.append(await self.evidence.take(window.left, begun.name, "after", begun.intent_id))
        await self.evidence.record(begun.name, when, begun.sent, answer, begun.pictures)
        if watched is not None and watched.held is not None and not watched.passed:
            differs = FormDiffers(window.page.url, watched.held.text)
            self.call_off(begun, differs)
            raise differs
        return heard(answer)

    async def _show_row(self, window: LivePage, kind: ListKind, part: FrameSnapshot, own_row: Node | None) -> None:
        """Scrolls to the row of the order as the list draws it now; where it shows none, to the one that was worked."""
        sheet = find_list(await window.look(), kind)
        number = self.order.order_no
        rows = [r for r in sheet.listing.rows if number and whole_number(r) == number] if sheet else []
        if sheet is not None and len(rows) == 1:
            await bring(window, sheet.part, rows[0].root)
        elif own_row is not None:
            await bring(window, part, own_row)

    def call_off(self, begun: OpenStep, error: DialogDeclined) -> None:
        """Closes the intent of a step of which nothing was sent."""
        self.intents.close_intent(begun.intent_id, StepResult.FAILED, error.missing.en, lease=self.lease)

    def hear(self, begun: OpenStep, answer: Answer) -> None:
        """Commits what the site answered to the step."""
        told, agrees = heard_in(answer), answer.wire_agrees
        self.intents.hear(begun.intent_id, told, wire_agrees=agrees, lease=self.lease)

    def _matter(self, begun: OpenStep, payee: str) -> Matter:
        """What a dialog may speak of: the order, and what was filled in for it."""
        sent = begun.sent
        bank, word, _ = sent.get("bank", "").partition("银行")
        filled = [sent.get(name) for name in ("platform", "shop", "bank", "holder")]
        return matter_of(_STEPS[self.kind], self.order, [*filled, bank + word], [payee])

    def _objecting(self, objects: Objects, payee: str) -> Objects:
        """What in a dialog's words is not true of the order."""

        def against(said: str) -> Text | None:
            plain = said.replace(payee, "") if payee else said
            return objects(plain) or contradiction(plain, self.order, ())

        return against


async def _twice(fresh: Callable[[], ConfirmedClick], part: FrameSnapshot, node: Node, again: Again | None) -> Answer:
    """One click, and a second one if nothing was sent by the first and `again` tells that it is worth it.

    A page that put its form off can send it by itself as soon as what it asked for is done.
    """
    press = fresh()
    before = len(press.window.dialogs)
    try:
        answer = await press.click(part, node)
    except DialogDeclined as error:
        if again is None or not await again([*press.window.dialogs[before:], error.missing.zh]):
            raise
    else:
        if again is None or answer.writes or not await again([*answer.said, *answer.dialogs]):
            return answer
    return await press.answer_to_what_came_after() or await fresh().click(part, node)


def _held_to(window: LivePage, sending: Sending | None) -> AbstractAsyncContextManager[Watched | None]:
    return held_to(window, sending) if sending is not None else nullcontext()


def _note_wire(answer: Answer, watched: Watched | None) -> None:
    if watched is not None:
        off = watched.differs or watched.held
        answer.wire_agrees, answer.off = watched.agrees, off.text if off is not None else None
