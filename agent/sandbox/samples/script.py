"""Which orders the sample merchants have: a role for each line of their lists, before chance fills in the rest."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from agent.sandbox.core.model import (
    AWAITING,
    CLOSED,
    COMPLETED,
    FILED,
    PAID_OUT,
    REFUNDING,
    REJECTED,
    REQUESTED,
    UNPAID,
)
from agent.sandbox.samples import workdays

Edition = Literal["classic", "cloud", "j_series", "enterprise"]
OURS: dict[Edition, tuple[str, str]] = {
    "cloud": ("网店管家云端版", "FW_GOODS-1870412"),
    "j_series": ("网店管家J系列", "FW_GOODS-1870413"),
    "classic": ("网店管家", "FW_GOODS-1870413"),
    "enterprise": ("网店管家", "FW_GOODS-1870413"),
}
LOOKALIKES = [
    ("网店管家云端版助手", "FW_GOODS-1870422"),
    ("网店小管家", "FW_GOODS-1870499"),
    ("管家婆网店版", "FW_GOODS-1519022"),
]
OTHERS = [("快递助手", "FW_GOODS-1002931"), ("生意参谋", "FW_GOODS-1000417"), ("超级店长", "FW_GOODS-1143350")]

STATUS_OF = {  # roles that are not here are completed
    "awaiting": AWAITING,
    "unpaid": UNPAID,
    "refunding": REFUNDING,
    "closed": CLOSED,
    "other_awaiting": AWAITING,
    "lookalike_awaiting": AWAITING,
}
FILING_OF = {  # what the back office already holds
    "too_early": FILED,
    "refundable": FILED,
    "no_date": FILED,
    "requested": REQUESTED,
    "paid_out": PAID_OUT,
    "rejected": REJECTED,
}

FRESH = ["awaiting", "too_early", "unpaid", "lookalike_awaiting", "other_awaiting"]
MIDDLE = ["unfiled", "gift", "other", "lookalike", "other"]
OLD = ["awaiting", "no_date", "refundable", "paid_out", "refunding", "closed", "other_awaiting"]
EXTRA_MIDDLE = [[], [], ["upgrade"]]
EXTRA_OLD = [["awaiting"], ["paid_out"] * 5 + ["rejected", "requested"], ["paid_out"]]


@dataclass(frozen=True, slots=True)
class Part:
    role: str
    age: int  # days before today

    @property
    def ours(self) -> bool:
        return not self.role.startswith(("other", "lookalike"))

    @property
    def status(self) -> str:
        return STATUS_OF.get(self.role, COMPLETED)


def parts(index: int, rng: Random, today: date) -> list[Part]:
    """The lines of merchant `index`: ten or more are newer than the old ones, so those begin on page 2."""
    shape = index % 3
    extra = [] if shape == 1 else ["other"] * rng.randint(1, 3)
    fresh = [Part(role, rng.randint(1, 3)) for role in FRESH]
    middle = [Part(role, rng.randint(9, 24)) for role in MIDDLE + EXTRA_MIDDLE[shape]]
    old = [Part(role, rng.randint(26, 330)) for role in OLD + EXTRA_OLD[shape] + extra]
    return [_on_the_edge(part, today) if shape == 1 else part for part in fresh + middle + old]


def _on_the_edge(part: Part, today: date) -> Part:
    """One order falls due today, another on the next working day."""
    edge = (today - workdays.latest_due("淘宝", today)).days
    ages = {"unfiled": edge, "too_early": edge - 1}
    return Part(part.role, ages.get(part.role, part.age))
