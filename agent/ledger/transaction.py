"""One database transaction, and what repositories have in common."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from agent.domain.orders import SHANGHAI
from agent.vault import Vault


@dataclass(frozen=True)
class Transaction:
    """A session, the vault, the moment at which the transaction began (aware), and the run that it belongs to."""

    session: Session
    vault: Vault
    now: datetime
    run_id: str | None = None

    @property
    def today(self) -> date:
        """The date in Asia/Shanghai."""
        return self.now.astimezone(SHANGHAI).date()


class Repository:
    """What the ledger holds on one subject, as one transaction sees and changes it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
