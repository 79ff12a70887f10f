"""One step through a menu: an entry found by its words, opened by its address, pointed at or pressed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Error

from agent.domain.errors import SentOnTheWay
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages.inference.menu_words import Aim
from agent.pages.inference.menus import Exit, How, exits, search_box
from agent.pages.live.page import LivePage
from agent.pages.live.tabs import tabs_of
from agent.pages.live.walking import walking
from agent.pages.view import PageSnapshot

HOVER, PRESS, TYPE = "hover", How.PRESS.value, "type"
_SETTLE_SECONDS = 8.0
_OPEN_SECONDS = 2.0
_ENTRY_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Step:
    """One entry that is followed, by its words: its address is opened, it is pointed at, pressed, or typed."""

    name: str
    how: str


def find_entry(snapshot: PageSnapshot, aim: Aim, name: str, *, pressed: bool) -> Exit | None:
    """The entry with these words as it stands now; one without an address first if it is to be `pressed`."""
    found = [e for e in exits(snapshot, aim) if e.name == name]
    return min(found, key=lambda e: (e.address is None) is not pressed, default=None)


async def work(page: LivePage, entry: Exit, how: str) -> str | None:
    """Point at an entry or press it. Return the address of the tab that it opened, None without one."""
    if how == HOVER:
        await page.hover(entry.part, entry.node)
        return None
    async with tabs_of(page) as tabs:
        await page.click(entry.part, entry.node)
        await page.settled(_SETTLE_SECONDS)
        for tab in await tabs.arrived():
            with suppress(Error):
                await tab.raw.wait_for_load_state("domcontentloaded", timeout=_OPEN_SECONDS * 1000)
        addresses = [tab.raw.url for tab in tabs.open]
    return next((a for a in addresses if a.startswith("http") and page.allows(a)), None)


async def take(page: LivePage, aim: Aim, step: Step) -> None:
    """Follow one entry of a way that is known. Raise PageChanged if it is not there any more."""
    if step.how == TYPE:
        await _type(page, step.name)
        return
    pressed = step.how != How.OPEN
    snapshot = await page.settled(_ENTRY_SECONDS, lambda v: find_entry(v, aim, step.name, pressed=pressed) is not None)
    entry = find_entry(snapshot, aim, step.name, pressed=pressed)
    if entry is None:
        gone = Text(f"the menu has no entry “{step.name}” any more", f"菜单中已没有“{step.name}”")
        raise PageChanged(page.raw.url, gone)
    opened = entry.address if not pressed else await work(page, entry, step.how)
    if opened is not None:
        await page.open(opened)
    await page.settled(_SETTLE_SECONDS)


async def _type(page: LivePage, term: str) -> None:
    """Put a name into the box that finds functions. Nothing is sent: what it offers is followed."""
    found = search_box(await page.look())
    if found is None:
        raise PageChanged(page.raw.url, Text("it has no box to find functions by", "页面上没有功能搜索框"))
    await (await page.element(*found)).fill(term)
    await page.settled(_SETTLE_SECONDS)


async def follow(page: LivePage, aim: Aim, steps: Sequence[Step]) -> int:
    """Follow a way that is known from the page that is open. Return the place in the traffic before its last step.

    Raise PageChanged if one of its entries is not there any more, SentOnTheWay if one that was pressed wanted to send
    something.
    """
    cursor = page.traffic.cursor()
    async with walking(page) as sent:
        for step in steps:
            sent.pressed, cursor, before = step.how != How.OPEN, page.traffic.cursor(), len(sent.held)
            await take(page, aim, step)
            acted = [h.request for h in sent.held[before:] if h.acts]
            if acted and step.how != How.OPEN:  # what a page sends as it is opened is kept from it, and nobody's press
                raise SentOnTheWay(page.raw.url, step.name, ", ".join(acted))
    return cursor
