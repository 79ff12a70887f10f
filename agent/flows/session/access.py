"""The way of an account into a site."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.domain.login_errors import NoLogin
from agent.domain.merchants import Account, Credentials, Merchant
from agent.domain.shop_names import ShopName
from agent.flows.session.origins import origins
from agent.sites import BackOffice, Site
from agent.sites.network import Network


@dataclass(frozen=True, slots=True)
class SiteAccess:
    """How one account gets into a site.

    `switch` is what leads to the form if nothing with words does: see Site.password_switch. `shop` is the one to
    choose where the log-in leads to several. `hosts` are the origins on which a password may be typed, besides that of
    `login_url`. `network` is what the browser may talk to, None for everything. `shop_aliases`: see Site.
    """

    title: str
    login_url: str
    credentials: Credentials
    switch: str | None = None
    shop: str | None = None
    hosts: frozenset[str] = frozenset()
    network: Network | None = None
    shop_aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def shop_name(self) -> ShopName | None:
        """The shop that its pages must turn out to be; None without one."""
        return ShopName(self.shop, self.shop_aliases, self.credentials.username) if self.shop is not None else None

    def allows(self, address: str) -> bool:
        """True for what the browser may ask for."""
        return self.network is None or self.network.allows(address)

    @property
    def trusted(self) -> frozenset[str]:
        """The origins on which a password may be typed."""
        return self.hosts | origins(self.login_url)


def network_of(site: Site) -> Network:
    """What the pages of a platform may talk to."""
    addresses = (site.login_url, site.orders_url, site.authorize_url)
    return Network.of(addresses, (*site.login_hosts, *site.network))


def back_office_network(back_office: BackOffice) -> Network:
    """What the pages of the back office may talk to."""
    return Network.of((back_office.login_url, back_office.filing_url, back_office.refund_url), back_office.network)


def access_of(site: Site, account: Account) -> SiteAccess:
    """The way of an account into its platform. Raise NoLogin if none is registered."""
    if account.login is None:
        raise NoLogin(site.title)
    hosts = origins(site.login_url, [site.orders_url], site.login_hosts)
    switch, network = site.password_switch, network_of(site)
    return SiteAccess(
        site.title, site.login_url, account.login, switch, account.shop, hosts, network, site.shop_aliases
    )


def back_office_access(back_office: BackOffice, merchant: Merchant) -> SiteAccess:
    """The way of a merchant into the back office."""
    hosts = origins(back_office.login_url, [back_office.filing_url, back_office.refund_url])
    return SiteAccess(
        back_office.title,
        back_office.login_url,
        merchant.backoffice,
        hosts=hosts,
        network=back_office_network(back_office),
    )
