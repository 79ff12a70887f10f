"""One account on one site: opens its pages, and logs in when the site asks for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from loguru import logger
from playwright.async_api import Error
from playwright.async_api import TimeoutError as PlaywrightTimeout
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from agent.domain.errors import AccountError, NoLogin, PageChanged, RunStopped, SessionExpired, SiteUnavailable
from agent.domain.merchants import Account, Credentials
from agent.flows.login import is_log_in, log_in
from agent.flows.shop_choice import choose_shop
from agent.pages.paging import LoggedOut
from agent.pages.window import Window
from agent.sites import Site

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Door:
    """How one account gets into a site.

    `switch` is what leads to the form where nothing with words does: see Site.password_switch. `shop` is the one to
    choose where the log-in leads to several.
    """

    site: str
    login_url: str
    credentials: Credentials
    switch: str | None = None
    shop: str | None = None


Refusals = dict[tuple[str, str], AccountError]
_READ_ATTEMPTS = 8
_MAX_LOG_INS = 12
_RELOADS = 1


class Session:
    """A window on a site together with what is needed to log in there.

    `refusals` are shared by all sessions of a run: accounts of one merchant have the back office's password in common,
    and a wrong one must be tried once, not once an account.
    """

    def __init__(self, window: Window, door: Door, *, refusals: Refusals) -> None:
        self.window, self.site = window, door.site
        self._door, self._refusals = door, refusals
        self._log_ins = 0
        self._logged_in = False
        self._doubtful = False

    async def open(self, address: str) -> int:
        """Opens a page of the site, logged in. Returns the place in the traffic where it was opened.

        Raises what log_in() raises, SiteUnavailable where the page does not come, and SessionExpired where logging in
        does not help.
        """
        if not self._logged_in:
            await self._enter()
        return await self._go(address)

    def at(self, address: str) -> bool:
        """True while a page of that address is open."""
        return self.window.page.url.split("?")[0] == address.split("?", maxsplit=1)[0]

    async def _enter(self) -> None:
        if refusal := self._refusals.get(self._login):
            raise refusal
        if self._log_ins >= _MAX_LOG_INS:
            raise SessionExpired(self.site)
        self._log_ins += 1
        logger.info("{}: log in ({})", self.site, self._log_ins)
        door = self._door
        await self._go(door.login_url)
        view = await self.window.settled(20.0, lambda v: is_log_in(v) or v.address != door.login_url)
        # Where the session lives, the log-in page sends us on.
        if is_log_in(view) or self.window.page.url.startswith(door.login_url.split("#")[0]):
            try:
                await log_in(self.window, self.site, door.credentials, door.switch)
            except AccountError as error:
                # Also where nobody can say what the site meant by its answer: the password was typed, once is enough.
                self._refusals[self._login] = error
                raise
            self._doubtful = True
        await choose_shop(self.window, self.site, door.shop)
        self._logged_in = True

    @property
    def _login(self) -> tuple[str, str]:
        return self._door.login_url, self._door.credentials.username

    async def _go(self, address: str) -> int:
        mark = self.window.traffic.mark()
        try:
            answer = await self.window.open(address)
        except PlaywrightTimeout:
            raise SiteUnavailable(address, "no answer within 30 s") from None
        except Error as error:
            if "closed" in error.message or "crash" in error.message:
                raise
            raise SiteUnavailable(address, error.message.splitlines()[0][:120]) from None
        if answer is not None and answer.status >= 500:
            raise SiteUnavailable(address, f"HTTP {answer.status}")
        return mark

    async def reading(self, read: Callable[[], Awaitable[T]]) -> T:
        """Runs a read, again where the site stumbles or has logged us out. Never to be put around a write."""
        changed = 0

        def worth_it(error: BaseException) -> bool:
            nonlocal changed
            if any(error is refusal for refusal in self._refusals.values()):
                return False
            # Kits lay out a table wrongly now and then, most of all after an answer was late: only a page that stays
            # unreadable when it is loaded anew has changed.
            changed += isinstance(error, PageChanged)
            return isinstance(error, SiteUnavailable | LoggedOut) or (
                isinstance(error, PageChanged) and changed <= _RELOADS
            )

        tries = AsyncRetrying(
            retry=retry_if_exception(worth_it),
            stop=stop_after_attempt(_READ_ATTEMPTS),
            wait=wait_exponential_jitter(multiplier=0.3, max=5, jitter=0.3),
            reraise=True,
        )
        try:
            async for attempt in tries:
                with attempt:
                    return await self._noticing(read)
        except LoggedOut:
            raise SessionExpired(self.site) from None
        raise AssertionError("tenacity ends with a result or an error")

    async def _noticing(self, read: Callable[[], Awaitable[T]]) -> T:
        try:
            found = await read()
        except LoggedOut:
            self._logged_in = False  # so that the next page is opened by way of the log-in
            if self._doubtful:
                # Nothing was ever read since: whatever the site made of the password, typing it again will not help.
                error = self._refusals[self._login] = SessionExpired(self.site)
                raise error from None
            raise
        self._doubtful = False
        return found


def door_of(site: Site, account: Account) -> Door:
    """The way of an account into its platform. Raises NoLogin where none is registered."""
    if account.login is None:
        raise NoLogin(site.title)
    return Door(site.title, site.login_url, account.login, site.password_switch, account.shop)


def stopped(error: Error) -> RunStopped:
    """A browser that is gone, as an error for operators."""
    return RunStopped(error.message.splitlines()[0][:120])
