"""What can go wrong while an account is logged in to, or is told from another."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from agent.domain.challenges import ChallengeKind
from agent.domain.errors import AccountError, Outcome


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
