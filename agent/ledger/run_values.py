"""What the ledger answers on runs: how they ended, what went wrong several times, and their evidence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.reasons import Explanation
from agent.domain.text import Text


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
