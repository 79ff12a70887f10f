"""An address at which nothing of the site stands is told as that, at once, with the setting to look at."""

import time
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Route
from pydantic import SecretStr

from agent.browser import open_chrome
from agent.domain.error_wording import explained
from agent.domain.errors import WrongAddress
from agent.domain.merchants import Credentials
from agent.domain.page_errors import LoginFormMissing
from agent.flows.session.access import SiteAccess
from agent.flows.session.login_attempts import LoginAttempts
from agent.flows.session.session import Session
from agent.pages.live.page import LivePage

LOGIN = "https://login.example.com/in"
ACCESS = SiteAccess("淘宝/天猫", LOGIN, Credentials("demo", SecretStr("s3cret-pass")))
LONG_404 = "<!doctype html><meta charset=utf-8><h1>抱歉，您访问的页面不存在</h1>" + "<p>导航</p>" * 40
PARKED = "<!doctype html><meta charset=utf-8><h1>login.example.com</h1><p>此域名可出售，点击咨询</p>"
OTHER = "<!doctype html><meta charset=utf-8><h1>天气预报</h1><p>今天晴</p>"
DRAWN = "<!doctype html><meta charset=utf-8><h1>登录</h1><form>账号 <input name=u> 密码 <input type=password></form>"


@pytest.fixture
async def page() -> AsyncIterator[LivePage]:
    async with open_chrome(None, headless=True) as chrome, chrome.page() as raw:
        yield LivePage(raw)


async def opened(page: LivePage, status: int, body: str) -> Exception | None:
    """How opening the site's list ends where each address answers so."""

    async def answer(route: Route) -> None:
        await route.fulfill(status=status, body=body, content_type="text/html")

    await page.raw.route("**/*", answer)
    session = Session(page, ACCESS, login_attempts=LoginAttempts())
    try:
        await session.reading(lambda: session.open("https://login.example.com/orders"))
    except Exception as error:  # noqa: BLE001 - it is what the test looks at
        return error
    return None


@pytest.mark.parametrize(("status", "body"), [(404, ""), (410, OTHER), (404, LONG_404), (200, PARKED)])
async def test_nothing_there_is_told_at_once_with_the_setting(page: LivePage, status: int, body: str) -> None:
    begun = time.monotonic()
    error = await opened(page, status, body)
    assert isinstance(error, WrongAddress), error
    told = explained(error)
    assert LOGIN in told.message.en
    assert told.cure is not None
    assert "`login_url`" in told.cure.en
    assert time.monotonic() - begun < 28, "it is not retried as an outage"


async def test_a_log_in_that_is_drawn_under_404_is_used(page: LivePage) -> None:
    assert not isinstance(await opened(page, 404, DRAWN), WrongAddress)


async def test_another_site_names_the_setting(page: LivePage) -> None:
    error = await opened(page, 200, OTHER)
    assert isinstance(error, LoginFormMissing)
    told = explained(error).cure
    assert told is not None
    assert "`login_url`" in told.en
