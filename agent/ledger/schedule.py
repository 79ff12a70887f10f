"""When each account is looked at next (排程), and which are due."""

from collections.abc import Collection, Mapping
from dataclasses import astuple
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from agent.domain.accounts import AccountKey
from agent.domain.merchants import Registration
from agent.domain.schedule import DueReason, Next
from agent.ledger.leases import MERCHANT, Leases
from agent.ledger.service_tables import LeaseRow, ScheduleRow
from agent.ledger.tables import AccountRow, MerchantRow
from agent.ledger.transaction import Repository, Transaction
from agent.ledger.values import AccountHistory, Limits, Planned


class Schedule(Repository):
    """When each account is visited next."""

    def at_once(self, of: AccountKey | str) -> None:
        """An account, or all of a merchant's (by its id), is to be looked at as soon as possible. Skip unknown ones."""
        condition = ScheduleRow.merchant_id == of if isinstance(of, str) else ScheduleRow.is_of(of)
        for row in self._tx.session.scalars(select(ScheduleRow).where(condition)):
            begun = row.claimed_at is not None and row.claimed_at >= row.due_at
            row.due_at, row.why = self._tx.now if begun else min(row.due_at, self._tx.now), DueReason.ASKED.value

    def add(self, account: AccountKey) -> None:
        """A new account, which is due at once."""
        columns = ScheduleRow.columns(account)
        self._tx.session.add(ScheduleRow(**columns, due_at=self._tx.now, why=DueReason.NEW.value, failures=0))

    def history(self, account: AccountKey) -> AccountHistory:
        """What earlier looks have left."""
        row = self._tx.session.get_one(ScheduleRow, astuple(account))
        return AccountHistory(row.failures, row.fingerprint, row.unchanged_since, row.whole_at)

    def planned(self, account: AccountKey) -> Planned:
        """When an account is looked at next."""
        return _planned(self._tx.session.get_one(ScheduleRow, astuple(account)))

    def plan(self, account: AccountKey, found: AccountHistory, following: Next) -> None:
        """Keep what a look has left, and when the next one is."""
        row = self._tx.session.get_one(ScheduleRow, astuple(account))
        row.failures, row.fingerprint = found.failures, found.fingerprint
        row.unchanged_since, row.whole_at = found.unchanged_since, found.whole_at
        if row.why == DueReason.ASKED and row.claimed_at is not None and row.due_at > row.claimed_at:
            return  # somebody asked for another look while this one was under way
        row.due_at, row.why = following.at, following.why.value

    def due(self, most: int, limits: Limits, queued: Mapping[str, str] | None = None) -> list[list[Planned]]:
        """The accounts whose moment has come, of at most `most` merchants on whom nobody works, those of each together.

        First what somebody asked for, then the oldest; none of a platform that has no room for another. The merchants
        that are `queued` already, each with a platform, are left out and have their room, but for what somebody asked.
        """
        at_work = select(LeaseRow.name).where(LeaseRow.until > self._tx.now)
        room = {platform: Leases(self._tx).room(platform, limits) for platform in _platforms(self._tx)}
        left = dict(room)
        if queued:
            held = {name.removeprefix(MERCHANT) for name in self._tx.session.scalars(at_work)}
            for merchant, platform in queued.items():
                left[platform] = left.get(platform, 0) - (merchant not in held)
        query = select(ScheduleRow).where(
            ScheduleRow.due_at <= self._tx.now,
            is_active(),
            (MERCHANT + ScheduleRow.merchant_id).not_in(at_work),
            ScheduleRow.merchant_id.not_in([*(queued or ())]),
            ScheduleRow.platform.in_([platform for platform, free in room.items() if free > 0]),
        )
        asked = ScheduleRow.why != DueReason.ASKED.value
        found: dict[str, list[Planned]] = {}
        # More than are wanted, for a merchant with ten accounts takes ten rows.
        for row in self._tx.session.scalars(query.order_by(asked, ScheduleRow.due_at).limit(most * 10)):
            if row.merchant_id in found:
                found[row.merchant_id].append(_planned(row))
            elif (room if row.why == DueReason.ASKED else left)[row.platform] > 0 and len(found) < most:
                found[row.merchant_id] = [_planned(row)]
                room[row.platform] -= 1  # by the one that is begun with; the others ask again when it is their turn
                left[row.platform] -= 1
        return list(found.values())

    def due_of(self, merchant_id: str) -> list[Planned]:
        """The accounts of a merchant whose moment has come, first what somebody asked for, then the oldest."""
        query = select(ScheduleRow).where(
            ScheduleRow.merchant_id == merchant_id, ScheduleRow.due_at <= self._tx.now, is_active()
        )
        asked = ScheduleRow.why != DueReason.ASKED.value
        return [_planned(row) for row in self._tx.session.scalars(query.order_by(asked, ScheduleRow.due_at))]

    def asked_for(self, merchants: Collection[str]) -> list[str]:
        """Those of these merchants of whom something is due because somebody asked for it."""
        query = select(ScheduleRow.merchant_id).where(
            ScheduleRow.merchant_id.in_(merchants),
            ScheduleRow.due_at <= self._tx.now,
            ScheduleRow.why == DueReason.ASKED.value,
        )
        return [*self._tx.session.scalars(query.distinct())]

    def all(self) -> list[Planned]:
        """All accounts, the next first."""
        query = select(ScheduleRow).where(is_active())
        return sorted(
            (_planned(row) for row in self._tx.session.scalars(query)), key=lambda each: (each.at, each.account)
        )

    def overdue(self, since: datetime) -> int:
        """How many were due before that moment already."""
        return self._tx.session.scalar(select(func.count()).where(ScheduleRow.due_at < since, is_active())) or 0


def _platforms(tx: Transaction) -> list[str]:
    return list(tx.session.scalars(select(ScheduleRow.platform).distinct()))


def is_active() -> ColumnElement[bool]:
    """The condition on a row of the schedule that its account, and the merchant, are worked on."""
    same = and_(
        AccountRow.merchant_id == ScheduleRow.merchant_id,
        AccountRow.platform == ScheduleRow.platform,
        AccountRow.label == ScheduleRow.label,
    )
    active = Registration.ACTIVE.value
    accounts = select(AccountRow.merchant_id).join(MerchantRow, MerchantRow.id == AccountRow.merchant_id)
    return accounts.where(same, AccountRow.state == active, MerchantRow.state == active).exists()


def _planned(row: ScheduleRow) -> Planned:
    return Planned(row.account, row.due_at, DueReason(row.why), row.failures)
