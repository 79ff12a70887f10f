"""A person's hand on a page that they see elsewhere: the pointer, the keys, and what the pointer stands on."""

import asyncio
from collections.abc import Collection
from contextlib import suppress

from playwright.async_api import ElementHandle, Error, Frame, Page

from agent.domain.text import fold

_SECONDS = 1.0
_MOST_FRAMES = 5
_LONGEST = 30
_UNDER = """([x, y]) => {
  let el = document.elementFromPoint(x, y);
  for (let inner = el; inner?.shadowRoot; el = inner ?? el) inner = inner.shadowRoot.elementFromPoint(x, y);
  return el;
}"""
_INSIDE = """(frame, [x, y]) => {
  const box = frame.getBoundingClientRect(), style = getComputedStyle(frame);
  return [x - box.left - frame.clientLeft - parseFloat(style.paddingLeft),
          y - box.top - frame.clientTop - parseFloat(style.paddingTop)];
}"""
# Only what is there to be pressed is named. What was typed may be drawn anywhere, and a pad of keys types, too: a name
# has two letters, and is none that somebody has put into a box.
_NAME = """el => {
  const control = el.closest("button, a, label, li, summary, [role], input, select, textarea");
  if (!control || control.isContentEditable) return "";
  const box = control.matches("input, select, textarea"), button = /^(button|submit|reset)$/.test(control.type ?? "");
  const beside = () => control.labels?.[0]?.innerText || control.placeholder;
  const own = button && box ? control.value : box ? beside() : control.innerText;
  const name = (control.getAttribute("aria-label") || own || control.title || "").trim().replace(/\\s+/g, " ");
  return (name.match(/\\p{L}/gu) ?? []).length > 1 ? name : "";
}"""


class Hand:
    """Works on `page` in CSS pixels of its window. Nothing is named that holds one of `secrets`."""

    def __init__(self, page: Page, secrets: Collection[str]) -> None:
        self._page, self._secrets = page, [folded for secret in secrets if (folded := fold(secret))]

    async def move(self, x: float, y: float) -> None:
        """Move the pointer."""
        await self._page.mouse.move(x, y)

    async def down(self, x: float, y: float) -> str:
        """Press the button at a place, and return what stands there, as far as it has a name."""
        await self._page.mouse.move(x, y)
        name = await self._name(x, y)
        await self._page.mouse.down()
        return name

    async def up(self, x: float, y: float) -> None:
        """Let the button go."""
        await self._page.mouse.move(x, y)
        await self._page.mouse.up()

    async def wheel(self, far: float) -> None:
        """Turn the wheel; down is positive."""
        await self._page.mouse.wheel(0, far)

    async def press(self, key: str) -> None:
        """Press a key, by the name that browsers give it."""
        await self._page.keyboard.press(key)

    async def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        await self._page.keyboard.type(text)

    async def _name(self, x: float, y: float) -> str:
        with suppress(Error, TimeoutError):  # the page is being replaced, or busy: it is pressed all the same
            async with asyncio.timeout(_SECONDS):
                element = await _under(self._page.main_frame, x, y)
                name = str(await element.evaluate(_NAME)) if element is not None else ""
                return "" if any(secret in fold(name) for secret in self._secrets) else name[:_LONGEST]
        return ""


async def _under(frame: Frame, x: float, y: float) -> ElementHandle | None:
    """What is drawn on top at a place, also if that is inside of frames."""
    element = None
    for _ in range(_MOST_FRAMES):
        found = (await frame.evaluate_handle(_UNDER, [x, y])).as_element()
        inner = await found.content_frame() if found is not None else None
        if found is None or inner is None:
            return found
        x, y = await found.evaluate(_INSIDE, [x, y])
        frame, element = inner, found
    return element
