"""What a person is asked to prove, told by what the page shows of it."""

import pytest
from playwright.async_api import Page

from agent.domain.challenges import ChallengeKind
from agent.pages.inference.challenges import challenge
from agent.pages.live.page import LivePage

PAGES = {
    "<h3>安全验证</h3><p>短信校验码已发送</p><input type=text placeholder=6位数字校验码>": ChallengeKind.SMS,
    "<p>验证码已发送至您的邮箱</p>" + "<input type=text maxlength=1 size=1>" * 6: ChallengeKind.EMAIL,
    "<h3>安全验证</h3><p>请按住滑块，拖动到最右边</p><p>短信验证码</p><input type=text>": ChallengeKind.SLIDER,
    "<h3>请完成安全验证</h3><img width=100 height=100>": ChallengeKind.SLIDER,
    "<input type=text placeholder=账号><input type=password><a>获取验证码</a>": None,
}


@pytest.mark.parametrize(("body", "kind"), PAGES.items())
async def test_the_kind_of_challenge(live: LivePage, small: Page, body: str, kind: ChallengeKind | None) -> None:
    await small.set_content(body)
    assert challenge(await live.look()) is kind
