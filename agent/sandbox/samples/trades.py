"""What is sold and ordered on the simulated service markets besides 淘宝, one line a platform."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

Number = Callable[[Random, datetime], str]


@dataclass(frozen=True, slots=True)
class Trade:
    """A platform's market: what our services are called there, its order numbers, and where its pages are.

    `services` are ours, each with its code. Addresses are paths. `confirms`: orders wait for 确认. `hides_numbers`:
    until then their numbers are not told.
    """

    id: str
    filing_name: str
    services: tuple[tuple[str, str], ...]
    number: Number
    cookie: str
    login_path: str
    orders_path: str
    confirms: bool = True
    hides_numbers: bool = False


def _digits(count: int, head: str = "") -> Number:
    return lambda rng, _: head + "".join(str(rng.randint(1 if not head and not at else 0, 9)) for at in range(count))


def _youzan(rng: Random, when: datetime) -> str:
    return f"E{when:%Y%m%d%H%M%S}{rng.randint(10**8, 10**9 - 1)}"


def _pinduoduo(rng: Random, when: datetime) -> str:
    return f"{when:%Y%m%d}-{rng.randint(10**6, 10**9):015}"


_CLOUD, _J = "网店管家云端版", "网店管家J系列"
TRADES: dict[str, Trade] = {
    trade.id: trade
    for trade in (
        Trade(
            "jd", "京东", (("网店管家", "FW_GOODS-54210"),), _digits(11, "3"), "thor", "/jd/login/index.action",
            "/jd/market/order/list",
        ),
        Trade(
            "suning", "苏宁", (("网店管家", "10002360"),), _digits(14), "authId", "/suning/ids/login",
            "/suning/fuwu/order/list.htm",
        ),
        Trade(
            "1688", "1688诚信通", (("网店管家", ""),), _digits(15), "cookie2", "/1688/member/signin.htm",
            "/1688/page/buyer_order_list.htm",
        ),
        Trade(
            "alibaba", "阿里巴巴国际站", (("网店管家", "ISVXX519870"),), _digits(15, "20"), "xman_us_t",
            "/alibaba/newlogin/icbuLogin.htm", "/alibaba/product/orders.htm",
        ),
        Trade(
            "youzan", "有赞", (("网店管家", "42149"),), _youzan, "KDTSESSIONID", "/youzan/login",
            "/youzan/center/orders", confirms=False,
        ),
        Trade(
            "pinduoduo", "拼多多", (("网店管家", "142"),), _pinduoduo, "PASS_ID", "/pinduoduo/login/",
            "/pinduoduo/service-market/order-list", confirms=False,
        ),
        Trade(
            "douyin", "抖音", ((_J, "5013"), (_CLOUD, "5012")), _digits(17, "70"), "sessionid", "/douyin/login/common",
            "/douyin/orders",
        ),
        Trade(
            "weimob", "微盟", ((_CLOUD, "product_679"), (_J, "product_2122")), _digits(12), "O2O-online_osessionid",
            "/weimob/login.html", "/weimob/fuwu/orders",
        ),
        Trade(
            "aliexpress", "速卖通", ((_CLOUD, "FW_GOODS-1000569965"),), _digits(13, "31"), "cookie2",
            "/aliexpress/csp_login.htm", "/aliexpress/web/orders.html", hides_numbers=True,
        ),
    )
}  # fmt: skip
PATHS = {"taobao": ("/taobao/login", "/taobao/ser/order/biz_order_list.htm#/")}
PATHS |= {trade.id: (trade.login_path, trade.orders_path) for trade in TRADES.values()}
GONE = {"paipai": "拍拍", "yhd": "一号店"}  # by platform what the back office calls it
