"""What tells whether the service is well: the schedule, who works, what ends soon."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from agent.domain.schedule import DueReason
from agent.ledger.schedule import is_active
from agent.ledger.service_tables import LeaseRow, ScheduleRow
from agent.ledger.tables import AuthorizationRow
from agent.ledger.transaction import Repository
from agent.ledger.values import Authorization, Planned


@dataclass(frozen=True, slots=True)
class Working:
    """Who holds a lease: on what, and until when it is renewed at the latest."""

    name: str
    holder: str
    platform: str | None
    until: datetime


class Health(Repository):
    """What tells whether the service keeps up."""

    def next_looks(self, limit: int) -> list[Planned]:
        """Return the accounts that are looked at next; nobody looks at those that are paused or removed."""
        query = select(ScheduleRow).where(is_active()).order_by(ScheduleRow.due_at).limit(limit)
        return [Planned(r.account, r.due_at, DueReason(r.why), r.failures) for r in self._tx.session.scalars(query)]

    def late(self, since: datetime, most: int) -> int:
        """Return how many accounts were due before `since` already; it is not counted beyond `most`."""
        due = select(ScheduleRow.due_at).where(ScheduleRow.due_at < since, is_active()).limit(most).subquery()
        return self._tx.session.scalar(select(func.count()).select_from(due)) or 0

    def workers(self) -> list[Working]:
        """Return who works on what right now."""
        query = select(LeaseRow).where(LeaseRow.until > self._tx.now).order_by(LeaseRow.name).limit(100)
        return [Working(r.name, r.holder, r.platform, r.until) for r in self._tx.session.scalars(query) if r.until]

    def ending_authorizations(self, until: date, limit: int) -> list[Authorization]:
        """Return the authorisations that end first, up to a day."""
        row = AuthorizationRow
        query = select(row).where(row.authorized_until <= until).order_by(row.authorized_until).limit(limit)
        return [Authorization(r.account, r.authorized_until, r.read_at) for r in self._tx.session.scalars(query)]
