"""What the values of orders, steps and runs are called, in both languages."""

from agent.domain.errors import Outcome
from agent.domain.orders import OrderStatus
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
# Why a step waits, failed or is in doubt: the sentence for each stable word of the plan and of the loop.
WHY = {
    "too_early": Text("the back office called it too early", "会员后台提示时间未到"),
    "missing_payee": Text("no bank account is registered for this merchant", "该商家未登记收款账户"),
    "filing_differs": Text("date or amount of the filing differ from the order", "报备的日期或金额与订单不符"),
    "filing_rejected": Text("the back office rejected it", "会员后台已驳回"),
    "filing_incomplete": Text("the filing lacks its date or amount", "报备缺少日期或金额"),
    "filing_vanished": Text(
        "it was filed before, and the back office no longer lists it", "之前已报备，但会员后台已不再列出"
    ),
    "not_listed_yet": Text(
        "what was accepted is not listed yet; it is looked for again", "网站已接受，列表尚未显示，之后会再次查看"
    ),
    "not_listed": Text("no list has shown it for days: look it up by hand", "列表多日未显示，请人工查询"),
    "filed_wrongly": Text("the list shows something else than was to be filed", "列表显示的报备内容与应报备的不符"),
    "requested_wrongly": Text(
        "the list shows another refund than was to be requested", "列表显示的返款申请与应申请的不符"
    ),
    "confirmed_wrongly": Text("the list shows another order as confirmed", "列表显示确认的是另一笔订单"),
    "held_back": Text(
        "another step of this kind went wrong; none is sent in this run", "同类操作出现差异，本次暂不发送"
    ),
    "undone": Text(
        "it was done before, and the list shows it as not done: look it up by hand",
        "之前已完成，但列表显示未完成，请人工查询",
    ),
    "foreign_currency": Text("the amount is not in yuan: file it by hand", "金额不是人民币，请人工报备"),
    "partial": Text(
        "only a part of the list could be read, so it may be done already", "列表未读全，无法判断是否已做过"
    ),
    "refused": Text("the site refused it", "网站拒绝了该操作"),
    "site_unavailable": Text("the site had trouble of its own each time", "网站多次自身出错"),
    "unknown": Text("no page says how it ended", "页面未显示其结果"),
}
RESULT = {
    StepResult.DONE: Text("done", "已完成"),
    StepResult.ALREADY: Text("done before", "此前已完成"),
    StepResult.PLANNED: Text("planned", "计划中"),
    StepResult.WAITING: Text("waits", "等待中"),
    StepResult.FAILED: Text("failed", "失败"),
    StepResult.UNKNOWN: Text("in doubt", "结果不明"),
}
