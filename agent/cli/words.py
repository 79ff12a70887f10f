"""What the values of a run are called in the two languages."""

from datetime import datetime
from decimal import Decimal

from agent.cli.language import pick, say
from agent.domain.errors import Outcome
from agent.domain.orders import OrderStatus
from agent.domain.report import Action, StepKind, StepResult
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
    Stage.CONFIRMED: Text("to be filed", "待报备"),
    Stage.FILED: Text("filed, waiting", "已报备，等待期内"),
    Stage.REFUNDABLE: Text("refund may be requested", "可申请返款"),
    Stage.REQUESTED: Text("refund requested", "已申请返款"),
    Stage.PAID_OUT: Text("paid out", "已返款"),
    Stage.CLOSED: Text("closed", "已关闭"),
    Stage.REFUNDING: Text("being refunded", "退款中"),
    Stage.UNKNOWN: Text("in doubt", "结果不明"),
    Stage.NEEDS_PERSON: Text("waits for a person", "需人工处理"),
    Stage.NOT_OURS: Text("not ours", "非本公司服务"),
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
# Why a step waits; the words are those of the plan.
WAITS_FOR = {
    "too_early": Text("the back office called it too early", "会员后台提示时间未到"),
    "missing_payee": Text("no bank account is registered for this merchant", "该商家未登记收款账户"),
    "filing_differs": Text("date or amount of the filing differ from the order", "报备的日期或金额与订单不符"),
    "filing_rejected": Text("the back office rejected the filing", "会员后台驳回了报备"),
}
RENEW_CALENDAR = Text(
    "Update: pip install -U holidays; or list the notice's days in the settings under [calendar].",
    "请更新：pip install -U holidays；也可把通知中的日期写入设置的 [calendar]。",
)
_DONE = {
    StepKind.CONFIRM: Text("confirmed", "已确认"),
    StepKind.FILE: Text("filed", "已报备"),
    StepKind.REQUEST_REFUND: Text("refund requested", "已申请返款"),
}


def money(amount: Decimal, currency: str = "CNY") -> str:
    """¥1,234.50, or the currency's code where it is not yuan."""
    return f"¥{amount:,.2f}" if currency == "CNY" else f"{amount:,.2f} {currency}"


def orders(count: int) -> str:
    """How many orders."""
    return pick(f"{count} order{'' if count == 1 else 's'}", f"{count} 单")


def minute(moment: datetime) -> str:
    """A moment as orders show it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def step(action: Action) -> str:
    """What became of one step: “✓ filed”, “waits until 2026-10-13”, “✗ confirm: …”."""
    name, done = say(STEP[action.kind]), say(_DONE[action.kind])
    match action.result:
        case StepResult.DONE:
            return f"✓ {done}"
        case StepResult.ALREADY:
            return pick(f"= {done} before", f"= 此前{done}")
        case StepResult.PLANNED:
            return pick(f"› would {name}", f"› 将{name}")
        case StepResult.WAITING:
            return _waiting(action, name)
        case StepResult.FAILED | StepResult.UNKNOWN:
            return _trouble(action, say(DOING[action.kind]))


def _waiting(action: Action, name: str) -> str:
    until = pick(f" until {action.due_on}", f"至 {action.due_on} ") if action.due_on else ""
    why = say(action.text or WAITS_FOR.get(action.reason or "", Text("", "")))
    tail = pick(f": {why}", f"：{why}") if why else ""
    return pick(f"… waits{until} to {name}{tail}", f"… 等待{until}{name}{tail}")


def _trouble(action: Action, doing: str) -> str:
    why = say(action.text) if action.text else action.reason or ""
    tail = pick(f": {why}", f"：{why}") if why else ""
    if action.result is StepResult.FAILED:
        return pick(f"✗ {doing} failed{tail}", f"✗ {doing}失败{tail}")
    return pick(f"? {doing}: in doubt, the next run looks again{tail}", f"? {doing}结果不明，下次运行会再查看{tail}")
