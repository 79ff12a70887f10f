"""Finds the pages of a site that are needed and have no address in the settings, by way of the menus."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit, urlunsplit

from loguru import logger

from agent.domain.accounts import SiteId
from agent.domain.errors import SiteUnavailable, WayNotFound
from agent.domain.merchants import Edition
from agent.domain.text import Text
from agent.flows.session.session import Session
from agent.flows.session.shop_selection import choose_shop
from agent.ledger import KnownWay, Ledger
from agent.pages import login_words
from agent.pages.actions.arrival import close_promotions
from agent.pages.actions.menu_steps import Step, follow
from agent.pages.actions.menu_walk import Arrival, Goal, MenuWalk
from agent.pages.inference.landmarks import Landmark, Landmarks, filing_landmarks, is_drawing, order_landmarks
from agent.pages.inference.list_kind import FILINGS, ORDERS
from agent.pages.inference.menu_words import STRONG, Aim
from agent.pages.inference.page_state import PageState, find_text, page_state
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot
from agent.sites import BackOffice, Site, wdgj

_Wanted = Callable[[Mapping[Landmark, Arrival]], Mapping[Landmark, Arrival]]
_LOOK_SECONDS = 8.0
# Entries that fit less are not followed for something better than what was found: groups that may hold it fit more.
_WORTH = 2.0
_TOLD = 12
# What a query says of one account or one visit; a way is kept for all accounts of an edition.
_OWN_NAME = re.compile(
    r"token|ticket|session|^sid$|sign|csrf|nonce|^_?t$|^_$|time|rand|trace|spm|shop|store|mall|kdt|user|member|seller|uid|acc",
    re.IGNORECASE,
)
_OWN_VALUE = re.compile(r"\d{4}|.{25}")
_PAIRS = re.compile(r"\w+=")  # #access_token=… is no route
_OWN_STEP = re.compile(r"\d{5}|;|(?=[a-z]*\d)[0-9a-z]{20}|[0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Place:
    """A page that was found: the address under which a session opens it, and the way that is kept.

    A list without a row of ours is not `sure`: it may be another list, which other accounts must not be led to.
    """

    address: str
    way: KnownWay
    sure: bool


async def site_found(session: Session, ledger: Ledger, site: Site, edition: Edition, *, anew: bool = False) -> Site:
    """Return the platform with the address of its order list: as it is set, as it was found before, or found now.

    With `anew` it is walked although a way is known. Raise WayNotFound if the menus lead to no such list, SentOnTheWay
    if an entry wanted to send something, and what logging in raises.
    """
    if site.orders_url is not None:
        return site
    finder = _Finder(session, ledger, site.id, edition, orders_goal(site))
    found = {} if anew else finder.known()
    place = found.get(Landmark.ORDERS)
    if place is None:
        found = await finder.walked(orders_of)
        place = found[Landmark.ORDERS]
    return replace(site, orders_url=place)


async def back_office_found(
    session: Session, ledger: Ledger, back_office: BackOffice, edition: Edition, *, anew: bool = False
) -> BackOffice:
    """Return the back office with the addresses of the pages that members of that edition need; see site_found()."""
    if back_office.list_url(edition) is not None:
        return back_office
    finder = _Finder(session, ledger, wdgj.ID, edition, back_office_goal(edition))
    found = {} if anew else finder.known()
    if not found:
        found = await finder.walked(pages_of)
    return _with_pages(back_office, found)


def orders_goal(site: Site) -> Goal:
    """What a platform's list of service orders is recognised by."""

    def enough(found: dict[Landmark, Arrival], left: float) -> bool:
        sure = found.get(Landmark.ORDERS)
        if sure is not None:
            return bool(sure.trail) or left < STRONG
        return Landmark.OTHER_ORDERS in found and left < _WORTH

    kind = ORDERS.with_words(site.headings, site.statuses, site.empty_words)
    recognise = partial(order_landmarks, services=site.services, kind=kind)
    return Goal(Aim.ORDERS, recognise, partial(is_drawing, kind=kind), enough)


