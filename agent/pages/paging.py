"""Turns the pages of a list: page numbers, next, load more, endless scrolling, virtual rows."""

from collections.abc import Callable
from dataclasses import replace

from agent.domain.errors import SiteUnavailable
from agent.pages import words
from agent.pages.condition import Condition, ListKind, Sheet, condition, find_sheet, totals
from agent.pages.listing import scroller_of
from agent.pages.pointer import point_at
from agent.pages.snapshot import Node, Snapshot
from agent.pages.traffic import failures, logged_out
from agent.pages.window import View, Window

_TRIES = 3
_TURN_SECONDS = 12.0
_WHEEL_SECONDS = 1.0


class LoggedOut(Exception):
    """The site ended the session: log in again and start the reading anew."""


async def turn(window: Window, kind: ListKind, sheet: Sheet) -> Sheet | None:
    """The list after one step forward, or None at its end. Raises SiteUnavailable and LoggedOut."""
    if _scrolls(sheet) and not _is_all(sheet) and (moved := await _scrolled(window, kind, sheet)):
        return moved
    for find in (next_control, more_control):
        if find(sheet) is not None:
            return await _pressed(window, kind, sheet, find)
    if sheet.scrolls is not None or scroller_of(sheet.part.shot, sheet.listing.rows[0]) is not None:
        return None
    below_the_fold = sheet.part.shot.scroll_height > sheet.part.shot.client_height + 2
    # Without a pager more rows can only come by scrolling. With one, a wheel would shift some kits' pinned columns.
    more_stated = not _has_pager(sheet) and any(t > len(sheet.listing.rows) for t in totals(sheet))
    return await _scrolled(window, kind, sheet) if below_the_fold or more_stated else None


def _scrolls(sheet: Sheet) -> bool:
    return sheet.scrolls is not None or _inner_scroller(sheet) is not None


def _is_all(sheet: Sheet) -> bool:
    """True where the rows that were read fill all that their part of the page holds, and a pager brings the others."""
    scroller = scroller_of(sheet.part.shot, sheet.listing.rows[0])
    if scroller is None or not sheet.listing.headed or not _has_pager(sheet):
        return False
    heights = [r.box.h for r in sheet.listing.rows]
    return sum(heights) + min(heights) > scroller.content


async def _pressed(window: Window, kind: ListKind, sheet: Sheet, find: Callable[[Sheet], Node | None]) -> Sheet | None:
    """The list after a press of the control that `find` finds, or None where nothing more comes.

    A page that did not come leaves the pager ahead of its rows, so the whole list has to be read anew.
    """
    control = find(sheet)
    if control is None:
        return None
    mark = window.traffic.mark()
    await window.click(sheet.part, control)
    turned = _turned(window, kind, await window.settled(_TURN_SECONDS), mark)
    if turned is not None and turned.signature != sheet.signature:
        return await _from_top(window, kind, replace(turned, scrolls=sheet.scrolls))
    if failures(window.traffic.since(mark)) or turned is None:
        raise SiteUnavailable(window.page.url, "a page of the list did not come")
    return None


async def _from_top(window: Window, kind: ListKind, sheet: Sheet) -> Sheet:
    """A page of rows that scroll by themselves may come up scrolled to where the last one was left."""
    scroller = _inner_scroller(sheet)
    cut = scroller is not None and sheet.listing.rows[0].root.frame_box.y < scroller.frame_box.y - 2
    if sheet.scrolls is None and not cut:
        return sheet
    await _point_at(window, sheet)
    await window.page.mouse.wheel(0, -100000)
    found = find_sheet(await window.settled(_TURN_SECONDS), kind)
    return replace(found, scrolls=sheet.scrolls) if found else sheet


async def _point_at(window: Window, sheet: Sheet) -> None:
    """Moves the pointer over the rows. Not by hovering an element: that would scroll pinned copies out of place."""
    rows = [n for r in sheet.listing.rows for n in r.nodes if n.top and n.text]
    await point_at(window, sheet.part, rows or [sheet.listing.rows[0].root])


def _turned(window: Window, kind: ListKind, view: View, mark: int) -> Sheet | None:
    if logged_out(window.traffic.since(mark)) or condition(view, kind) in (Condition.LOGIN, Condition.CHALLENGE):
        raise LoggedOut
    sheet = find_sheet(view, kind)
    return sheet if sheet and sheet.listing.rows else None


async def _scrolled(window: Window, kind: ListKind, sheet: Sheet) -> Sheet | None:
    """The list after one turn of the wheel over it, or None where nothing moves any more."""
    await _point_at(window, sheet)
    scroller = _inner_scroller(sheet)
    height = sheet.scrolls or (scroller.frame_box.h if scroller else sheet.part.shot.client_height)
    mark = window.traffic.mark()
    for _ in range(_TRIES):
        before = _positions(sheet)
        await window.page.mouse.wheel(0, height * 0.7)

        def moved(view: View, stood: tuple[tuple[str, int], ...] = before) -> bool:
            now = find_sheet(view, kind)
            return now is not None and _positions(now) != stood

        await window.settled(_WHEEL_SECONDS, moved)
        view = await window.settled(_TURN_SECONDS)
        after = _turned(window, kind, view, mark)
        if after is not None and _positions(after) != before:
            return replace(after, scrolls=height if scroller or sheet.scrolls else None)
        if not failures(window.traffic.since(mark)):
            return None
        await _retry_loading(window, view)
        mark = window.traffic.mark()
    raise SiteUnavailable(window.page.url, "the list did not go on")


