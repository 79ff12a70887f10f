"""What shows that somebody is logged in: a way out, a name, or a log-in page that sends us on."""

from playwright.async_api import Error

from agent.domain.errors import SiteUnavailable
from agent.domain.text import fold
from agent.flows.session.access import SiteAccess
from agent.flows.session.opening import open_address
from agent.flows.session.password_login import is_log_in
from agent.pages import login_words, vocabulary
from agent.pages.live.page import LivePage

_LOOK_SECONDS = 10.0


async def leads_inside(page: LivePage, access: SiteAccess) -> bool:
    """True if somebody is logged in, as far as can be seen. Opens the log-in page if the open one says nothing."""
    snapshot = await page.look()
    if any(vocabulary.is_one_of(n.text, login_words.LOG_OUT) for n in snapshot.texts()) or await greets(page, access):
        return True
    try:
        await open_address(page, access, access.login_url)
    except (SiteUnavailable, Error):
        return False
    snapshot = await page.settled(_LOOK_SECONDS, lambda v: is_log_in(v) or v.address != access.login_url)
    return any(snapshot.texts()) and not is_log_in(snapshot)


async def greets(page: LivePage, access: SiteAccess) -> bool:
    """True if the page that is open names the account or its shop."""
    named = {fold(n) for n in (access.credentials.username, access.shop) if n}
    return any(name in node.folded for node in (await page.look()).texts() for name in named)
