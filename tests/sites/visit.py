"""One platform's simulated site in a browser: worked by the agent's own session, and looked at from outside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from playwright.async_api import Page
from pydantic import SecretStr

from agent.domain.merchants import Credentials
from agent.domain.orders import Order
from agent.flows.session.access import SiteAccess
from agent.flows.session.login_attempts import LoginAttempts
from agent.flows.session.session import Session
from agent.flows.steps.lookup import look_up_orders
from agent.pages.live.page import LivePage
from agent.sandbox import Sandbox
from agent.sandbox.core.model import Shop
from agent.sandbox.samples.trades import TRADES
from agent.sites import BUILT_IN, Site
from tests.flows.home import Home


@dataclass(frozen=True, slots=True)
class Visit:
    """The first merchant's account on a platform."""

    page: Page
    site: Site
    shop: Shop
    session: Session

    async def orders(self) -> list[Order]:
        return await look_up_orders(self.session, self.site, self.shop.name)


@asynccontextmanager
async def visiting(box: Sandbox, platform: str) -> AsyncIterator[Visit]:
    trade, shop = TRADES[platform], box.state.merchants[0].shops[platform]
    site = replace(BUILT_IN[platform], login_url=box.url + trade.login_path, orders_url=box.url + trade.orders_path)
    login = Credentials(shop.login.username, SecretStr(shop.login.password))
    door = SiteAccess(site.title, site.login_url, login, site.password_switch, shop.name)
    assert Home.chrome
    async with Home.chrome.page() as page:
        yield Visit(page, site, shop, Session(LivePage(page), door, login_attempts=LoginAttempts()))
