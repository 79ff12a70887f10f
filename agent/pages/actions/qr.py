"""登录二维码: finds the code that a person would scan, reads what it says, and cuts it out."""

import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import hypot

import zxingcpp
from PIL import Image
from playwright.async_api import Error, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from agent.domain.page_errors import PageChanged
from agent.pages import login_words
from agent.pages.inference.buttons import find_words
from agent.pages.inference.page_state import find_text
from agent.pages.live.capture import capture
from agent.pages.live.page import LivePage
from agent.pages.live.pointer import click_at, click_selector, middle_of
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_MARGIN = 16


@dataclass(frozen=True, slots=True)
class QrCode:
    """`payload` is what it says; `picture` is it alone, a PNG. Whoever scans it logs in."""

    payload: str
    picture: bytes


async def find_qr(page: LivePage, snapshot: PageSnapshot) -> QrCode | None:
    """The code that can be read and, of several, stands nearest to the words that ask to scan it (扫一扫).

    None as well while the page is being replaced, which happens just when somebody has scanned it.
    """
    try:
        shot = Image.open(io.BytesIO(await _shot(page.raw)))
    except PlaywrightTimeout:
        return None
    found = [c for c in zxingcpp.read_barcodes(shot, zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)) if c.text]
    if not found:
        return None
    asked = []
    for part, node in _asking(snapshot):
        with suppress(PageChanged):  # the page may just have moved on
            asked.append(await middle_of(page, part, node))
    code = min(found, key=lambda c: _distance(c, [place for place in asked if place]))
    return QrCode(code.text, _cut(shot, code))


async def _shot(page: Page) -> bytes:
    session = await page.context.new_cdp_session(page)
    try:
        return await capture(page, session)
    finally:
        with suppress(Error):  # it went with its page
            await session.detach()


async def renew_qr(page: LivePage, snapshot: PageSnapshot) -> bool:
    """Press what brings a new code where the page says that this one is over; false if it says no such thing."""
    for part in snapshot.parts:
        over = [n for n in part.shot.texts if login_words.QR_OVER.search(n.folded) and n.top is not False]
        if over:
            return await click_at(page, part, _pressable(part, over))
    return False


async def show_qr(page: LivePage, snapshot: PageSnapshot, switch: str | None) -> None:
    """Go to the code where the page opens on something else. `switch` is a CSS selector of a way without words."""
    if (tab := find_words(snapshot, login_words.QR_TABS)) is not None:
        await click_at(page, *tab)
    elif switch is not None and find_text(snapshot, login_words.QR_CODE) is None:
        await click_selector(page, snapshot, switch)


def is_scanned(snapshot: PageSnapshot) -> bool:
    """True if the page says that the code was scanned and waits for the person's yes."""
    return find_text(snapshot, login_words.QR_SCANNED) is not None


def _pressable(part: FrameSnapshot, over: Sequence[Node]) -> Node:
    named = [n for n in over if login_words.QR_RENEW.search(n.folded)]
    return next((n for n in named if part.shot.worked_by(n) is not None), (named or over)[-1])


def _asking(snapshot: PageSnapshot) -> list[tuple[FrameSnapshot, Node]]:
    return [
        (p, n)
        for p in snapshot.parts
        for n in p.shot.texts
        if login_words.QR_CODE.search(n.folded) and n.top is not False
    ]


def _corners(code: zxingcpp.Barcode) -> list[tuple[int, int]]:
    at = code.position
    return [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_left, at.bottom_right)]


def _distance(code: zxingcpp.Barcode, asked: Sequence[tuple[float, float]]) -> float:
    corners = _corners(code)
    x, y = sum(c[0] for c in corners) / 4, sum(c[1] for c in corners) / 4
    return min((hypot(x - a, y - b) for a, b in asked), default=0.0)


def _cut(shot: Image.Image, code: zxingcpp.Barcode) -> bytes:
    xs, ys = zip(*_corners(code), strict=True)
    box = (max(0, min(xs) - _MARGIN), max(0, min(ys) - _MARGIN), max(xs) + _MARGIN, max(ys) + _MARGIN)
    out = io.BytesIO()
    shot.crop(box).save(out, "PNG")
    return out.getvalue()
