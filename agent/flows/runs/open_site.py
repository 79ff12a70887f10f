"""The one place where an account's access to a site, its kept session, an open page and the evidence come together."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial

from agent.domain.accounts import AccountKey
from agent.domain.merchants import Account, Merchant
from agent.evidence.recorder import Evidence
from agent.evidence.trace import without_secrets
from agent.flows.runs.context import OpenRun
from agent.flows.runs.heartbeat import HeldLease
from agent.flows.session.access import SiteAccess
from agent.flows.session.handoff import Handoff
from agent.flows.session.session import Session
from agent.flows.session.session_store import SessionStore
from agent.flows.session.tracing import Tracer
from agent.pages.live.page import LivePage

OpenPage = Callable[[SessionStore], Awaitable[LivePage]]


@dataclass(frozen=True, slots=True)
class OpenSite:
    """An account's way into a site, with a page that is open there. `handoff` is where a person is asked."""

    run: OpenRun
    access: SiteAccess
    session_store: SessionStore
    page: LivePage
    evidence: Evidence
    handoff: Handoff

    def session(self, *, of: AccountKey | None = None, asks: bool = True) -> Session:
        """The session of the page. Unless it `asks`, nobody is asked for what the log-in needs of a person.

        Log-ins are told as something that is done on the account `of`, if it is another's that is worked on.
        """
        session = Session(
            self.page,
            self.access,
            login_attempts=self.run.login_attempts,
            session_store=self.session_store,
            handoff=self.handoff if asks else None,
            tell=partial(self.run.progress.stage, of or self.session_store.account),
        )
        if self.run.trace is not None:
            session.tracer = Tracer(self.page.raw, self._keep_trace)
        return session

    async def _keep_trace(self, packed: bytes) -> None:
        """Keep a trace with the evidence, without secrets, and tell where. Raise NoEvidence."""
        clean = await asyncio.to_thread(without_secrets, packed, [*self.evidence.secrets, *self._own_secrets()])
        place = await self.evidence.keep_file("trace", "zip", clean)
        if self.run.trace is not None:
            self.run.trace(place)

    def _own_secrets(self) -> Iterator[str]:
        credentials = self.access.credentials
        yield from (s.get_secret_value() for s in (credentials.password, credentials.totp) if s is not None)


def evidence_of(run: OpenRun, merchant: Merchant, account: Account) -> Evidence:
    """What the account leaves in the run, kept where the settings say."""
    return Evidence.of(run.settings, run.ledger, merchant, account, run_id=run.id, started_by=run.started_by)


async def open_site(
    run: OpenRun, account: AccountKey, access: SiteAccess, evidence: Evidence, *, held: HeldLease, open_page: OpenPage
) -> OpenSite:
    """Open a page on a site for an account, by its kept session if `open_page` restores that."""
    session_store = SessionStore(run.ledger, run.id, account, access, lease=held.lease)
    page = await open_page(session_store)
    handoff = Handoff(
        ledger=run.ledger,
        run_id=run.id,
        account=account,
        clock=run.clock,
        patience=run.patience,
        tell=run.tell,
        picture=partial(evidence.take_challenge, page),
        dry_run=run.dry_run,
        totp=access.credentials.totp,
    )
    return OpenSite(run, access, session_store, page, evidence, handoff)
