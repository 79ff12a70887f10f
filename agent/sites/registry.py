"""Which platforms there are: the built-in ones, as the settings change them, and those that the settings add."""

from collections.abc import Iterable
from dataclasses import replace

from agent.domain.text import fold
from agent.settings import BackofficeSettings, PlatformSettings, Settings, SiteSettings
from agent.sites.alibaba import ALIBABA
from agent.sites.aliexpress import ALIEXPRESS
from agent.sites.closed import PAIPAI, YHD
from agent.sites.cn1688 import CN1688
from agent.sites.douyin import DOUYIN
from agent.sites.jd import JD
from agent.sites.pinduoduo import PINDUODUO
from agent.sites.site import Desk, Site
from agent.sites.suning import SUNING
from agent.sites.taobao import TAOBAO
from agent.sites.wdgj import WDGJ
from agent.sites.weimob import WEIMOB
from agent.sites.youzan import YOUZAN

_PLATFORMS = (
    *(TAOBAO, JD, SUNING, CN1688, ALIBABA, YOUZAN, PINDUODUO, DOUYIN, WEIMOB, ALIEXPRESS),
    *(PAIPAI, YHD),
)
BUILT_IN: dict[str, Site] = {site.id: site for site in _PLATFORMS}


def sites(settings: Settings) -> dict[str, Site]:
    """Every platform that can be worked, by its id."""
    known = {name: _changed(site, settings.sites.get(name)) for name, site in BUILT_IN.items()}
    return known | {p.id: _added(p) for p in settings.platforms}


def backoffice(settings: Settings) -> Desk:
    """The member back office at the addresses that the settings give."""
    given: BackofficeSettings = settings.backoffice
    return Desk(WDGJ.title, given.login_url, given.filing_url, given.refund_url)


def names_of_others(site: Site, known: Iterable[Site]) -> frozenset[str]:
    """What the back office calls all platforms but `site`, folded; a name that it shares with one is its own."""
    names = [{fold(n) for n in (s.filing_name, *s.filing_aliases)} for s in known]
    return frozenset(n for these in names if fold(site.filing_name) not in these for n in these)


def _changed(site: Site, given: SiteSettings | None) -> Site:
    if given is None:
        return site
    return replace(
        site,
        login_url=given.login_url or site.login_url,
        orders_url=given.orders_url or site.orders_url,
        services=given.services or site.services,
        rule=given.refund_after or site.rule,
        filing_name=given.filing_name or site.filing_name,
        authorize_url=given.authorize_url or site.authorize_url,
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
    )
