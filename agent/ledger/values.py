"""What the ledger answers with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from agent.domain.accounts import AccountKey
from agent.domain.doubt import Heard
from agent.domain.merchants import Edition
from agent.domain.orders import FilingStatus, Order
from agent.domain.report import StepKind
from agent.domain.schedule import DueReason
from agent.domain.stage import Stage


@dataclass(frozen=True, slots=True)
class KnownWay:
    """How a page is reached: at `address`, or else by `steps` (words and how) from the page after the log-in."""

    address: str | None
    steps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did. Rows that were the same already are not counted."""

    merchants_added: int = 0
    merchants_updated: int = 0
    accounts_added: int = 0
    accounts_updated: int = 0


@dataclass(frozen=True, slots=True)
class Registered:
    """A merchant without secrets. `shops` are its accounts with the names of their shops, None if not known.

    Those that were `removed` are among them, for what is known of their money stays.
    """

    id: str
    name: str
    edition: Edition
    shops: Mapping[AccountKey, str | None]
    removed: frozenset[AccountKey] = frozenset()

    @property
    def gone(self) -> bool:
        """True if nobody works on any of its accounts any more."""
        return bool(self.shops) and self.removed >= {*self.shops}


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on something alone. `token` tells one holder from the next."""

    name: str
    token: int


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that takes up what is due: `serve` or `worker`, on which host, for how many accounts at a time.

    `name` is what its leases call their holder.
    """

    name: str
    kind: str
    host: str
    pid: int
    slots: int


@dataclass(frozen=True, slots=True)
class KnownWorker:
    """A worker as the ledger knows it; `alive` unless it was not heard of for as long as a lease lasts (aware)."""

    worker: Worker
    started_at: datetime
    seen_at: datetime
    alive: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """How many accounts of one platform are worked on at the same time, and taken up within a minute, everywhere."""

    at_once: int
    a_minute: int


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """What the visits of an account have left: failures in a row, a fingerprint of what it showed, and since when.

    `whole_at` is when its whole list was last read.
    """

    failures: int
    fingerprint: str | None
    unchanged_since: datetime | None
    whole_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """When an account is looked at next (Asia/Shanghai), and why then; `failures` in a row."""

    account: AccountKey
    at: datetime
    why: DueReason
    failures: int


@dataclass(frozen=True, slots=True)
class Intent:
    """A step that was begun and is not known to have ended. Moments are in Asia/Shanghai.

    `heard` is what the site answered, None if nobody heard it; `missing_since` the first look that did not show it.
    `alike` is how many orders, this one included, could not be told from it when it was begun. `shop` is what was to be
    sent as the order's shop, None for a step that names none.
    """

    id: int
    kind: StepKind
    order_key: str
    begun_at: datetime
    run_id: str
    heard: Heard | None = None
    heard_at: datetime | None = None
    missing_since: datetime | None = None
    alike: int = 1
    shop: str | None = None


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order with all that is known of its refund. Dates and times are in Asia/Shanghai.

    `filed_on` is the day on which its filing was first seen, None if its refund was requested by then; `requested_at`
    is when the request was first seen.
    `stage_when_due` is where it stands from `due_on` on, if nothing else happens. `removed`: its account is not worked
    on any more.
    """

    account: AccountKey
    order: Order
    stage: Stage
    due_on: date | None
    filed_on: date | None
    filing_status: FilingStatus | None
    requested_at: datetime | None
    paid_out_at: datetime | None
    updated_at: datetime
    stage_when_due: Stage
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Authorization:
    """Until when an account's platform lets the ERP in (授权), and when its page said so (Asia/Shanghai)."""

    account: AccountKey
    until: date
    read_at: datetime


@dataclass(frozen=True, slots=True)
class BegunAuthorization:
    """A press of 确认授权 that was begun and is not known to have worked. `until` is the end before it, if any."""

    intent_id: int
    begun_at: datetime
    until: date | None


@dataclass(frozen=True, slots=True)
class Refusing:
    """A channel that took no message so often in a row: from `since` on, the last time at `last` (aware)."""

    failures: int
    since: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far the news were looked through for a channel.

    `outcome` is the id of the last account's end, `merchant` the last merchant in turn ("": it begins anew).
    """

    outcome: int
    merchant: str = ""
