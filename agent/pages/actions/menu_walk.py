"""Walks the menus of a site by their words until the page that is looked for is open.

Links are opened by their addresses; entries without one are pointed at and then pressed. Best words first, within
bounds, and without sending anything that could change something.
"""

import heapq
import math
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urldefrag

from playwright.async_api import Error

from agent.browser import is_over
from agent.domain.errors import SentOnTheWay
from agent.domain.page_errors import PageChanged
from agent.pages.actions.menu_steps import HOVER, PRESS, TYPE, Step, find_entry, take, work
from agent.pages.inference.landmarks import Landmark, Landmarks
from agent.pages.inference.menu_words import STRONG, TERMS, Aim
from agent.pages.inference.menus import Exit, How, exits, search_box
from agent.pages.live.page import LivePage
from agent.pages.live.walking import Walking, walking
from agent.pages.view import PageSnapshot

MOST_PAGES = 40
MOST_SECONDS = 180.0
_SETTLE_SECONDS = 8.0
_LIST_SECONDS = 4.0
_FEW = 2  # texts: with less, a page is still a shell
_DEEPEST = 6
_PER_STEP = 0.4
_HERITAGE, _MOST_HERITAGE = 0.4, 8.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A state of a page: an address that was opened, and what was pointed at or pressed since."""

    address: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A page that was reached: where, by which words from the page after the log-in, and what stands on it."""

    spot: Spot
    trail: tuple[Step, ...]
    landmarks: Landmarks
    fits: float


@dataclass(frozen=True, slots=True)
class Goal:
    """What is looked for. `recognise` tells what stands on a page; `drawing` that its list is not drawn yet; `enough`
    is asked after each page, with how well the best entry fits that is left.
    """

    aim: Aim
    recognise: Callable[[PageSnapshot], Landmarks]
    drawing: Callable[[PageSnapshot], bool]
    enough: Callable[[dict[Landmark, Arrival], float], bool]


@dataclass(order=True, slots=True)
class _Lead:
    rank: float
    number: int
    spot: Spot = field(compare=False)
    exit: Exit = field(compare=False)
    trail: tuple[Step, ...] = field(compare=False)


Clear = Callable[[LivePage, PageSnapshot], Awaitable[PageSnapshot]]


