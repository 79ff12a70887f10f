"""What ends within 30 days: subscriptions (订购) and authorisations (授权), with the links by which a person renews."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from agent.domain.accounts import AccountKey
from agent.domain.expiry import days_left
from agent.domain.merchants import Edition
from agent.domain.orders import SHANGHAI, OrderStatus
from agent.domain.text import fold
from agent.ledger import Authorization, KnownOrder, Registered
from agent.settings import Settings, sites
from agent.sites import Site

_PAID = (OrderStatus.AWAITING_CONFIRMATION, OrderStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Expiring:
    """Something of an account that ends soon. `service` and `order_key` are None for an authorisation."""

    account: AccountKey
    service: str | None
    order_key: str | None
    ends_on: date
    days: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Links:
    """Where a person renews. Nothing is ever bought: these are shown, not opened."""

    sites: Mapping[str, Site]
    editions: Mapping[str, Edition]

    @classmethod
    def of(cls, settings: Settings, merchants: Iterable[Registered]) -> "Links":
        return cls(sites(settings), {merchant.id: merchant.edition for merchant in merchants})

    def subscription(self, account: AccountKey) -> str | None:
        """The subscription page for the merchant's edition."""
        site, edition = self.sites.get(account.platform), self.editions.get(account.merchant_id)
        return site.subscribe_urls.get(edition) if site and edition else None

    def authorization(self, platform: str) -> str | None:
        """The page on which the shop lets the ERP in."""
        site = self.sites.get(platform)
        return site.authorize_url if site else None


def subscriptions(known: Iterable[KnownOrder], links: Links, today: date) -> list[Expiring]:
    """Those of ours that end soon, by day; of a service that was renewed on the same account only the latest counts."""
    latest: dict[tuple[AccountKey, str], KnownOrder] = {}
    for each in known:
        key = (each.account, fold(each.order.service))
        if each.order.ours and each.order.status in _PAID and each.order.expires_at is not None:
            latest[key] = max(latest.get(key, each), each, key=_end)
    found = (_subscription(each, links, today) for each in latest.values())
    return sorted((each for each in found if each), key=lambda e: (e.ends_on, e.account))


def _end(known: KnownOrder) -> float:
    return known.order.expires_at.timestamp() if known.order.expires_at else 0.0


def _subscription(known: KnownOrder, links: Links, today: date) -> Expiring | None:
    order, left = known.order, days_left(known.order.expires_at, today)
    if left is None or order.expires_at is None or order.status is not OrderStatus.COMPLETED:
        return None
    day, url = order.expires_at.astimezone(SHANGHAI).date(), links.subscription(known.account)
    return Expiring(known.account, order.service, order.key, day, left, url)


def authorizations(kept: Iterable[Authorization], links: Links, today: date) -> Iterator[Expiring]:
    """Those that end soon."""
    for each in kept:
        if (left := days_left(each.until, today)) is not None:
            url = links.authorization(each.account.platform)
            yield Expiring(each.account, None, None, each.until, left, url)
