"""How the fleet stands: who works on what, what is due and was not begun, and what the last hour was like."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from agent.domain.accounts import AccountKey
from agent.domain.schedule import DueReason
from agent.ledger.leases import MERCHANT, Leases
from agent.ledger.schedule import is_active
from agent.ledger.service_tables import LeaseRow, ScheduleRow
from agent.ledger.transaction import Transaction
from agent.ledger.values import Limits, Planned

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AccountAtWork:
    """An account that `holder` (a worker's name, or a command's) works on, and since when."""

    holder: str
    account: AccountKey
    since: datetime | None


@dataclass(frozen=True, slots=True)
class DueAccounts:
    """How many accounts of a platform are due and not begun, since when the first is, and how many have room now.

    `at_work`: another account of their merchant is worked on.
    """

    platform: str
    at_work: bool
    count: int
    since: datetime
    room: int


@dataclass(frozen=True, slots=True)
class Turnover:
    """How many accounts were taken up since a moment, and how many merchants from one that had died or was frozen."""

    taken_up: int
    taken_over: int


def accounts_at_work(tx: Transaction) -> list[AccountAtWork]:
    """Return who works on which account right now, the longest first; several may be of one merchant."""
    of_lease = and_(
        LeaseRow.name == MERCHANT + ScheduleRow.merchant_id, LeaseRow.token == ScheduleRow.lease_token
    )  # None of a log-in to the back office, which has no row in the schedule.
    query = (
        select(LeaseRow, ScheduleRow)
        .outerjoin(ScheduleRow, of_lease)
        .where(LeaseRow.until > tx.now, LeaseRow.platform.is_not(None))
    )
    found = [_at_work(lease, row) for lease, row in tx.session.execute(query)]
    return sorted(found, key=lambda each: (each.since or tx.now, each.account))


def _at_work(lease: LeaseRow, row: ScheduleRow | None) -> AccountAtWork:
    if row is not None:
        return AccountAtWork(lease.holder, row.account, row.claimed_at)
    begun_with = AccountKey(lease.name.removeprefix(MERCHANT), lease.platform or "", lease.label)
    return AccountAtWork(lease.holder, begun_with, lease.taken_at)


def due_accounts(tx: Transaction, limits: Limits) -> list[DueAccounts]:
    """Return what is due and not begun, by platform; none of what is paused or removed."""
    held = select(LeaseRow.name).where(LeaseRow.until > tx.now)
    at_work = (MERCHANT + ScheduleRow.merchant_id).in_(held)
    begun = select(LeaseRow.name).where(
        LeaseRow.until > tx.now,
        LeaseRow.name == MERCHANT + ScheduleRow.merchant_id,
        LeaseRow.token == ScheduleRow.lease_token,
    )
    query = (
        select(ScheduleRow.platform, at_work, func.count(), func.min(ScheduleRow.due_at))
        .where(ScheduleRow.due_at <= tx.now, is_active(), ~begun.exists())
        .group_by(ScheduleRow.platform, at_work)
        .order_by(func.min(ScheduleRow.due_at), ScheduleRow.platform)
    )
    rows = tx.session.execute(query).all()
    room = {platform: max(Leases(tx).room(platform, limits), 0) for platform in {row[0] for row in rows}}
    return [DueAccounts(platform, bool(busy), count, since, room[platform]) for platform, busy, count, since in rows]


def planned_later(tx: Transaction, reasons: Collection[DueReason]) -> list[Planned]:
    """Return the accounts that are looked at later for one of these reasons."""
    query = select(ScheduleRow).where(
        ScheduleRow.due_at > tx.now, is_active(), ScheduleRow.why.in_([reason.value for reason in reasons])
    )
    return [Planned(r.account, r.due_at, DueReason(r.why), r.failures) for r in tx.session.scalars(query)]


def turnover(tx: Transaction, since: datetime) -> Turnover:
    """Return what was taken up since then; an account or a merchant counts once, by the last time."""
    up = select(func.count()).select_from(ScheduleRow).where(ScheduleRow.claimed_at >= since)
    merchants = LeaseRow.name.startswith(MERCHANT, autoescape=True)
    over = select(func.count()).select_from(LeaseRow).where(LeaseRow.taken_over_at >= since, merchants)
    return Turnover(tx.session.scalar(up) or 0, tx.session.scalar(over) or 0)
