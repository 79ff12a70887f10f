"""Opens what was kept of a session in a browser window of its own, as the next run will."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from loguru import logger
from playwright.async_api import Error

from agent.browser import Chrome
from agent.domain.errors import AccountError, SessionExpired
from agent.flows.door import Door
from agent.flows.refusals import Refusals
from agent.flows.session import Session
from agent.pages.window import Window
from agent.storage import Stored

Alive = Callable[[], bool]


@asynccontextmanager
async def reused(chrome: Chrome, door: Door, stored: Stored, alive: Alive = lambda: True) -> AsyncIterator[Session]:
    """A session that knows `stored` alone. Reading raises SessionExpired where a password is asked for.

    It reaches the site only while `alive` is true.
    """
    refusals = Refusals()
    refusals.note((door.login_url, door.credentials.username), SessionExpired(door.site))
    async with chrome.page(stored, door.allows, alive) as page:
        yield Session(Window(page, door.allows), door, refusals=refusals, logged_in=True)


async def prove(chrome: Chrome, session: Session, read: Callable[[Session], Awaitable[object]], alive: Alive) -> None:
    """Sees that what was kept of a session serves another window, too, and forgets it where it does not.

    `read` is a look that needs the log-in. What else goes wrong with it is told, and changes nothing.
    """
    keeper = session.keeper
    if keeper is None or keeper.id is None or (stored := keeper.restore()) is None:
        return
    try:
        async with reused(chrome, session.door, stored, alive) as again:
            await read(again)
            await keeper.keep(again.window.page)  # some sites change it with every use
    except SessionExpired:
        logger.warning("{}: the session ends with its window, so the next run has to log in again", session.site)
        if alive():
            keeper.lapsed()
    except (AccountError, Error) as error:
        logger.warning("{}: it could not be seen whether the kept session serves: {}", session.site, error)
