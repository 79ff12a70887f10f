"""`fankuan replay`: what a look and a plan make of a recording, with the recorded answers and no network (回放)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from playwright.async_api import Error, Route
from pydantic import SecretStr

from agent.browser import Chrome
from agent.browser.storage_state import StorageState
from agent.domain.deadlines import Calendar
from agent.domain.errors import AccountError, RunStopped
from agent.domain.merchants import Credentials, Edition
from agent.domain.orders import Filing, Order
from agent.domain.plan import Situation, Step, plan
from agent.flows.runs.recorded_site import back_office_from_json, site_from_json
from agent.flows.runs.replayed import filing_to_json, order_to_json, step_to_json
from agent.flows.session.access import SiteAccess
from agent.flows.session.login_attempts import LoginAttempts
from agent.flows.session.pages_found import lead_by_menus
from agent.flows.session.session import Session, stopped
from agent.flows.steps.lookup import look_up_filings, look_up_orders, orders_filed
from agent.pages.inference.menu_words import Aim
from agent.pages.inference.stated_total import Listed
from agent.pages.live.page import LivePage
from agent.recording.answers import Answers
from agent.recording.cleaning import Raw
from agent.sites import BUILT_IN, BackOffice, Site, may_be_called, names_of_others

S = TypeVar("S")
T = TypeVar("T")

_DEADLINE_SECONDS = 180.0


@dataclass(slots=True)
class Replay:
    """What was read from a recording, and what would be done. `ended` says why it went no further, None if it did."""

    orders: list[Order] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    plan: list[Step] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unread: int = 0
    ended: AccountError | None = None

    def to_json(self) -> dict[str, Any]:
        """What is compared with what a person has approved."""
        return {
            "orders": [order_to_json(o) for o in self.orders],
            "filings": [filing_to_json(f) for f in self.filings],
            "plan": [step_to_json(s) for s in self.plan],
            "missing": self.missing,
            "not_understood": self.unread,
            "ended": self.ended.reason if self.ended is not None else None,
        }


async def run_replay(recording: Raw, chrome: Chrome, calendar: Calendar) -> Replay:
    """Run the look-up and the plan of a run on a recording, at the moment at which it was made.

    `calendar` are the working days. Nothing is asked of any host. What goes wrong is in `ended`. Raise KeyError,
    TypeError or ValueError if the facts of the recording are not what a recording has.
    """
    player = _Player(recording, chrome, calendar)
    try:
        async with asyncio.timeout(_DEADLINE_SECONDS):
            await player.play()
    except AccountError as error:
        player.found.ended = error
    except TimeoutError:
        player.found.ended = RunStopped(f"not done after {_DEADLINE_SECONDS:.0f} s")
    except Error as error:
        player.found.ended = stopped(error)
    return player.found


@dataclass(slots=True)
class _Player:
    recording: Raw
    chrome: Chrome
    calendar: Calendar
    found: Replay = field(default_factory=Replay)

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.recording.facts["recorded_at"])

    async def play(self) -> None:
        facts, edition = self.recording.facts, Edition(self.recording.facts["edition"])
        site = site_from_json(facts["platform"], facts.get("site", {}))
        back_office = back_office_from_json(facts["back_office"])
        orders, filings = await _both(
            self._platform(site, facts),
            self._back_office(back_office, edition, facts),
        )
        self._note(orders)
        self._note(filings)
        self.found.orders = [*orders]
        others = names_of_others(site, BUILT_IN.values())
        self.found.filings = [f for f in filings if may_be_called(site, f.platform, others)]
        if site.gone:
            self.found.orders = orders_filed(self.found.filings, site)
        self.found.plan = plan(self._situation(site, back_office, filings, known_shop=facts["file_as"] or orders.shop))

    def _note(self, listed: Listed[Any]) -> None:
        self.found.missing += [text.en for text in listed.missing]
        self.found.unread += len(listed.unread)

    async def _platform(self, site: Site, facts: dict[str, Any]) -> Listed[Order]:
        if "platform_session" not in facts:
            return Listed()  # the platform is gone
        access = self._access(site.title, site.login_url, facts["platform_session"], facts["shop"])
        return await self._in_session(
            access,
            facts["platform_session"],
            (site.order_list, Aim.ORDERS),
            lambda session: look_up_orders(session, site, facts["shop"], now=self.moment),
        )

    async def _back_office(self, back_office: BackOffice, edition: Edition, facts: dict[str, Any]) -> Listed[Filing]:
        kept = facts["back_office_session"]
        address = back_office.list_url(edition) or back_office.login_url
        aim = Aim.FILING if edition is Edition.ENTERPRISE else Aim.REFUND
        access = self._access(back_office.title, back_office.login_url, kept, None)
        return await self._in_session(access, kept, (address, aim), lambda session: look_up_filings(session, address))

    @staticmethod
    def _access(title: str, login_url: str, kept: dict[str, Any], shop: str | None) -> SiteAccess:
        # The password is none: a page that asks for one is no part of what was recorded.
        return SiteAccess(title, login_url, Credentials(kept["username"], SecretStr("-")), shop=shop)

    async def _in_session(
        self,
        access: SiteAccess,
        kept: dict[str, Any],
        way: tuple[str, Aim],
        look: Callable[[Session], Awaitable[T]],
    ) -> T:
        answers = Answers(self.recording.exchanges)
        async with self.chrome.page(StorageState.loads(kept["state"]), lambda _: False) as raw:
            await raw.context.clock.set_fixed_time(self.moment)
            await raw.context.route("**/*", partial(_answer, answers))
            session = Session(LivePage(raw), access, login_attempts=LoginAttempts(), logged_in=True)
            if kept["steps"] is not None:
                lead_by_menus(session, way[0], way[1], kept["steps"])
            return await look(session)

    def _situation(
        self, site: Site, back_office: BackOffice, filings: Listed[Filing], *, known_shop: str | None
    ) -> Situation:
        def due(day: date) -> date | None:
            return site.rule.due(day, self.calendar).due_on if site.rule else None

        facts = self.recording.facts
        return Situation(
            orders=self.found.orders,
            filings=self.found.filings,
            today=self.moment.date(),
            due=due,
            has_payee=facts["has_payee"],
            direct=not site.gone and back_office.direct(Edition(facts["edition"])),
            filings_whole=not filings.missing,
            unread_filings=frozenset(row.order_no for row in filings.unread if row.order_no),
            shop_known=known_shop is not None,
        )


async def _both(first: Awaitable[S], second: Awaitable[T]) -> tuple[S, T]:
    """What both give, at the same time. If one fails, the other is ended before this raises."""
    one, other = asyncio.ensure_future(first), asyncio.ensure_future(second)
    try:
        return await one, await other
    finally:
        for task in (one, other):
            task.cancel()
        await asyncio.gather(one, other, return_exceptions=True)


async def _answer(answers: Answers, route: Route) -> None:
    """Give a request its recorded answer, or refuse it."""
    request = route.request
    posted = (request.post_data_buffer or b"").decode("utf-8", "replace")
    found = answers.to(request.method, request.url, posted)
    with suppress(Error):  # the page went on
        if found is None:
            await route.abort("blockedbyclient")
        else:
            await route.fulfill(status=found.status, headers=found.headers, body=found.body)
