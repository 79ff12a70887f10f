"""The finished picture: what is secret covered, what is worked outlined, what does not matter cut out."""

import io
import struct
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, floor, inf

from PIL import Image, ImageDraw, ImageFont

from agent.pages.box import Box
from agent.pages.inference.framing import Band

_COVER = "#333333"
_OUTLINES = ("#f59f00", "#e03131")  # around the row, and around the button
_STRIP, _GAP = "#212529", "#adb5bd"
_STRIP_HEIGHT, _GAP_HEIGHT, _FONT_SIZE = 28, 8, 15
# Strokes reach beyond the box of a text.
_MARGIN = 2
_QUALITY = 75


@dataclass(frozen=True, slots=True)
class Shot:
    """The pixels of a window of `width` CSS pixels from its top on, and what they show; boxes in CSS pixels.

    `focus` are the row and what is clicked in it, or that alone; `bands` the stretches that are to be kept.
    """

    png: bytes
    width: float
    covered: Collection[Box]
    focus: Sequence[Box]
    bands: Sequence[Band]


def finished(shot: Shot, caption: str) -> bytes:
    """Return the PNG that is kept, with `caption` in a strip above it if there is one."""
    if not shot.covered and not shot.focus and not caption:
        return shot.png
    drawn = Image.open(io.BytesIO(shot.png)).convert("RGB")
    scale = drawn.width / shot.width if shot.width else 1.0
    _cover(drawn, shot.covered, scale)
    _outline(drawn, shot.focus, scale)
    return _packed(_stacked(drawn, shot.bands, scale, caption))


def covered_jpeg(jpeg: bytes, width: float, covered: Collection[Box]) -> bytes:
    """Return a JPEG of a window of `width` CSS pixels with these boxes of it covered."""
    if not covered:
        return jpeg
    drawn, out = Image.open(io.BytesIO(jpeg)).convert("RGB"), io.BytesIO()
    _cover(drawn, covered, drawn.width / width)
    drawn.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _packed(drawn: Image.Image) -> bytes:
    """Return a PNG whose lines are not filtered: pages are flat, and without filters a sixth smaller than Pillow's."""
    raw, line = drawn.tobytes(), 3 * drawn.width
    lines = b"".join(b"\0" + raw[at : at + line] for at in range(0, len(raw), line))
    head = struct.pack(">IIBBBBB", drawn.width, drawn.height, 8, 2, 0, 0, 0)  # 8 bits a channel, RGB
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _cover(drawn: Image.Image, covered: Collection[Box], scale: float) -> None:
    brush = ImageDraw.Draw(drawn)
    for box in covered:
        brush.rectangle(_corners(box, _MARGIN, scale), fill=_COVER)


def _outline(drawn: Image.Image, focus: Sequence[Box], scale: float) -> None:
    """Draw around each box, outside of it, so that nothing of it is hidden; the innermost last."""
    brush = ImageDraw.Draw(drawn)
    for box, colour in zip(focus, _OUTLINES[-len(focus) :] if focus else (), strict=True):
        brush.rectangle(_corners(box, _MARGIN + 1, scale), outline=colour, width=_MARGIN)


def _corners(box: Box, margin: int, scale: float) -> list[float]:
    return [side * scale for side in (box.x - margin, box.y - margin, box.right + margin, box.bottom + margin)]


def _stacked(drawn: Image.Image, bands: Sequence[Band], scale: float, caption: str) -> Image.Image:
    """Return the strip and the bands below each other, with a line where something was cut out."""
    parts = [drawn.crop((0, floor(a * scale), drawn.width, _pixels(b, scale, drawn.height))) for a, b in bands]
    head = _STRIP_HEIGHT if caption else 0
    height = head + sum(part.height for part in parts) + _GAP_HEIGHT * (len(parts) - 1)
    whole, below = Image.new("RGB", (drawn.width, height), _GAP), head
    for part in parts:
        whole.paste(part, (0, below))
        below += part.height + _GAP_HEIGHT
    if caption:
        _write(whole, caption)
    return whole


def _pixels(end: float, scale: float, height: int) -> int:
    return height if end == inf else min(height, ceil(end * scale))


def _write(whole: Image.Image, caption: str) -> None:
    """Write the caption in letters that the font has; it brings no Chinese ones."""
    brush = ImageDraw.Draw(whole)
    brush.rectangle((0, 0, whole.width, _STRIP_HEIGHT - 1), fill=_STRIP)
    plain = caption.encode("ascii", "replace").decode()
    brush.text((10, 5), plain, fill="white", font=_font())


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(_FONT_SIZE)
