"""Turns the pages of a list: page numbers, next, load more, endless scrolling, virtual rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agent.domain.errors import SiteUnavailable
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages import list_words, message_words
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import LocatedList, find_list, totals
from agent.pages.inference.page_numbers import highest_number, next_number, open_page
from agent.pages.inference.page_state import PageState, page_state
from agent.pages.inference.pager import (
    first_control,
    has_pager,
    is_named,
    leftover,
    looks_off,
    more_control,
    next_control,
    page_select,
)
from agent.pages.inference.parsed_list import scroller_of
from agent.pages.inference.stated_pages import pages_stated
from agent.pages.live.network import Exchange, failures, logged_out
from agent.pages.live.page import LivePage
from agent.pages.live.pointer import point_at
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import PageSnapshot

_TRIES = 3
_TURN_SECONDS = 12.0
_WHEEL_SECONDS = 1.0
_CHANGE_SECONDS = 2.0
_ASIDE = (PageState.LOGIN, PageState.CHALLENGE)


class LoggedOut(Exception):
    """The site ended the session: log in again and start the reading anew."""


@dataclass(slots=True)
class Progress:
    """How far a list was leafed through. `silent` is true once a page came without anything being asked of the site."""

    pages: int = 1
    silent: bool = False


async def turn(page: LivePage, kind: ListKind, located: LocatedList, progress: Progress) -> LocatedList | None:
    """The list after one step forward, or None at its end. Raise SiteUnavailable and LoggedOut, and PageChanged if
    the page speaks of a further page that nothing leads to.
    """
    turned = await _stepped(page, kind, located, progress)
    if turned is None:
        _prove_last(located, progress)
    return turned


async def _stepped(page: LivePage, kind: ListKind, located: LocatedList, progress: Progress) -> LocatedList | None:
    if _scrolls(located) and not _is_all(located) and (moved := await _scrolled(page, kind, located)):
        return moved
    for find in (next_control, more_control):
        if find(located) is not None:
            return await _pressed(page, kind, located, find, progress)
    if (chosen := page_select(located)) is not None:
        return await _selected(page, kind, located, chosen, progress)
    if located.scrolls is not None or scroller_of(located.part.shot, located.parsed.rows[0]) is not None:
        return None
    below_the_fold = located.part.shot.scroll_height > located.part.shot.client_height + 2
    # Without a pager more rows can only come by scrolling. With one, a wheel would shift some kits' pinned columns.
    more_stated = not has_pager(located) and any(t > len(located.parsed.rows) for t in totals(located))
    return await _scrolled(page, kind, located) if below_the_fold or more_stated else None


def _prove_last(located: LocatedList, progress: Progress) -> None:
    """Raise PageChanged if the list cannot end here: 第 1/2 页, or a pager of which nothing is understood."""
    page, count = pages_stated(located) or (None, 0)
    ahead = highest_number(located) if open_page(located) is not None else 0
    if max(open_page(located) or 0, progress.pages) < ahead:
        message = Text(f"the pager offers page {ahead}, and nothing leads there", f"分页显示有第{ahead}页，但无法翻到")
        raise PageChanged(located.snapshot.address, message)
    if max(page or 0, progress.pages) < count:
        message = Text(
            f"the list has {count} pages, and nothing leads to the next one", f"列表共{count}页，但找不到下一页"
        )
        raise PageChanged(located.snapshot.address, message)
    if unread := leftover(located):
        message = Text(f"the pager “{unread[:40]}” is not understood", f"无法识别翻页控件“{unread[:40]}”")
        raise PageChanged(located.snapshot.address, message)


def _scrolls(located: LocatedList) -> bool:
    return located.scrolls is not None or _inner_scroller(located) is not None


def _is_all(located: LocatedList) -> bool:
    """True if the rows that were read fill all that their part of the page holds, and a pager brings the others."""
    scroller = scroller_of(located.part.shot, located.parsed.rows[0])
    if scroller is None or not located.parsed.headed or not has_pager(located):
        return False
    heights = [r.box.h for r in located.parsed.rows]
    return sum(heights) + min(heights) > scroller.content


async def _pressed(
    page: LivePage, kind: ListKind, located: LocatedList, find: Callable[[LocatedList], Node | None], progress: Progress
) -> LocatedList | None:
    """The list after a press of the control that `find` finds, or None if nothing more comes.

    A page that did not come leaves the pager ahead of its rows, so the whole list has to be read anew.
    """
    control = find(located)
    if control is None:
        return None
    cursor = page.traffic.cursor()
    await page.click(located.part, control)
    turned = _turned(page, kind, await _changed(page, kind, located), cursor)
    since = page.traffic.since(cursor)
    if turned is not None and turned.signature != located.signature:
        _prove_step(located, turned)
        progress.pages += 1
        progress.silent = not any(e.is_data for e in since)
        return await _from_top(page, kind, replace(turned, scrolls=located.scrolls))
    if failures(since, page.raw.url) or turned is None:
        raise SiteUnavailable(page.raw.url, "a page of the list did not come")
    worked_off = find is next_control and find(turned) is not None and is_named(located, control)
    if worked_off and not _is_last(turned, control, since, progress):
        raise SiteUnavailable(page.raw.url, "a page of the list did not come")
    return None


def _prove_step(before: LocatedList, after: LocatedList) -> None:
    """Raise PageChanged if a pager went further than one page: what it marks as open says so."""
    was, now = open_page(before), open_page(after)
    if was is not None and now is not None and now > was + 1:
        message = Text(f"the pager went from page {was} to page {now}", f"翻页时从第{was}页跳到了第{now}页")
        raise PageChanged(after.snapshot.address, message)


async def _selected(
    page: LivePage, kind: ListKind, located: LocatedList, pages: Node, progress: Progress
) -> LocatedList | None:
    """The next page of a list whose pages are chosen in a drop-down; None on its last. Raise SiteUnavailable."""
    at = pages.options.index(pages.chosen) if pages.chosen in pages.options else 0
    if at + 1 >= len(pages.options):
        return None
    cursor = page.traffic.cursor()
    await (await page.element(located.part, pages)).select_option(label=pages.options[at + 1])
    turned = _turned(page, kind, await _changed(page, kind, located), cursor)
    if turned is None or turned.signature == located.signature:
        raise SiteUnavailable(page.raw.url, "a page of the list did not come")
    progress.pages += 1
    return turned


async def to_first(page: LivePage, kind: ListKind, located: LocatedList) -> LocatedList:
    """The first page of a list that opened on a later one. Raise PageChanged if nothing leads there."""
    at = open_page(located)
    if at is None or at == 1:
        return located
    cursor, first = page.traffic.cursor(), first_control(located)
    if first is not None:
        await page.click(located.part, first)
        turned = _turned(page, kind, await _changed(page, kind, located), cursor)
        if turned is not None and open_page(turned) in (None, 1):
            return turned
    message = Text(f"the list opened on page {at}, and nothing leads to its first", f"列表停在第{at}页，无法回到第1页")
    raise PageChanged(located.snapshot.address, message)


async def _changed(page: LivePage, kind: ListKind, located: LocatedList) -> PageSnapshot:
    """The page once other rows show, or once none came for a while: some pages begin their work only after a pause."""

    def other(snapshot: PageSnapshot) -> bool:
        now = find_list(snapshot, kind)
        return now is not None and bool(now.parsed.rows) and now.signature != located.signature

    snapshot = await page.settled(_TURN_SECONDS)
    if other(snapshot):
        return snapshot
    await page.settled(_CHANGE_SECONDS, lambda v: other(v) or page_state(v, kind) in _ASIDE)
    return await page.settled(_TURN_SECONDS)


def _is_last(located: LocatedList, control: Node, since: Sequence[Exchange], progress: Progress) -> bool:
    """True if a page has reason not to change although its 下一页 was pressed: some never switch theirs off.

    It says that this is the last page, or the site answered with the same rows again, or it turned its earlier pages by
    itself, too.
    """
    if next_number(located) is not None and highest_number(located) > progress.pages:
        return False
    if stated := pages_stated(located):
        return max(stated[0] or 0, progress.pages) >= stated[1]
    answered = any(e.is_data and e.status is not None and e.status < 400 for e in since)
    ended = any(list_words.END_OF_LIST.search(n.folded) for n in located.snapshot.texts())
    return answered or ended or progress.silent or looks_off(located, control)


async def _from_top(page: LivePage, kind: ListKind, located: LocatedList) -> LocatedList:
    """A page of rows that scroll by themselves may come up scrolled to where the last one was left."""
    scroller = _inner_scroller(located)
    cut = scroller is not None and located.parsed.rows[0].root.frame_box.y < scroller.frame_box.y - 2
    if located.scrolls is None and not cut:
        return located
    await _point_at(page, located)
    await page.raw.mouse.wheel(0, -100000)
    found = find_list(await page.settled(_TURN_SECONDS), kind)
    return replace(found, scrolls=located.scrolls) if found else located


async def _point_at(page: LivePage, located: LocatedList) -> None:
    """Move the pointer over the rows. Not by hovering an element: that would scroll pinned copies out of place."""
    rows = [n for r in located.parsed.rows for n in r.nodes if n.top and n.text]
    await point_at(page, located.part, rows or [located.parsed.rows[0].root])


def _turned(page: LivePage, kind: ListKind, snapshot: PageSnapshot, cursor: int) -> LocatedList | None:
    if logged_out(page.traffic.since(cursor)) or page_state(snapshot, kind) in _ASIDE:
        raise LoggedOut
    located = find_list(snapshot, kind)
    return located if located and located.parsed.rows else None


async def _scrolled(page: LivePage, kind: ListKind, located: LocatedList) -> LocatedList | None:
    """The list after one turn of the wheel over it, or None if nothing moves any more."""
    await _point_at(page, located)
    scroller = _inner_scroller(located)
    height = located.scrolls or (scroller.frame_box.h if scroller else located.part.shot.client_height)
    cursor = page.traffic.cursor()
    for _ in range(_TRIES):
        before = _positions(located)
        await page.raw.mouse.wheel(0, height * 0.7)

        def moved(snapshot: PageSnapshot, stood: tuple[tuple[str, int], ...] = before) -> bool:
            now = find_list(snapshot, kind)
            return now is not None and _positions(now) != stood

        await page.settled(_WHEEL_SECONDS, moved)
        snapshot = await page.settled(_TURN_SECONDS)
        after = _turned(page, kind, snapshot, cursor)
        if after is not None and _positions(after) != before:
            return replace(after, scrolls=height if scroller or located.scrolls else None)
        if not failures(page.traffic.since(cursor), page.raw.url):
            return None
        await _retry_loading(page, snapshot)
        cursor = page.traffic.cursor()
    raise SiteUnavailable(page.raw.url, "the list did not go on")


async def _retry_loading(page: LivePage, snapshot: PageSnapshot) -> None:
    """Press the 加载失败，点击重试 that endless lists show."""
    for part in snapshot.parts:
        for node in part.shot.texts:
            if message_words.SITE_ERROR.search(node.folded) and ("点击" in node.folded or "重试" in node.folded):
                await page.click(part, node)
                await page.settled(_TURN_SECONDS)
                return
    await page.raw.mouse.wheel(0, -200)
    await page.settled(_TURN_SECONDS)


def _positions(located: LocatedList) -> tuple[tuple[str, int], ...]:
    boxes = [round(r.box.y) for r in located.parsed.rows]
    return tuple(zip(located.signature, boxes, strict=True))


def _inner_scroller(located: LocatedList) -> Node | None:
    """The part of the page in which the rows scroll by themselves; None if the whole page does."""
    shot, row = located.part.shot, located.parsed.rows[0]
    return scroller_of(shot, row) or _virtual_frame(shot, located)


def _virtual_frame(shot: Snapshot, located: LocatedList) -> Node | None:
    """The cut-off box of a list that scrolls by its own means: its last row is cut, or more is hidden below it."""
    last = located.parsed.rows[-1]
    for outer in shot.ancestors(last.root):
        if outer.tag in ("body", "html"):
            return None
        # A few pixels are a border or a scroll bar; a row that is cut to a good part has more below it.
        if outer.frame_box.h > 100 and last.box.bottom > outer.frame_box.bottom + last.box.h / 3:
            return outer
        if outer.clips and outer.frame_box.h > 100 and last.box.bottom > outer.frame_box.bottom - last.box.h:
            return outer
    return None