async def _retry_loading(window: Window, view: View) -> None:
    """Presses the 加载失败，点击重试 that endless lists show."""
    for part in view.parts:
        for node in part.shot.texts:
            if words.SITE_ERROR.search(node.folded) and ("点击" in node.folded or "重试" in node.folded):
                await window.click(part, node)
                await window.settled(_TURN_SECONDS)
                return
    await window.page.mouse.wheel(0, -200)
    await window.settled(_TURN_SECONDS)


def _positions(sheet: Sheet) -> tuple[tuple[str, int], ...]:
    boxes = [round(r.box.y) for r in sheet.listing.rows]
    return tuple(zip(sheet.signature, boxes, strict=True))


def _inner_scroller(sheet: Sheet) -> Node | None:
    """The part of the page in which the rows scroll by themselves; None where the whole page does."""
    shot, row = sheet.part.shot, sheet.listing.rows[0]
    return scroller_of(shot, row) or _virtual_frame(shot, sheet)


def _virtual_frame(shot: Snapshot, sheet: Sheet) -> Node | None:
    """The cut-off box of a list that scrolls by its own means: its last row is cut, or more is hidden below it."""
    last = sheet.listing.rows[-1]
    for outer in shot.ancestors(last.root):
        if outer.tag in ("body", "html"):
            return None
        # A few pixels are a border or a scroll bar; a row that is cut to a good part has more below it.
        if outer.frame_box.h > 100 and last.box.bottom > outer.frame_box.bottom + last.box.h / 3:
            return outer
        if outer.clips and outer.frame_box.h > 100 and last.box.bottom > outer.frame_box.bottom - last.box.h:
            return outer
    return None


def next_control(sheet: Sheet) -> Node | None:
    """What turns to the next page, where there is one and it is not switched off; by word, by name, by number."""
    shot = sheet.part.shot
    candidates = [n for n in shot.nodes if n.shown and n.clickable and _below(n, sheet)]
    for matches in (_says_next, _is_called_next):
        named = [n for n in candidates if matches(shot, n)]
        if named:
            usable = [n for n in named if not shot.is_disabled(n) and n.top is not False and _has_use(n)]
            return usable[-1] if usable else None
    return _by_number(shot, sheet)


def _has_pager(sheet: Sheet) -> bool:
    shot = sheet.part.shot
    outside = (n for n in shot.nodes if n.shown and _below(n, sheet))
    return any(_says_next(shot, n) or _is_called_next(shot, n) for n in outside)


def _has_use(node: Node) -> bool:
    return not (node.tag == "a" and "href" not in node.attrs and "disabled" in node.classes)


def _below(node: Node, sheet: Sheet) -> bool:
    return not any(sheet.part.shot.holds(r.root, node) for r in sheet.listing.rows)


def _says_next(shot: Snapshot, node: Node) -> bool:
    return words.is_one_of(shot.words(node), words.NEXT)


def _is_called_next(shot: Snapshot, node: Node) -> bool:
    # An icon without a name has only its class, such as ant-pagination-next or btn-next; a carousel's is no pager's.
    named = words.is_one_of(node.name, words.NEXT) or words.is_one_of(node.attrs.get("data-label", ""), words.NEXT)
    around = [node, *list(shot.ancestors(node))[:3]]
    paged = any("pag" in n.classes or n.attrs.get("aria-label", "").lower().startswith("pag") for n in around)
    by_class = "next" in node.classes and "jump" not in node.classes and paged
    icon = (
        any("next" in n.classes or "right" in n.classes for n in shot.inside(node)) and paged and not shot.words(node)
    )
    return named or by_class or icon


def _by_number(shot: Snapshot, sheet: Sheet) -> Node | None:
    """The number after the current one, in a row of page numbers that has no button for next."""
    numbers = [n for n in shot.texts if n.folded.isdigit() and len(n.folded) <= 3 and _below(n, sheet)]
    lines = {round(n.box.cy / 8): [m for m in numbers if abs(m.box.cy - n.box.cy) < 8] for n in numbers}
    for line in lines.values():
        values = sorted(int(n.folded) for n in line)
        if len(values) < 2 or values[0] != 1:
            continue
        current = next((n for n in line if _is_current(shot, n)), None)
        if current is not None:
            wanted = str(int(current.folded) + 1)
            return next((n for n in line if n.folded == wanted and shot.worked_by(n)), None)
    return None


def _is_current(shot: Snapshot, node: Node) -> bool:
    around = [node, *list(shot.ancestors(node))[:2]]
    marked = any(
        n.attrs.get("aria-current") or any(w in n.classes for w in ("active", "current", "selected", "checked"))
        for n in around
    )
    return marked or shot.worked_by(node) is None


def more_control(sheet: Sheet) -> Node | None:
    """The 加载更多 under a list, where it is shown."""
    found = [n for n in sheet.part.shot.texts if words.is_one_of(n.text, words.LOAD_MORE) and n.top is not False]
    usable = [n for n in found if sheet.part.shot.worked_by(n) and not sheet.part.shot.is_disabled(n)]
    return usable[-1] if usable else None
