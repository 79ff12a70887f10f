"""1688 (诚信通): its service market. The log-in is the Alibaba family's."""

from agent.domain.accounts import SiteId
from agent.domain.merchants import Edition
from agent.domain.orders import OrderStatus
from agent.sites.network import ALIBABA_FAMILY
from agent.sites.site import Certainty, LogIn, Site

_MARKET = (
    "https://pc.1688.com/product/detail.htm?productCode=q3AbYFIg31fRmvaQHy7AEPM0Zwx%2FB2eOH1nft77XZ6c%3D"
    "&productType=GROUP"
)

# Log-in page: public seller tools. Subscription page: the vendor's guide (2024-09). The platform's interface for
# partners has a time of confirmation (gmtConfirm), so there is a step 确认, and these states: a service that has not
# begun (服务前) waits for it. Suspended ones (挂起) are left alone.
CN1688 = Site(
    id=SiteId("1688"),
    title="1688诚信通",
    login_url="https://login.1688.com/member/signin.htm",
    orders_url=None,
    services=("网店管家", "网店管家云端版", "网店管家J系列"),
    rule=None,
    filing_name="1688诚信通",
    statuses={
        "部分支付": OrderStatus.UNPAID,
        "服务前": OrderStatus.AWAITING_CONFIRMATION,
        "服务中": OrderStatus.COMPLETED,
        "挂起": OrderStatus.REFUNDING,
        "欠费挂起": OrderStatus.REFUNDING,
        "关闭": OrderStatus.CLOSED,
        "作废": OrderStatus.CLOSED,
    },
    log_in=(LogIn.PASSWORD, LogIn.QR, LogIn.SMS),
    login_hosts=("login.1688.com", "login.taobao.com", "havanalogin.taobao.com"),
    network=ALIBABA_FAMILY,
    session_cookies=("cookie2", "_tb_token_"),
    subscribe_urls=dict.fromkeys(Edition, _MARKET),
    certainty={
        "network": Certainty.INFERRED,
        "log-in page": Certainty.STATED,
        "order list": Certainty.UNKNOWN,
        "words of the order list": Certainty.INFERRED,
        "order number": Certainty.UNKNOWN,
        "confirm step": Certainty.INFERRED,
        "refund period": Certainty.UNKNOWN,
        "service codes": Certainty.UNKNOWN,
        "service names": Certainty.INFERRED,
    },
)
