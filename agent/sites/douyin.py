"""抖音 (抖店): 抖店服务市场."""

import re

from agent.domain.accounts import SiteId
from agent.domain.merchants import Edition
from agent.domain.orders import OrderStatus
from agent.sites.site import Certainty, LogIn, Site

_J_SERIES = "https://fuwu.jinritemai.com/detail?from=fuwu_market_tab&service_id=5013"

# Log-in page: public seller tools (2026-09): a tab for e-mail, an agreement to tick, a shop to choose, an address that
# may stay. Subscription pages and the code: the vendor's guide (2024-09). Order numbers and 待用户确认: documents of a
# sibling market, where orders have 19 digits and the user's 确认 is the last step.
DOUYIN = Site(
    id=SiteId("douyin"),
    title="抖音",
    login_url="https://fxg.jinritemai.com/login/common",
    orders_url=None,
    services=("网店管家云端版", "网店管家J系列", "网店管家"),
    rule=None,
    filing_name="抖音",
    number=re.compile(r"\d{16,20}"),
    statuses={"待用户确认": OrderStatus.AWAITING_CONFIRMATION},
    log_in=(LogIn.PASSWORD, LogIn.QR, LogIn.SMS),
    login_hosts=("fxg.jinritemai.com",),
    network=(
        "jinritemai.com",
        "douyin.com",
        "bytedance.com",
        "byteimg.com",
        "bytetos.com",
        "bytegoofy.com",
        "snssdk.com",
    ),
    qr_switch=".account-center-switch",
    session_cookies=("sessionid",),
    subscribe_urls=dict.fromkeys(Edition, "https://fuwu.jinritemai.com/") | {Edition.J_SERIES: _J_SERIES},
    authorize_url="https://fuwu.jinritemai.com/authorize",
    certainty={
        "network": Certainty.INFERRED,
        "log-in page": Certainty.STATED,
        "way to the QR code": Certainty.INFERRED,
        "order list": Certainty.UNKNOWN,
        "words of the order list": Certainty.INFERRED,
        "order number": Certainty.INFERRED,
        "confirm step": Certainty.INFERRED,
        "refund period": Certainty.UNKNOWN,
        "service codes": Certainty.STATED,
        "service names": Certainty.STATED,
    },
)
