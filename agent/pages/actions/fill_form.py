"""Fills in the boxes of a form in one go, reads them back in one look, and does the rest box by box."""

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from playwright.async_api import Error

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text, fold
from agent.pages import vocabulary
from agent.pages.actions.fill import WORK_MS, leave, set_and_end
from agent.pages.actions.select import choose_native
from agent.pages.inference.fields import TYPED, Field, Scope, find_field, need_field
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

_SECONDS = 3.0
# What a page looks up for a text, such as the bank of an account, is asked for once nobody has typed for a while.
_CALM_SECONDS = 0.25
_OPENS = {"date", "datetime-local"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one box is to show. `is_right` tells whether it does, `put` brings it there by whatever that box needs.

    `typed` is false for a box that is to be chosen in. Without `needed` a form may have none.
    """

    name: str
    text: str
    is_right: Callable[[PageSnapshot, Field], bool]
    put: Callable[[Field], Awaitable[None]]
    typed: bool = True
    needed: bool = True


async def fill_form(
    page: LivePage, wanted: Sequence[Wanted], within: Scope | None = None, taken: Collection[Field] = ()
) -> dict[str, Field]:
    """Fill in every box, in this order, and return them by name. None may be one of those `taken` before.

    The boxes are kept: a drawn one can lose its only name, its hint, by being filled in. Raise PageChanged if a box is
    missing, or one of another's. Whether each shows in the end what it must is for the caller to compare.
    """
    filled: dict[str, Field] = {}
    snapshot = await page.look()
    for each in wanted:
        field = await _found(page, snapshot, each, within)
        if field is None:
            continue
        need_own_box(field, [*taken, *filled.values()])
        filled[each.name] = field
        if each.is_right(snapshot, field) or await _typed(page, each, field):
            continue
        if not await _chosen(page, each, field):
            await each.put(field)
        snapshot = await page.look()  # what was chosen may have changed the form
    snapshot = await page.settled(_SECONDS, calm=_CALM_SECONDS)
    for each in (one for one in wanted if one.name in filled):
        box = _now(snapshot, each, filled[each.name], within)
        if each.is_right(snapshot, box):
            continue
        need_own_box(box, [*taken, *(other for name, other in filled.items() if name != each.name)])
        filled[each.name] = box
        await each.put(box)
        snapshot = await page.look()
    return filled


def need_own_box(field: Field, others: Iterable[Field]) -> None:
    """Raise PageChanged if a field's box is that of one of the others, whose text would be taken for its own."""
    if any(f.control.id == field.control.id and f.part.frame is field.part.frame for f in others):
        raise PageChanged(
            field.part.frame.url, Text(f"{field.label} has no box of its own", f"“{field.label}”没有自己的输入框")
        )


async def _found(page: LivePage, snapshot: PageSnapshot, each: Wanted, within: Scope | None) -> Field | None:
    """The box of a name: as the form was looked at, else once the page rests."""
    found = find_field(snapshot, vocabulary.FORM_LABELS[each.name], within)
    if found is not None or not each.needed:
        return found
    return need_field(await page.settled(_SECONDS), each.name, within)


def _now(snapshot: PageSnapshot, each: Wanted, filled: Field, within: Scope | None) -> Field:
    """The box that has the name now; a drawn one, which may have lost it, is the one that was filled in."""
    found = find_field(snapshot, vocabulary.FORM_LABELS[each.name], within)
    return found if found is not None and not found.drawn and not filled.drawn else filled


async def _typed(page: LivePage, each: Wanted, field: Field) -> bool:
    """Type into a plain box, without a look; false if it is none, or takes nothing."""
    control = field.control
    has_day = control.kind == "date" and _DAY.fullmatch(each.text) is not None
    plain = each.typed and control.kind in TYPED - _OPENS
    if not (has_day or plain) or control.readonly or control.ghost:
        return False
    try:
        element = await page.element(field.part, control)
        await (element.fill(each.text, timeout=WORK_MS) if has_day else set_and_end(page, element, each.text))
        await leave(element)
    except (Error, PageChanged):
        return False
    return True


async def _chosen(page: LivePage, each: Wanted, field: Field) -> bool:
    """Choose in a control of the browser's own, without a look; false if it is none, or does not offer that."""
    if field.control.kind != "select" or not any(fold(option) == fold(each.text) for option in field.control.options):
        return False
    try:
        await choose_native(page, field, each.text)
    except (Error, PageChanged):
        return False
    return True
