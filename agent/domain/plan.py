"""The plan: what is to be done next, from what was observed and today's date. No browser, no clock, no database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from agent.domain.orders import YUAN, Filing, FilingStatus, Order, OrderStatus, is_application
from agent.domain.report import StepKind, StepResult

DueDate = Callable[[date], date | None]
PARTIAL = "partial"
NOT_UNDERSTOOD = "page_changed"
SHOP_UNKNOWN = "shop_unknown"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of one account when it is planned for.

    `due` gives the day from which a refund may be requested for a subscription's date, None if only the back office
    knows. `refused_early` are the days on which the back office called a request too early, by order number. `direct`:
    refunds are applied for without a filing, and `filings` are the applications. `filed_before` are the order numbers
    of which the back office ever listed one: what is missing now is for a person to look at, not to be sent again.
    `filings_whole`: the list of filings was read to its end; without that, one that is not on it may have been made.

    `pending` are steps that were sent and whose end is not known, `happened` those that are known to have been done,
    each by its kind and the order's number or natural key: none of them is sent again, whatever the lists show. `held`
    are the kinds of which nothing is to be sent for now, each with the reason. `unread_filings` are the numbers of
    orders whose filing is listed and not understood. `unread_unnumbered`: an order without a number is not understood
    either, and may be taken for another one that has none. `shop_known`: something names the shop of orders whose row
    does not.
    """

    orders: Sequence[Order]
    filings: Sequence[Filing]
    today: date
    due: DueDate
    has_payee: bool
    refused_early: Mapping[str, date] = field(default_factory=dict)
    direct: bool = False
    filed_before: frozenset[str] = frozenset()
    filings_whole: bool = True
    pending: frozenset[tuple[StepKind, str]] = frozenset()
    happened: frozenset[tuple[StepKind, str]] = frozenset()
    held: Mapping[StepKind, str] = field(default_factory=dict)
    unread_filings: frozenset[str] = frozenset()
    unread_unnumbered: bool = False
    shop_known: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the plan. `result` is PLANNED for what can be done now, else says why not.

    `follows` marks what can only be done after an earlier step of the same order.
    """

    kind: StepKind
    order: Order
    result: StepResult
    filing: Filing | None = None
    due_on: date | None = None
    reason: str | None = None
    follows: bool = False

    @property
    def doable(self) -> bool:
        """True if it can be done now."""
        return self.result is StepResult.PLANNED and not self.follows


def plan(situation: Situation) -> list[Step]:
    """The next steps of every order of ours, in the order of the list. Other vendors' orders have no steps."""
    filings = _by_number(situation.filings)
    steps = [s for o in situation.orders if o.ours for s in _steps(situation, o, filings.get(o.order_no or ""))]
    return [_unless_sent(situation, s) for s in steps]


def _unless_sent(situation: Situation, step: Step) -> Step:
    """The step, or why it waits although the lists alone would call for it."""
    if step.result is not StepResult.PLANNED:
        return step
    names = {(step.kind, step.order.natural_key), (step.kind, step.order.order_no or "")}
    if names & situation.pending:
        return replace(step, result=StepResult.WAITING, reason="not_listed_yet")
    if names & situation.happened and not _has_done_twin(situation, step.order):
        return replace(step, result=StepResult.WAITING, reason="undone")
    if _is_beside_unread(situation, step):
        return replace(step, result=StepResult.WAITING, reason=NOT_UNDERSTOOD)
    if reason := situation.held.get(step.kind):
        return replace(step, result=StepResult.WAITING, reason=reason)
    return step


def _is_beside_unread(situation: Situation, step: Step) -> bool:
    """True if what the pages show beside this step is not understood, and may be about the same order."""
    number = step.order.order_no
    if number is None:
        return situation.unread_unnumbered
    return step.kind is not StepKind.CONFIRM and number in situation.unread_filings


def _has_done_twin(situation: Situation, order: Order) -> bool:
    """True for an order without a number if another of the same second and price may be the one that was confirmed."""
    same = [o for o in situation.orders if o.natural_key == order.natural_key and o.status is OrderStatus.COMPLETED]
    return order.order_no is None and bool(same)


def _by_number(filings: Sequence[Filing]) -> dict[str, Filing]:
    """The filing that counts for each order number: of duplicates the one that is furthest."""
    best: dict[str, Filing] = {}
    for one in filings:
        known = best.get(one.order_no)
        if known is None or one.status.progress > known.status.progress:
            best[one.order_no] = one
    return best


def _steps(situation: Situation, order: Order, filing: Filing | None) -> list[Step]:
    onward = _application if situation.direct else _filing
    match order.status:
        case OrderStatus.UNPAID | OrderStatus.CLOSED | OrderStatus.REFUNDING:
            return []
        case OrderStatus.AWAITING_CONFIRMATION:
            return [Step(StepKind.CONFIRM, order, StepResult.PLANNED), *onward(situation, order, filing, follows=True)]
        case OrderStatus.COMPLETED:
            return onward(situation, order, filing, follows=False)
        case _:
            assert_never(order.status)


