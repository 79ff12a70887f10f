"""What is known and what was begun (台账), in SQL."""

from agent.ledger.errors import IntentAlreadyOpen, IntentNotOpen
from agent.ledger.ledger import Ledger
from agent.ledger.values import (
    Authorization,
    BegunAuthorization,
    ImportCounts,
    Intent,
    KnownOrder,
    KnownSession,
    LastRun,
)

__all__ = [
    "Authorization",
    "BegunAuthorization",
    "ImportCounts",
    "Intent",
    "IntentAlreadyOpen",
    "IntentNotOpen",
    "KnownOrder",
    "KnownSession",
    "LastRun",
    "Ledger",
]
