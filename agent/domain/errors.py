"""What can go wrong, as types. Each has a stable word (`reason`) and facts; `error_wording.py` makes the sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import ClassVar

from agent.domain.accounts import AccountKey
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


class WordedError(FankuanError):
    """An error that is worded where it is raised: there are too many kinds of it for a type each."""

    def __init__(self, message: Text, cure: Text | None = None) -> None:
        """`message` says what is the matter, `cure` what to do next."""
        super().__init__(message.then(cure).en)
        self.message, self.cure = message, cure

    @property
    def text(self) -> Text:
        """Message and cure in one."""
        return self.message.then(self.cure)


class UsageError(WordedError):
    """The command, the settings or an input file is wrong: nothing was started, exit status 2."""

    reason = "usage"


@dataclass(eq=False)
class AccountError(FankuanError):
    """Ends the run of one account; the other accounts go on. `str` gives the reason and the facts, for the log.

    A `title` is what the site is called, a `message` what its page says, an `address` that of the page.
    """

    outcome: ClassVar[Outcome] = Outcome.FAILED

    def __str__(self) -> str:
        facts = " · ".join(str(getattr(self, fact.name)) for fact in fields(self))
        return f"{self.reason}: {facts}" if facts else self.reason


# --- logging in -------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class BadPassword(AccountError):
    """The site refused the password. It is not tried again: accounts get locked."""

    reason = "bad_password"

    title: str
    message: str


@dataclass(eq=False)
class AccountLocked(AccountError):
    """The site says that the account is locked or restricted."""

    reason = "account_locked"
    outcome = Outcome.NEEDS_HUMAN

    title: str
    message: str


@dataclass(eq=False)
class LoginRefused(AccountError):
    """A log-in was sent and did not lead inside, nobody can tell why. It is not tried again: accounts get locked."""

    reason = "login_refused"

    title: str
    message: str


@dataclass(eq=False)
class NoLogin(AccountError):
    """An account without a user name and a password, on a platform that is not gone."""

    reason = "no_login"

    title: str


class Demand(StrEnum):
    """What sites want of an account's owner before they let anybody in. The values are reasons."""

    PASSWORD = "password_due"  # noqa: S105 - a word, not a password
    PHONE = "phone_binding"
    IDENTITY = "identity_check"
    ELSEWHERE = "logged_in_elsewhere"


@dataclass(eq=False)
class DemandMade(AccountError):
    """The site lets nobody in before the account's owner has done something that is not for a program."""

    outcome = Outcome.NEEDS_HUMAN

    title: str
    demand: Demand
    message: str

    @property
    def reason(self) -> str:  # type: ignore[override]
        """The demand's own word, such as `password_due`."""
        return str(self.demand)


@dataclass(eq=False)
class Challenge(AccountError):
    """The site wants a person. Nothing is solved by machine. `message` may say where it sent a code."""

    outcome = Outcome.NEEDS_HUMAN

    title: str
    kind: ChallengeKind
    message: str | None = None

    @property
    def reason(self) -> str:  # type: ignore[override]
        """`challenge_` and the kind, such as `challenge_slider`."""
        return f"challenge_{self.kind}"


@dataclass(eq=False)
class ShopNotNamed(AccountError):
    """The log-in leads to several shops, and nothing says which one is meant. `message` is what the page offers."""

    reason = "shop_not_named"
    outcome = Outcome.NEEDS_HUMAN
    kind: ClassVar[ChallengeKind] = ChallengeKind.SHOP

    title: str
    message: str | None = None


@dataclass(eq=False)
class AgreementAsked(AccountError):
    """The site wants a new agreement accepted, which only the merchant can do."""

    reason = "agreement"
    outcome = Outcome.NEEDS_HUMAN
    kind: ClassVar[ChallengeKind] = ChallengeKind.AGREEMENT

    title: str
    message: str


@dataclass(eq=False)
class ForeignLogin(AccountError):
    """The log-in form stands on a host that is not known to be the site's, so nothing was typed."""

    reason = "foreign_login"

    title: str
    shown: str
    known: Sequence[str]


@dataclass(eq=False)
class SessionExpired(AccountError):
    """The site logged us out, and logging in again did not help."""

    reason = "session_expired"

    title: str


@dataclass(eq=False)
class WrongShop(AccountError):
    """The shop on the page is not the account's, so the account is not worked on."""

    reason = "wrong_shop"

    expected: str
    shown: str | None


# --- reading pages ----------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class PageChanged(AccountError):
    """A page is not what it must be to act on it: a column, a button, a status or a number is missing or unknown."""

    reason = "page_changed"

    address: str
    missing: Text


@dataclass(eq=False)
class LoginFormMissing(PageChanged):
    """Where the log-in form should be is none."""

    missing: Text = field(default=Text("no log-in form was found", "未找到登录表单"), init=False)


@dataclass(eq=False)
class CellUnread(PageChanged):
    """One value of a row is not understood. `field` is its name, `shown` what the page shows there."""

    field: str
    shown: str


