"""What the ledger refuses."""

from agent.domain.accounts import AccountKey
from agent.domain.errors import AccountError, Outcome
from agent.domain.text import Text


class IntentAlreadyOpen(AccountError):
    """The same step was begun before and it is not known how it ended; it must not be begun again until that is."""

    reason = "in_doubt"
    outcome = Outcome.UNKNOWN

    def __init__(self, account: AccountKey, kind: str, order_key: str) -> None:
        super().__init__(
            Text(
                f"The step “{kind}” of order {order_key} ({account}) was begun before and not closed. "
                "Run the sync again: it looks at the page first.",
                f"订单 {order_key}（{account}）的步骤“{kind}”此前已开始但未结束。请再次运行同步：它会先查看页面。",
            )
        )


class LeaseLost(AccountError):
    """Another process took the work over, for this one was not heard of for too long."""

    reason = "taken_over"
    outcome = Outcome.UNKNOWN

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(
                f"{name} was taken over by another fankuan, for this one was not heard of for a while. This one "
                "has stopped; the other one goes on.",
                f"{name} 已由另一个 fankuan 接管（本进程长时间无响应）。此处停止处理，由对方继续。",
            )
        )


class IntentNotOpen(AccountError):
    """The intent is closed already, or there is none."""

    reason = "intent_not_open"
    outcome = Outcome.UNKNOWN

    def __init__(self, intent_id: int) -> None:
        super().__init__(
            Text(
                f"Step {intent_id} is not open: another process closed it. Run the sync again.",
                f"步骤 {intent_id} 不处于进行中：已被其他进程结束。请再次运行同步。",
            )
        )
