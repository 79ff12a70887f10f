"""Why a step or an account ended as it did: the sentence and the cure for each stable word of the plan and the loop."""

from dataclasses import dataclass
from typing import Protocol

from agent.domain.text import Text


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is the matter, and what to do about it (None: nothing)."""

    message: Text
    cure: Text | None = None

    @property
    def text(self) -> Text:
        """Both in one."""
        return self.message.then(self.cure)


class Ended(Protocol):
    """A step or an account that has ended: the stable word, and what is told besides."""

    @property
    def reason(self) -> str | None:
        """The stable word; None if all is well."""

    @property
    def text(self) -> Text | None:
        """What is the matter, if it is known more closely than the word says."""

    @property
    def cure(self) -> Text | None:
        """What to do, likewise."""


LOOK = Text("Look at the evidence, and run the sync again.", "请查看凭证截图，然后再次运行同步。")
CORRECT = Text("Correct it, and run the command again.", "请更正后重新运行该命令。")
_WAIT = Text("Nothing is to be done: the next runs look again by themselves.", "无需处理，之后会自动再次查看。")
_PAYEE = Text(
    "Add the merchant's payee with `fankuan merchants import`.", "请用 `fankuan merchants import` 补充收款账户。"
)
_BACK_OFFICE = Text("Look it up in the back office, and correct it there.", "请到会员后台核对并更正。")
_BY_HAND = Text("Correct it by hand on the site.", "请到网站人工更正。")
_SITE = Text("Resolve it on the site.", "请到该网站处理。")

REASONS = {
    "too_early": Explanation(Text("The back office called it too early.", "会员后台提示时间未到。"), _WAIT),
    "skipped": Explanation(
        Text("A person skipped this step before anything was clicked.", "人工跳过了此步，未做点击。"),
        Text("Run the sync again to take it.", "需要执行时请再次运行同步。"),
    ),
    "paused": Explanation(
        Text("The merchant or the account is paused, so it was not looked at.", "该商家或账号已暂停，未作处理。"),
        Text(
            "`fankuan merchants resume` or `fankuan accounts resume` resumes it.",
            "用 `fankuan merchants resume` 或 `fankuan accounts resume` 恢复。",
        ),
    ),
    "shop_unknown": Explanation(
        Text(
            "Nothing names the shop to file under: neither the order, the account nor the page.",
            "不知道以哪家店铺报备：订单、账号和页面都没有店铺名称。",
        ),
        Text(
            "Name it: `fankuan accounts edit ACCOUNT shop=NAME`, or `fankuan merchants edit ID file_as=NAME`.",
            "请指定：`fankuan accounts edit 账号 shop=店铺名`，或 `fankuan merchants edit 商家 file_as=店铺名`。",
        ),
    ),
    "missing_payee": Explanation(
        Text("No bank account is registered for this merchant.", "该商家未登记收款账户。"), _PAYEE
    ),
    "filing_differs": Explanation(
        Text("Date or amount of the filing differ from the order.", "报备的日期或金额与订单不符。"), _BACK_OFFICE
    ),
    "filing_rejected": Explanation(
        Text("The back office rejected the filing.", "报备已被会员后台驳回。"), _BACK_OFFICE
    ),
    "filing_incomplete": Explanation(
        Text("The filing lacks its date or amount.", "报备缺少日期或金额。"), _BACK_OFFICE
    ),
    "filing_vanished": Explanation(
        Text("It was filed before, and the back office no longer lists it.", "之前已报备，会员后台现在不再列出。"),
        Text("Look it up in the back office by hand.", "请到会员后台人工核实。"),
    ),
    "not_listed_yet": Explanation(Text("What was accepted is not listed yet.", "网站已受理，列表中尚未显示。"), _WAIT),
    "not_listed": Explanation(
        Text("No list has shown it for days.", "列表已多日未显示。"), Text("Look it up by hand.", "请人工查询。")
    ),
    "filed_wrongly": Explanation(
        Text("The list shows something else than was to be filed.", "列表显示的报备内容与应报备的不符。"), _BACK_OFFICE
    ),
    "requested_wrongly": Explanation(
        Text("The list shows another refund than was to be requested.", "列表显示的返款申请与应申请的不符。"),
        _BACK_OFFICE,
    ),
    "confirmed_wrongly": Explanation(
        Text("The list shows another order as confirmed.", "列表显示被确认的是另一笔订单。"), _BY_HAND
    ),
    "held_back": Explanation(
        Text(
            "Another step of this kind went wrong, so none is sent in this run.", "同类操作出现差异，本次运行暂不提交。"
        ),
        Text("Mend the other one first; the next run goes on.", "请先处理出错的那一笔，下次运行会继续。"),
    ),
    "undone": Explanation(
        Text("It was done before, and the list shows it as not done.", "之前已完成，列表却显示未完成。"),
        Text("Look it up by hand.", "请人工查询。"),
    ),
    "foreign_currency": Explanation(
        Text("The amount is not in yuan.", "金额不是人民币。"), Text("File it by hand.", "请人工报备。")
    ),
    "partial": Explanation(
        Text("Only a part of the list could be read, so it may be done already.", "列表未读全，可能此前已经做过。"),
        Text("Look at that page with `fankuan sync --headed`.", "请用 `fankuan sync --headed` 查看该页面。"),
    ),
    "refused": Explanation(Text("The site refused it.", "网站未受理该操作。"), _SITE),
    "site_unavailable": Explanation(
        Text("The site had trouble of its own each time.", "网站自身多次出错。"),
        Text("Try again later.", "请稍后再试。"),
    ),
    "unknown": Explanation(
        Text("No page says how it ended.", "没有页面显示其结果。"),
        Text("The next run looks again before it acts.", "下次运行会先查看，再操作。"),
    ),
    "not_started": Explanation(
        Text("The work did not even begin.", "处理未能开始。"),
        Text("Run `fankuan doctor`, and look into the log.", "请运行 `fankuan doctor` 检查，并查看日志。"),
    ),
    "not_logged_in": Explanation(
        Text("Nobody logged in in time.", "未在规定时间内完成登录。"), Text("Try again.", "请重试。")
    ),
    "account_locked": Explanation(
        Text("The site has locked or restricted this account.", "该账号已被网站锁定或限制。"),
        Text("Log in by hand (`fankuan login`).", "请人工登录（`fankuan login`）并按网站提示解除。"),
    ),
}


def explain_told(reason: str | None, told: Explanation | None) -> Explanation | None:
    """What was told of an end, else the usual sentence of its word; None if there is neither."""
    return told or (REASONS.get(reason, Explanation(Text(reason, reason))) if reason else None)


def explain(ended: Ended) -> Explanation | None:
    """Why it ended so; None if there is no reason. A word without a sentence is told as it is."""
    if ended.reason is None:
        return Explanation(ended.text, ended.cure) if ended.text else None
    usual = REASONS.get(ended.reason, Explanation(Text(ended.reason, ended.reason)))
    return Explanation(ended.text or usual.message, ended.cure or usual.cure)
