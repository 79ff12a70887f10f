"""速卖通 (AliExpress): its service market, which has the same back end as 淘宝's."""

import re

from agent.domain.accounts import SiteId
from agent.domain.merchants import Edition
from agent.sites.network import ALIBABA_FAMILY
from agent.sites.site import Certainty, LogIn, Site

_MARKET = "https://marketplace.aliexpress.com/web/detail.html?articleCode=FW_GOODS-1000569965"

# Log-in page: public seller tools. Subscription page and code: the vendor's guide (2024-09). Order numbers: its own
# interface for partners; it is the one of 淘宝, so the rest is inferred from there.
ALIEXPRESS = Site(
    id=SiteId("aliexpress"),
    title="速卖通",
    login_url="https://login.aliexpress.com/csp_login.htm?return_url=http://csp.aliexpress.com/",
    orders_url=None,
    services=("FW_GOODS-1000569965", "网店管家云端版", "网店管家J系列", "网店管家"),
    rule=None,
    filing_name="速卖通",
    number_after_confirm=True,
    number=re.compile(r"\d{12,20}"),
    log_in=(LogIn.PASSWORD, LogIn.QR),
    login_hosts=("login.aliexpress.com", "passport.aliexpress.com"),
    network=ALIBABA_FAMILY,
    session_cookies=("cookie2", "xman_f"),
    subscribe_urls=dict.fromkeys(Edition, _MARKET),
    authorize_url="https://api-sg.aliexpress.com/oauth/authorize",
    certainty={
        "network": Certainty.INFERRED,
        "log-in page": Certainty.STATED,
        "order list": Certainty.UNKNOWN,
        "words of the order list": Certainty.UNKNOWN,
        "order number": Certainty.STATED,
        "confirm step": Certainty.INFERRED,
        "refund period": Certainty.UNKNOWN,
        "service codes": Certainty.STATED,
        "service names": Certainty.INFERRED,
    },
)