@dataclass(eq=False)
class ColumnsMissing(PageChanged):
    """A list lacks columns without which it cannot be read. `unknown` are its headings that name nothing known."""

    fields: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(eq=False)
class NothingRead(PageChanged):
    """No row of a list is understood. `rows` are what nobody knows of them."""

    missing: Text = field(init=False)
    rows: tuple[UnreadRow, ...]

    def __post_init__(self) -> None:
        self.missing = gaps_in(self.rows)


@dataclass(eq=False)
class NoButton(PageChanged):
    """The row of an order has no 确认, and nothing in it leads to one."""

    missing: Text = field(default=Text("the row has no button 确认", "该行没有“确认”按钮"), init=False)


# --- a step that was broken off ---------------------------------------------------------------------------------------


class DialogDeclined(PageChanged):
    """What followed a click is not about the order, or asks for money. It was declined: nothing was sent."""


class PageMoved(DialogDeclined):
    """The page went on by itself right before the first click of a step: nothing was clicked."""


@dataclass(eq=False)
class ChoiceUnclear(DialogDeclined):
    """A form has a choice that cannot be set to what is ours, or that nobody understands. Nothing was sent."""

    reason = "choice_unclear"

    missing: Text = field(init=False)
    choice: str

    def __post_init__(self) -> None:
        self.missing = Text(
            f"the choice “{self.choice}” of the form cannot be set to what is registered",
            f"表单中的选项“{self.choice}”无法确定应选哪一项",
        )


class FormDiffers(DialogDeclined):
    """What the form was about to send is not what was filled in. It was held back: nothing was sent."""

    reason = "form_differs"


@dataclass(eq=False)
class PaymentAsked(AccountError):
    """A page that is not meant for paying asks for money. Nothing is bought."""

    reason = "asks_for_money"
    outcome = Outcome.NEEDS_HUMAN

    address: str
    message: str


# --- reaching sites and pages -----------------------------------------------------------------------------------------


@dataclass(eq=False)
class SiteUnavailable(AccountError):
    """The site did not answer, or answered with an error, several times in a row."""

    reason = "site_unavailable"

    address: str
    message: str


class PageStuck(SiteUnavailable):
    """A page froze, grew without end or never came to rest, so its window was closed, or is not waited for again."""


class SiteBusy(SiteUnavailable):
    """The site answered a log-in by saying that it is in trouble itself; nothing but its words shows it."""


class SiteRefused(SiteUnavailable):
    """The site answered, and refused what a page asked it for. A session that is over can look like that, too."""


@dataclass(eq=False)
class WrongAddress(AccountError):
    """Nothing of the site stands at an address: it is not found there, or the page is for sale.

    `setting` names what may have to be corrected, such as `login_url`.
    """

    reason = "wrong_address"

    address: str
    setting: str
    message: str


@dataclass(eq=False)
class NotConfigured(AccountError):
    """An address that no public source tells has not been set."""

    reason = "not_configured"

    setting: str
    title: str
    page: Text = field(default=Text("the order list", "订单列表"))


@dataclass(eq=False)
class WayNotFound(AccountError):
    """The page that is needed was not found by way of the menus, within the bounds. `tried` are entries of them."""

    reason = "way_not_found"

    title: str
    page: Text
    setting: str
    tried: Sequence[str]

    @property
    def entries(self) -> str:
        """Return the entries that were followed, in quotation marks."""
        return "、".join(f"“{entry}”" for entry in self.tried)


@dataclass(eq=False)
class SentOnTheWay(AccountError):
    """A menu entry that should only lead on made the page want to send something. It was kept from it."""

    reason = "sent_on_the_way"

    address: str
    pressed: str
    sent: str


# --- this side --------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class RunStopped(AccountError):
    """The browser died, or the run was interrupted. Begun steps are unknown until the next run has looked."""

    reason = "interrupted"
    outcome = Outcome.UNKNOWN

    cause: str


@dataclass(eq=False)
class NoEvidence(AccountError):
    """A picture or a record could not be kept, so the step was not gone on with: no click without evidence."""

    reason = "no_evidence"

    cause: str


@dataclass(eq=False)
class BrowserFailed(AccountError):
    """The browser was found but did not start."""

    reason = "browser_failed"

    cause: str


@dataclass(eq=False)
class AccountBusy(AccountError):
    """Another process works on this merchant right now."""

    reason = "busy"

    merchant: str


@dataclass(eq=False)
class IntentAlreadyOpen(AccountError):
    """The same step was begun before and it is not known how it ended; it must not be begun again until that is."""

    reason = "in_doubt"
    outcome = Outcome.UNKNOWN

    account: AccountKey
    kind: str
    order_key: str


@dataclass(eq=False)
class IntentNotOpen(AccountError):
    """The intent is closed already, or there is none."""

    reason = "intent_not_open"
    outcome = Outcome.UNKNOWN

    intent_id: int


@dataclass(eq=False)
class LeaseLost(AccountError):
    """Another process took the work over, for this one was not heard of for too long."""

    reason = "taken_over"
    outcome = Outcome.UNKNOWN

    name: str
