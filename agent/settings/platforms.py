"""Which platforms there are: the built-in ones, as the settings change them, and those that the settings add."""

from dataclasses import replace

from agent.domain.orders import OrderStatus
from agent.domain.text import fold
from agent.settings.model import BackofficeSettings, PageWords, PlatformSettings, Settings, SiteSettings
from agent.sites import BUILT_IN, BackOffice, Site
from agent.sites.wdgj import WDGJ


def sites(settings: Settings) -> dict[str, Site]:
    """Every platform that can be worked, by its id."""
    known = {name: _changed(site, settings.sites.get(name)) for name, site in BUILT_IN.items()}
    known |= {p.id: _added(p) for p in settings.platforms}
    aliases = settings.shop_aliases
    return {name: replace(site, shop_aliases=aliases) for name, site in known.items()} if aliases else known


def backoffice(settings: Settings) -> BackOffice:
    """The member back office at the addresses that the settings give."""
    given: BackofficeSettings = settings.backoffice
    return BackOffice(WDGJ.title, given.login_url, given.filing_url, given.refund_url, given.network)


def _changed(site: Site, given: SiteSettings | None) -> Site:
    if given is None:
        return site
    return replace(
        site,
        login_url=given.login_url or site.login_url,
        orders_url=given.orders_url or site.orders_url,
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


def _added(given: PlatformSettings) -> Site:
    return Site(
        id=given.id,
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
        statuses=_folded(given),
        headings=given.headings,
        confirm_words=given.confirm_words,
        empty_words=given.empty_words,
    )


def _folded(given: PageWords) -> dict[str, OrderStatus]:
    return {fold(word): status for word, status in given.statuses.items()}
