"""A person who decides, before each consequential click, whether it is made (单步执行)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from agent.domain.accounts import AccountKey
from agent.domain.orders import Order
from agent.domain.report import StepKind
from agent.pages.actions.focus import Focus
from agent.pages.live.page import LivePage


class Decision(StrEnum):
    """What a person can say to a click that is about to be made."""

    GO_ON = "go_on"
    SKIP_STEP = "skip_step"
    SKIP_ORDER = "skip_order"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class AboutToClick:
    """A click that is about to be made: for which step of which order, and where. `button` are the button's words."""

    account: AccountKey
    kind: StepKind
    order: Order
    button: str
    page: LivePage
    focus: Focus


class Overseer(Protocol):
    """Decides on each click; who says stop also sees to it that no further step is begun."""

    async def decide(self, click: AboutToClick) -> Decision: ...
