"""Follows what leads from an order's row to where its 确认 stands: its own page, a drawer, an unfolded row, a tab."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from agent.domain.page_errors import NoButton, PageChanged
from agent.domain.text import Text
from agent.flows.session.session import Session
from agent.flows.steps.order_page import Before, Place, find_place
from agent.pages.actions.arrival import close_promotions
from agent.pages.inference.buttons import can_be_clicked
from agent.pages.inference.links_onward import Way, WayKind, is_details, ways_on
from agent.pages.inference.located_list import LocatedList
from agent.pages.inference.order_facts import Meant
from agent.pages.inference.overlays import appeared
from agent.pages.inference.parsed_list import Row
from agent.pages.live.read_only import reading_only
from agent.pages.live.tabs import Tabs, tabs_of
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot

_MOST_WAYS = 5
_ARRIVAL_SECONDS = 5.0
_PAUSE = 0.1
FindRow = Callable[[], Awaitable[tuple[LocatedList, Row]]]


@asynccontextmanager
async def way_to_confirm(session: Session, address: str, meant: Meant, find: FindRow) -> AsyncIterator[Place]:
    """The place where the order is confirmed, if its row has no button. Closes at the end what it opened.

    `find` gives the row as it stands now, on the list at `address`. Raise NoButton if no way leads to one, PageChanged
    if one stands on a page that is not known to be this order's, or if a page wanted to send something on the way.
    """
    if meant.has_twin:
        raise PageChanged(address, _TWINS)
    tried: set[tuple[WayKind, str]] = set()
    why: Text | None = None
    while len(tried) < _MOST_WAYS:
        located, row = await find()
        way = next((w for w in ways_on(located.part.shot, row) if w.fingerprint not in tried), None)
        if way is None:
            break
        tried.add(way.fingerprint)
        session.strayed = True
        async with tabs_of(session.page) as tabs:
            place = await _followed(session, meant, (located, row, way), tabs)
            if isinstance(place, Place):
                yield place
                return
        why = why or place
    raise NoButton(address) if why is None else PageChanged(address, why)


async def _followed(
    session: Session, meant: Meant, start: tuple[LocatedList, Row, Way], tabs: Tabs
) -> Place | Text | None:
    """Where the way leads: a place, what speaks against the one that is there, or None."""
    located, row, way = start
    page, before = session.page, Before.of(located, row.root)
    async with reading_only(page) as held:
        try:
            reached = await _take(session, located, row, way)
            found = await _arrived(session, before, meant, tabs, held) if reached else None
        except PageChanged:
            found = None  # it cannot be clicked: another way may be
        if held:
            raise PageChanged(page.raw.url, _wanted_to_send(held))
    return found


async def _take(session: Session, located: LocatedList, row: Row, way: Way) -> bool:
    """Click the way; False if it is a menu without 详情."""
    page = session.page
    if way.kind is not WayKind.MENU:
        await page.click(located.part, way.node)
        return True
    for open_menu in (page.hover, page.click):
        await open_menu(located.part, way.node)
        if (found := _details_in_menu(located, (await page.settled(3.0)).parts)) is not None:
            await page.click(*found)
            return True
    return False


def _details_in_menu(located: LocatedList, parts: tuple[FrameSnapshot, ...]) -> tuple[FrameSnapshot, Node] | None:
    """What came up and is called 详情, outside the rows of the list."""
    before, rows = located.snapshot.ids(), {r.root.id for r in located.parsed.rows}
    for part in parts:
        listed = [n for n in part.shot.nodes if part.frame is located.part.frame and n.id in rows]
        for node in appeared(part, before):
            free = can_be_clicked(part.shot, node) and not any(part.shot.holds(r, node) for r in listed)
            if free and is_details(node):
                return part, node
    return None


async def _arrived(session: Session, before: Before, meant: Meant, tabs: Tabs, held: list[str]) -> Place | Text | None:
    """The place, once it is there; pages take their time to draw what was asked for."""
    deadline = time.monotonic() + _ARRIVAL_SECONDS
    while True:
        found: Place | Text | None = None
        for page in (*await tabs.arrived(), session.page):
            snapshot = await page.settled(_ARRIVAL_SECONDS)
            found = find_place(page, snapshot, before, meant) or found
            if not isinstance(found, Place):
                found = find_place(page, await close_promotions(page, snapshot), before, meant) or found
            if isinstance(found, Place):
                return found
        if held or time.monotonic() > deadline:
            return found
        await asyncio.sleep(_PAUSE)


def _wanted_to_send(held: list[str]) -> Text:
    sent = ", ".join(held)
    return Text(
        f"what should only lead to the order's page wanted to send {sent}; it was kept from doing so, nothing was sent",
        f"点击本应只打开订单详情，却试图发送 {sent}，已拦截，未发送任何内容",
    )


_TWINS = Text(
    "two orders that wait for 确认 cannot be told apart (same service, time and amount), and only a page of their own "
    "has the button",
    "有两笔待确认订单的服务、时间和金额完全相同，且“确认”按钮只在详情页上，无法区分",
)
