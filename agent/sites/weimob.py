"""微盟: 微盟服务市场."""

from agent.domain.accounts import SiteId
from agent.domain.merchants import Edition
from agent.sites.site import Certainty, Site

_CLOUD, _J_SERIES = "http://fuwu.weimob.com/product_679.html", "http://fuwu.weimob.com/product_2122.html"

# Log-in page: public seller tools; a picture puzzle may follow in a frame of its own. Subscription pages: the vendor's
# guide (2024-09). Of the order list nothing is public.
WEIMOB = Site(
    id=SiteId("weimob"),
    title="微盟",
    login_url="https://account.weimob.com/login.html",
    orders_url=None,
    services=("网店管家云端版", "网店管家J系列", "product_679", "product_2122"),
    rule=None,
    filing_name="微盟",
    login_hosts=("account.weimob.com",),
    network=("weimob.com", "weimobwmc.com", "captcha.qq.com", "gtimg.com"),
    session_cookies=("O2O-online_osessionid",),
    subscribe_urls=dict.fromkeys(Edition, _CLOUD) | {Edition.J_SERIES: _J_SERIES},
    authorize_url="https://dopen.weimob.com/fuwu/b/oauth2/authorize",
    certainty={
        "network": Certainty.INFERRED,
        "log-in page": Certainty.STATED,
        "order list": Certainty.UNKNOWN,
        "words of the order list": Certainty.UNKNOWN,
        "order number": Certainty.UNKNOWN,
        "confirm step": Certainty.UNKNOWN,
        "refund period": Certainty.UNKNOWN,
        "service codes": Certainty.STATED,
        "service names": Certainty.STATED,
    },
)
