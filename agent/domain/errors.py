"""What can go wrong, as types. Each has a stable word (`reason`) and facts; `error_wording.py` makes the sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import ClassVar

from agent.domain.accounts import AccountKey
from agent.domain.text import Text


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


class SecretsLeft(WordedError):
    """A recording holds something that looks like a secret after everything known was replaced: nothing is kept."""

    reason = "secrets_left"

    def __init__(self, left: Sequence[str]) -> None:
        """`left` names the kind and the place of each, never the secret itself."""
        shown = "; ".join(left[:_SHOWN]) + (f" (+{len(left) - _SHOWN})" if len(left) > _SHOWN else "")
        super().__init__(
            Text(
                f"Something that looks like a secret is left, so nothing was kept: {shown}.",
                f"仍有疑似敏感信息，未保存任何内容：{shown}。",
            ),
            Text(
                "Remove it from the page that is named, or record another account, and run the command again.",
                "请从所述页面去除该内容，或换一个账号录制，然后重新运行。",
            ),
        )
        self.left = tuple(left)


_SHOWN = 5


@dataclass(eq=False)
class AccountError(FankuanError):
    """Ends the run of one account; the other accounts go on. `str` gives the reason and the facts, for the log.

    A `title` is what the site is called, a `message` what its page says, an `address` that of the page.
    """

    outcome: ClassVar[Outcome] = Outcome.FAILED

    def __str__(self) -> str:
        facts = " · ".join(str(getattr(self, fact.name)) for fact in fields(self))
        return f"{self.reason}: {facts}" if facts else self.reason


@dataclass(eq=False)
class SiteUnavailable(AccountError):
    """The site did not answer, or answered with an error, several times in a row."""

    reason = "site_unavailable"

    address: str
    message: str


class PageStuck(SiteUnavailable):
    """A page froze, grew without end or never came to rest, so its window was closed, or is not waited for again."""


class PageCrashed(PageStuck):
    """The process that draws a page ended, because of what the page does, or of others that it draws as well."""


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


@dataclass(eq=False)
class RunStopped(AccountError):
    """The browser died, or the run was interrupted. Begun steps are unknown until the next run has looked."""

    reason = "interrupted"
    outcome = Outcome.UNKNOWN

    cause: str


class BrowserEnded(RunStopped):
    """The browser, or the driver that it is worked through, is gone."""


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
