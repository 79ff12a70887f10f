"""What can go wrong, as types. Each has a stable word (`reason`) and a sentence that says what to do next."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from agent.domain.challenges import ChallengeKind
from agent.domain.text import Text
from agent.domain.unread import UnreadRow, gaps_in


class Outcome(StrEnum):
    """How one account's run ended."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NEEDS_HUMAN = "needs_human"


class FankuanError(Exception):
    """Base of every error that an operator is meant to read."""

    reason: ClassVar[str]

    def __init__(self, message: Text, cure: Text | None = None) -> None:
        """`message` says what is the matter, `cure` what to do next."""
        super().__init__(message.then(cure).en)
        self.message, self.cure = message, cure

    @property
    def text(self) -> Text:
        """Message and cure in one."""
        return self.message.then(self.cure)


class UsageError(FankuanError):
    """The command, the settings or an input file is wrong: nothing was started, exit status 2."""

    reason = "usage"


class AccountError(FankuanError):
    """Ends the run of one account; the other accounts go on."""

    outcome: ClassVar[Outcome] = Outcome.FAILED


class BadPassword(AccountError):
    """The site refused the password. It is not tried again: accounts get locked."""

    reason = "bad_password"

    def __init__(self, title: str, said: str) -> None:
        super().__init__(
            Text(
                f"{title} refused the user name or password (“{said}”). It is not tried again before it was corrected.",
                f"{title}提示用户名或密码错误（“{said}”）。更正之前不会再次尝试登录。",
            ),
            Text(
                "Correct it with `fankuan merchants import`; import it anew, too, if it is right by now.",
                "请用 `fankuan merchants import` 更正密码；若密码现已无误，也请重新导入一次。",
            ),
        )
        self.said = said


class AccountLocked(AccountError):
    """The site says that the account is locked or restricted."""

    reason = "account_locked"
    outcome = Outcome.NEEDS_HUMAN

    def __init__(self, title: str, said: str) -> None:
        super().__init__(
            Text(
                f"{title} has locked or restricted this account (“{said}”).",
                f"该账号已被{title}锁定或限制（“{said}”）。",
            ),
            Text(
                "Log in by hand (`fankuan login`) and follow the site's steps.",
                "请人工登录（`fankuan login`），按网站提示解除。",
            ),
        )
        self.said = said


class LoginRefused(AccountError):
    """A log-in was sent and did not lead inside, nobody can tell why. It is not tried again: accounts get locked."""

    reason = "login_refused"

    def __init__(self, title: str, said: str) -> None:
        super().__init__(
            Text(
                f"A log-in was sent to {title} and did not lead inside (“{said or '-'}”). It is not tried again before "
                "somebody has looked.",
                f"向{title}提交登录后未能进入（“{said or '-'}”）。为避免账号被锁，人工处理之前不会再次尝试。",
            ),
            Text(
                "Log in by hand (`fankuan login`), or correct the password with `fankuan merchants import`; import it "
                "anew, too, if it is right.",
                "请人工登录（`fankuan login`），或用 `fankuan merchants import` 更正密码；"
                "若密码无误，也请重新导入一次。",
            ),
        )
        self.said = said


class Demand(StrEnum):
    """What sites want of an account's owner before they let anybody in. The values are reasons."""

    PASSWORD = "password_due"  # noqa: S105 - a word, not a password
    PHONE = "phone_binding"
    IDENTITY = "identity_check"
    ELSEWHERE = "logged_in_elsewhere"


_DEMANDS = {
    Demand.PASSWORD: Text("a new password is due", "需要设置新密码"),
    Demand.PHONE: Text("a phone number is to be bound to the account", "需要绑定手机号"),
    Demand.IDENTITY: Text("the owner's name is to be verified", "需要完成实名认证"),
    Demand.ELSEWHERE: Text(
        "somebody is logged in elsewhere and would be thrown out", "账号已在别处登录，继续登录会使对方下线"
    ),
}


class DemandMade(AccountError):
    """The site lets nobody in before the account's owner has done something that is not for a program."""

    outcome = Outcome.NEEDS_HUMAN

    def __init__(self, title: str, demand: Demand, said: str) -> None:
        what = _DEMANDS[demand]
        super().__init__(
            Text(
                f"{title} wants something of the account's owner first: {what.en} (“{said}”). Nothing was clicked.",
                f"{title}要求账号本人先处理：{what.zh}（“{said}”）。程序未做任何点击。",
            ),
            Text(
                "Do it yourself, in a window (`fankuan login`); give a changed password to `fankuan merchants import`.",
                "请人工登录处理（`fankuan login`）；若修改了密码，请用 `fankuan merchants import` 更新。",
            ),
        )
        self.demand, self.said = demand, said

    @property
    def reason(self) -> str:  # type: ignore[override]
        """The demand's own word, such as `password_due`."""
        return str(self.demand)


