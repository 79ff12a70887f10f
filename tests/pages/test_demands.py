"""What a page wants of the account's owner before anything else, in the words of many sites."""

import pytest

from agent.domain.login_errors import Demand
from agent.pages.inference.demands import demand
from agent.pages.view import FrameSnapshot, PageSnapshot
from tests.pages.made import lines, snapshot


def view(*text: str) -> PageSnapshot:
    return PageSnapshot((FrameSnapshot(None, snapshot(*lines(*text)), None),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("您的密码安全等级低，需重新设置", Demand.PASSWORD),
        ("登录密码已使用超过 90 天，请设置新密码后继续使用", Demand.PASSWORD),
        ("请完成手机绑定后继续", Demand.PHONE),
        ("根据监管要求，请完成企业认证后继续使用", Demand.IDENTITY),
        ("您的账号在另一台设备登录，是否继续登录并挤掉对方？", Demand.ELSEWHERE),
    ],
)
def test_what_is_wanted_has_its_reason(text: str, wanted: Demand) -> None:
    assert demand(view(text)) == (wanted, text)


@pytest.mark.parametrize(
    "text", ["您的登录密码将于3天后过期", "企业认证商家可享更多权益", "手机绑定成功", "密码安全等级说明"]
)
def test_what_only_speaks_of_it_is_wanted_of_nobody(text: str) -> None:
    assert demand(view(text)) is None
