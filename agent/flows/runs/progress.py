"""What a sync tells while it runs."""

from typing import Protocol

from agent.domain.report import AccountReport, Action, StepKind
from agent.domain.text import Text


class RunProgress(Protocol):
    """Is told what happens; must not raise."""

    def account_started(self, merchant: str, platform: str) -> None: ...

    def stage(self, merchant: str, platform: str, text: Text) -> None: ...

    def step_started(self, merchant: str, platform: str, kind: StepKind, order_no: str | None) -> None: ...

    def step_ended(self, merchant: str, platform: str, action: Action) -> None: ...

    def account_ended(self, report: AccountReport) -> None: ...
