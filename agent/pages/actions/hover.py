"""What shows only while the pointer rests on it: a number that was cut short, what an icon means."""

from agent.pages import vocabulary
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import LocatedList
from agent.pages.inference.order_numbers import is_cut
from agent.pages.inference.overlays import appeared
from agent.pages.inference.parsed_list import Row
from agent.pages.live.page import LivePage
from agent.pages.values import completes, cut_number, numbers_in
from agent.pages.view import PageSnapshot

_HOVER_SECONDS = 3.0


async def make_whole(page: LivePage, located: LocatedList, row: Row) -> None:
    """Give a row whose number is shown shortened its number in full, from what shows when the pointer rests on it."""
    if not is_cut(row):
        return
    cell = row.cells["order_no"]
    cut = cut_number(cell.text)
    node = next((n for n in cell.nodes if cut_number(n.text)), cell.nodes[0])
    # Kits look at where the pointer comes from; the first move in a new document comes from nowhere.
    await page.raw.mouse.move(1, 1)
    before = (await page.look()).ids()
    await page.hover(located.part, node)

    def found(snapshot: PageSnapshot) -> set[str]:
        new = (t for p in snapshot.parts for t in appeared(p, before) if t.text)
        return {n for t in new for n in numbers_in(t.text) if cut and completes(cut, n)}

    snapshot = await page.settled(_HOVER_SECONDS, lambda v: len(found(v)) == 1)
    numbers = found(snapshot)
    if len(numbers) == 1:
        cell.full = numbers.pop()
    await page.raw.mouse.move(1, 1)
    await page.settled(_HOVER_SECONDS, lambda v: not found(v))


async def make_stated(page: LivePage, located: LocatedList, row: Row, kind: ListKind) -> None:
    """Give a row whose state is an icon without a name the word that shows when the pointer rests on it."""
    cell = row.cells.get("status")
    if (
        cell is None
        or cell.text
        or not cell.nodes
        or any(_is_named(v, kind) for n in cell.nodes for v in n.attrs.values())
    ):
        return
    await page.raw.mouse.move(1, 1)
    before = (await page.look()).ids()
    await page.hover(located.part, cell.nodes[-1])

    def found(snapshot: PageSnapshot) -> set[str]:
        return {
            n.text for p in snapshot.parts for n in appeared(p, before) if vocabulary.is_one_of(n.text, kind.states)
        }

    told = found(await page.settled(_HOVER_SECONDS, lambda v: len(found(v)) == 1))
    if len(told) == 1:
        cell.full = told.pop()
    await page.raw.mouse.move(1, 1)
    await page.settled(_HOVER_SECONDS, lambda v: not found(v))


def _is_named(text: str, kind: ListKind) -> bool:
    return vocabulary.is_one_of(text, kind.states)