@dataclass(slots=True)
class MenuWalk:
    """One walk. `clear` closes what lies over a page that came up. `told` is everything that was followed, in words."""

    page: LivePage
    goal: Goal
    clear: Clear
    found: dict[Landmark, Arrival] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    pages: int = 0
    _here: Spot | None = None
    _leads: list[_Lead] = field(default_factory=list)
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=count)

    async def go(self) -> None:
        """Walk from the page that is open, until there is enough, nothing is left, or the bounds are reached.

        Raise SentOnTheWay if a press made the page want to send something; it was kept from it.
        """
        deadline = time.monotonic() + MOST_SECONDS
        async with walking(self.page) as sent:
            home = Spot(self.page.raw.url)
            await self._arrive(home, (), 0.0)
            await self._follow_leads(sent, deadline)
            for term in TERMS[self.goal.aim]:
                if self._is_enough() or self._is_over(deadline) or not await self._search(home, term, sent):
                    return
                await self._follow_leads(sent, deadline)

    async def _follow_leads(self, sent: Walking, deadline: float) -> None:
        while self._leads and not self._is_enough():
            if self._is_over(deadline):
                self._leads.clear()
                return
            await self._follow(heapq.heappop(self._leads), sent)

    def _is_over(self, deadline: float) -> bool:
        return self.pages >= MOST_PAGES or time.monotonic() > deadline

    def _is_enough(self) -> bool:
        return self.goal.enough(self.found, -self._leads[0].rank if self._leads else -math.inf)

    async def _search(self, home: Spot, term: str, sent: Walking) -> bool:
        """Look for a function by its name in the home page's own search box; False without one."""
        try:
            await self._open(home, sent)
            if search_box(await self.page.look()) is None:
                return False
            step = Step(term, TYPE)
            sent.pressed = True
            await take(self.page, self.goal.aim, step)
            await self._arrive(Spot(home.address, (step,)), (step,), 0.0)
        except (PageChanged, Error) as error:
            if isinstance(error, Error) and is_over(error):
                raise
            return False
        return True

    async def _follow(self, lead: _Lead, sent: Walking) -> None:
        self.told.append(lead.exit.label)
        trail = (*lead.trail, Step(lead.exit.name, lead.exit.how.value))
        try:
            if lead.exit.address is not None:
                await self._open(Spot(lead.exit.address), sent)
                await self._arrive(Spot(lead.exit.address), trail, -lead.rank)
            else:
                await self._press(lead, trail, sent)
        except (PageChanged, Error) as error:
            # A page that does not come, or cannot be worked, is not the one; the others are still there.
            if isinstance(error, Error) and is_over(error):
                raise
            self._here = None

    async def _open(self, spot: Spot, sent: Walking) -> None:
        """Open a state of a page anew, with all that was pressed on it."""
        self._here, sent.pressed = None, False
        await self.page.open(spot.address)
        await self._settled()
        for step in spot.steps:
            sent.pressed = True
            await take(self.page, self.goal.aim, step)
        self._here = spot

    async def _settled(self) -> PageSnapshot:
        snapshot = await self.page.settled(_SETTLE_SECONDS, lambda v: sum(1 for _ in v.texts()) >= _FEW)
        return await self.clear(self.page, snapshot)

    async def _press(self, lead: _Lead, trail: tuple[Step, ...], sent: Walking) -> None:
        """Point at an entry, and press it if nothing comes of that."""
        if self._here != lead.spot:
            await self._open(lead.spot, sent)
        before, at = await self.page.look(), self.page.raw.url
        entry = find_entry(before, self.goal.aim, lead.exit.name, pressed=True)
        if entry is None:
            return
        sent.pressed, cursor = True, len(sent.held)
        for how in (HOVER, PRESS) if entry.address is None else (HOVER,):
            opened = await work(self.page, entry, how)
            snapshot = await self._settled()
            if opened is None and self._has_moved(sent, cursor, lead, at):
                opened = self.page.raw.url
            if opened is not None:
                await self._open(Spot(opened), sent)
                await self._arrive(Spot(opened), trail, -lead.rank)
                return
            if self._is_new(snapshot, before):
                step = Step(lead.exit.name, how)
                await self._arrive(self._spot_now(lead.spot, step, before, snapshot), (*lead.trail, step), -lead.rank)
                return

    def _has_moved(self, sent: Walking, cursor: int, lead: _Lead, before: str) -> bool:
        """True if the page went to another address and asked there for something that was held back: it is opened by
        that address instead. Raise SentOnTheWay if what was pressed wanted to send something else.
        """
        held = [h for h in sent.held[cursor:] if not h.tells]
        if held and (any(h.acts for h in held) or self.page.raw.url == before):
            raise SentOnTheWay(self.page.raw.url, lead.exit.label, ", ".join(h.request for h in held))
        return bool(held)

    def _is_new(self, snapshot: PageSnapshot, before: PageSnapshot) -> bool:
        if snapshot.address != before.address or snapshot.parts[0].registry is not before.parts[0].registry:
            return True
        known = {(e.name, e.address) for e in exits(before, self.goal.aim)}
        fresh = any((e.name, e.address) not in known for e in exits(snapshot, self.goal.aim))
        return fresh or self.goal.recognise(snapshot) != self.goal.recognise(before) or self.goal.drawing(snapshot)

    def _spot_now(self, spot: Spot, step: Step, before: PageSnapshot, snapshot: PageSnapshot) -> Spot:
        """Where the page is now: at an address of its own, or still where it was with one more thing pressed."""
        if snapshot.address != before.address:
            return Spot(self.page.raw.url)
        return Spot(spot.address, (*spot.steps, step))

    async def _arrive(self, spot: Spot, trail: tuple[Step, ...], fits: float) -> None:
        """Look at the page that is open: what stands on it, and what leads on from there."""
        self._here = spot
        self.pages += not spot.steps  # what only opens a menu is no page
        snapshot = await self._settled()
        # A page that is called like the one that is wanted, or has its headings, may still be drawn.
        if not self.goal.recognise(snapshot) and (fits >= STRONG or self.goal.drawing(snapshot)):
            snapshot = await self.page.settled(_LIST_SECONDS, lambda v: bool(self.goal.recognise(v)))
        landmarks = self.goal.recognise(snapshot)
        for each in landmarks:
            known = self.found.get(each)
            # The page after the log-in may show the latest few of a list that has a page of its own.
            if known is None or not known.trail or len(known.landmarks) < len(landmarks):
                self.found[each] = Arrival(spot, trail, landmarks, fits)
        if len(trail) < _DEEPEST:
            self._add_leads(snapshot, spot, trail, fits)

    def _add_leads(self, snapshot: PageSnapshot, spot: Spot, trail: tuple[Step, ...], fits: float) -> None:
        heritage = _HERITAGE * min(max(fits, 0.0), _MOST_HERITAGE)
        for each in exits(snapshot, self.goal.aim):
            if each.score < 0 or not self._is_fresh(each, spot):
                continue
            rank = each.score + (heritage if each.score > 0 else 0.0) - _PER_STEP * len(trail)
            heapq.heappush(self._leads, _Lead(-rank, next(self._numbers), spot, each, trail))
            if each.address is not None and 0 < each.score < STRONG:
                self._add_flyout(each, spot, trail, rank)

    def _is_fresh(self, each: Exit, spot: Spot) -> bool:
        """True for what was not followed yet, and leads elsewhere."""
        if each.address is None:
            key = (spot.address, each.name)
        else:
            key = (each.address if _is_route(each.address) else urldefrag(each.address)[0], "")
            if each.address == self.page.raw.url or not self.page.allows(each.address):
                return False
        fresh = key not in self._seen
        self._seen.add(key)
        return fresh

    def _add_flyout(self, entry: Exit, spot: Spot, trail: tuple[Step, ...], rank: float) -> None:
        """A link of a group may open a menu when it is pointed at."""
        pointed = Exit(entry.label, entry.score, How.PRESS, entry.part, entry.node)
        key = (spot.address, f"{entry.name} pointed at")
        if key not in self._seen:
            self._seen.add(key)
            heapq.heappush(self._leads, _Lead(-(rank - 0.5), next(self._numbers), spot, pointed, trail))


def _is_route(address: str) -> bool:
    return urldefrag(address)[1].startswith(("/", "!"))
