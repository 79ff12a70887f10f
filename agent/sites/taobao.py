"""淘宝 and 天猫: one service market for both kinds of shop."""

import re

from agent.domain.accounts import SiteId
from agent.domain.deadlines import RefundRule
from agent.domain.merchants import Edition
from agent.sites.network import ALIBABA_FAMILY
from agent.sites.site import Certainty, LogIn, Site

_CLASSIC = "https://fuwu.taobao.com/ser/detail.html?service_code=FW_GOODS-1870413"

# Addresses: the order list and the subscription pages from the vendor's guide (2024-09), the log-in page from public
# seller tools (2026-09). Services: codes from the guide's links; one code serves the classic editions and the J series.
TAOBAO = Site(
    id=SiteId("taobao"),
    title="淘宝/天猫",
    login_url="https://login.taobao.com/havanaone/login/login.htm?bizName=taobao",
    orders_url="https://fuwu.taobao.com/ser/order/biz_order_list.htm#/",
    services=("FW_GOODS-1870412", "FW_GOODS-1870413", "网店管家云端版", "网店管家J系列", "网店管家"),
    rule=RefundRule.parse("5 working days"),
    filing_name="淘宝",
    filing_aliases=("淘宝", "天猫"),
    number_after_confirm=True,
    number=re.compile(r"\d{12,20}"),
    log_in=(LogIn.PASSWORD, LogIn.QR, LogIn.SMS),
    login_hosts=("login.taobao.com", "havanalogin.taobao.com", "loginmyseller.taobao.com"),
    network=ALIBABA_FAMILY,
    session_cookies=("unb", "cookie2", "_m_h5_tk"),
    subscribe_urls={
        Edition.CLASSIC: _CLASSIC,
        Edition.ENTERPRISE: _CLASSIC,
        Edition.CLOUD: "https://fuwu.taobao.com/ser/detail.html?service_code=FW_GOODS-1870412",
        Edition.J_SERIES: "https://fuwu.taobao.com/ser/detail.htm?service_code=FW_GOODS-1870413",
    },
    certainty={
        "network": Certainty.INFERRED,
        "log-in page": Certainty.STATED,
        "order list": Certainty.STATED,
        "words of the order list": Certainty.UNKNOWN,
        "order number": Certainty.INFERRED,
        "confirm step": Certainty.STATED,
        "refund period": Certainty.STATED,
        "service codes": Certainty.STATED,
        "service names": Certainty.INFERRED,
    },
)
