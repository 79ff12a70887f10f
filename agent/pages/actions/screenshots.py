"""Pictures of a page with the secrets in it covered."""

import asyncio
import io
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from math import ceil, floor, inf

from PIL import Image, ImageDraw
from playwright.async_api import CDPSession, Error, Frame, Page

from agent.browser import is_over
from agent.pages.inference.code_form import find_code_form
from agent.pages.inference.drawn_text import STYLES, Drawing, drawings
from agent.pages.live.capture import capture
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Box

_TRIES = 3
_SECONDS = 10.0
_FONT_SECONDS = 3.0
_DETACH_SECONDS = 2.0
_COLOUR = "#333333"
# Strokes reach beyond the box of a text.
_MARGIN = 2
_EVERYWHERE = Box(0.0, 0.0, 1e5, 1e5)
Session = tuple[CDPSession, Frame | None]
_FONTS = "() => document.fonts.ready.then(() => null)"
_INSET = """frame => {
  const style = getComputedStyle(frame);
  return [frame.clientLeft + parseFloat(style.paddingLeft), frame.clientTop + parseFloat(style.paddingTop)];
}"""


async def picture(page: LivePage, secrets: Collection[str], *, opaque: bool = True) -> bytes:
    """A PNG of the window, with everything covered that shows one of `secrets`, however it is drawn.

    Of a canvas nobody knows what it shows: it is covered unless `opaque` is false. A page that is being replaced just
    then is pictured when its successor has come.
    """
    left = _TRIES
    while True:
        left -= 1
        try:
            if taken := await _shot(page, secrets, opaque, whatever_comes=not left):
                return taken
        except Error as error:
            if not left or is_over(error):
                raise
        await page.settled(_SECONDS)


async def _shot(page: LivePage, secrets: Collection[str], opaque: bool, *, whatever_comes: bool) -> bytes | None:
    """None where what is to be covered has moved meanwhile: something may show in the picture."""
    await _drawn_in_its_font(page.raw)
    async with _sessions(page.raw) as sessions:
        fingerprint = await page.still()
        before = await _covered(page, sessions, secrets, opaque)
        taken = await capture(page.raw, sessions[0][0], before.bottom)
        unmoved = before.certain and fingerprint is not None and fingerprint == await page.still()
        after = before if unmoved else await _covered(page, sessions, secrets, opaque)
        if before.boxes != after.boxes and not whatever_comes:
            return None
        boxes = [*before.boxes, *after.boxes]
        return await _painted(sessions[0][0], taken, boxes) if boxes else taken


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
class _Covered:
    """What is to be covered, whether the page itself knows of all that could change in it, and where it is empty below.

    `bottom` is infinite where nothing may be left out.
    """

    boxes: list[Box]
    certain: bool
    bottom: float


async def _covered(page: LivePage, sessions: Sequence[Session], secrets: Collection[str], opaque: bool) -> _Covered:
    found, certain, bottom = await _boxes_of_code(page), len(sessions) == 1, inf
    for session, frame in sessions:
        left, top = await _origin(frame) if frame is not None else (0.0, 0.0)
        drawn = await _drawings(session)
        certain = certain and not any(drawing.has_shadows for drawing in drawn)
        if frame is None:
            bottom = inf if drawn[0].is_scrolled else drawn[0].bottom
        for box in await _in_drawings(session, drawn, secrets, opaque):
            found.append(Box(box.x + left, box.y + top, box.w, box.h))
    return _Covered(sorted({_rounded(b) for b in found}, key=lambda b: (b.x, b.y, b.w, b.h)), certain, bottom)


async def _boxes_of_code(page: LivePage) -> list[Box]:
    form = find_code_form(await page.look())
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


async def _painted(session: CDPSession, png: bytes, covered: Collection[Box]) -> bytes:
    metrics = await session.send("Page.getLayoutMetrics")
    return await asyncio.to_thread(_paint, png, covered, metrics["cssLayoutViewport"]["clientWidth"])


def _paint(png: bytes, covered: Collection[Box], width: float) -> bytes:
    shown = Image.open(io.BytesIO(png)).convert("RGB")
    scale, brush = shown.width / width if width else 1.0, ImageDraw.Draw(shown)
    for box in covered:
        corners = (box.x - _MARGIN, box.y - _MARGIN, box.right + _MARGIN, box.bottom + _MARGIN)
        brush.rectangle([side * scale for side in corners], fill=_COLOUR)
    packed = io.BytesIO()
    shown.save(packed, "PNG", compress_level=1)
    return packed.getvalue()
