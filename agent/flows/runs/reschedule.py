"""After each look at an account: when the next one is, kept in the ledger."""

import hashlib

from agent.domain.errors import NotConfigured, Outcome, SentOnTheWay, WayNotFound
from agent.domain.login_errors import AccountLocked, BadPassword, ForeignLogin, LoginRefused, NoLogin, WrongShop
from agent.domain.plan import WRONGLY
from agent.domain.report import AccountReport, StepResult
from agent.domain.schedule import Visit, next_visit
from agent.flows.runs.context import RunContext
from agent.flows.steps.first_steps import NOT_LISTED_YET
from agent.ledger import AccountHistory, UnitOfWork

# What ends in one of these ends so again until somebody has changed something.
_NEEDS_CHANGE = {
    *(c.reason for c in (AccountLocked, BadPassword, ForeignLogin, LoginRefused, NoLogin, NotConfigured, WrongShop)),
    *(c.reason for c in (WayNotFound, SentOnTheWay)),
    *WRONGLY.values(),
}


def plan_next(context: RunContext, tx: UnitOfWork, report: AccountReport, *, cut_short: bool) -> None:
    """Keep when the account of `report`, whose look ends now, is looked at next."""
    at, before = context.clock(), tx.schedule.history(report.account)
    failed = report.outcome in (Outcome.FAILED, Outcome.UNKNOWN)
    fingerprint = before.fingerprint if failed else _fingerprint(report)
    since = before.unchanged_since if fingerprint == before.fingerprint and before.unchanged_since else at
    whole_at = at if report.whole and report.outcome is Outcome.OK else before.whole_at
    if report.partial:
        whole_at = None  # what was found last is not all, so the next look cannot go by it
    found = AccountHistory(before.failures + 1 if failed else 0, fingerprint, since, whole_at)
    look = Visit(
        at=at,
        outcome=report.outcome,
        failures=found.failures,
        needs_change=report.outcome is Outcome.NEEDS_HUMAN or report.reason in _NEEDS_CHANGE,
        worked=any(action.result is StepResult.DONE for action in report.actions),
        unchanged_since=since,
        due_on=min((a.due_on for a in report.actions if a.due_on and a.due_on > at.date()), default=None),
        cut_short=cut_short,
        not_listed=report.reason == NOT_LISTED_YET,
        whole_at=None if report.whole else whole_at,
    )
    policy = context.settings.schedule.policy(report.account)
    # All of a merchant's accounts have their moment together: the back office is then opened once for all of them.
    tx.schedule.plan(report.account, found, next_visit(report.account.merchant_id, look, policy))


def _fingerprint(report: AccountReport) -> str:
    """Tell whether an account shows what it showed before."""
    orders = sorted(f"{o.key} {o.status} {o.amount}" for o in report.orders)
    actions = sorted(f"{a.kind} {a.order_no} {a.due_on} {a.reason}" for a in report.actions)
    return hashlib.sha256("\n".join([*orders, *actions]).encode()).hexdigest()[:16]
