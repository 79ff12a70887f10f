"""What the ledger answers with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.doubt import Heard
from agent.domain.errors import Outcome
from agent.domain.merchants import Edition
from agent.domain.orders import FilingStatus, Order
from agent.domain.reasons import Explanation
from agent.domain.report import StepKind
from agent.domain.schedule import DueReason
from agent.domain.stage import Stage
from agent.domain.text import Text


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
    """A process that takes up what is due: `serve` or `worker`, on which host, for how many merchants at a time.

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
class Picture:
    """A picture of the evidence: where it is kept, the SHA-256 of its content, what it shows, of which page."""

    place: str
    sha256: str
    role: Literal["before", "after", "failure"]
    address: str


@dataclass(frozen=True, slots=True)
class RunEvidence:
    """What a run's evidence is about: `of_money` if a consequential step is in it, `in_doubt` while one is open."""

    run_id: str
    started_at: datetime
    finished: bool
    of_money: bool
    in_doubt: bool


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
class LastRun:
    """How the newest run ended for one account. `told` is what people were told of it, `evidence` the pictures' places.

    `ended_at` is in Asia/Shanghai.
    """

    account: AccountKey
    run_id: str
    dry_run: bool
    outcome: Outcome
    reason: str | None
    ended_at: datetime
    evidence: tuple[str, ...] = ()
    told: Explanation | None = None

    @property
    def text(self) -> Text | None:
        """What was the matter, if it was told."""
        return self.told.message if self.told else None

    @property
    def cure(self) -> Text | None:
        """What was to be done, if it was told."""
        return self.told.cure if self.told else None


@dataclass(frozen=True, slots=True)
class AccountRunEnd:
    """How one run ended for one account, and how many of its steps were done, failed or are in doubt.

    `message` is the English sentence that was kept, without secrets. Moments are in Asia/Shanghai.
    """

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    started_by: str
    dry_run: bool
    account: AccountKey
    outcome: Outcome
    reason: str | None
    message: str | None
    recorded_at: datetime
    done: int
    in_trouble: int


@dataclass(frozen=True, slots=True)
class Streak:
    """An account whose last `length` runs failed, the first of them the run `since`; the rest is the newest's."""

    account: AccountKey
    length: int
    since: str
    reason: str | None
    text: Text | None = None
    cure: Text | None = None
    evidence: tuple[str, ...] = ()


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


# The reasons with which a log-in is kept that is not refused: it was sent, or the site spoke of trouble of its own.
PENDING_LOGINS = ("login_sent", "login_busy")


@dataclass(frozen=True, slots=True)
class RefusedLogin:
    """A log-in that a site refused. `fingerprint` tells it from the one that may have taken its place."""

    fingerprint: SecretStr
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session that is thought to be alive. `state` is what it was kept with."""

    id: int
    state: SecretStr


@dataclass(frozen=True, slots=True)
class CarriedSession:
    """A session on its way to another machine, with what it was kept with. Times are aware."""

    account: AccountKey
    issued_at: datetime
    proven_at: datetime
    state: SecretStr


@dataclass(frozen=True, slots=True)
class KnownSession:
    """A session without what opens it. Times are in Asia/Shanghai.

    `expected_end` is when sessions of that site were found dead at the latest, three times out of four; None before
    three were.
    """

    account: AccountKey
    issued_at: datetime
    proven_at: datetime
    expected_end: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is to be asked. `message` is the page's own sentence, `lasts` how long an answer is of use.

    `held`: a page is open and takes the answer as soon as it is there.
    """

    account: AccountKey
    kind: ChallengeKind
    message: str | None = None
    picture: str | None = None
    lasts: timedelta | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class KnownChallenge:
    """A challenge that waits for a person. Times are in Asia/Shanghai.

    Until `held_until`, if it is set, an open page waits for the answer. `answered`: one is there and was not used yet.
    """

    id: int
    account: AccountKey
    kind: ChallengeKind
    message: str | None
    picture: str | None
    asked_at: datetime
    deadline: datetime | None
    held_until: datetime | None
    attempts: int
    answered: bool
