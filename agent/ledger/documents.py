"""What the ledger knows as JSON documents: what `--json` prints and the API answers. Their keys are public."""

from datetime import date, datetime
from typing import Any

from agent.ledger.account_states import AccountState
from agent.ledger.run_log import KnownRun
from agent.ledger.session_values import KnownChallenge
from agent.ledger.values import KnownOrder


def iso(when: date | datetime | None) -> str | None:
    """Return a date or a moment as JSON has it."""
    if isinstance(when, datetime):
        return when.isoformat(timespec="seconds")
    return when.isoformat() if when else None


def order(known: KnownOrder, expires_in_days: int | None = None, renew_url: str | None = None) -> dict[str, Any]:
    """Return one known order; the last two if its subscription ends within 30 days."""
    order = known.order
    return {
        "merchant": known.account.merchant_id,
        "platform": known.account.platform,
        "account": str(known.account),
        "order_no": order.order_no,
        "ordered_at": iso(order.ordered_at),
        "service": order.service,
        "service_code": order.service_code,
        "ours": order.ours,
        "amount": f"{order.amount:.2f}",
        "currency": order.currency,
        "status": order.status.value,
        "expires_at": iso(order.expires_at),
        "expires_in_days": expires_in_days,
        "renew_url": renew_url,
        "shop": order.shop,
        "stage": known.stage.value,
        "due_on": iso(known.due_on),
        "filing_status": known.filing_status.value if known.filing_status else None,
        "filed_on": iso(known.filed_on),
        "requested_at": iso(known.requested_at),
        "paid_out_at": iso(known.paid_out_at),
        "updated_at": iso(known.updated_at),
        "removed": known.removed,
    }


def challenge(each: KnownChallenge, now: datetime) -> dict[str, Any]:
    """Return what a person is asked; `waits` tells whether an open page waits for the answer at `now` (aware)."""
    return {
        "id": each.id,
        "merchant": each.account.merchant_id,
        "platform": each.account.platform,
        "account": str(each.account),
        "kind": each.kind.value,
        "said": each.message,
        "picture": each.picture,
        "asked_at": iso(each.asked_at),
        "deadline": iso(each.deadline),
        "attempts": each.attempts,
        "waits": each.held_until is not None and now < each.held_until,
    }


def account(state: AccountState) -> dict[str, Any]:
    """Return how an account stands; `last_run` is null before the first."""
    return {
        "merchant": state.account.merchant_id,
        "platform": state.account.platform,
        "account": str(state.account),
        "shop": state.shop,
        "paused": state.paused,
        "last_run": {
            "run_id": state.run_id,
            "ended_at": iso(state.ended_at),
            "outcome": state.outcome.value,
            "reason": state.reason,
            "message": state.told.message.en if state.told else None,
            "cure": state.told.cure.en if state.told and state.told.cure else None,
        }
        if state.outcome
        else None,
        "failures": state.failures,
        "next_at": iso(state.next_at),
        "challenge": state.challenge,
    }


def run(known: KnownRun) -> dict[str, Any]:
    """Return one run; `outcomes` are numbers of accounts by how it ended for them."""
    return {
        "run_id": known.id,
        "dry_run": known.dry_run,
        "started_by": known.started_by,
        "started_at": iso(known.started_at),
        "finished_at": iso(known.finished_at),
        "outcomes": {outcome.value: count for outcome, count in known.outcomes.items()},
    }
