"""What every change to the ledger works with: one session in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from agent.domain.orders import SHANGHAI
from agent.vault import Vault


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """A session, the vault, and the moment at which the transaction began (aware)."""

    session: Session
    vault: Vault
    now: datetime
    run_id: str | None = None

    @property
    def today(self) -> date:
        """The date in Asia/Shanghai."""
        return self.now.astimezone(SHANGHAI).date()
