"""Fills in boxes as a person would. What comes of it has to be read back: see readback.py."""

from collections.abc import Callable

from playwright.async_api import ElementHandle, Error

from agent.domain.text import fold
from agent.pages.actions.date import set_date
from agent.pages.actions.select import choose
from agent.pages.inference.fields import Field, Scope, find_field, list_forms, need_field
from agent.pages.inference.readback import current, shown, shown_date
from agent.pages.live.page import LivePage

__all__ = [
    "Field",
    "Scope",
    "choose",
    "current",
    "fill",
    "find_field",
    "list_forms",
    "need_field",
    "set_date",
    "shown",
    "shown_date",
]

_SECONDS = 3.0
WORK_MS = 5000


async def fill(page: LivePage, field: Field, value: str, same: Callable[[str], bool] | None = None) -> None:
    """Put text into a box, over what stood there. `same` tells whether what it then shows is what was meant.

    Boxes with a mask or a currency ignore a text that is set, or read it otherwise than the same text typed, so other
    ways follow until one is shown right. Whether it is in the end is for the caller to compare.
    """
    right = same or (lambda text: fold(text) == fold(value))
    if right(shown(await page.look(), field)):
        return
    for put in (set_and_end, _set, _type, _type_slowly, _type_digits):
        element = await page.element(field.part, field.control)
        try:
            await put(page, element, value)
            await leave(element)
        except Error:
            continue  # switched off or covered: shown as it was, which is what is judged
        if right(shown(await page.settled(_SECONDS), field)):
            return


async def set_and_end(page: LivePage, element: ElementHandle, value: str) -> None:
    """Type the last letter: some pages take what stands in a box only upon a key, and all of it then."""
    await element.fill(value[:-1], timeout=WORK_MS)
    await page.raw.keyboard.type(value[-1:])


async def _set(_: LivePage, element: ElementHandle, value: str) -> None:
    await element.fill(value, timeout=WORK_MS)


async def _type(page: LivePage, element: ElementHandle, value: str) -> None:
    await element.click(timeout=WORK_MS)
    await page.raw.keyboard.press("ControlOrMeta+A")
    await page.raw.keyboard.type(value)


async def _type_slowly(page: LivePage, element: ElementHandle, value: str) -> None:
    """Empty the box letter by letter, for masks that put something of their own where all was deleted at once."""
    await element.click(timeout=WORK_MS)
    await page.raw.keyboard.press("End")
    for _ in range(len(await element.input_value(timeout=WORK_MS))):
        await page.raw.keyboard.press("Backspace")
    await page.raw.keyboard.type(value, delay=20)


async def _type_digits(page: LivePage, element: ElementHandle, value: str) -> None:
    """Without separators, for masks that have them drawn already."""
    await _type_slowly(page, element, "".join(c for c in value if c.isalnum()))


async def leave(element: ElementHandle) -> None:
    """Take the focus away, upon which boxes put what was typed in shape; by Tab the next one might open a list."""
    await element.evaluate("e => e.blur()")
