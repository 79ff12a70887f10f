"""拍拍 and 一号店: platforms that are gone. Refunds of old orders are followed in the back office alone."""

from agent.domain.accounts import SiteId
from agent.domain.deadlines import RefundRule
from agent.sites.site import Certainty, Site

# Waiting periods: the vendor's guide (2024-09).
PAIPAI = Site(
    id=SiteId("paipai"),
    title="拍拍",
    login_url="",
    orders_url=None,
    services=(),
    rule=RefundRule.parse("2 months"),
    filing_name="拍拍",
    filing_aliases=("拍拍", "拍拍网", "腾讯拍拍"),
    log_in=(),
    certainty={"refund period": Certainty.STATED},
)
YHD = Site(
    id=SiteId("yhd"),
    title="一号店",
    login_url="",
    orders_url=None,
    services=(),
    rule=RefundRule.parse("1 year"),
    filing_name="一号店",
    filing_aliases=("一号店", "1号店"),
    log_in=(),
    certainty={"refund period": Certainty.STATED},
)
