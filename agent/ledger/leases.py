"""Leases (租约): who works on a merchant right now, on whatever machine.

The token of a lease grows with each holder. Every intent is begun with it, so that one who was frozen, and whose lease
another took over meanwhile, cannot begin any other step.
"""

from dataclasses import astuple
from datetime import timedelta

from sqlalchemy import func, select

from agent.domain.accounts import AccountKey
from agent.ledger.errors import LeaseLost
from agent.ledger.tables import LeaseRow, ScheduleRow
from agent.ledger.values import Lease, Limits
from agent.ledger.work import UnitOfWork

MERCHANT = "merchant/"
# Who has not renewed a lease for so long is taken for dead.
LASTS = timedelta(seconds=15)
_MINUTE = timedelta(minutes=1)


def take(work: UnitOfWork, name: str, holder: str, place: str) -> Lease | None:
    """The lease of that name, or None while another has it.

    The caller is the only one at its `place` (a machine's data directory): what was leased from there is left over.
    """
    row = work.session.get(LeaseRow, name, with_for_update=True)
    if row is None:
        row = LeaseRow(name=name, holder="", token=0)
        work.session.add(row)
    elif row.until is not None and row.until > work.now and not row.holder.startswith(place):
        return None
    row.holder, row.token, row.until, row.platform = f"{place}{holder}", row.token + 1, work.now + LASTS, None
    row.label = ""
    return Lease(name, row.token)


def take_account(
    work: UnitOfWork, account: AccountKey, *, holder: str, place: str, limits: Limits | None
) -> Lease | None:
    """The lease of a merchant for work on one of its accounts; None, too, where the platform's limits are reached."""
    if limits is not None and room(work, account.platform, limits) <= 0:
        return None
    lease = take(work, MERCHANT + account.merchant_id, holder, place)
    if lease is not None:
        held = work.session.get_one(LeaseRow, lease.name)
        held.platform, held.label = account.platform, account.label
        if row := work.session.get(ScheduleRow, astuple(account)):
            row.claimed_at = work.now
    return lease


def room(work: UnitOfWork, platform: str, limits: Limits) -> int:
    """How many more accounts of a platform may be taken up now."""
    at_work = select(func.count()).where(LeaseRow.platform == platform, LeaseRow.until > work.now)
    lately = select(func.count()).where(ScheduleRow.platform == platform, ScheduleRow.claimed_at > work.now - _MINUTE)
    return min(
        limits.at_once - (work.session.scalar(at_work) or 0), limits.a_minute - (work.session.scalar(lately) or 0)
    )


def renew(work: UnitOfWork, lease: Lease) -> bool:
    """Keeps a lease for another while; false where another has it by now."""
    row = work.session.get(LeaseRow, lease.name, with_for_update=True)
    if row is None or row.token != lease.token:
        return False
    row.until = work.now + LASTS
    return True


def release(work: UnitOfWork, lease: Lease) -> None:
    """Gives a lease back, unless another has it by now."""
    row = work.session.get(LeaseRow, lease.name, with_for_update=True)
    if row is not None and row.token == lease.token:
        row.until, row.platform, row.label = None, None, ""


def check(work: UnitOfWork, lease: Lease) -> None:
    """Raises LeaseLost where another has it by now."""
    row = work.session.get(LeaseRow, lease.name)
    if row is None or row.token != lease.token:
        raise LeaseLost(lease.name)
