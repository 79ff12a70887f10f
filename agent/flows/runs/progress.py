"""What a sync tells while it runs."""

from typing import Protocol

from agent.domain.accounts import AccountKey
from agent.domain.report import AccountReport, Action, StepKind
from agent.domain.text import Text


class RunProgress(Protocol):
    """Is told what happens; must not raise."""

    def account_started(self, account: AccountKey) -> None: ...

    def stage(self, account: AccountKey, text: Text) -> None: ...

    def step_started(self, account: AccountKey, kind: StepKind, order_no: str | None) -> None: ...

    def step_ended(self, account: AccountKey, action: Action) -> None: ...

    def account_ended(self, report: AccountReport) -> None: ...


class Unheard:
    """Tells no one."""

    def account_started(self, account: AccountKey) -> None: ...

    def stage(self, account: AccountKey, text: Text) -> None: ...

    def step_started(self, account: AccountKey, kind: StepKind, order_no: str | None) -> None: ...

    def step_ended(self, account: AccountKey, action: Action) -> None: ...

    def account_ended(self, report: AccountReport) -> None: ...
