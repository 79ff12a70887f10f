"""What is declared about a site. Everything else is read from its pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urldefrag

from agent.domain.accounts import SiteId
from agent.domain.deadlines import RefundRule
from agent.domain.errors import NotConfigured
from agent.domain.merchants import Edition
from agent.domain.orders import YUAN, OrderStatus
from agent.domain.text import Text


class Certainty(StrEnum):
    """How well a part of a declaration is known: stated by a public source, inferred from one, or not known at all."""

    STATED = "stated"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class LogIn(StrEnum):
    """The ways into a site: 密码, 扫码, 短信验证码, 邮箱验证码. Only the first is gone without a person."""

    PASSWORD = "password"  # noqa: S105 - a word, not a password
    QR = "qr"
    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Site:
    """A platform's service market (服务市场).

    An empty `login_url` means that the platform is gone: only its filings in the back office are followed. Without
    `orders_url` the order list is found by way of the menus. `services`
    are exact names or codes that are ours. `rule` says when a refund may be requested, None if the back office
    decides. `filing_name` is what the back office's list of platforms calls it, `filing_aliases` what it may be called
    besides. `login_hosts` are the hosts on which the site's log-in form may stand, in a frame or after a redirect,
    besides those of its own addresses. `network` are the domains that its pages get scripts and pictures from, besides
    their own. `certainty` says how well each part is known.

    `merchant_as_shop`: the only shop of a merchant is filed under the merchant's name if nothing else names it.
    `confirms` is false if no order waits for 确认, `number_after_confirm` true if a number is shown only then.
    `number` is the shape of an order number, if it is known. `statuses`, `headings` (by field), `confirm_words` and
    `empty_words` are words of this site alone, added to those that every page reader knows; one that is known already
    keeps its meaning. `password_switch` is a CSS selector of what leads from the QR code to the password,
    `qr_switch` of what leads to the code, if that has no words. `session_cookies` come with a session.
    `subscribe_urls` are the subscription pages by edition of the ERP, `authorize_url` is where a shop authorises it
    (授权). `shop_aliases` are names of shops as pages draw them, with the registered names that they stand for; they
    come from the settings alone.
    """

    id: SiteId
    title: str
    login_url: str
    orders_url: str | None
    services: tuple[str, ...]
    rule: RefundRule | None
    filing_name: str
    filing_aliases: tuple[str, ...] = ()
    currency: str = YUAN
    confirms: bool = True
    merchant_as_shop: bool = False
    number_after_confirm: bool = False
    number: re.Pattern[str] | None = None
    statuses: Mapping[str, OrderStatus] = field(default_factory=dict)
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confirm_words: tuple[str, ...] = ()
    empty_words: tuple[str, ...] = ()
    log_in: tuple[LogIn, ...] = (LogIn.PASSWORD,)
    login_hosts: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    password_switch: str | None = None
    qr_switch: str | None = None
    session_cookies: tuple[str, ...] = ()
    subscribe_urls: Mapping[Edition, str] = field(default_factory=dict)
    authorize_url: str | None = None
    shop_aliases: Mapping[str, str] = field(default_factory=dict)
    certainty: Mapping[str, Certainty] = field(default_factory=dict)

    @property
    def gone(self) -> bool:
        """True for a platform that has no site any more (拍拍, 一号店)."""
        return not self.login_url

    @property
    def order_list(self) -> str:
        """The address of the order list. Raise NotConfigured if it has to be set first."""
        if self.orders_url is None:
            raise NotConfigured(f"sites.{self.id}.orders_url", self.title)
        return self.orders_url

    @property
    def authorization(self) -> str:
        """The address of the page where a shop lets the ERP in. Raise NotConfigured if it has to be set first."""
        if self.authorize_url is None:
            page = Text("the page of the authorisation", "授权页面")
            where = f"sites.{self.id}.authorize_url ([[platforms]]: authorize_url)"
            raise NotConfigured(where, self.title, page)
        return self.authorize_url


@dataclass(frozen=True, slots=True)
class BackOffice:
    """The ERP vendor's member back office (网店管家会员后台).

    Addresses that the settings do not give are found by way of its menus. `form_url` is where the form for a filing
    stands, if not on the page with the list (报备查询). `network` are further domains that its pages need. `certainty`
    tells how surely each fact is known.
    """

    title: str
    login_url: str
    filing_url: str | None = None
    refund_url: str | None = None
    form_url: str | None = None
    network: tuple[str, ...] = ()
    certainty: Mapping[str, Certainty] = field(default_factory=dict)

    def direct(self, edition: Edition) -> bool:
        """True if members of that edition apply for refunds under 订购返款 without a filing.

        The enterprise edition never does. Where both are one page, or only one is known, everyone files there. As long
        as none is known, the others are taken to apply directly.
        """
        if edition is Edition.ENTERPRISE:
            return False
        if self.refund_url is None:
            return self.filing_url is None
        return _page(self.refund_url) != _page(self.filing_url or "")

    def list_url(self, edition: Edition) -> str | None:
        """The address of the list of what was filed, or applied for; None if it has to be found."""
        return self.refund_url if self.direct(edition) else self.filing_url


def _page(address: str) -> str:
    """An address without what tells no page apart: a last slash, and a place (#list) that is no route (#/refunds)."""
    url, fragment = urldefrag(address)
    return f"{url.rstrip('/')}#{fragment}" if fragment.strip("/") and fragment.startswith("/") else url.rstrip("/")
