"""The sentences for what can go wrong with an account, in both languages, filled in with the facts of an error."""

from collections.abc import Sequence
from string import Formatter
from typing import Any

from agent.domain import errors, page_errors
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import AccountError
from agent.domain.login_errors import Demand
from agent.domain.login_wording import DEMANDS, LOG_INS
from agent.domain.reasons import REASONS, Explanation
from agent.domain.text import Language, Text

_UNREADABLE = Text(
    "The page {address} cannot be read: {missing}. The account is not worked on any further.",
    "页面 {address} 无法识别：{missing}。该账号已停止处理。",
)

_PAGES = {
    page_errors.PageChanged: Explanation(
        _UNREADABLE, Text("Compare the page with the picture and report it.", "请打开该页面与截图对照，并反馈给我们。")
    ),
    page_errors.LoginFormMissing: Explanation(
        _UNREADABLE,
        Text(
            "Look whether `login_url` of this site in the settings is the address of its log-in page; if it is, "
            "compare the page with the picture and report it.",
            "请核对设置中该网站的 login_url 是否为登录页网址；若无误，请对照截图并反馈给我们。",
        ),
    ),
    page_errors.ChoiceUnclear: Explanation(
        Text(
            "The form on {address} has a choice “{choice}” that could send something else than is registered, or the "
            "money to another account. Nothing was sent.",
            "页面 {address} 的表单中有选项“{choice}”，无法确定应选哪一项，贸然提交可能报备有误或打款到别的账户。"
            "未提交任何内容。",
        ),
        Text("Look at the picture, do this step by hand, and report it.", "请查看截图，人工完成这一步，并反馈给我们。"),
    ),
    page_errors.FormDiffers: Explanation(
        Text(
            "The form on {address} does not send what was filled in: {missing}. It was held back, nothing was sent.",
            "页面 {address} 的表单提交的内容与所填不符：{missing}。已拦截，未提交。",
        ),
        Text("Do this step by hand, and report it.", "请人工完成这一步，并反馈给我们。"),
    ),
    page_errors.StepSkipped: REASONS["skipped"],
    page_errors.PaymentAsked: Explanation(
        Text(
            "The page {address} asks for money (“{message}”). Nothing was clicked, and nothing is ever bought.",
            "页面 {address} 涉及付款（“{message}”）。程序未做任何点击，也从不付款。",
        ),
        Text("Look at it yourself.", "请人工查看。"),
    ),
}

_SITES = {
    errors.SiteUnavailable: Explanation(
        Text("{address} is not available ({message}).", "{address} 暂时无法访问（{message}）。"),
        Text(
            "Try again later; check the network if other sites fail too.",
            "请稍后再试；若其他网站也打不开，请检查网络。",
        ),
    ),
    errors.WrongAddress: Explanation(
        Text("There is no such page at {address} ({message}).", "{address} 没有相应的页面（{message}）。"),
        Text(
            "Open it in a browser, and correct `{setting}` of this site in the settings.",
            "请在浏览器中打开核对，并更正设置中该网站的 {setting}。",
        ),
    ),
    errors.NotConfigured: Explanation(
        Text(
            "{setting} is not set, and no public source tells the address of {page} of {title}.",
            "未设置 {setting}：{title}{page}的网址没有公开资料。",
        ),
        Text(
            "Open that page in a browser and copy its address into the settings.",
            "请在浏览器中打开该页面，把网址填入设置。",
        ),
    ),
    errors.WayNotFound: Explanation(
        Text(
            "{page} of {title} was not found by way of its menus; followed were {entries}. Nothing was changed.",
            "未能通过菜单找到{title}的{page}，已尝试：{entries}。程序未做任何改动。",
        ),
        Text(
            "Open the page in a browser, copy its address into {setting}, and tell us what its menu is called.",
            "请在浏览器中打开该页面，把网址填入 {setting}，并告诉我们菜单的名称。",
        ),
    ),
    errors.SentOnTheWay: Explanation(
        Text(
            "On the way through the menus “{pressed}” on {address} wanted to send {sent}. It was kept from it, "
            "and the search ended.",
            "查找页面时，点击 {address} 上的“{pressed}”试图发送 {sent}，已拦截，未发送，查找就此停止。",
        ),
        Text(
            "Open the page that is needed in a browser and copy its address into the settings.",
            "请在浏览器中打开所需页面，把网址填入设置。",
        ),
    ),
}

