"""有赞: the app market of 有赞云."""

import re

from agent.domain.accounts import SiteId
from agent.domain.merchants import Edition
from agent.sites.site import Certainty, LogIn, Site

_MARKET = "https://app.youzanyun.com/cloud-app-detail/42149"

# Log-in page: public seller tools; it may open on a QR code, and a shop is chosen after it. Subscription page: the
# vendor's guide (2024-09). Order numbers: the platform's interface for partners. No step 确认 is documented.
YOUZAN = Site(
    id=SiteId("youzan"),
    title="有赞",
    login_url="https://account.youzan.com/login",
    orders_url=None,
    services=("42149", "网店管家", "网店管家云端版", "网店管家J系列"),
    rule=None,
    filing_name="有赞",
    confirms=False,
    number=re.compile(r"E?\d{23}"),
    log_in=(LogIn.PASSWORD, LogIn.QR, LogIn.SMS),
    login_hosts=("account.youzan.com",),
    network=("youzan.com", "youzanyun.com", "yzcdn.cn"),
    password_switch=".switch-type > img",  # noqa: S106 - a selector
    session_cookies=("KDTSESSIONID", "sid"),
    subscribe_urls=dict.fromkeys(Edition, _MARKET),
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
