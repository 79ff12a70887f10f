"""Opens what was kept of a session in a browser window of its own, as the next run will."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from loguru import logger
from playwright.async_api import Error

from agent.browser import Chrome
from agent.browser.storage_state import StorageState
from agent.domain.errors import AccountError
from agent.domain.login_errors import SessionExpired
from agent.flows.session.access import SiteAccess
from agent.flows.session.login_attempts import LoginAttempts
from agent.flows.session.session import Session
from agent.flows.session.session_store import SessionStore
from agent.pages.live.page import LivePage

_PROOF_SECONDS = 60.0

Alive = Callable[[], bool]


@asynccontextmanager
async def reused(
    chrome: Chrome, access: SiteAccess, storage: StorageState, alive: Alive, session_store: SessionStore | None = None
) -> AsyncIterator[Session]:
    """A session that knows `storage` alone. Reading raises SessionExpired if a password is asked for.

    It reaches the site only while `alive` is true. `session_store` forgets one that the site says is over.
    """
    login_attempts = LoginAttempts()
    login_attempts.note((access.login_url, access.credentials.username), SessionExpired(access.title))
    async with chrome.page(storage, access.allows, alive) as page:
        yield Session(
            LivePage(page, access.allows),
            access,
            login_attempts=login_attempts,
            session_store=session_store,
            logged_in=True,
        )


async def prove(chrome: Chrome, session: Session, read: Callable[[Session], Awaitable[object]], alive: Alive) -> bool:
    """See that what was kept of a session serves another window, too; forget it if the site says that it is over.

    `read` is a look that needs the log-in. What else goes wrong with it is told, and changes nothing. True if it
    serves.
    """
    session_store = session.session_store
    if session_store is None or session_store.id is None or (storage := session_store.restore()) is None:
        return False
    try:
        async with (
            asyncio.timeout(_PROOF_SECONDS),
            reused(chrome, session.access, storage, alive, session_store) as again,
        ):
            await read(again)
            await again.keep()  # some sites change it with every use
            return True
    except (AccountError, Error, TimeoutError) as error:
        logger.warning("{}: it was not seen that the kept session serves another window: {}", session.title, error)
        return False
