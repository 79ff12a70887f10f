"""Opens an address of a site, and says in the site's terms why its page does not come."""

from playwright.async_api import Error
from playwright.async_api import TimeoutError as PlaywrightTimeout

from agent.browser import is_over
from agent.browser.proxy import DENIED
from agent.domain.errors import SiteUnavailable, WrongAddress
from agent.flows.session.access import SiteAccess
from agent.flows.session.password_login import is_log_in
from agent.pages import message_words
from agent.pages.inference.page_state import find_text
from agent.pages.live.page import LivePage

_LOOK_SECONDS = 10.0
# What a server answers for a page that it does not have; so few texts are its own page about that.
_NOTHING_THERE, _FEW_WORDS = (404, 410), 12


async def open_address(page: LivePage, access: SiteAccess, address: str) -> int:
    """Open a page of the site, logged in or not. Return the place in the traffic where it was opened.

    Raise SiteUnavailable if it does not come, and WrongAddress if there is no such page.
    """
    cursor = page.traffic.cursor()
    try:
        answer = await page.open(address)
    except PlaywrightTimeout:
        raise SiteUnavailable(address, "no answer within 30 s") from None
    except Error as error:
        if is_over(error):
            raise
        raise SiteUnavailable(address, error.message.splitlines()[0][:120]) from None
    if answer is not None and answer.headers.get("proxy-status") == DENIED:  # a full Chrome raises an error here
        raise WrongAddress(address, _setting(access, address), "it leads to a host that is not on the network list")
    if answer is not None and answer.status >= 500:
        raise SiteUnavailable(address, f"HTTP {answer.status}")
    if answer is not None and answer.status in _NOTHING_THERE and not await _is_drawn(page):
        raise WrongAddress(address, _setting(access, address), f"HTTP {answer.status}")
    return cursor


async def _is_drawn(page: LivePage) -> bool:
    """True if the page is there all the same, as on some sites that answer with such a status."""
    snapshot = await page.settled(_LOOK_SECONDS)
    bare = sum(1 for _ in snapshot.texts()) <= _FEW_WORDS
    return is_log_in(snapshot) or not (bare or find_text(snapshot, message_words.NOT_FOUND))


def _setting(access: SiteAccess, address: str) -> str:
    return "login_url" if address == access.login_url else "orders_url / filing_url / refund_url"
