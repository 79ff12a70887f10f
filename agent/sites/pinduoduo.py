"""拼多多: the service market of its seller back office."""

import re

from agent.domain.accounts import SiteId
from agent.domain.merchants import Edition
from agent.domain.orders import OrderStatus
from agent.sites.site import Certainty, LogIn, Site

_MARKET = "https://mms.pinduoduo.com/service-market/service-detail?detailId=142"

# Log-in page and order list: the seller back office's own menu, as public tools tell it (about 2019). Subscription
# page: the vendor's guide (2024-09). Order numbers and states: those for partners (2026-04), without a step 确认. They
# do not say whether an order that is 未完成 has been paid, so it is left alone.
PINDUODUO = Site(
    id=SiteId("pinduoduo"),
    title="拼多多",
    login_url="https://mms.pinduoduo.com/login/",
    orders_url="https://mms.pinduoduo.com/service-market/order-list",
    services=("网店管家", "网店管家云端版", "网店管家J系列"),
    rule=None,
    filing_name="拼多多",
    confirms=False,
    number=re.compile(r"\d{8}-\d{15}|\d{23}"),
    statuses={"未完成": OrderStatus.UNPAID},
    log_in=(LogIn.PASSWORD, LogIn.QR),
    login_hosts=("mms.pinduoduo.com",),
    network=("pinduoduo.com", "yangkeduo.com", "pddpic.com"),
    session_cookies=("PASS_ID",),
    subscribe_urls=dict.fromkeys(Edition, _MARKET),
    certainty={
        "network": Certainty.INFERRED,
        "log-in page": Certainty.STATED,
        "order list": Certainty.STATED,
        "words of the order list": Certainty.INFERRED,
        "order number": Certainty.STATED,
        "confirm step": Certainty.INFERRED,
        "refund period": Certainty.UNKNOWN,
        "service codes": Certainty.STATED,
        "service names": Certainty.INFERRED,
    },
)
