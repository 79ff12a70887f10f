"""阿里巴巴国际站 (Alibaba.com): 外贸服务市场."""

from agent.domain.accounts import SiteId
from agent.domain.merchants import Edition
from agent.sites.network import ALIBABA_FAMILY
from agent.sites.site import Certainty, LogIn, Site

_MARKET = "https://fuwu.alibaba.com/product/buy.htm?code=ISVXX519870"

# Log-in page: public seller tools; a code that was sent is typed into six boxes. Subscription page and code: the
# vendor's guide (2024-09). That orders are confirmed there is not stated anywhere.
ALIBABA = Site(
    id=SiteId("alibaba"),
    title="阿里巴巴国际站",
    login_url="https://login.alibaba.com/newlogin/icbuLogin.htm",
    orders_url=None,
    services=("ISVXX519870", "网店管家", "网店管家云端版", "网店管家J系列"),
    rule=None,
    filing_name="阿里巴巴国际站",
    log_in=(LogIn.PASSWORD, LogIn.EMAIL),
    login_hosts=("login.alibaba.com",),
    network=ALIBABA_FAMILY,
    session_cookies=("xman_f", "cookie2", "sgcookie"),
    subscribe_urls=dict.fromkeys(Edition, _MARKET),
    certainty={
        "network": Certainty.INFERRED,
        "log-in page": Certainty.STATED,
        "order list": Certainty.UNKNOWN,
        "words of the order list": Certainty.UNKNOWN,
        "order number": Certainty.UNKNOWN,
        "confirm step": Certainty.UNKNOWN,
        "refund period": Certainty.UNKNOWN,
        "service codes": Certainty.STATED,
        "service names": Certainty.INFERRED,
    },
)
