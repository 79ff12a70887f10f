"""Keeps a session (登录态) from one run to the next, so that an account seldom has to log in."""

import hashlib
import json
from dataclasses import dataclass

from loguru import logger
from playwright.async_api import Error, Page
from pydantic import SecretStr

from agent.domain.errors import AccountError, AccountLocked, BadPassword
from agent.flows.door import Door
from agent.ledger import Lease, Ledger, RefusedLogin
from agent.storage import Stored

# What the back office's sessions are kept under, among the platforms' ids.
BACK_OFFICE = "wdgj"


@dataclass(slots=True)
class Keeper:
    """Keeps the session of one merchant on one site, for as long as nobody else has the lease.

    `id` is the kept one's that this run goes on from.
    """

    ledger: Ledger
    run_id: str
    merchant: str
    site: str
    door: Door
    id: int | None = None
    lease: Lease | None = None

    def restore(self) -> Stored | None:
        """What a browser needs to go on in the session that was kept; None where there is none for this log-in.

        A log-in that was corrected since is not skipped by what its predecessor had opened.
        """
        kept = self.ledger.session(self.merchant, self.site)
        if kept is None:
            return None
        try:
            state = json.loads(kept.state.get_secret_value())
            stored = Stored.loads(state["stored"]) if state["door"] == _mark(self.door) else None
        except (KeyError, TypeError, ValueError):
            return None  # it came from elsewhere, and is none
        self.id = kept.id if stored else None
        return stored

    def is_first(self) -> bool:
        """True where nothing was ever kept of the merchant on the site: nobody knows yet how long a session lasts."""
        return not self.ledger.has_kept_session(self.merchant, self.site)

    async def keep(self, page: Page) -> None:
        """To be called only while the page is proven to be logged in as the account's shop. Raises LeaseLost."""
        try:
            stored = await Stored.of(page)
        except Error as error:
            logger.warning("{}: the session was not kept: {}", self.site, error.message.splitlines()[0][:120])
            return
        state = SecretStr(json.dumps({"door": _mark(self.door), "stored": stored.dumps()}))
        self.id = self.ledger.keep_session(self.run_id, self.merchant, self.site, state, self.id, lease=self.lease)

    def refusal(self) -> AccountError | None:
        """What the site made of this very log-in in an earlier run; None once it was corrected, or somebody got in."""
        refused = self.ledger.refused(SecretStr(_login_mark(self.door)))
        if refused is None:
            return None
        kind = AccountLocked if refused.reason == AccountLocked.reason else BadPassword
        return kind(self.door.site, refused.said)

    def refused(self, error: AccountError) -> None:
        """Keeps that the site refused this log-in, so that no later run tries it again."""
        if isinstance(error, BadPassword | AccountLocked):
            mark = SecretStr(_login_mark(self.door))
            self.ledger.note_refused(self.merchant, self.site, RefusedLogin(mark, error.reason, error.said))

    def lapsed(self) -> None:
        """Forgets the session, which the site no longer knows."""
        if self.id is not None:
            self.ledger.lapse_session(self.id)
            self.id = None


def _mark(door: Door) -> str:
    """Tells one account's log-in from another; kept where nobody without the vault's key sees it."""
    return _digest(door.login_url, door.credentials.username, door.credentials.password.get_secret_value(), door.shop)


def _login_mark(door: Door) -> str:
    """The same for a user name and password alone, which several accounts may have in common."""
    return _digest(door.login_url, door.credentials.username, door.credentials.password.get_secret_value())


def _digest(*login: str | None) -> str:
    return hashlib.sha256(json.dumps(login).encode()).hexdigest()