def back_office_goal(edition: Edition) -> Goal:
    """What the pages of the back office are recognised by: of the enterprise edition those for filings, of the others
    the application for a refund, or else the same.
    """

    def enough(found: dict[Landmark, Arrival], left: float) -> bool:
        form, listed = found.get(Landmark.FILING_FORM), found.get(Landmark.FILING_LIST)
        files = form is not None and listed is not None
        if edition is Edition.ENTERPRISE:
            return files and (form is listed or left < STRONG)
        applies = found.get(Landmark.APPLICATION)
        direct = applies is not None and Landmark.FILING_FORM not in applies.landmarks
        return direct or (files and left < _WORTH)

    aim = Aim.FILING if edition is Edition.ENTERPRISE else Aim.REFUND
    recognise = filing_landmarks if edition is not Edition.ENTERPRISE else _without_application
    return Goal(aim, recognise, partial(is_drawing, kind=FILINGS), enough)


def _without_application(snapshot: PageSnapshot) -> Landmarks:
    return filing_landmarks(snapshot) - {Landmark.APPLICATION}


def orders_of(seen: Mapping[Landmark, Arrival]) -> dict[Landmark, Arrival]:
    arrival = seen.get(Landmark.ORDERS) or seen.get(Landmark.OTHER_ORDERS)
    return {Landmark.ORDERS: arrival} if arrival is not None else {}


def pages_of(seen: Mapping[Landmark, Arrival]) -> dict[Landmark, Arrival]:
    # A page with the form for a filing is one for both, where everyone files.
    if (applies := seen.get(Landmark.APPLICATION)) and Landmark.FILING_FORM not in applies.landmarks:
        return {Landmark.APPLICATION: applies}
    names = (Landmark.FILING_LIST, Landmark.FILING_FORM)
    return {name: seen[name] for name in names if name in seen}


def _with_pages(back_office: BackOffice, found: Mapping[str, str]) -> BackOffice:
    if (refund := found.get(Landmark.APPLICATION)) is not None:
        return replace(back_office, refund_url=refund)
    form = found.get(Landmark.FILING_FORM)
    listed = found.get(Landmark.FILING_LIST) or form
    return replace(back_office, filing_url=listed, form_url=form if form != listed else None)


@dataclass(frozen=True, slots=True)
class _Finder:
    """The ways of one site: those that are known, and those that are walked now."""

    session: Session
    ledger: Ledger
    site_id: SiteId
    edition: Edition
    goal: Goal

    def known(self) -> dict[str, str]:
        """The addresses of the pages to which a way is known, by what stands on them."""
        with self.ledger.read() as tx:
            ways = tx.ways.known(self.site_id, self.edition, self.session.access.login_url)
        return {page: self._address(page, way) for page, way in ways.items()}

    def _address(self, page: str, way: KnownWay) -> str:
        """The address of a page; of one without, a name under which the session follows the way."""
        if way.address is not None:
            return way.address
        address = f"{urldefrag(self.session.access.login_url)[0]}#/~{page}"
        lead_by_menus(self.session, address, self.goal.aim, way.steps)
        return address

    async def walked(self, wanted: _Wanted) -> dict[str, str]:
        """Walk the menus, and keep the ways that were found. Raise WayNotFound without any."""
        logger.info("{}: the menus are walked", self.session.title)

        async def read() -> dict[str, _Place]:
            walk = await self._walk()
            arrivals = wanted(walk.found)
            if not arrivals:
                raise await self._not_found(walk)
            return {page: await self._place(page, arrival) for page, arrival in arrivals.items()}

        found = await self.session.reading(read)
        ways, login_url = {page: p.way for page, p in found.items() if p.sure}, self.session.access.login_url
        with self.ledger.begin() as tx:
            tx.ways.keep(self.site_id, self.edition, login_url, ways)
        for page, place in found.items():
            logger.info("{}: {} is at {}", self.session.title, page, without_own(place.address))
        return {page: place.address for page, place in found.items()}

    async def _walk(self) -> MenuWalk:
        await self.session.home()
        walk = MenuWalk(self.session.page, self.goal, self._clear)
        await walk.go()
        return walk

    async def _clear(self, page: LivePage, snapshot: PageSnapshot) -> PageSnapshot:
        snapshot = await close_promotions(page, snapshot)
        if find_text(snapshot, login_words.CHOOSE_SHOP) is None:
            return snapshot
        await choose_shop(page, self.session.title, self.session.access.shop_name)
        return await page.settled(_LOOK_SECONDS)

    async def _not_found(self, walk: MenuWalk) -> Exception:
        """What is raised if no page was found: the session may have ended on the way."""
        await self.session.home()
        aim = self.goal.aim
        setting, page = _SETTINGS[aim]
        return WayNotFound(self.session.title, page, setting.format(site=self.site_id), walk.told[:_TOLD])

    async def _place(self, page: str, arrival: Arrival) -> _Place:
        """How the page is reached from now on: by an address, if it stands there also when that is opened."""
        raw, sure = arrival.spot.address, arrival.landmarks != {Landmark.OTHER_ORDERS}
        clean = without_own(raw)
        for address in dict.fromkeys((clean, raw)):
            if await self._stands_at(address, page, arrival):
                way = KnownWay(address) if is_for_all(address) else KnownWay(None, _named(arrival))
                return _Place(address, way, sure)
        way = KnownWay(None, _named(arrival))
        return _Place(self._address(page, way), way, sure)

    async def _stands_at(self, address: str, page: str, arrival: Arrival) -> bool:
        live = self.session.page
        if not (address == live.raw.url and not arrival.spot.steps):
            try:
                await self.session.go(address)
            except SiteUnavailable:
                return False
        snapshot = await live.settled(_LOOK_SECONDS, lambda v: bool(self.goal.recognise(v)))
        return bool(self.goal.recognise(await self._clear(live, snapshot)) & arrival.landmarks)


