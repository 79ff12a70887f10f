"""What is known and what was begun (台账), in SQL."""

from agent.domain.errors import IntentAlreadyOpen, IntentNotOpen, LeaseLost
from agent.ledger.audit import AuditEntry
from agent.ledger.engine import OWN_ROWS
from agent.ledger.intents import ALIKE
from agent.ledger.leases import lease_of
from agent.ledger.ledger import Ledger
from agent.ledger.long_reads import account_runs, found_ways, known_orders
from agent.ledger.overview import DueOn
from agent.ledger.run_values import AccountRunEnd, LastRun, Picture, Streak
from agent.ledger.session_values import (
    PENDING_LOGINS,
    Asked,
    CarriedSession,
    KnownChallenge,
    KnownSession,
    RefusedLogin,
)
from agent.ledger.unit_of_work import UnitOfWork
from agent.ledger.values import (
    AccountHistory,
    Authorization,
    BegunAuthorization,
    Bookmark,
    ImportCounts,
    Intent,
    KnownOrder,
    KnownWay,
    KnownWorker,
    Lease,
    Limits,
    Planned,
    Refusing,
    Registered,
    Worker,
)

__all__ = [
    "ALIKE",
    "OWN_ROWS",
    "PENDING_LOGINS",
    "AccountHistory",
    "AccountRunEnd",
    "Asked",
    "AuditEntry",
    "Authorization",
    "BegunAuthorization",
    "Bookmark",
    "CarriedSession",
    "DueOn",
    "ImportCounts",
    "Intent",
    "IntentAlreadyOpen",
    "IntentNotOpen",
    "KnownChallenge",
    "KnownOrder",
    "KnownSession",
    "KnownWay",
    "KnownWorker",
    "LastRun",
    "Lease",
    "LeaseLost",
    "Ledger",
    "Limits",
    "Picture",
    "Planned",
    "RefusedLogin",
    "Refusing",
    "Registered",
    "Streak",
    "UnitOfWork",
    "Worker",
    "account_runs",
    "found_ways",
    "known_orders",
    "lease_of",
]
