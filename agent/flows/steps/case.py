"""One step that was begun, with its order and its click, and what its lists show in place of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.doubt import Heard
from agent.domain.listed import confirmed_otherwise, requested_otherwise
from agent.domain.orders import Filing, Order
from agent.domain.report import StepKind
from agent.domain.text import Text
from agent.flows.steps.attempt import StepAttempt
from agent.ledger import Intent

_NOT_AS_PLANNED = Text("what was sent is not what was filled in", "实际发送的内容与所填不符")


@dataclass(frozen=True, slots=True)
class Case:
    """`order` is None if no list shows it; `click` is None if another run made it."""

    intent: Intent
    order: Order | None
    click: StepAttempt | None

    @property
    def kind(self) -> StepKind:
        """What was to be done."""
        return self.intent.kind

    @property
    def name(self) -> tuple[StepKind, str]:
        """What tells the step from the others of a run."""
        return name_of(self.kind, self.order) if self.order else (self.kind, self.intent.order_key)

    @property
    def was_sent(self) -> bool:
        """True if the site is known to have been asked for it."""
        return self.intent.heard in (Heard.ACCEPTED, Heard.UNCLEAR)

    @property
    def strays(self) -> Text | None:
        """Tell that something else was sent than was meant, if that was seen when it was sent."""
        if self.click is None or self.click.wire_agrees is not False:
            return None
        return self.click.off or _NOT_AS_PLANNED


def name_of(kind: StepKind, order: Order) -> tuple[StepKind, str]:
    """Tell a step from the others of a run. The natural key stays the same when the number appears."""
    return kind, order.natural_key if order.order_no is None or kind is StepKind.CONFIRM else order.order_no


@dataclass(frozen=True, slots=True)
class Shown:
    """What both lists show at one time."""

    orders: Sequence[Order] = ()
    filings: Sequence[Filing] = ()

    def moved_otherwise(self, kind: StepKind, order: Order, now: "Shown") -> Text | None:
        """What has changed since then in place of an order whose step was the only one that was sent."""
        if kind is StepKind.CONFIRM:
            return confirmed_otherwise(order, self.orders, now.orders)
        return requested_otherwise(order.order_no or "", self.filings, now.filings)