def _named(arrival: Arrival) -> tuple[tuple[str, str], ...]:
    return tuple((step.name, step.how) for step in arrival.trail)


def lead_by_menus(session: Session, address: str, aim: Aim, steps: Iterable[Sequence[str]]) -> None:
    """Let the session reach an address by menu entries, each with its words and how it is followed."""
    session.routes[address] = partial(_followed, aim=aim, steps=[Step(name, how) for name, how in steps])


def steps_to(session: Session, address: str) -> list[list[str]] | None:
    """The menu entries by which the session reaches an address; None if it opens it."""
    route = session.routes.get(address)
    return [[s.name, s.how] for s in route.keywords["steps"]] if isinstance(route, partial) else None


async def _followed(session: Session, *, aim: Aim, steps: list[Step]) -> int:
    """Follow a way that is known. Return the place in the traffic before its last step."""
    await session.home()
    return await follow(session.page, aim, steps)


def without_own(address: str) -> str:
    """An address without what its query, and that of a route behind #, says of one account or one visit; nor what a
    server hangs on a step of its path (orders.do;jsessionid=…).
    """
    parts = urlsplit(address)
    route, question, asked = parts.fragment.partition("?")
    kept = _others(asked)
    fragment = (_others(route) if _PAIRS.match(route) else route) + (question + kept if kept else "")
    path = re.sub(r";[^/]*", "", parts.path)
    return urlunsplit(parts._replace(path=path, query=_others(parts.query), fragment=fragment))


def _others(query: str) -> str:
    kept = [(n, v) for n, v in parse_qsl(query) if not (_OWN_NAME.search(n) or _OWN_VALUE.search(v))]
    return urlencode(kept)


def is_for_all(address: str) -> bool:
    """True if nothing in an address is of one account or one visit: neither in a query, nor as a step that is a number
    or a ticket.
    """
    parts = urlsplit(address)
    steps = re.split(r"[/?]", f"{parts.path}/{parts.fragment}")
    return without_own(address) == address and not any(_OWN_STEP.search(step) for step in steps)


def still_stands(snapshot: PageSnapshot, goal: Goal) -> bool:
    """True if a page that was opened by a kept way is the one that is looked for, or asks for a log-in first."""
    asks = page_state(snapshot, ORDERS) in (PageState.LOGIN, PageState.CHALLENGE, PageState.ERROR)
    return asks or bool(goal.recognise(snapshot))


_SETTINGS = {
    Aim.ORDERS: ("sites.{site}.orders_url", Text("the list of service orders", "服务订单列表")),
    Aim.FILING: ("backoffice.filing_url", Text("the page 平台报备", "“平台报备”页面")),
    Aim.REFUND: ("backoffice.refund_url", Text("the page 订购返款", "“订购返款”页面")),
}
