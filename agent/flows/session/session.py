"""One account on one site: opens its pages, and logs in when the site asks for it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from loguru import logger
from playwright.async_api import Error
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from agent.browser import is_over
from agent.domain.challenges import ChallengeKind
from agent.domain.error_wording import explained
from agent.domain.errors import (
    AccountError,
    BrowserEnded,
    PageStuck,
    RunStopped,
    SiteRefused,
    SiteUnavailable,
    WrongAddress,
)
from agent.domain.login_errors import Challenge, SessionExpired
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.flows.session.access import SiteAccess
from agent.flows.session.handoff import Handoff
from agent.flows.session.login_attempts import Login, LoginAttempts
from agent.flows.session.opening import open_address
from agent.flows.session.password_login import is_log_in, log_in
from agent.flows.session.session_signs import greets, leads_inside
from agent.flows.session.session_state import TRANSITIONS, SessionEvent, SessionState
from agent.flows.session.session_store import SessionStore
from agent.flows.session.shop_selection import choose_shop
from agent.flows.session.tracing import Tracer
from agent.flows.session.verification import pass_approval, pass_code
from agent.pages.actions.paging import LoggedOut
from agent.pages.live.page import LivePage

T = TypeVar("T")


class _Unseen(LoggedOut):
    """Raised if a list is empty, which it can be for want of a session, too."""


class Incomplete(Exception):
    """Raised by a read that found a page without its pictures and fonts not to be enough."""


_READ_ATTEMPTS = 8
_MAX_LOG_INS = 12
_CHANCES = 2  # log-ins that lists earn which were seen and not read whole, in all of a session's life
_RELOADS = 1
_LOOK_SECONDS = 10.0
_LOGGED_OUT = Text("the site asks for the log-in", "网站要求重新登录")


class Session:
    """A window on a site together with what is needed to log in there.

    `login_attempts` are shared by all sessions of a run: accounts of one merchant, and merchants of one company, may
    have the back office's password in common.
    """

    def __init__(
        self,
        page: LivePage,
        access: SiteAccess,
        *,
        login_attempts: LoginAttempts,
        session_store: SessionStore | None = None,
        handoff: Handoff | None = None,
        logged_in: bool = False,
        tell: Callable[[Text], None] = lambda text: logger.info(text.en),
    ) -> None:
        """`session_store` has put what it kept, if anything, into the window's context; `logged_in`: someone else has.

        `handoff` is where a code is asked for that the log-in needs. `tell` is told of log-ins, and why a page is read
        again.
        """
        self.page, self.title = page, access.title
        self.access, self._login_attempts, self.session_store = access, login_attempts, session_store
        self._handoff, self._tell = handoff, tell
        self.tracer: Tracer | None = None  # traces what is no log-in
        self._log_ins = 0
        is_kept = logged_in or (session_store is not None and session_store.id is not None)
        self.state = SessionState.KEPT if is_kept else SessionState.OUT
        self.asked: int | None = None  # the number under which a person was asked
        self.strayed = False  # the window was led away from what was opened, also if its address says otherwise
        self.helped = False  # somebody took part in the log-in, and should not have to soon again
        self.is_first = False  # nothing had ever been kept of this log-in
        self._chances, self._renewals = _CHANCES, 1
        self._sent = False  # the password of the log-in that is going on
        # Pages without an address of their own: what follows the way to each, and gives the place in the traffic.
        self.routes: dict[str, Callable[[Session], Awaitable[int]]] = {}
        self._landing: str | None = None

    async def keep(self) -> None:
        """Keep the session for the next run. To be called only after a read that proved whose it is."""
        if self.session_store is not None and self.state.logged_in and self.state is not SessionState.KEPT:
            await self.session_store.keep(self.page.raw)

    def note_inside(self) -> None:
        """To be called where a list shows rows, even if reading it goes wrong later."""
        self._happens(SessionEvent.ROWS)

    def _happens(self, event: SessionEvent) -> None:
        self.state = TRANSITIONS[self.state, event]

    def leave(self, kind: ChallengeKind, text: str | None, picture: str | None) -> None:
        """Leave what the site asks for, so that a person can answer later."""
        if self._handoff is not None:
            self.asked = self._handoff.leave(kind, text, picture)

    async def open(self, address: str) -> int:
        """Open a page of the site, logged in. Return the place in the traffic where it was opened.

        Raise what log_in() raises, SiteUnavailable if the page does not come, and SessionExpired if logging in
        does not help.
        """
        self.strayed = False
        if not self.state.logged_in:
            await self._enter()
        if self.tracer is not None:
            await self.tracer.begin()
        if (route := self.routes.get(address)) is not None:
            return await route(self)
        return await self.go(address)

    async def home(self) -> None:
        """Open the page that follows the log-in. Raise LoggedOut if the site asks for one, and what open() raises."""
        self.strayed = False
        if not self.state.logged_in:
            await self._enter()
            return
        # Where the session lives, the log-in page sends us on.
        await self.go(self.landing)
        snapshot = await self.page.settled(_LOOK_SECONDS, lambda v: any(v.texts()))
        if is_log_in(snapshot):
            self._landing = None
            raise LoggedOut

    async def entered(self) -> bool:
        """Log in if nobody is. Return True; raise what home() raises."""
        await self.home()
        return True

    async def go(self, address: str) -> int:
        """Open a page whatever stands there, logged in or not. Raise SiteUnavailable if it does not come."""
        return await open_address(self.page, self.access, address)

    @property
    def log_ins(self) -> int:
        """How often the log-in page was opened so far."""
        return self._log_ins

    @property
    def landing(self) -> str:
        """The address of the page that follows the log-in, as far as it is known."""
        return self._landing or self.access.login_url

    def at(self, address: str) -> bool:
        """True while a page of that address is open, with all that belongs to it."""
        return not (self.strayed or self.page.blocker.degraded) and (
            self.page.raw.url.split("?")[0] == address.split("?", maxsplit=1)[0]
        )

    async def _enter(self) -> None:
        async with self._login_attempts.turn(self._login):
            await self._pass_log_in()
        await choose_shop(self.page, self.title, self.access.shop_name)
        self._happens(SessionEvent.PASSED)
        self._landing = self.page.raw.url

    async def _pass_log_in(self) -> None:
        try:
            self._login_attempts.check(self._login)
        except AccountError as error:
            self._remember(error)  # of another account that has the same log-in
            raise
        if self.session_store is not None and (refusal := self.session_store.refusal()):
            raise refusal
        if self._log_ins >= _MAX_LOG_INS:
            raise SessionExpired(self.title)
        self._log_ins += 1
        if self.tracer is not None:
            await self.tracer.end()
        access = self.access
        await self.page.blocker.end()  # codes and puzzles are pictures
        await self.go(access.login_url)
        snapshot = await self.page.settled(20.0, lambda v: is_log_in(v) or v.address != access.login_url)
        # Where the session lives, the log-in page sends us on.
        if is_log_in(snapshot) or self.page.raw.url.startswith(access.login_url.split("#")[0]):
            self.is_first |= self.session_store is not None and self.session_store.is_first()
            self._sent = False
            self._tell(Text(f"{self.title}: logging in", f"{self.title}：正在登录"))
            try:
                await self._type()
            except AccountError as error:
                # Also where nobody can say what the site meant by its answer: the password was typed, once is enough.
                self._login_attempts.note(self._login, error)
                self._remember(error)
                raise
            if self.session_store is not None:
                self.session_store.answered()
            self._happens(SessionEvent.TYPED)
            self._lapsed()

    async def _type(self) -> None:
        access = self.access
        try:
            await log_in(self.page, access, self._sending)
        except Challenge as challenge:
            if self._handoff is None:
                raise
            if challenge.kind is ChallengeKind.APPROVAL:
                await pass_approval(self.page, access, self._handoff)
            elif challenge.kind.typed:
                await pass_code(self.page, access, challenge.kind, self._handoff)
            else:
                raise
            made_from_secret = challenge.kind is ChallengeKind.TOTP and access.credentials.totp is not None
            self.helped = not made_from_secret

    def _sending(self) -> None:
        self._sent = True
        if self.session_store is not None:
            self.session_store.sending()

    @property
    def _login(self) -> Login:
        return self.access.login_url, self.access.credentials.username

    async def reading(self, read: Callable[[], Awaitable[T]]) -> T:
        """Run a read, again if the site stumbles or has logged us out. Never to be put around a write."""
        changed = 0

        def worth_it(error: BaseException) -> bool:
            nonlocal changed
            if error in self._login_attempts or isinstance(error, PageStuck):
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
            before_sleep=self._tell_retry,
            reraise=True,
        )
        try:
            async for attempt in tries:
                with attempt:
                    return await self._noticing(read)
        except LoggedOut:
            raise self._expired() from None
        except (PageChanged, SiteRefused) as error:
            if self.state.doubtful and not self.state.inside and not await leads_inside(self.page, self.access):
                self._remember(error)  # it was sent, and nothing shows that it led inside
            raise
        raise AssertionError("tenacity ends with a result or an error")

    def _tell_retry(self, tried: RetryCallState) -> None:
        """Say that a page is read again, and why."""
        error = tried.outcome.exception() if tried.outcome else None
        cause = error if isinstance(error, AccountError) else error and error.__cause__
        why = explained(cause).message if isinstance(cause, AccountError) else _LOGGED_OUT
        number = tried.attempt_number + 1
        self._tell(Text(f"{self.title}: attempt {number}: {why.en}", f"{self.title}：第 {number} 次，原因：{why.zh}"))

    async def _noticing(self, read: Callable[[], Awaitable[T]]) -> T:
        try:
            found = await self._read(read)
            await self._check_proof(found)
        except (LoggedOut, AccountError) as error:
            if self.state is SessionState.KEPT and self._leads_nowhere(error):
                self._doubt(error)
            elif isinstance(error, LoggedOut) or self._is_worth_a_log_in(error):
                self._end()
            else:
                raise
            raise LoggedOut from error
        self._happens(SessionEvent.READ)
        return found

    def _is_worth_a_log_in(self, error: Exception) -> bool:
        """True once, for a 403 for data can be how a session ends; not if a password was typed just now."""
        if not isinstance(error, SiteRefused) or self.state.doubtful or not self._renewals:
            return False
        self._renewals -= 1
        return True

    def _end(self) -> None:
        """The next page is opened by way of the log-in. Raise SessionExpired if that was of no use just now."""
        self._happens(SessionEvent.ENDED)
        if self.state.inside and self._chances:
            self._chances -= 1  # it ended before all was read: a few times that may be bad luck
        elif self.state.doubtful:
            raise self._expired() from None

    def _expired(self) -> SessionExpired:
        """The end of it: for all who have the log-in in common if nothing was read since the password was typed.

        Whatever the site made of the password, typing it again will not help.
        """
        refusal = SessionExpired(self.title)
        if self.state.doubtful:
            self._login_attempts.note(self._login, refusal)
            if not self.state.inside:
                self._remember(refusal)
        return refusal

    async def _read(self, read: Callable[[], Awaitable[T]]) -> T:
        try:
            return await read()
        except (Incomplete, LoggedOut, AccountError):
            if not await self.page.blocker.end():
                raise
            logger.info("{}: the page is looked at once more, with its pictures and fonts", self.title)
            return await read()

    def _leads_nowhere(self, error: Exception) -> bool:
        """True if a session that was not seen to live yet may be what is wrong."""
        if self.session_store is None:
            return isinstance(error, LoggedOut)
        return isinstance(error, SiteRefused) or not isinstance(error, SiteUnavailable | WrongAddress)

    async def _check_proof(self, found: object) -> None:
        """Raise _Unseen if a kept session shows nothing, and nobody's name."""
        if self.state is SessionState.KEPT and not found and not await greets(self.page, self.access):
            raise _Unseen

    def _doubt(self, error: Exception) -> None:
        """Go by way of the log-in page: the kept session led nowhere, whatever the page made of it.

        It is forgotten if the site said that it is over. If it lives all the same, the log-in page sends us on.
        """
        logger.info("{}: the kept session did not serve", self.title)
        self._happens(SessionEvent.ENDED)
        if isinstance(error, _Unseen) and self.session_store is not None:
            self.session_store.id = (
                None  # what is kept next takes its place, and nothing is learnt of how long it lasted
            )
        elif isinstance(error, LoggedOut):
            self._lapsed()

    def _remember(self, error: AccountError) -> None:
        if self.session_store is not None:
            self.session_store.refused(error, sent=self._sent)

    def _lapsed(self) -> None:
        if self.session_store is not None:
            self.session_store.lapsed()


def stopped(error: Error) -> RunStopped:
    """A browser that is gone, as an error for operators."""
    kind = BrowserEnded if is_over(error) else RunStopped
    return kind(error.message.splitlines()[0][:120])
