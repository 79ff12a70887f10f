"""What a run has seen of an account, and what it has done there."""

from dataclasses import dataclass, field

from agent.domain.errors import AccountError
from agent.domain.orders import Filing, Order
from agent.domain.report import Action, StepKind
from agent.domain.text import Text
from agent.domain.unread import UnreadRow
from agent.flows.steps.attempt import StepAttempt
from agent.flows.steps.case import Case, Shown
from agent.flows.steps.outcome import order_named
from agent.ledger import Intent
from agent.pages.inference.stated_total import Listed


@dataclass(frozen=True, slots=True)
class Trouble:
    """What ended an account: the error, pictures of the page, and the number under which a person was asked."""

    error: AccountError
    pictures: tuple[str, ...]
    asked: int | None


@dataclass(slots=True)
class AccountState:
    """`whole` is false if the orders are those that were known, because a first page showed that nothing has changed.

    `listed` is what the back office is known to list, also of other platforms; `taken_over` if it was read for another
    account. `clicked` are the steps of this run by
    their intents, `latest` those of the last batch, and `before` what the lists showed before it. `ended` says how each
    step ended, by what tells it from the others; the orders in `left_out` are worked no further, as a person said.
    `shown_shop` is whose page it surely is, as the page says.
    """

    listed: Listed[Filing] | None = None
    taken_over: bool = False
    whole: bool = True
    orders: list[Order] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    orders_missing: tuple[Text, ...] = ()
    filings_missing: tuple[Text, ...] = ()
    shown_shop: str | None = None
    orders_unread: tuple[UnreadRow, ...] = ()
    filings_unread: tuple[UnreadRow, ...] = ()
    clicked: dict[int, StepAttempt] = field(default_factory=dict)
    before: Shown = field(default_factory=Shown)
    latest: set[int] = field(default_factory=set)
    attempts: dict[tuple[StepKind, str], int] = field(default_factory=dict)
    ended: dict[tuple[StepKind, str], Action] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)

    @property
    def has_unnumbered_unread(self) -> bool:
        """True if an order that may be ours is not understood and shows no number: it may be taken for another one."""
        return any(row.order_no is None and not row.foreign for row in self.orders_unread)

    def cases(self, intents: list[Intent]) -> list[Case]:
        """What was begun, each with its order and its click."""
        return [Case(i, order_named(i.order_key, self.orders), self.clicked.get(i.id)) for i in intents]
