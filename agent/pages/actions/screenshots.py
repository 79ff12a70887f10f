"""Pictures of a page with the secrets in it covered."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from math import ceil, floor, inf

from playwright.async_api import CDPSession, Error, Frame, Page

from agent.browser import is_over
from agent.pages.actions.focus import Focus
from agent.pages.actions.paint import Shot, finished
from agent.pages.box import Box
from agent.pages.inference.code_form import find_code_form
from agent.pages.inference.drawn_text import STYLES, Drawing, drawings
from agent.pages.inference.framing import Band, bands
from agent.pages.live.capture import capture
from agent.pages.live.isolated_world import isolated_world
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

_TRIES = 3
_SECONDS = 10.0
_FONT_SECONDS = 3.0
_DETACH_SECONDS = 2.0
_BELOW = 40.0  # CSS pixels that are kept of what is empty at the end of a page
_EVERYWHERE = Box(0.0, 0.0, 1e5, 1e5)
Session = tuple[CDPSession, Frame | None]
_FONTS = "() => document.fonts.ready.then(() => null)"
_INSET = """frame => {
  const style = getComputedStyle(frame);
  return [frame.clientLeft + parseFloat(style.paddingLeft), frame.clientTop + parseFloat(style.paddingTop)];
}"""


async def picture(
    page: LivePage, secrets: Collection[str], *, opaque: bool = True, focus: Focus | None = None, caption: str = ""
) -> bytes:
    """Return a PNG of the window, with everything covered that shows one of `secrets`, however it is drawn.

    Of a canvas nobody knows what it shows: it is covered unless `opaque` is false. What is in `focus` is outlined, and
    the picture cut to it and the page's head, unless something lies over the whole page. `caption` stands in a strip at
    the top, as it is: it must hold no secret. A page that is being replaced just then is pictured when its successor
    has come.
    """
    left = _TRIES
    while True:
        left -= 1
        try:
            if shot := await _shot(page, _Wanted(secrets, opaque, focus), whatever_comes=not left):
                return await asyncio.to_thread(finished, shot, caption)
        except Error as error:
            if not left or is_over(error):
                raise
        await page.settled(_SECONDS)


async def covered(page: Page, secrets: Collection[str]) -> list[Box]:
    """Return where the window shows one of `secrets` or a password box now, in CSS pixels, without a look at it."""
    found: list[Box] = []
    async with _sessions(page) as sessions:
        for session, frame in sessions:
            left, top = await _origin(frame) if frame is not None else (0.0, 0.0)
            boxes = await _in_drawings(session, await _drawings(session), secrets, opaque=False)
            found += [Box(box.x + left, box.y + top, box.w, box.h) for box in boxes]
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What of a page is to be covered, and what the picture is about."""

    secrets: Collection[str]
    opaque: bool
    focus: Focus | None


async def _shot(page: LivePage, wanted: _Wanted, *, whatever_comes: bool) -> Shot | None:
    """None if what is to be covered has moved meanwhile: something may show in the picture."""
    await _drawn_in_its_font(page.raw)
    async with _sessions(page.raw) as sessions:
        fingerprint = await page.still()
        before = await _seen(page, sessions, wanted)
        taken = await capture(page.raw, sessions[0][0], before.bands[-1][1])
        unmoved = before.certain and fingerprint is not None and fingerprint == await page.still()
        after = before if unmoved else await _seen(page, sessions, wanted)
        if (before.covered, before.focus) != (after.covered, after.focus) and not whatever_comes:
            return None
        return Shot(taken, await _width(sessions[0][0]), [*before.covered, *after.covered], before.focus, before.bands)


async def _width(session: CDPSession) -> float:
    """The window's width in CSS pixels, with its scroll bar: the pixels show it, too.

    Not asked in the page's own world: a script can put anything in its place (`var innerWidth = …`), and the covers
    would lie beside what they are to cover.
    """
    world = await isolated_world(session, "fankuan-picture")
    told = await session.send("Runtime.evaluate", {"expression": "innerWidth", "contextId": world})
    return float(told["result"]["value"])


async def _drawn_in_its_font(page: Page) -> None:
    with suppress(TimeoutError, Error):  # words are not drawn before their font is there
        async with asyncio.timeout(_FONT_SECONDS):
            await asyncio.gather(*(frame.evaluate(_FONTS) for frame in page.frames))


