"""京东: the service market of 京麦."""

import re

from agent.domain.accounts import SiteId
from agent.domain.deadlines import RefundRule
from agent.domain.merchants import Edition
from agent.sites.site import Certainty, LogIn, Site

_MARKET = "http://fw.jd.com/54210.html"

# Log-in page: public seller tools; its form is in a frame of passport.jd.com, behind a tab. Subscription page: the
# vendor's guide (2024-09). The code is inferred from that page's number. The open platform has order numbers as whole
# numbers and fields for a confirmation of the service, without words for it.
JD = Site(
    id=SiteId("jd"),
    title="京东",
    login_url="https://passport.shop.jd.com/login/index.action?ReturnUrl=https%3A%2F%2Fshop.jd.com%2Fjdm%2Fhome",
    orders_url=None,
    services=("FW_GOODS-54210", "网店管家", "网店管家云端版", "网店管家J系列"),
    rule=RefundRule.parse("20 working days"),
    filing_name="京东",
    number=re.compile(r"\d{8,19}"),
    log_in=(LogIn.PASSWORD, LogIn.QR, LogIn.SMS),
    login_hosts=("passport.shop.jd.com", "passport.jd.com"),
    network=("jd.com", "360buyimg.com", "3.cn"),
    session_cookies=("thor", "pin"),
    subscribe_urls=dict.fromkeys(Edition, _MARKET),
    certainty={
        "network": Certainty.INFERRED,
        "log-in page": Certainty.STATED,
        "order list": Certainty.UNKNOWN,
        "words of the order list": Certainty.UNKNOWN,
        "order number": Certainty.INFERRED,
        "confirm step": Certainty.INFERRED,
        "refund period": Certainty.STATED,
        "service codes": Certainty.INFERRED,
        "service names": Certainty.INFERRED,
    },
)
