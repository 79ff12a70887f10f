"""What is seen of one account: its platform's orders, and the filings of the back office, as they are now."""

import asyncio
from dataclasses import dataclass, field, replace

from playwright.async_api import Error

from agent.domain.errors import AccountError
from agent.domain.orders import Filing, Order
from agent.domain.text import Text, fold
from agent.flows.runs.account_context import AccountContext
from agent.flows.runs.account_pages import AccountPages
from agent.flows.runs.account_state import AccountState
from agent.flows.runs.backoffice_page import Filings
from agent.flows.runs.backoffice_turn import BackOfficeTurn
from agent.flows.runs.page_shapes import note_shape
from agent.flows.session.session import Session
from agent.flows.session.session_state import SessionState
from agent.flows.session.session_store import BACK_OFFICE
from agent.flows.steps.lookup import look_up_filings, look_up_orders, order_list_of, orders_filed
from agent.pages.inference.list_kind import FILINGS
from agent.pages.inference.stated_total import Listed
from agent.settings import sites
from agent.sites import platforms_called

_FINDING = Text("finding the pages", "查找所需页面")


@dataclass(slots=True)
class Observer:
    """Reads both sites for one account into `state`, and keeps in the ledger what they show.

    A platform that is gone has no `platform_session`: its orders are those that were filed. In the back office the
    account reads only while it is its `turn`, unless another account has just read there. `known` are the platform's
    orders, if a first page that shows the same is enough. `at` is the session that was worked in last. `job` has the
    addresses of all pages once they were found.
    """

    job: AccountContext
    platform_session: Session | None
    turn: BackOfficeTurn
    known: list[Order] | None = None
    state: AccountState = field(default_factory=AccountState)
    at: Session | None = None
    _found_in: Session | None = None  # the session in which the pages of the back office were found
    _pages: AccountPages = field(init=False)

    def __post_init__(self) -> None:
        job = self.job
        self._pages = AccountPages(job.site, job.backoffice, job.merchant.edition, job.run.ledger)

    @property
    def sessions(self) -> list[Session]:
        """Those that the account uses now, the one that was worked in last first."""
        both = (self.platform_session, self.turn.session if self.turn.mine else None)
        return sorted((s for s in both if s is not None), key=lambda s: s is not self.at)

    async def find_orders(self) -> None:
        """Find the platform's order list. Raise as site_found()."""
        if self._pages.are_missing:
            self._tell(_FINDING)
        await self._find_orders()

    async def is_lost(self) -> bool:
        """True if the page that was worked in last was found by a way that does not lead there any more."""
        return self.at is not None and await self._pages.are_gone(self.at, on_platform=self.at is self.platform_session)

    async def find_anew(self) -> None:
        """Walk the menus to the page that was lost. Raise as site_found()."""
        self._tell(_FINDING)
        if self.at is self.platform_session:
            await self._find_orders(anew=True)
        elif self.turn.session is not None:
            await self._find_filings(self.turn.session, anew=True)
        self.turn.end()

    async def _find_orders(self, *, anew: bool = False) -> None:
        if self.platform_session is not None:
            self.at = self.platform_session
            self.job = replace(self.job, site=await self._pages.of_site(self.platform_session, anew=anew))

    async def _find_filings(self, session: Session, *, anew: bool = False) -> None:
        if anew or session is not self._found_in:
            self.job = replace(self.job, backoffice=await self._pages.of_back_office(session, anew=anew))
            self._found_in = session

    async def see_both(self, *, fresh: bool) -> None:
        """Read what both sites hold now, at the same time where nobody has to log in to the back office first."""
        ahead, listed = None, None if fresh else self.turn.filings(self.job.merchant.edition)
        if self.platform_session is not None and self.turn.is_free and listed is None:
            await self.turn.wait()
            ahead = asyncio.create_task(self._see_filings_ahead())
        try:
            await self.see_orders()
        except (AccountError, Error):
            if ahead is not None:  # whatever it was about, a log-in above all, is not broken off
                await asyncio.gather(ahead, return_exceptions=True)
            raise
        except BaseException:
            if ahead is not None:
                ahead.cancel()
                await asyncio.wait([ahead])
            raise
        if ahead is None or not await self._seen_ahead(ahead):
            await self.see_filings(fresh=fresh)

    async def _see_filings_ahead(self) -> bool:
        session = await self.turn.begin()
        kept = session.state is SessionState.KEPT
        if kept:
            await self._read_filings(session)
        self.turn.end()
        return kept

    async def _seen_ahead(self, ahead: asyncio.Task[bool]) -> bool:
        try:
            return await ahead
        except (AccountError, Error):
            self.at = self.turn.session
            raise

    async def see_orders(self) -> None:
        """Read what the platform holds now, and keep it in the ledger."""
        job, session, state = self.job, self.platform_session, self.state
        if session is None:
            return
        self.at = session
        self._tell(Text("reading orders", "读取订单"))
        listed = await look_up_orders(session, job.site, job.account.shop, self.known)
        state.whole, state.orders_missing = not listed.known, listed.missing
        state.orders_unread, state.shown_shop = listed.unread, listed.shop
        self._see(listed)
        if state.whole:
            await note_shape(job, session, "orders", order_list_of(job.site), job.site.id)
        if not state.clicked:
            await session.keep()  # also where the back office fails next: a person may have logged in

    async def see_filings(self, *, fresh: bool) -> None:
        """Read what the back office holds now; unless `fresh`, what was read for another account does, if it is so."""
        if not fresh and self._take_over():
            return
        had = self.turn.mine
        await self.turn.wait()
        if fresh or not self._take_over():
            self.at = await self.turn.begin()
            await self._read_filings(self.at)
        if not had:
            self.turn.end()

    async def _read_filings(self, session: Session) -> None:
        await self._find_filings(session)
        job, page = self.job, self.turn.page
        self._tell(Text("reading filings", "读取报备"))
        page.filings = None
        listed = await look_up_filings(session, job.list_url)
        if not self.state.clicked:
            await session.keep()
        with job.run.ledger.begin(job.lease, run_id=job.evidence.run_id) as tx:
            tx.filings.save(job.merchant.id, listed, platforms_called(sites(job.run.settings).values()))
        page.filings = Filings(listed, job.backoffice, job.merchant.edition)
        self.state.taken_over, self.turn.others_came = False, False
        self._note_filings(listed)
        await note_shape(job, session, "applications" if job.direct else "filings", FILINGS, BACK_OFFICE)

    def _take_over(self) -> bool:
        """Go by what the back office listed when another account has looked; false if nobody has, or it was changed."""
        known = self.turn.filings(self.job.merchant.edition)
        if known is None:
            return False
        self.job, self.state.taken_over = replace(self.job, backoffice=known.pages), True
        self._note_filings(known.listed)
        return True

    def _note_filings(self, listed: Listed[Filing]) -> None:
        job, state = self.job, self.state
        state.listed, state.filings_missing = listed, listed.missing
        state.filings_unread = tuple(u for u in listed.unread if fold(u.name) not in job.others)
        state.filings = [f for f in listed if job.concerns(f)]
        if job.site.gone:
            self._see(orders_filed(state.filings, job.site))

    async def have_turn(self) -> None:
        """From now on to its end the account has its turn in the back office."""
        self.at = await self.turn.begin()
        await self._find_filings(self.at)

    def _see(self, orders: list[Order]) -> None:
        self.state.orders = orders
        if self.state.whole:
            job = self.job
            with job.run.ledger.begin(job.lease, run_id=job.evidence.run_id) as tx:
                tx.orders.save(job.account.key, orders)

    def _tell(self, text: Text) -> None:
        self.job.run.progress.stage(self.job.account.key, text)
