"""Arrives at a list: its first page, or the page's own sign that there is nothing."""

import asyncio
import time
from dataclasses import dataclass

from agent.domain.challenges import ChallengeKind
from agent.domain.errors import SiteRefused, SiteUnavailable, WrongAddress
from agent.domain.login_errors import AgreementAsked, Challenge, DemandMade
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages import message_words
from agent.pages.actions.arrival import close_promotions
from agent.pages.actions.paging import LoggedOut
from agent.pages.actions.widening import Width, widen
from agent.pages.inference.challenges import challenge
from agent.pages.inference.demands import demand
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.page_state import PageState, find_text, page_state, trouble_of_site
from agent.pages.live.network import Exchange, failures, logged_out, punished
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

_ARRIVAL_SECONDS = 15.0
_EMPTY_SECONDS = 1.2
_PAUSE = 0.1
# What a page is taken for that wants something of the account's owner first.
_HELD_UP = (PageState.LOGIN, PageState.CHALLENGE, PageState.NOTHING)


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A list whose page was opened. `title` is the site's, `cursor` the place in the traffic where that began."""

    page: LivePage
    kind: ListKind
    title: str
    cursor: int

    @property
    def exchanges(self) -> list[Exchange]:
        """What the page asked of the site since."""
        return self.page.traffic.since(self.cursor)


async def arrive(opened: OpenedList) -> LocatedList | None:
    """Return the list on its first page, or None if the page itself says that there is nothing.

    Raise LoggedOut, Challenge, SiteUnavailable, and PageChanged if neither a list nor a sign of emptiness shows.
    """
    return (await arrive_wide(opened))[0]


async def arrive_wide(opened: OpenedList) -> tuple[LocatedList | None, Width]:
    """As arrive(), with how wide the list is once everything was chosen that widens it."""
    page, kind = opened.page, opened.kind
    snapshot = await page.settled(_ARRIVAL_SECONDS, lambda v: page_state(v, kind) is not PageState.NOTHING)
    snapshot, width = await widen(page, kind, await close_promotions(page, snapshot))
    return await judged(opened, snapshot), width


async def judged(opened: OpenedList, snapshot: PageSnapshot) -> LocatedList | None:
    """Return the list that a page shows, or None if it says that there is nothing. Raise as arrive()."""
    page, kind = opened.page, opened.kind
    now = page_state(snapshot, kind)
    _check_demands(snapshot, now, opened.title)
    if now is PageState.EMPTY:
        snapshot = await _stayed_empty(page, snapshot, kind)
        now = page_state(snapshot, kind)
    _check_inside(opened, snapshot, now)
    if now is PageState.LIST:
        return find_list(snapshot, kind)
    _check_trouble(opened, snapshot)
    if now is PageState.EMPTY:
        return None
    if agreement := find_text(snapshot, message_words.AGREEMENT):
        raise AgreementAsked(opened.title, agreement)
    if now is PageState.ERROR:
        raise SiteUnavailable(snapshot.address, trouble_of_site(snapshot) or "")
    if parked := find_text(snapshot, message_words.PARKED):
        raise WrongAddress(snapshot.address, "orders_url / filing_url / refund_url", parked)
    raise _nothing(snapshot, kind)


def _check_inside(opened: OpenedList, snapshot: PageSnapshot, now: PageState) -> None:
    """Raise Challenge or LoggedOut if the page is about the log-in."""
    exchanges = opened.exchanges
    if now is PageState.CHALLENGE:
        raise Challenge(opened.title, challenge(snapshot) or ChallengeKind.SLIDER)
    if now is not PageState.LIST and punished(exchanges):
        raise Challenge(opened.title, ChallengeKind.SLIDER)
    if now is PageState.LOGIN or logged_out(exchanges):
        raise LoggedOut


def _check_trouble(opened: OpenedList, snapshot: PageSnapshot) -> None:
    """Raise SiteUnavailable if what belongs on the page did not come."""
    if failed := failures(opened.exchanges, opened.page.raw.url):
        raise _unavailable(snapshot.address, failed[-1])


def _check_demands(snapshot: PageSnapshot, now: PageState, title: str) -> None:
    """Raise DemandMade if the page wants something of the account's owner first."""
    if now in _HELD_UP and (made := demand(snapshot)):
        raise DemandMade(title, *made)


async def _stayed_empty(page: LivePage, snapshot: PageSnapshot, kind: ListKind) -> PageSnapshot:
    """The page once it has been empty for a while in which it asked the site for nothing.

    Many pages draw their table before they fetch what belongs into it. A page that never stops asking is as it is.
    """
    over = time.monotonic() + _ARRIVAL_SECONDS
    asked, since = page.traffic.cursor(), time.monotonic()
    while time.monotonic() - since < _EMPTY_SECONDS and time.monotonic() < over:
        await asyncio.sleep(_PAUSE)
        snapshot = await page.settled(_ARRIVAL_SECONDS)
        if page_state(snapshot, kind) is not PageState.EMPTY:
            return await page.settled(_ARRIVAL_SECONDS, lambda v: page_state(v, kind) is not PageState.NOTHING)
        if any(e.is_data for e in page.traffic.since(asked)):
            asked, since = page.traffic.cursor(), time.monotonic()
    return snapshot


def _unavailable(address: str, failed: Exchange) -> SiteUnavailable:
    if failed.status is None:
        return SiteUnavailable(address, "no answer")
    text = f"HTTP {failed.status}" if failed.status >= 400 else "the answer says that it failed"
    return SiteUnavailable(address, text) if failed.status >= 500 else SiteRefused(address, text)


def _nothing(snapshot: PageSnapshot, kind: ListKind) -> PageChanged:
    located = find_list(snapshot, kind)
    if located is not None:
        return PageChanged(
            snapshot.address,
            Text("the list has no rows and no sign of being empty", "列表没有任何行，也没有空列表提示"),
        )
    return PageChanged(
        snapshot.address, Text("no list and no sign of an empty one was found", "未找到列表，也没有空列表提示")
    )