@asynccontextmanager
async def _sessions(page: Page) -> AsyncIterator[list[Session]]:
    """A session with the page, and with each frame that is drawn by another process, with the frame."""
    opened: list[Session] = []
    try:
        opened.append((await page.context.new_cdp_session(page), None))
        for frame in page.frames[1:]:
            with _unless_in_process():
                opened.append((await page.context.new_cdp_session(frame), frame))
        yield opened
    finally:
        for session, _ in opened:
            with suppress(Error, TimeoutError):
                await asyncio.wait_for(session.detach(), _DETACH_SECONDS)


@contextmanager
def _unless_in_process() -> Iterator[None]:
    """Without effect for a frame that the page's own process draws: it is told of together with the page."""
    try:
        yield
    except Error as error:
        if "separate CDP session" not in error.message:
            raise


# what is covered


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is to be covered and what is worked, whether the page itself knows of all that could change in it, and the
    stretches of it that are shown: the last one ends where nothing is drawn any more, if that is known.
    """

    covered: list[Box]
    focus: tuple[Box, ...]
    certain: bool
    bands: list[Band]


async def _seen(page: LivePage, sessions: Sequence[Session], wanted: _Wanted) -> _Seen:
    snapshot = await page.look()
    found, certain, bottom = await _boxes_of_code(page, snapshot), len(sessions) == 1, inf
    for session, frame in sessions:
        left, top = await _origin(frame) if frame is not None else (0.0, 0.0)
        drawn = await _drawings(session)
        certain = certain and not any(drawing.has_shadows for drawing in drawn)
        if frame is None:
            bottom = inf if drawn[0].is_scrolled else drawn[0].bottom + _BELOW
        for box in await _in_drawings(session, drawn, wanted.secrets, wanted.opaque):
            found.append(Box(box.x + left, box.y + top, box.w, box.h))
    covered = sorted({_rounded(b) for b in found}, key=lambda b: (b.x, b.y, b.w, b.h))
    focus = await wanted.focus.boxes() if wanted.focus is not None else ()
    alone = focus if wanted.focus is not None and wanted.focus.alone else ()
    return _Seen(covered, focus, certain, bands(alone, snapshot.parts[0].shot, bottom))


async def _boxes_of_code(page: LivePage, snapshot: PageSnapshot) -> list[Box]:
    form = find_code_form(snapshot)
    if form is None:
        return []
    boxes = [await (await page.element(form.part, node)).bounding_box() for node in form.boxes]
    return [Box(box["x"], box["y"], box["width"], box["height"]) for box in boxes if box]


async def _origin(frame: Frame) -> tuple[float, float]:
    """Where in the window a frame's own document begins."""
    element = await frame.frame_element()
    box, (left, top) = await element.bounding_box(), await element.evaluate(_INSET)
    return (box["x"] + left, box["y"] + top) if box else (0.0, 0.0)


async def _drawings(session: CDPSession) -> list[Drawing]:
    asked = session.send("DOMSnapshot.captureSnapshot", {"computedStyles": list(STYLES)})
    return drawings(await asyncio.wait_for(asked, _SECONDS))


async def _in_drawings(
    session: CDPSession, drawn: Sequence[Drawing], secrets: Collection[str], opaque: bool
) -> list[Box]:
    nodes = [node for drawing in drawn for node in drawing.covered(secrets, opaque=opaque)]
    return [box for node in nodes for box in await _boxes_of(session, node)]


async def _boxes_of(session: CDPSession, node: int) -> list[Box]:
    """Where an element or a text stands in the window of its frame; everywhere, if the browser does not say."""
    try:
        told = await session.send("DOM.getContentQuads", {"backendNodeId": node})
    except Error as error:
        if is_over(error):
            raise
        return [_EVERYWHERE]
    return [_around(quad) for quad in told["quads"]]


def _around(quad: Sequence[float]) -> Box:
    left, top = min(quad[::2]), min(quad[1::2])
    return Box(left, top, max(quad[::2]) - left, max(quad[1::2]) - top)


def _rounded(box: Box) -> Box:
    left, top = floor(box.x), floor(box.y)
    return Box(left, top, ceil(box.right) - left, ceil(box.bottom) - top)