class Challenge(AccountError):
    """The site wants a person. Nothing is solved by machine."""

    outcome = Outcome.NEEDS_HUMAN

    def __init__(self, title: str, kind: ChallengeKind, said: str | None = None) -> None:
        """`said` is the page's own sentence, such as where it sent the code."""
        super().__init__(
            Text(f"{title} asks for a person: {kind.text.en}.", f"{title}需要人工验证：{kind.text.zh}。"),
            Text(
                "Nothing is solved by machine: see `fankuan challenges`, and answer with `fankuan answer ID`; this "
                "account's sync then follows by itself.",
                "程序不会破解验证。请用 `fankuan challenges` 查看，"
                "用 `fankuan answer 编号` 处理，随后该账号会自动同步。",
            ),
        )
        self.kind, self.said = kind, said

    @property
    def reason(self) -> str:  # type: ignore[override]
        """`challenge_` and the kind, such as `challenge_slider`."""
        return f"challenge_{self.kind}"


class ForeignLogin(AccountError):
    """The log-in form stands on a host that is not known to be the site's, so nothing was typed."""

    reason = "foreign_login"

    def __init__(self, title: str, shown: str, known: Sequence[str]) -> None:
        super().__init__(
            Text(
                f"The log-in form of {title} stands on {shown}, which is not known to be the site's own "
                f"({', '.join(known)} would be). Nothing was typed.",
                f"{title}的登录页出现在 {shown}，不是该网站已知的地址（{'、'.join(known)}）。未输入任何内容。",
            ),
            Text(
                "Check the network and `login_url`; if the site has moved there, set `login_url` to the address of "
                "that page.",
                "请检查网络和 login_url；若网站确已迁移，请把 login_url 设为该页面的网址。",
            ),
        )


class SessionExpired(AccountError):
    """The site logged us out, and logging in again did not help."""

    reason = "session_expired"

    def __init__(self, title: str) -> None:
        super().__init__(
            Text(
                f"{title} ended the session in the middle of the work. What was done is recorded.",
                f"处理到一半，{title}的登录已失效。已完成的部分均有记录。",
            ),
            Text("Run the sync again.", "请再次运行同步。"),
        )


class WrongShop(AccountError):
    """The shop on the page is not the account's, so the account is not worked on."""

    reason = "wrong_shop"

    def __init__(self, expected: str, shown: str | None) -> None:
        seen = shown or "-"
        super().__init__(
            Text(
                f"The page should belong to the shop “{expected}” but shows “{seen}”. Nothing is clicked there.",
                f"页面应属于店铺“{expected}”，实际显示“{seen}”，未在该店铺做任何点击。",
            ),
            Text("Correct the account's `shop` or its credentials.", "请更正该账号的店铺名（shop）或登录信息。"),
        )


class ShopNotNamed(AccountError):
    """The log-in leads to several shops, and nothing says which one is meant."""

    reason = "shop_not_named"
    outcome = Outcome.NEEDS_HUMAN

    def __init__(self, title: str, offered: str | None = None) -> None:
        super().__init__(
            Text(
                f"{title} asks which shop to open ({offered or '-'}), and the account names none.",
                f"{title}要求选择店铺（{offered or '-'}），但该账号未填写店铺名（shop）。",
            ),
            Text(
                "Answer with `fankuan answer ID NAME` (see `fankuan challenges`), or set the account's `shop`.",
                "请用 `fankuan answer 编号 店铺名` 回答（编号见 `fankuan challenges`），或填写该账号的 shop。",
            ),
        )
        self.kind, self.said = ChallengeKind.SHOP, offered


class AgreementAsked(AccountError):
    """The site wants a new agreement accepted, which only the merchant can do."""

    reason = "agreement"
    outcome = Outcome.NEEDS_HUMAN

    def __init__(self, title: str, said: str) -> None:
        super().__init__(
            Text(f"{title} wants an agreement accepted first (“{said}”).", f"{title}要求先同意协议（“{said}”）。"),
            Text(
                "Read it and accept it yourself: `fankuan answer ID` opens a window (see `fankuan challenges`).",
                "请自行阅读后同意：`fankuan answer 编号` 会打开窗口（编号见 `fankuan challenges`）。",
            ),
        )
        self.kind, self.said = ChallengeKind.AGREEMENT, said


class PageChanged(AccountError):
    """A page is not what it must be to act on it: a column, a button, a status or a number is missing or unknown."""

    reason = "page_changed"

    def __init__(self, address: str, missing: Text) -> None:
        super().__init__(
            Text(
                f"The page {address} cannot be read: {missing.en}. The account is not worked on any further.",
                f"页面 {address} 无法识别：{missing.zh}。该账号已停止处理。",
            ),
            Text("Compare the page with the picture and report it.", "请打开该页面与截图对照，并反馈给我们。"),
        )
        self.address = address
        self.missing = missing


