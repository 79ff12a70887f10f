"""Pictures of a recording: blank ones of the same size, for a picture can show anything."""

import io
import re

from PIL import Image

_LARGEST = 4000
_IN_TEXT = re.compile(r"data:image/(?!svg)[\w.+-]+;base64,[A-Za-z0-9+/=%]+")
_DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def blank(content: bytes) -> bytes:
    """A transparent PNG of the size of a picture; of what cannot be read, one of a pixel."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            size = picture.size
    except (OSError, ValueError, Image.DecompressionBombError):
        size = (1, 1)
    made = Image.new("1", (min(size[0], _LARGEST), min(size[1], _LARGEST)), 1)
    out = io.BytesIO()
    made.save(out, "PNG", optimize=True)
    return out.getvalue()


def without_pictures(text: str) -> str:
    """A text with a dot in place of each picture that stands in it as a data: address."""
    return _IN_TEXT.sub(_DOT, text)