_HERE = {
    errors.RunStopped: Explanation(
        Text("The run was cut short ({cause}).", "运行被中断（{cause}）。"),
        Text("Run the sync again: it looks before it acts.", "请再次运行同步：程序会先查看，再操作。"),
    ),
    errors.NoEvidence: Explanation(
        Text(
            "Evidence cannot be kept ({cause}), and nothing is clicked without it.",
            "凭证截图无法保存（{cause}）；没有凭证就不点击。",
        ),
        Text(
            "Make room on the disk, or correct `evidence_folder` or [evidence_store] (see `fankuan doctor`); then "
            "run the sync again.",
            "请清理磁盘，或更正 evidence_folder、[evidence_store]（可用 `fankuan doctor` 检查），然后再次同步。",
        ),
    ),
    errors.BrowserFailed: Explanation(
        Text("The browser did not start ({cause}).", "浏览器启动失败（{cause}）。"),
        Text(
            "Run `fankuan doctor`; a very long TMPDIR is one known cause.",
            "请运行 `fankuan doctor` 检查；TMPDIR 路径过长是常见原因之一。",
        ),
    ),
    errors.AccountBusy: Explanation(
        Text("Another fankuan works on merchant {merchant} right now.", "另一个 fankuan 正在处理商家 {merchant}。"),
        Text("Wait until it has ended.", "请等它结束后再试。"),
    ),
    errors.IntentAlreadyOpen: Explanation(
        Text(
            "The step “{kind}” of order {order_key} ({account}) was begun before and not closed. "
            "Run the sync again: it looks at the page first.",
            "订单 {order_key}（{account}）的步骤“{kind}”此前已开始但未结束。请再次运行同步：它会先查看页面。",
        )
    ),
    errors.IntentNotOpen: Explanation(
        Text(
            "Step {intent_id} is not open: another process closed it. Run the sync again.",
            "步骤 {intent_id} 已不在进行中：已由其他进程结束。请再次运行同步。",
        )
    ),
    errors.LeaseLost: Explanation(
        Text(
            "{name} was taken over by another fankuan, for this one was not heard of for a while. This one "
            "has stopped; the other one goes on.",
            "{name} 已由另一个 fankuan 接管（本进程长时间无响应）。此处停止处理，由对方继续。",
        )
    ),
}

_WORDING: dict[type[AccountError], Explanation] = {**LOG_INS, **_PAGES, **_SITES, **_HERE}


def explained(error: AccountError) -> Explanation:
    """Return what is the matter and what to do about it. Raise KeyError for a type that nobody has worded."""
    wording = next((_WORDING[kind] for kind in type(error).__mro__ if kind in _WORDING), None)
    if wording is None:
        raise KeyError(type(error).__name__)
    return Explanation(_filled(wording.message, error), _filled(wording.cure, error) if wording.cure else None)


def _filled(sentence: Text, error: AccountError) -> Text:
    return Text(_Facts(error, "en").format(sentence.en), _Facts(error, "zh").format(sentence.zh))


class _Facts(Formatter):
    """Fills in the facts of an error, as one language spells them."""

    def __init__(self, error: AccountError, language: Language) -> None:
        self._error, self._language = error, language

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Any) -> str:  # noqa: ANN401 - as the base has it
        return _spelt(getattr(self._error, str(key)), self._language)


def _spelt(fact: object, language: Language) -> str:
    match fact:
        case None | "":
            return "-"
        case Text():
            return fact.spoken(language)
        case Demand():
            return DEMANDS[fact].spoken(language)
        case ChallengeKind():
            return fact.text.spoken(language)
        case list() | tuple():
            return (", " if language == "en" else "、").join(fact)
        case _:
            return str(fact)
