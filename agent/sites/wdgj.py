"""网店管家's member back office, where subscriptions are filed (平台报备) and refunds requested (订购返款)."""

from agent.domain.accounts import SiteId
from agent.sites.site import BackOffice, Certainty

# The log-in address is from the vendor's guide (2024-09). It is plain http there: its use has to be allowed in the
# settings. The addresses behind the log-in are not public; the menus 自助服务 → 平台报备 and 订购返款 lead there.
ID = SiteId("wdgj")  # stands where a platform's does: no platform is called so
WDGJ = BackOffice(
    title="网店管家会员后台",
    login_url="http://newc.wdgj.com/Account/Login",
    certainty={
        "log-in page": Certainty.STATED,
        "menus": Certainty.STATED,
        "addresses behind the log-in": Certainty.UNKNOWN,
        "words of the forms": Certainty.UNKNOWN,
        "states of a filing": Certainty.INFERRED,
    },
)
