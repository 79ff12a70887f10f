"""Whether the back office can be worked as it is configured."""

from agent.domain.addresses import address_problem
from agent.domain.errors import UsageError
from agent.domain.merchants import Edition
from agent.domain.text import Text
from agent.settings import Settings, backoffice
from agent.sites import BackOffice


def checked_back_office(settings: Settings, editions: set[Edition]) -> BackOffice:
    """The back office. Raise UsageError if members with those editions cannot work it as it is configured.

    Its published address is plain http, where everyone on the way can read the password: that has to be accepted.
    """
    given = settings.backoffice
    if verdict := address_problem(given.login_url, allow_http=given.allow_http):
        reason, cure = verdict
        text = Text(f"backoffice.login_url {reason.en}. {cure.en}", f"backoffice.login_url {reason.zh}。{cure.zh}")
        raise UsageError(text)
    back_office = backoffice(settings)
    lacking = {e for e in editions if back_office.list_url(e) is None}
    if Edition.ENTERPRISE in lacking:
        raise UsageError(
            Text("backoffice.filing_url is not set.", "未设置 backoffice.filing_url。"),
            Text(
                "Open 自助服务 → 平台报备 in the member back office and copy its address into "
                "the settings; likewise refund_url from 订购返款.",
                "请在会员后台打开“自助服务 → 平台报备”，把网址填入设置；refund_url 同理取自“订购返款”。",
            ),
        )
    if lacking:
        raise UsageError(
            Text("backoffice.refund_url is not set.", "未设置 backoffice.refund_url。"),
            Text(
                "Open 订购返款 in the member back office and copy its address into the settings.",
                "请在会员后台打开“订购返款”，把网址填入设置。",
            ),
        )
    return back_office
