"""Keeps a session (登录态) from one run to the next, so that an account seldom has to log in."""

import hashlib
import json
from dataclasses import dataclass

from loguru import logger
from playwright.async_api import Error, Page
from pydantic import SecretStr

from agent.browser.storage_state import StorageState
from agent.domain.accounts import AccountKey
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, SiteBusy, SiteRefused
from agent.domain.login_errors import AccountLocked, BadPassword, LoginRefused, SessionExpired
from agent.domain.page_errors import PageChanged
from agent.flows.session.access import SiteAccess
from agent.ledger import PENDING_LOGINS, Lease, Ledger, RefusedLogin, lease_of
from agent.sites import wdgj

# What the back office's sessions are kept under, among the platforms' ids.
BACK_OFFICE = wdgj.ID
# What is kept of a log-in that is not refused (yet): that it was sent, or that the site said it was in trouble. What is
# "said" then is how often.
_SENT, _BUSY = PENDING_LOGINS
_MOST_UNANSWERED, _MOST_TROUBLES = 2, 3
_REFUSALS = {kind.reason: kind for kind in (BadPassword, AccountLocked, LoginRefused)}
_UNANSWERED = "no answer, twice"


@dataclass(slots=True)
class SessionStore:
    """Keeps the session of one account, of a platform or of the back office, for as long as nobody else has the lease.

    `id` is the kept one's that this run goes on from.
    """

    ledger: Ledger
    run_id: str
    account: AccountKey
    access: SiteAccess
    id: int | None = None
    lease: Lease | None = None
    _troubles: int = 0

    def restore(self) -> StorageState | None:
        """What a browser needs to go on in the session that was kept; None if there is none for this log-in.

        A log-in that was corrected since is not skipped by what its predecessor had opened.
        """
        with self.ledger.read() as tx:
            kept = tx.sessions.find(self.account)
        if kept is None:
            return None
        try:
            state = json.loads(kept.state.get_secret_value())
            storage = StorageState.loads(state["stored"]) if state["door"] == _fingerprint(self.access) else None
        except (KeyError, TypeError, ValueError):
            return None  # it came from elsewhere, and is none
        self.id = kept.id if storage else None
        return storage

    def is_first(self) -> bool:
        """True if nothing was ever kept of the account: nobody knows yet how long a session lasts."""
        with self.ledger.read() as tx:
            return not tx.sessions.was_kept(self.account)

    async def keep(self, page: Page) -> None:
        """To be called only while the page is proven to be logged in as the account's shop. Raise LeaseLost."""
        try:
            storage = await StorageState.of(page)
        except Error as error:
            logger.warning("{}: the session was not kept: {}", self.account, error.message.splitlines()[0][:120])
            return
        state = SecretStr(json.dumps({"door": _fingerprint(self.access), "stored": storage.dumps()}))
        with self.ledger.begin(self.lease, on=lease_of(self.account.merchant_id), run_id=self.run_id) as tx:
            self.id = tx.sessions.keep(self.account, state, self.id)

    def refusal(self) -> AccountError | None:
        """What the site made of this very log-in in an earlier run; None once it was corrected, or somebody got in."""
        with self.ledger.read() as tx:
            refused = tx.log_ins.find(self._login)
        if refused is not None:
            return _REFUSALS[refused.reason](self.access.title, refused.message)
        if self._tries(_SENT) >= _MOST_UNANSWERED:
            return LoginRefused(self.access.title, _UNANSWERED)
        return None

    def sending(self) -> None:
        """Keep, before a log-in is sent, that it was: a run that is killed now must not be followed by many.

        One without any answer is tried once more, for it may never have reached the site; then it is a person's.
        """
        self._troubles = self._tries(_BUSY)
        self._note(_SENT, str(self._tries(_SENT) + 1))

    def answered(self) -> None:
        """Keep that the log-in had an answer which is no refusal."""
        with self.ledger.begin(on=lease_of(self.account.merchant_id)) as tx:
            tx.log_ins.forget(self.account)

    def refused(self, error: AccountError, *, sent: bool = True) -> None:
        """Keep what the site made of this log-in, so that no later run tries again what it refused.

        `sent` is false if nothing was typed. A site that only says that it is in trouble is believed a few times in a
        row; one that is, as its status or a lost connection shows, each time.
        """
        if isinstance(error, BadPassword | AccountLocked | LoginRefused):
            self._note(error.reason, error.message)
        elif sent and isinstance(error, SiteBusy):
            self._count_trouble(error)
        elif sent and isinstance(error, PageChanged | SessionExpired | SiteRefused):
            self._note(LoginRefused.reason, explained(error).text.zh)
        elif sent:
            self.answered()

    def _count_trouble(self, error: SiteBusy) -> None:
        if self._troubles + 1 >= _MOST_TROUBLES:
            self._note(LoginRefused.reason, error.message)
        else:
            self._note(_BUSY, str(self._troubles + 1))

    def _tries(self, kind: str) -> int:
        """How often in a row the log-in ended so, by what was kept of it."""
        with self.ledger.read() as tx:
            kept = tx.log_ins.pending(self.account, self._login)
        return int(kept.message) if kept is not None and kept.reason == kind and kept.message.isdigit() else 0

    def _note(self, reason: str, text: str) -> None:
        with self.ledger.begin(on=lease_of(self.account.merchant_id)) as tx:
            tx.log_ins.note(self.account, RefusedLogin(self._login, reason, text))

    @property
    def _login(self) -> SecretStr:
        return SecretStr(_login_fingerprint(self.access))

    def lapsed(self) -> None:
        """Forget the session, which the site no longer knows."""
        if self.id is not None:
            with self.ledger.begin(on=lease_of(self.account.merchant_id)) as tx:
                tx.sessions.lapse(self.id)
            self.id = None


def _fingerprint(access: SiteAccess) -> str:
    """Tell one account's log-in from another; kept if nobody without the vault's key sees it."""
    return _digest(
        access.login_url, access.credentials.username, access.credentials.password.get_secret_value(), access.shop
    )


def _login_fingerprint(access: SiteAccess) -> str:
    """The same for a user name and password alone, which several accounts may have in common."""
    return _digest(access.login_url, access.credentials.username, access.credentials.password.get_secret_value())


def _digest(*login: str | None) -> str:
    return hashlib.sha256(json.dumps(login).encode()).hexdigest()
