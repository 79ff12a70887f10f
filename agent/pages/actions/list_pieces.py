"""Goes through all of a list: the pieces it has to be read in, and each piece page by page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from agent.domain.errors import SiteRefused, SiteUnavailable
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages.actions.choosing import go_to
from agent.pages.actions.horizontal_scroll import returned, widened
from agent.pages.actions.list_arrival import OpenedList, arrive_wide, judged
from agent.pages.actions.narrowed import Found
from agent.pages.actions.paging import Progress, to_first, turn
from agent.pages.actions.widening import asked, gap, narrowed_aside
from agent.pages.inference.located_list import LocatedList
from agent.pages.inference.narrowing import Choice
from agent.pages.inference.time_spans import Meaning
from agent.pages.live.network import failures

_MAX_TURNS = 500


async def each_page(opened: OpenedList) -> AsyncIterator[LocatedList]:
    """The list page by page, or scroll step by scroll step; rows may come more than once."""
    async for piece in pieces(opened, Gaps()):
        async for located in leafed(opened, piece.first):
            yield located


async def leafed(opened: OpenedList, located: LocatedList | None) -> AsyncIterator[LocatedList]:
    """What is shown now page by page, to its end."""
    page, kind, progress = opened.page, opened.kind, Progress()
    if located is not None:
        located = await to_first(page, kind, located)
    for _ in range(_MAX_TURNS):
        if located is None:
            return
        whole = await widened(page, kind, located)
        yield whole
        if whole.snapshot is not located.snapshot:
            located = await returned(page, kind, located, whole)
        turned = await turn(page, kind, located, progress)
        if turned and turned.snapshot.loading and failures(opened.exchanges, page.raw.url):
            # An endless list goes on asking for more after a page that did not come, and never shows that one.
            raise SiteUnavailable(page.raw.url, "a part of the list did not come")
        located = turned
    raise PageChanged(page.raw.url, Text("the list has no end", "列表一直加载不完"))


@dataclass(slots=True)
class Gaps:
    """What is known to be missing of a list that was read; nothing if it is whole. `rows` are sentences that limit
    the number of rows, with that number.
    """

    missing: list[Text] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def note(self, text: str) -> None:
        """Add what keeps the list from being whole."""
        self.missing.append(gap(text))

    def after(self, count: int) -> tuple[Text, ...]:
        """What is missing, once so many rows were read."""
        return (*self.missing, *(gap(text) for text, limit in self.rows.items() if count >= limit))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a list that is leafed through by itself. `aside`: on a page of its own. `alone`: it is all."""

    first: LocatedList | None
    text: str = ""
    aside: bool = False
    alone: bool = True


async def pieces(opened: OpenedList, gaps: Gaps) -> AsyncIterator[Piece]:
    """The list in as few pieces as it can be read in: one, if something shows all of it. `gaps` is filled in."""
    located, width = await arrive_wide(opened)
    for each in width.gaps:
        gaps.note(each)
    gaps.rows = width.rows
    found = width.pieces
    yield Piece(located, alone=found is None and not (gaps.missing or width.limits))
    reached = False
    for choice in _choices(found):
        piece = await _further(opened, found, choice) if found is not None else None
        if piece is None:
            gaps.note(choice.text if choice else found.one.text if found else "")
            continue
        reached |= choice is None or choice.meaning is Meaning.EARLIER
        yield piece
        if choice is None:
            for text in narrowed_aside(await opened.page.look(), opened.kind):
                gaps.note(text)
    for text in () if reached else width.limits:
        gaps.note(text)


def _choices(found: Found | None) -> list[Choice | None]:
    """What shows the further pieces: each other choice, or None for the page of its own that the one leads to."""
    if found is None:
        return []
    return [c for c in found.one.choices if c.text != found.one.text] if found.one.choices else [None]


async def _further(opened: OpenedList, found: Found, choice: Choice | None) -> Piece | None:
    """The next piece of a list; None if nothing leads there, or nothing came of it."""
    page = opened.page
    before, cursor = (await page.look()).fingerprint, page.traffic.cursor()
    snapshot = await go_to(page, opened.kind, found, choice)
    if snapshot is None or (snapshot.fingerprint == before and not asked(page, cursor)):
        return None
    try:
        first = await judged(replace(opened, cursor=cursor), snapshot)
    except (PageChanged, SiteRefused):
        return None
    return Piece(first, choice.text if choice else found.one.text, aside=choice is None, alone=False)
