"""Pictures of a page with the secrets in it covered."""

import asyncio
from base64 import b64decode
from collections.abc import Collection
from contextlib import suppress
from typing import Any, TypeVar

from playwright.async_api import Error, Frame, Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from agent.browser import is_over
from agent.domain.text import fold
from agent.pages.codes import find_code_form
from agent.pages.snapshot import Node
from agent.pages.window import Part, View, Window

_TRIES = 3
_SECONDS = 10.0
_FONT_SECONDS = 3.0
_REPLACED_SECONDS, _DETACH_SECONDS = 0.5, 2.0
T = TypeVar("T")
_FONTS = "() => document.fonts.ready.then(() => null)"
_PATH_OF = """(registry, id) => {
  const steps = [];
  let el = registry.elements.get(id)?.deref();
  for (; el && el !== document.documentElement; el = el.parentElement)
    steps.unshift(`:nth-child(${[...el.parentNode.children].indexOf(el) + 1})`);
  return el ? ":root>" + steps.join(">") : null;
}"""


async def picture(window: Window, secrets: Collection[str]) -> bytes:
    """A PNG of the window, with every element covered that shows or holds one of `secrets`.

    A page that is being replaced just then is pictured when its successor has come.
    """
    left = _TRIES
    while True:
        left -= 1
        try:
            if taken := await _shot(window, secrets, whatever_comes=not left):
                return taken
        except Error as error:
            if not left or is_over(error):
                raise
        await window.settled(_SECONDS)


async def _shot(window: Window, secrets: Collection[str], *, whatever_comes: bool) -> bytes | None:
    """None where the page has changed while nothing in it was covered: something may show in the picture."""
    view = await window.look()
    covered = await _holders(view, secrets)
    if covered or whatever_comes:
        return await window.page.screenshot(mask=covered, mask_color="#333333", timeout=_SECONDS * 1000)
    taken = await _uncovered(window.page)
    after = await window.look()
    return taken if after.fingerprint == view.fingerprint or not await _holders(after, secrets) else None


async def _uncovered(page: Page) -> bytes:
    """Packed less tightly than Playwright has it done: 70 ms in place of 130, for a file that is a third larger."""
    with suppress(TimeoutError, Error):  # words are not drawn before their font is there
        async with asyncio.timeout(_FONT_SECONDS):
            await asyncio.gather(*(frame.evaluate(_FONTS) for frame in page.frames))
    session = await page.context.new_cdp_session(page)
    try:
        shot = session.send("Page.captureScreenshot", {"optimizeForSpeed": True})
        taken = await _unless_replaced(page, asyncio.ensure_future(shot))
    finally:
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(session.detach(), _DETACH_SECONDS)
    return b64decode(taken["data"])


async def _unless_replaced(page: Page, shot: "asyncio.Future[T]") -> T:
    """What `shot` brings. A document that is replaced meanwhile never answers: PlaywrightTimeout is raised soon."""
    replaced = asyncio.Event()

    def gone(frame: Frame) -> None:
        if frame is page.main_frame:
            replaced.set()

    page.on("framenavigated", gone)
    watch = asyncio.ensure_future(replaced.wait())
    either: set[asyncio.Future[Any]] = {shot, watch}
    try:
        await asyncio.wait(either, timeout=_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({shot}, timeout=_REPLACED_SECONDS)
        if not shot.done():
            raise PlaywrightTimeout(f"no picture within {_SECONDS:.0f} s")
        return shot.result()
    finally:
        page.remove_listener("framenavigated", gone)
        watch.cancel()
        shot.cancel()


async def _holders(view: View, secrets: Collection[str]) -> list[Locator]:
    wanted = [fold(s) for s in secrets if len(fold(s)) >= 4]
    found: list[Locator] = []
    for part in view.parts:
        for node in part.shot.nodes:
            if node.shown and (node.kind == "password" or any(s in _said(node) for s in wanted)):
                found += await _locator(part, node)
    if form := find_code_form(view):
        for box in form.boxes:
            found += await _locator(form.part, box)
    for part in view.parts:
        for node in _split_over(part, wanted):
            found += await _locator(part, node)
    return found


def _split_over(part: Part, wanted: Collection[str]) -> list[Node]:
    """The innermost elements in which a secret stands in several pieces, as in 6222 <b>0000</b> 1111."""
    shot = part.shot
    covered = [n for n in shot.nodes if n.shown and any(s in _said(n) for s in wanted)]
    found: list[Node] = []
    for node in reversed(shot.nodes):
        if not node.shown or any(shot.holds(node, inner) for inner in (*covered, *found)):
            continue
        if any(s in _plain(shot.words(node)) for s in wanted):
            found.append(node)
    return found


def _said(node: Node) -> str:
    return "\n".join(_plain(said) for said in (node.text, node.value, node.chosen, *node.options) if said)


def _plain(text: str) -> str:
    # 6222 0000 1111 2222 and 6222-0000-… are the same number to a reader.
    return fold(text).replace("-", "")


async def _locator(part: Part, node: Node) -> list[Locator]:
    path = await part.registry.evaluate(_PATH_OF, node.id)
    return [part.frame.locator(path)] if path else []