def _filing(situation: Situation, order: Order, filing: Filing | None, follows: bool) -> list[Step]:
    if filing is not None:
        # Until an order is confirmed its platform does not settle it, and no refund is granted.
        refund = [replace(s, follows=follows) for s in _refund(situation, order, filing)]
        return [Step(StepKind.FILE, order, StepResult.ALREADY, filing), *refund]
    if order.amount == Decimal(0):
        return []  # a gift (后台赠送): nothing was paid, so there is nothing to get back
    if not situation.filings_whole:
        return [Step(StepKind.FILE, order, StepResult.WAITING, reason=PARTIAL)]
    if order.order_no in situation.filed_before:
        return [Step(StepKind.FILE, order, StepResult.WAITING, reason="filing_vanished")]
    due_on = situation.due(order.ordered_at.date())
    later = Step(StepKind.REQUEST_REFUND, order, StepResult.WAITING, due_on=due_on, follows=True)
    # The back office counts in yuan: at which rate, only a person can say.
    foreign = "foreign_currency" if order.currency != YUAN else None
    if reason := foreign or (SHOP_UNKNOWN if _lacks_shop(situation, order) else None):
        return [Step(StepKind.FILE, order, StepResult.WAITING, reason=reason), later]
    return [Step(StepKind.FILE, order, StepResult.PLANNED, follows=follows), later]


def _application(situation: Situation, order: Order, listed: Filing | None, follows: bool) -> list[Step]:
    """The way without a filing: the application is the request itself, and follows the confirmation."""
    if listed is None and order.amount == Decimal(0):
        return []
    if listed is None and not situation.filings_whole:
        return [Step(StepKind.REQUEST_REFUND, order, StepResult.WAITING, reason=PARTIAL)]
    if listed is None and order.order_no in situation.filed_before:
        return [Step(StepKind.REQUEST_REFUND, order, StepResult.WAITING, reason="filing_vanished")]
    if listed is None:
        return [replace(_request(situation, order, None), follows=follows)]
    if is_application(listed) and listed.status is not FilingStatus.REJECTED:
        return [Step(StepKind.REQUEST_REFUND, order, StepResult.ALREADY, listed)]
    return [replace(s, follows=follows) for s in _refund(situation, order, listed)]


def _lacks_shop(situation: Situation, order: Order) -> bool:
    return order.shop is None and not situation.shop_known


def _refund(situation: Situation, order: Order, filing: Filing) -> list[Step]:
    match filing.status:
        case FilingStatus.REQUESTED | FilingStatus.PAID_OUT:
            return [Step(StepKind.REQUEST_REFUND, order, StepResult.ALREADY, filing)]
        case FilingStatus.REJECTED:
            return [Step(StepKind.REQUEST_REFUND, order, StepResult.WAITING, filing, reason="filing_rejected")]
        case FilingStatus.FILED | FilingStatus.REFUNDABLE:
            return [_request(situation, order, filing)]
        case _:
            assert_never(filing.status)


def _request(situation: Situation, order: Order, filing: Filing | None) -> Step:
    """The request for the refund of a filing, or the application that needs none."""
    due_on = situation.due(order.ordered_at.date())
    waiting = StepResult.WAITING
    refused_on = situation.refused_early.get(order.order_no or "")
    if refused_on is not None and refused_on >= situation.today:
        # The back office's word counts more than our calendar: asked today and refused, ask tomorrow.
        later = max(due_on or situation.today, situation.today + timedelta(days=1))
        return Step(StepKind.REQUEST_REFUND, order, waiting, filing, later, "too_early")
    early = due_on is not None and due_on > situation.today
    if not _is_open(filing, early=early):
        return Step(StepKind.REQUEST_REFUND, order, waiting, filing, due_on)
    if reason := _obstacle(situation, order, filing):
        return Step(StepKind.REQUEST_REFUND, order, waiting, filing, due_on, reason)
    return Step(StepKind.REQUEST_REFUND, order, StepResult.PLANNED, filing, due_on)


def _is_open(filing: Filing | None, *, early: bool) -> bool:
    """True if the back office is ready for a request, so far as can be told without asking it."""
    if filing is None:
        return not early
    return filing.offered and (not early or filing.status is FilingStatus.REFUNDABLE)


def _obstacle(situation: Situation, order: Order, filing: Filing | None) -> str | None:
    """What a person has to mend before money is asked for."""
    if not situation.has_payee:
        return "missing_payee"
    if filing is None and _lacks_shop(situation, order):
        return SHOP_UNKNOWN
    if filing is None:
        return None if order.currency == YUAN else "foreign_currency"
    wrong_day = filing.ordered_on is not None and filing.ordered_on != order.ordered_at.date()
    wrong_amount = order.currency == YUAN and filing.amount is not None and filing.amount != order.amount
    return "filing_differs" if wrong_day or wrong_amount else None


# How a step is called of which the list shows something else than was meant.
WRONGLY = {
    StepKind.CONFIRM: "confirmed_wrongly",
    StepKind.FILE: "filed_wrongly",
    StepKind.REQUEST_REFUND: "requested_wrongly",
}
NEEDS_PERSON = frozenset(
    {
        "missing_payee",
        SHOP_UNKNOWN,
        "filing_differs",
        "filing_rejected",
        "filing_incomplete",
        "filing_vanished",
        "foreign_currency",
        "not_listed",
        "undone",
        *WRONGLY.values(),
    }
)