class CellUnread(PageChanged):
    """One value of a row is not understood. `field` is its name, `shown` what the page shows there."""

    def __init__(self, address: str, missing: Text, field: str, shown: str) -> None:
        super().__init__(address, missing)
        self.field, self.shown = field, shown


class ColumnsMissing(PageChanged):
    """A list lacks columns without which it cannot be read. `unknown` are its headings that name nothing known."""

    def __init__(self, address: str, missing: Text, fields: Sequence[str], unknown: Sequence[str]) -> None:
        super().__init__(address, missing)
        self.fields, self.unknown = tuple(fields), tuple(unknown)


class NothingRead(PageChanged):
    """No row of a list is understood. `rows` are what nobody knows of them."""

    def __init__(self, address: str, rows: Sequence[UnreadRow]) -> None:
        super().__init__(address, gaps_in(rows))
        self.rows = tuple(rows)


class NoButton(PageChanged):
    """The row of an order has no 确认, and nothing in it leads to one."""

    def __init__(self, address: str) -> None:
        super().__init__(address, Text("the row has no button 确认", "该行没有“确认”按钮"))


class DialogDeclined(PageChanged):
    """What followed a click is not about the order, or asks for money. It was declined: nothing was sent."""


class PageMoved(DialogDeclined):
    """The page went on by itself right before the first click of a step: nothing was clicked."""


class ChoiceUnclear(DialogDeclined):
    """A form has a choice that cannot be set to what is ours, or that nobody understands. Nothing was sent."""

    reason = "choice_unclear"

    def __init__(self, address: str, choice: str) -> None:
        missing = Text(
            f"the choice “{choice}” of the form cannot be set to what is registered",
            f"表单中的选项“{choice}”无法确定应选哪一项",
        )
        super().__init__(address, missing)
        self.message = Text(
            f"The form on {address} has a choice “{choice}” that could send something else than is registered, or the "
            "money to another account. Nothing was sent.",
            f"页面 {address} 的表单中有选项“{choice}”，无法确定应选哪一项，贸然提交可能报错内容或把款项打到别的账户。"
            "未提交任何内容。",
        )
        self.cure = Text(
            "Look at the picture, do this step by hand, and report it.", "请查看截图，人工完成这一步，并反馈给我们。"
        )


class FormDiffers(DialogDeclined):
    """What the form was about to send is not what was filled in. It was held back: nothing was sent."""

    reason = "form_differs"

    def __init__(self, address: str, what: Text) -> None:
        super().__init__(address, what)
        self.message = Text(
            f"The form on {address} does not send what was filled in: {what.en}. It was held back, nothing was sent.",
            f"页面 {address} 的表单提交的内容与所填不符：{what.zh}。已拦截，未提交。",
        )
        self.cure = Text("Do this step by hand, and report it.", "请人工完成这一步，并反馈给我们。")


class SiteUnavailable(AccountError):
    """The site did not answer, or answered with an error, several times in a row."""

    reason = "site_unavailable"

    def __init__(self, address: str, said: str) -> None:
        super().__init__(
            Text(f"{address} is not available ({said}).", f"{address} 暂时无法访问（{said}）。"),
            Text(
                "Try again later; check the network if other sites fail too.",
                "请稍后再试；若其他网站也打不开，请检查网络。",
            ),
        )


class WrongAddress(AccountError):
    """Nothing of the site stands at an address: it is not found there, or the page is for sale."""

    reason = "wrong_address"

    def __init__(self, address: str, setting: str, said: str) -> None:
        """`setting` names what may have to be corrected, such as `login_url`."""
        super().__init__(
            Text(f"There is no such page at {address} ({said}).", f"{address} 没有相应的页面（{said}）。"),
            Text(
                f"Open it in a browser, and correct `{setting}` of this site in the settings.",
                f"请在浏览器中打开核对，并更正设置中该网站的 {setting}。",
            ),
        )


class PageStuck(SiteUnavailable):
    """A page froze, grew without end or never came to rest, so its window was closed, or is not waited for again."""


class SiteBusy(SiteUnavailable):
    """The site answered a log-in by saying that it is in trouble itself; nothing but its words shows it."""

    def __init__(self, address: str, said: str) -> None:
        super().__init__(address, said)
        self.said = said


class SiteRefused(SiteUnavailable):
    """The site answered, and refused what a page asked it for. A session that is over can look like that, too."""


class RunStopped(AccountError):
    """The browser died, or the run was interrupted. Begun steps are unknown until the next run has looked."""

    reason = "interrupted"
    outcome = Outcome.UNKNOWN

    def __init__(self, what: str) -> None:
        super().__init__(
            Text(f"The run was cut short ({what}).", f"运行被中断（{what}）。"),
            Text("Run the sync again: it looks before it acts.", "请再次运行同步：程序会先查看，再操作。"),
        )


