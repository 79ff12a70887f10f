"""Which platforms there are: the built-in ones, as the settings change them, and those that the settings add."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from agent.domain.accounts import SiteId
from agent.domain.addresses import registrable_domain
from agent.domain.merchants import Edition
from agent.domain.orders import OrderStatus
from agent.domain.text import fold
from agent.settings.model import Settings
from agent.settings.site_model import BackofficeSettings, PageWords, PlatformSettings, SiteSettings
from agent.sites import BUILT_IN, BackOffice, Site
from agent.sites.wdgj import ID, WDGJ

# What stands at the end of a way that was found, as the ledger keeps it.
APPLICATION = "application"
Ways = Callable[[SiteId, str, str], Mapping[str, object]]


def sites(settings: Settings) -> dict[str, Site]:
    """Every platform that can be worked, by its id."""
    known = {name: _changed(site, settings.sites.get(name)) for name, site in BUILT_IN.items()}
    known |= {p.id: _added(p) for p in settings.platforms}
    aliases = settings.shop_aliases
    return {name: replace(site, shop_aliases=aliases) for name, site in known.items()} if aliases else known


def backoffice(settings: Settings) -> BackOffice:
    """The member back office at the addresses that the settings give."""
    given: BackofficeSettings = settings.backoffice
    return BackOffice(WDGJ.title, given.login_url, given.filing_url, given.refund_url, network=given.network)


def applies_directly(settings: Settings, ways: Ways) -> Callable[[Edition], bool]:
    """Return whether members of an edition apply for refunds without a filing: as the addresses that are set say, else
    as the pages that were found do. `ways` gives these by site, edition and log-in page.
    """
    office = backoffice(settings)

    def direct(edition: Edition) -> bool:
        if office.list_url(edition) is not None:
            return office.direct(edition)
        found = ways(ID, edition, office.login_url)
        return office.direct(edition) and (not found or APPLICATION in found)

    return direct


def _changed(site: Site, given: SiteSettings | None) -> Site:
    if given is None:
        return site
    return replace(
        site,
        login_url=given.login_url or site.login_url,
        orders_url=given.orders_url or (None if _leads_elsewhere(site, given) else site.orders_url),
        merchant_as_shop=_leads_elsewhere(site, given),
        services=given.services or site.services,
        network=(*site.network, *given.network),
        rule=given.refund_after or site.rule,
        filing_name=given.filing_name or site.filing_name,
        authorize_url=given.authorize_url or site.authorize_url,
        number=given.number or site.number,
        confirms=site.confirms if given.confirms is None else given.confirms,
        statuses={**site.statuses, **_folded(given)},
        headings=given.headings,
        confirm_words=given.confirm_words,
        empty_words=given.empty_words,
    )


def _leads_elsewhere(site: Site, given: SiteSettings) -> bool:
    """True if the settings lead a built-in platform to another site, of which nothing is declared."""
    return bool(given.login_url) and registrable_domain(given.login_url or "") != registrable_domain(site.login_url)


def _added(given: PlatformSettings) -> Site:
    return Site(
        id=SiteId(given.id),
        title=given.title,
        login_url=given.login_url,
        orders_url=given.orders_url,
        services=given.services,
        rule=given.refund_after,
        filing_name=given.filing_name or given.title,
        currency=given.currency,
        authorize_url=given.authorize_url,
        network=given.network,
        number=given.number,
        confirms=given.confirms is not False,
        merchant_as_shop=True,
        statuses=_folded(given),
        headings=given.headings,
        confirm_words=given.confirm_words,
        empty_words=given.empty_words,
    )


def _folded(given: PageWords) -> dict[str, OrderStatus]:
    return {fold(word): status for word, status in given.statuses.items()}
