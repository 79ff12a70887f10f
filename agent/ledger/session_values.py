"""What the ledger answers on log-ins: sessions that are kept, log-ins that were refused, challenges that wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind

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
