"""What is done at the command line stands in the audit trail, too."""

import getpass
import platform as machine
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.ledger import Ledger, UnitOfWork


def who() -> str:
    """Return who is at the command line; evidence and the audit trail name them."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user id may have no name
        user = "?"
    return f"cli:{user}@{machine.node()}"


def noted(tx: "UnitOfWork", action: str, target: str | None = None, **details: object) -> None:
    """Add what a command does to the audit trail, in its own transaction."""
    tx.audit.note(who(), action, target, details=details)


def note(ledger: "Ledger", action: str, target: str | None = None, **details: object) -> None:
    """Add what a command does to the audit trail."""
    with ledger.begin() as tx:
        noted(tx, action, target, **details)