class NoEvidence(AccountError):
    """A picture or a record could not be kept, so the step was not gone on with: no click without evidence."""

    reason = "no_evidence"

    def __init__(self, said: str) -> None:
        super().__init__(
            Text(
                f"Evidence cannot be kept ({said}), and nothing is clicked without it.",
                f"凭证截图无法保存（{said}）；没有凭证就不点击。",
            ),
            Text(
                "Make room on the disk, or correct `evidence_folder` or [evidence_store] (see `fankuan doctor`); then "
                "run the sync again.",
                "请清理磁盘，或更正 evidence_folder、[evidence_store]（可用 `fankuan doctor` 检查），然后再次同步。",
            ),
        )


class BrowserFailed(AccountError):
    """The browser was found but did not start."""

    reason = "browser_failed"

    def __init__(self, said: str) -> None:
        super().__init__(
            Text(f"The browser did not start ({said}).", f"浏览器启动失败（{said}）。"),
            Text(
                "Run `fankuan doctor`; a very long TMPDIR is one known cause.",
                "请运行 `fankuan doctor` 检查；TMPDIR 路径过长是常见原因之一。",
            ),
        )


class AccountBusy(AccountError):
    """Another process works on this merchant right now."""

    reason = "busy"

    def __init__(self, merchant: str) -> None:
        super().__init__(
            Text(
                f"Another fankuan works on merchant {merchant} right now.",
                f"另一个 fankuan 正在处理商家 {merchant}。",
            ),
            Text("Wait until it has ended.", "请等它结束后再试。"),
        )


_ORDER_LIST = Text("the order list", "订单列表")


class NotConfigured(AccountError):
    """An address that no public source tells has not been set."""

    reason = "not_configured"

    def __init__(self, setting: str, title: str, page: Text = _ORDER_LIST) -> None:
        super().__init__(
            Text(
                f"{setting} is not set, and no public source tells the address of {page.en} of {title}.",
                f"未设置 {setting}：{title}{page.zh}的网址没有公开资料。",
            ),
            Text(
                "Open that page in a browser and copy its address into the settings.",
                "请在浏览器中打开该页面，把网址填入设置。",
            ),
        )


class WayNotFound(AccountError):
    """The page that is needed was not found by way of the menus, within the bounds."""

    reason = "way_not_found"

    def __init__(self, site: str, page: Text, setting: str, tried: Sequence[str]) -> None:
        entries = "、".join(f"“{t}”" for t in tried) or "-"
        super().__init__(
            Text(
                f"{page.en} of {site} was not found by way of its menus; followed were {entries}. Nothing was changed.",
                f"未能通过菜单找到{site}的{page.zh}，已尝试：{entries}。程序未做任何改动。",
            ),
            Text(
                f"Open the page in a browser, copy its address into {setting}, and tell us what its menu is called.",
                f"请在浏览器中打开该页面，把网址填入 {setting}，并告诉我们菜单的名称。",
            ),
        )


class SentOnTheWay(AccountError):
    """A menu entry that should only lead on made the page want to send something. It was kept from it."""

    reason = "sent_on_the_way"

    def __init__(self, address: str, pressed: str, sent: str) -> None:
        super().__init__(
            Text(
                f"On the way through the menus “{pressed}” on {address} wanted to send {sent}. It was kept from it, "
                "and the search ended.",
                f"查找页面时，点击 {address} 上的“{pressed}”试图发送 {sent}，已拦截，未发送，查找就此停止。",
            ),
            Text(
                "Open the page that is needed in a browser and copy its address into the settings.",
                "请在浏览器中打开所需页面，把网址填入设置。",
            ),
        )
        self.pressed, self.sent = pressed, sent


class PaymentAsked(AccountError):
    """A page that is not meant for paying asks for money. Nothing is bought."""

    reason = "asks_for_money"
    outcome = Outcome.NEEDS_HUMAN

    def __init__(self, address: str, said: str) -> None:
        super().__init__(
            Text(
                f"The page {address} asks for money (“{said}”). Nothing was clicked, and nothing is ever bought.",
                f"页面 {address} 涉及付款（“{said}”）。未做任何点击，程序从不付款。",
            ),
            Text("Look at it yourself.", "请人工查看。"),
        )


class NoLogin(AccountError):
    """An account without a user name and a password, on a platform that is not gone."""

    reason = "no_login"

    def __init__(self, title: str) -> None:
        super().__init__(
            Text(f"No user name and password are registered for {title}.", f"未登记{title}的用户名和密码。"),
            Text("Add them with `fankuan merchants import`.", "请用 `fankuan merchants import` 补充。"),
        )
