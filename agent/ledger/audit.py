"""The audit trail (操作记录): who did what and when, in the console, by a token, and at the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from agent.ledger.console_tables import AuditRow
from agent.ledger.transaction import Repository


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. `who` is `cli:USER@MACHINE`, `console:NAME` or `token:NAME`; `at` is in Asia/Shanghai."""

    id: int
    at: datetime
    who: str
    action: str
    target: str | None
    details: Mapping[str, object]
    address: str | None


class Audit(Repository):
    """Who did what, the newest first; acts are added and never changed."""

    def note(
        self,
        who: str,
        action: str,
        target: str | None = None,
        *,
        details: Mapping[str, object] | None = None,
        address: str | None = None,
    ) -> None:
        """Add an act to the trail. `action` is a stable word; nothing secret may be in `details`."""
        self._tx.session.add(
            AuditRow(
                at=self._tx.now, who=who, action=action, target=target, details=dict(details or {}), address=address
            )
        )

    def entries(self, limit: int, before: int | None = None, who: str | None = None) -> list[AuditEntry]:
        """Return the newest acts first, at most `limit` with an id below `before`, of all or of one (`who`)."""
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        if before is not None:
            query = query.where(AuditRow.id < before)
        if who:
            query = query.where(AuditRow.who == who)
        return [
            AuditEntry(r.id, r.at, r.who, r.action, r.target, r.details, r.address)
            for r in self._tx.session.scalars(query)
        ]
