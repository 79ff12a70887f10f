"""淘宝 and 天猫: one service market for both kinds of shop."""

from agent.domain.deadlines import RefundRule
from agent.sites.site import Site

# Addresses: the order list from the vendor's guide (2024-09), the log-in page from public seller tools (2026-09).
# Services: codes from the guide's subscription links; the same code serves the classic editions and the J series.
TAOBAO = Site(
    id="taobao",
    title="淘宝/天猫",
    login_url="https://login.taobao.com/havanaone/login/login.htm?bizName=taobao",
    orders_url="https://fuwu.taobao.com/ser/order/biz_order_list.htm#/",
    services=("FW_GOODS-1870412", "FW_GOODS-1870413", "网店管家云端版", "网店管家J系列", "网店管家"),
    rule=RefundRule.parse("5 working days"),
    filing_name="淘宝",
    number_after_confirm=True,
    provisional=("words of the order list", "exact service names", "length of the order number"),
)
