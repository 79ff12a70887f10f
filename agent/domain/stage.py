"""The journey of an order (订单进度): one word for where it stands, from what its platform and the back office say."""

from enum import StrEnum

from agent.domain.orders import YUAN, Filing, FilingStatus, Order, OrderStatus, is_application


class Stage(StrEnum):
    """待付款, 待确认, 已确认, 已报备, 可返款, 已申请, 已返款, 已关闭, 退款中, 不明, 需人工, 其他软件."""

    UNPAID = "unpaid"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    CONFIRMED = "confirmed"
    FILED = "filed"
    REFUNDABLE = "refundable"
    REQUESTED = "requested"
    PAID_OUT = "paid_out"
    CLOSED = "closed"
    REFUNDING = "refunding"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"
    NOT_OURS = "not_ours"


_ON_PLATFORM = {
    OrderStatus.UNPAID: Stage.UNPAID,
    OrderStatus.AWAITING_CONFIRMATION: Stage.AWAITING_CONFIRMATION,
    OrderStatus.CLOSED: Stage.CLOSED,
    OrderStatus.REFUNDING: Stage.REFUNDING,
}


def stage(
    order: Order,
    filing: Filing | None,
    *,
    in_doubt: bool,
    has_payee: bool,
    is_due: bool,
    direct: bool = False,
    paid: bool = False,
) -> Stage:
    """Where `order` stands. `in_doubt`: a step was begun and it is not known how it ended.

    `is_due`: its waiting time is over, or no one knows one, so that the back office's offer alone decides. `direct`:
    refunds are applied for without a filing, and `filing` is the application. `paid`: the money is known to have come.
    """
    if in_doubt:
        return Stage.UNKNOWN
    if not order.ours:
        return Stage.NOT_OURS
    if paid or (filing is not None and filing.status is FilingStatus.PAID_OUT):
        return Stage.PAID_OUT
    if order.status is not OrderStatus.COMPLETED:
        return _ON_PLATFORM[order.status]
    if filing is not None:
        return _once_filed(filing, has_payee, is_due=is_due, direct=direct)
    # The back office counts in yuan, so a person has to deal with anything else.
    foreign = order.amount > 0 and order.currency != YUAN
    ready = direct and is_due and order.amount > 0
    return _ready(has_payee and not foreign) if foreign or ready else Stage.CONFIRMED


def _ready(has_payee: bool) -> Stage:
    return Stage.REFUNDABLE if has_payee else Stage.NEEDS_PERSON


def _once_filed(filing: Filing, has_payee: bool, *, is_due: bool, direct: bool) -> Stage:
    if filing.status is FilingStatus.REJECTED:
        return Stage.NEEDS_PERSON
    if filing.status is FilingStatus.REQUESTED or (direct and is_application(filing)):
        return Stage.REQUESTED
    return _ready(has_payee) if filing.offered and is_due else Stage.FILED
