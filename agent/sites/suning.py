"""苏宁: 苏宁服务市场."""

from agent.domain.accounts import SiteId
from agent.domain.merchants import Edition
from agent.sites.site import Certainty, LogIn, Site

_MARKET = "http://fuwu.suning.com/detail/10002360.html"

# Log-in page: public seller tools; it opens on a QR code with the password panel hidden, and may want an image code
# (图形验证码). Subscription page: the vendor's guide (2024-09), which also says that orders are confirmed. Of the order
# list nothing is public.
SUNING = Site(
    id=SiteId("suning"),
    title="苏宁",
    login_url="https://passport.suning.com/ids/login?method=GET&loginTheme=b2c",
    orders_url=None,
    services=("10002360", "网店管家", "网店管家云端版", "网店管家J系列"),
    rule=None,
    filing_name="苏宁",
    log_in=(LogIn.PASSWORD, LogIn.QR, LogIn.SMS),
    login_hosts=("passport.suning.com",),
    network=("suning.com", "suning.cn"),
    subscribe_urls=dict.fromkeys(Edition, _MARKET),
    authorize_url="https://open.suning.com/api/oauth/authorize",
    certainty={
        "network": Certainty.INFERRED,
        "log-in page": Certainty.STATED,
        "order list": Certainty.UNKNOWN,
        "words of the order list": Certainty.UNKNOWN,
        "order number": Certainty.UNKNOWN,
        "confirm step": Certainty.STATED,
        "refund period": Certainty.UNKNOWN,
        "service codes": Certainty.STATED,
        "service names": Certainty.INFERRED,
    },
)
