"""Where a merchant stands, as `fankuan status --json` prints it."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from agent.cli.merchant_status import MerchantStatus
from agent.cli.orders import iso
from agent.cli.session import plain
from agent.domain.accounts import AccountKey
from agent.domain.reasons import LOOK, explain
from agent.domain.stage import Stage

if TYPE_CHECKING:
    from agent.flows.runs.ending import Expiring
    from agent.ledger import KnownOrder, LastRun


def document(each: MerchantStatus) -> dict[str, Any]:
    """One merchant as `--json` prints it."""
    merchant, due = each.merchant, each.next
    return {
        "merchant": merchant.id,
        "name": merchant.name,
        "edition": merchant.edition.value,
        "removed": merchant.gone,
        "accounts": [_account(each, account, shop) for account, shop in merchant.shops.items()],
        "money": _money(each.known),
        "due_next": due
        and {
            "due_on": due.due_on.isoformat(),
            "amount": f"{due.amount:.2f}",
            "currency": due.currency,
            "orders": due.orders,
        },
        "expiring": [_expiring(one) for one in each.expiring],
    }


def _account(each: MerchantStatus, account: AccountKey, shop: str | None) -> dict[str, Any]:
    run, until = each.runs.get(account), each.authorizations.get(account)
    return {
        "platform": account.platform,
        "account": str(account),
        "shop": shop,
        "removed": account in each.merchant.removed,
        "last_run": run
        and {
            "run_id": run.run_id,
            "dry_run": run.dry_run,
            "ended_at": iso(run.ended_at),
            "outcome": run.outcome.value,
            "reason": run.reason,
            **_told(run),
        },
        "authorized_until": iso(until.until) if until else None,
        "authorization_read_at": iso(until.read_at) if until else None,
    }


def _told(run: "LastRun") -> dict[str, Any]:
    from agent.domain.errors import Outcome

    why = None if run.outcome is Outcome.OK else explain(run)
    return {
        "message": plain(why.message) if why else None,
        "cure": plain(why.cure or LOOK) if why else None,
        "evidence": list(run.evidence),
    }


def _money(known: "Sequence[KnownOrder]") -> list[dict[str, Any]]:
    found: dict[tuple[Stage, str], list[Decimal]] = defaultdict(list)
    for each in known:
        if each.order.ours and each.order.amount:
            found[each.stage, each.order.currency].append(each.order.amount)
    return [
        {
            "stage": stage.value,
            "currency": currency,
            "amount": f"{sum(amounts, Decimal(0)):.2f}",
            "orders": len(amounts),
        }
        for (stage, currency), amounts in found.items()
    ]


def _expiring(one: "Expiring") -> dict[str, Any]:
    return {
        "kind": "subscription" if one.service else "authorization",
        "platform": one.account.platform,
        "account": str(one.account),
        "service": one.service,
        "expires_on": one.ends_on.isoformat(),
        "expires_in_days": one.days,
        "renew_url": one.url,
    }
