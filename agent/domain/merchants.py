"""Merchants (商家), their accounts on platforms, and where their refunds go."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import SecretStr

from agent.domain.accounts import AccountKey


class Edition(StrEnum):
    """The edition of the ERP: 历史版本 3.1/3.0/2.1, 云端版, J系列, 企业版."""

    CLASSIC = "classic"
    CLOUD = "cloud"
    J_SERIES = "j_series"
    ENTERPRISE = "enterprise"


class Registration(StrEnum):
    """Whether a merchant or an account is worked on: paused ones are not, removed ones have no secrets any more."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name and its password; `totp` is the secret from which codes of an authenticator (动态口令) are made."""

    username: str
    password: SecretStr
    totp: SecretStr | None = None


def masked_number(number: str) -> str:
    """Return what may be shown of a bank account's number: the last four digits, if they leave most of it unsaid."""
    return f"…{number[-4:]}" if len(number) >= 8 else "…"


@dataclass(frozen=True, slots=True)
class Payee:
    """The bank account (银行账户) that a refund is paid to; never Alipay."""

    bank: str
    holder: str
    account: SecretStr

    @property
    def masked(self) -> str:
        """What may be shown of the account's number."""
        return masked_number(self.account.get_secret_value())

    @property
    def shown(self) -> str:
        """The payee as people tell it from others."""
        return f"{self.bank} {self.holder} {self.masked}"


@dataclass(frozen=True, slots=True)
class Account:
    """A merchant's account on one platform. `shop` is the shop that it must turn out to be after log-in.

    `login` is None if the platform is gone: nobody can log in there any more.
    """

    key: AccountKey
    login: Credentials | None
    shop: str | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Merchant:
    """A merchant with its member back office log-in (会员后台), its payee and its accounts.

    `file_as` is the shop to file under if neither an order nor its account names one. Of a merchant that is `paused` no
    account is worked on.
    """

    id: str
    name: str
    edition: Edition
    backoffice: Credentials
    payee: Payee | None
    accounts: tuple[Account, ...]
    file_as: str | None = None
    paused: bool = False

    def names(self) -> Iterator[str]:
        """What pages call it, its shops and its log-ins: no secrets, and nothing for anybody else."""
        for login in (self.backoffice, *(account.login for account in self.accounts)):
            if login is not None:
                yield login.username
        shops = (account.shop for account in self.accounts)
        holder = self.payee.holder if self.payee is not None else None
        yield from (name for name in (self.name, self.file_as, holder, *shops) if name)

    def login_secrets(self) -> Iterator[SecretStr]:
        """Passwords, and the secrets of authenticators."""
        for login in (self.backoffice, *(account.login for account in self.accounts)):
            if login is not None:
                yield from (s for s in (login.password, login.totp) if s is not None)

    def secrets(self) -> Iterator[SecretStr]:
        """What must be seen nowhere: those, and the number of the bank account."""
        yield from self.login_secrets()
        if self.payee is not None:
            yield self.payee.account
