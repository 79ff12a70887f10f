"""States that are icons: what one means shows only while the pointer rests on it."""

from agent.pages import vocabulary
from agent.pages.inference.overlays import appeared
from agent.pages.inference.page_state import ListKind, LocatedList
from agent.pages.inference.parsed_list import Row
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

_HOVER_SECONDS = 3.0


async def make_stated(window: LivePage, sheet: LocatedList, row: Row, kind: ListKind) -> None:
    """Gives a row whose state is an icon without a name the word that shows when the pointer rests on it."""
    cell = row.cells.get("status")
    if (
        cell is None
        or cell.text
        or not cell.nodes
        or any(_is_named(v, kind) for n in cell.nodes for v in n.attrs.values())
    ):
        return
    await window.page.mouse.move(1, 1)
    before = (await window.look()).ids()
    await window.hover(sheet.part, cell.nodes[-1])

    def found(view: PageSnapshot) -> set[str]:
        return {n.text for p in view.parts for n in appeared(p, before) if vocabulary.is_one_of(n.text, kind.states)}

    told = found(await window.settled(_HOVER_SECONDS, lambda v: len(found(v)) == 1))
    if len(told) == 1:
        cell.said = told.pop()
    await window.page.mouse.move(1, 1)
    await window.settled(_HOVER_SECONDS, lambda v: not found(v))


def _is_named(said: str, kind: ListKind) -> bool:
    return vocabulary.is_one_of(said, kind.states)
