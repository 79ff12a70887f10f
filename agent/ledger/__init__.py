"""What is known and what was begun (台账), in SQL."""

from agent.ledger.errors import IntentAlreadyOpen, IntentNotOpen
from agent.ledger.ledger import Ledger
from agent.ledger.values import ImportCounts, Intent, KnownOrder

__all__ = ["ImportCounts", "Intent", "IntentAlreadyOpen", "IntentNotOpen", "KnownOrder", "Ledger"]
