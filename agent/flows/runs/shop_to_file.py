"""The shop that an account's orders are filed under, if their rows do not name it."""

from agent.domain.orders import Order
from agent.domain.report import Action, Sending, StepKind
from agent.flows.runs.account_context import AccountContext
from agent.flows.runs.account_state import AccountState


def shop_to_file(job: AccountContext, state: AccountState) -> str | None:
    """The account's, the merchant's `file_as`, that of the page's head, or that of earlier filings; None without one.

    The merchant's name stands in for its only shop, on platforms that allow it.
    """
    named = job.account.shop or job.merchant.file_as or state.shown_shop or _filed_under(state)
    only = job.site.merchant_as_shop and len(job.merchant.accounts) == 1
    return named or (job.merchant.name if only else None)


def _filed_under(state: AccountState) -> str | None:
    """The one shop under which this account's orders were filed before."""
    own = {o.order_no for o in state.orders if o.ours and o.order_no}
    shops = {f.shop for f in state.filings if f.order_no in own and f.shop}
    return shops.pop() if len(shops) == 1 else None


def sending(job: AccountContext, state: AccountState, action: Action, order: Order) -> Sending | None:
    """What a step of the back office would send; None for a confirmation."""
    if action.kind is StepKind.CONFIRM:
        return None
    payee = job.merchant.payee.masked if job.merchant.payee else None
    return Sending(order.shop or shop_to_file(job, state), payee, order.ordered_at.date(), order.amount)
