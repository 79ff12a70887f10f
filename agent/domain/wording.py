"""What the values of orders, steps and runs are called, in both languages."""

from collections.abc import Mapping

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.merchants import Edition
from agent.domain.orders import OrderStatus
from agent.domain.payments import Doubt
from agent.domain.report import StepKind, StepResult
from agent.domain.stage import Stage
from agent.domain.text import Text

STATUS = {
    OrderStatus.UNPAID: Text("unpaid", "待付款"),
    OrderStatus.AWAITING_CONFIRMATION: Text("awaiting confirmation", "待确认"),
    OrderStatus.COMPLETED: Text("completed", "交易成功"),
    OrderStatus.CLOSED: Text("closed", "已关闭"),
    OrderStatus.REFUNDING: Text("being refunded", "退款中"),
}
OUTCOME = {
    Outcome.OK: Text("✓ all well", "✓ 正常"),
    Outcome.FAILED: Text("✗ failed", "✗ 失败"),
    Outcome.UNKNOWN: Text("? in doubt", "? 结果不明"),
    Outcome.NEEDS_HUMAN: Text("! waits for a person", "! 需人工处理"),
}
STAGE = {
    Stage.UNPAID: Text("unpaid", "待付款"),
    Stage.AWAITING_CONFIRMATION: Text("awaiting confirmation", "待确认"),
    Stage.CONFIRMED: Text("confirmed", "已确认"),
    Stage.FILED: Text("filed, waiting", "已报备，等待期内"),
    Stage.REFUNDABLE: Text("refund may be requested", "可申请返款"),
    Stage.REQUESTED: Text("refund requested", "已申请返款"),
    Stage.PAID_OUT: Text("paid out", "已返款"),
    Stage.CLOSED: Text("closed", "已关闭"),
    Stage.REFUNDING: Text("being refunded", "退款中"),
    Stage.UNKNOWN: Text("in doubt", "结果不明"),
    Stage.NEEDS_PERSON: Text("waits for a person", "需人工处理"),
    Stage.NOT_OURS: Text("not ours", "其他软件"),
}
STEP = {
    StepKind.CONFIRM: Text("confirm", "确认"),
    StepKind.FILE: Text("file", "报备"),
    StepKind.REQUEST_REFUND: Text("request the refund", "申请返款"),
}
DOING = {
    StepKind.CONFIRM: Text("confirming", "确认"),
    StepKind.FILE: Text("filing", "报备"),
    StepKind.REQUEST_REFUND: Text("requesting the refund", "申请返款"),
}
EDITION = {
    Edition.CLASSIC: Text("classic", "历史版本"),
    Edition.CLOUD: Text("cloud", "云端版"),
    Edition.J_SERIES: Text("J series", "J系列"),
    Edition.ENTERPRISE: Text("enterprise", "企业版"),
}
RESULT = {
    StepResult.DONE: Text("done", "已完成"),
    StepResult.ALREADY: Text("done before", "此前已完成"),
    StepResult.PLANNED: Text("planned", "计划中"),
    StepResult.WAITING: Text("waits", "等待中"),
    StepResult.FAILED: Text("failed", "失败"),
    StepResult.UNKNOWN: Text("in doubt", "结果不明"),
}
DOUBT = {
    Doubt.SEVERAL: Text("several orders fit", "可对应多笔订单"),
    Doubt.SHARED: Text("another payment fits the same order", "另有到账也可对应同一订单"),
    Doubt.KNOWN: Text("it may have been recorded before", "可能之前已登记"),
    Doubt.TOO_MANY: Text("too many combinations of orders", "订单组合过多"),
    Doubt.NONE: Text("no requested refund fits", "没有对应的已申请返款"),
    Doubt.REVERSED: Text("taken back by the bank", "已被冲正"),
    Doubt.RECORDED: Text(
        "taken back by the bank, and recorded as paid before: undo that batch",
        "已被冲正，但之前已登记为到账：请撤销该批次",
    ),
}


def platform_text(account: AccountKey, titles: Mapping[str, str]) -> Text:
    """An account's platform: its id, in Chinese its title, with the label that tells two shops there apart."""
    label = f"/{account.label}" if account.label else ""
    return Text(account.local, f"{titles.get(account.platform, account.platform)}{label}")


def account_text(account: AccountKey, titles: Mapping[str, str]) -> Text:
    """An account as it is written, in Chinese by merchant and title: “m1 淘宝”."""
    return Text(str(account), f"{account.merchant_id} {platform_text(account, titles).zh}")
