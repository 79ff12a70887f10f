"""The frame around every consequential click: evidence, the intent in the ledger, the click, evidence."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from agent.domain.errors import DialogDeclined
from agent.domain.merchants import Account
from agent.domain.orders import Order
from agent.domain.report import StepKind, StepResult
from agent.flows.evidence import Evidence
from agent.ledger import Lease
from agent.pages import words
from agent.pages.condition import ListKind
from agent.pages.press import Answer, Objects, Press, Still
from agent.pages.snapshot import Node
from agent.pages.window import Part, Window

_PASSING = ("HTTP 401", "HTTP 500")
# What a gateway answers while the server behind it may still be at work: as good as no answer.
_GAVE_UP_WAITING = (408, 502, 503, 504)


class PictureOf(Protocol):
    """Pictures a window under the name of the step, by the role that it plays in it."""

    async def __call__(self, role: str, shown: Window, /) -> None: ...


# Given the answer to a click that did nothing here, what came of it elsewhere, and the window where that is shown.
Onward = Callable[[Answer, PictureOf], Awaitable[tuple[Answer, Window]]]


class Intents(Protocol):
    """The part of the ledger that holds what was begun."""

    def begin(
        self, run_id: str, account: Account, kind: StepKind, order_key: str, sent: dict[str, str], *, lease: Lease
    ) -> int: ...

    def close_intent(self, intent_id: int, result: StepResult, said: str | None, *, lease: Lease) -> None: ...


@dataclass(frozen=True, slots=True)
class Clicked:
    """A step whose clicks were made. What came of it is known only once the page has been read again.

    `refused` are the site's words where it answered that it did not do it. `lost` is true where no answer came, or one
    that says that nobody knows (a gateway's 504, 请求超时): then it is not tried again before the next run has looked.
    """

    intent_id: int
    lost: bool
    refused: str | None
    pictures: tuple[str, ...]

    @property
    def too_early(self) -> bool:
        """True where the back office said that the waiting time is not over."""
        return self.refused is not None and words.TOO_EARLY.search(self.refused) is not None

    @property
    def passing(self) -> bool:
        """True where the refusal is trouble of the site's own, so that asking again can help."""
        text = self.refused or ""
        return words.SITE_ERROR.search(text) is not None or text in _PASSING


@dataclass(slots=True)
class Begun:
    """A step whose intent is committed."""

    intent_id: int
    name: str
    sent: dict[str, str]
    pictures: list[str] = field(default_factory=list)

    def clicked(self, answer: Answer) -> Clicked:
        """The step, ended with this answer."""
        timed_out = any(w.status in _GAVE_UP_WAITING for w in answer.writes) or "超时" in (answer.refused or "")
        return Clicked(self.intent_id, answer.lost or timed_out, answer.refused, tuple(self.pictures))

    def without_effect(self, said: str) -> Clicked:
        """The step, ended before anything was sent."""
        return Clicked(self.intent_id, lost=False, refused=said, pictures=tuple(self.pictures))


@dataclass(frozen=True, slots=True)
class Clicks:
    """Makes the clicks of one step of one order, for as long as nobody else has the lease."""

    account: Account
    kind: StepKind
    order: Order
    intents: Intents
    lease: Lease
    evidence: Evidence
    clock: Callable[[], datetime]

    async def begin(self, window: Window, sent: dict[str, str]) -> Begun:
        """Pictures the page and commits the intent. To be called when all is checked and only the click is left."""
        name = self.evidence.next_step(self.kind, self.order.order_no or f"{self.order.ordered_at:%Y%m%d-%H%M%S}")
        run_id = self.evidence.run_id
        intent = self.intents.begin(run_id, self.account, self.kind, self.order.key, sent, lease=self.lease)
        begun = Begun(intent, name, sent)
        begun.pictures.append(await self.evidence.take(window, name, "before", intent))
        return begun

    async def press(
        self,
        begun: Begun,
        window: Window,
        part: Part,
        node: Node,
        kind: ListKind,
        *,
        own_row: Node | None = None,
        objects: Objects = lambda _: None,
        still: Still = lambda _: True,
        onward: Onward | None = None,
    ) -> Answer:
        """Clicks, agrees to the dialogs that follow, pictures the page after it, and records what was sent and said.

        `onward` is asked if the click sent nothing and no dialog followed: it may go on elsewhere, and picture it.
        Raises DialogDeclined, the intent closed, where the page was no longer as it was (`still`), or a dialog was
        objected to, and nothing was sent.
        """

        async def asked(role: str, shown: Window = window) -> None:
            begun.pictures.append(await self.evidence.take(shown, begun.name, role, begun.intent_id))

        when = self.clock()
        try:
            answer = await Press(window, kind, own_row, asked, objects, still).click(part, node)
            if onward is not None and not answer.dialogs and all(window.traffic.is_noise(w) for w in answer.writes):
                answer, window = await onward(answer, asked)
        except DialogDeclined as error:
            self.intents.close_intent(begun.intent_id, StepResult.FAILED, error.missing.en, lease=self.lease)
            raise
        begun.pictures.append(await self.evidence.take(window.left, begun.name, "after", begun.intent_id))
        await self.evidence.record(begun.name, when, begun.sent, answer, begun.pictures)
        return answer
