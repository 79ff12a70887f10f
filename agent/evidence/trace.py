"""Takes out of a Playwright trace what must not be seen: cookies, headers that let in, passwords, account numbers."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from typing import Any

from PIL import Image

from agent.domain.redaction import MASK, Redactor

_LINES = (".trace", ".network", ".stacks")
_LETS_IN = re.compile(
    r"cookie|authorization|token|csrf|xsrf|session|ticket|secret|passw|api-?key|signature", re.IGNORECASE
)
_SHORT = 6  # cookies of fewer characters are choices, and would be found in innocent words


def without_secrets(packed: bytes, secrets: Collection[str]) -> bytes:
    """Return the trace, a zip, without the secrets in any spelling, and without what its headers and cookies hold.

    Pictures are blank in it: nothing could be found in them.
    """
    with zipfile.ZipFile(io.BytesIO(packed)) as whole:
        files = {info.filename: whole.read(info) for info in whole.infolist() if not info.is_dir()}
    redactor = Redactor(whole_numbers=True)
    for secret in {*secrets, *_held_in(files)}:
        redactor.add(secret)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, content in files.items():
            kept.writestr(redactor.mask(name), _masked(name, content, redactor))
    return out.getvalue()


def _held_in(files: dict[str, bytes]) -> Iterator[str]:
    """The values of cookies, headers and queries that let in, which can stand in pages and answers, too."""
    for event in _events(files):
        for header in _headers(event):
            value = str(header.get("value", ""))
            parts = re.split(r"[;,\s]+", value)
            for part in (value, *parts, *(p.partition("=")[2] for p in parts)):
                if len(part) >= _SHORT and not part.startswith(("Path=", "Max-Age=", "Expires=", "Domain=")):
                    yield from _keys(part)


def _keys(part: str) -> Iterator[str]:
    """A part of such a header, unless it is one of the words with which cookies are described."""
    if not re.fullmatch(
        r"(?:samesite=)?(?:httponly|secure|strict|none|lax)|bearer|basic|[\d.:GMT]+", part, re.IGNORECASE
    ):
        yield part


def _events(files: dict[str, bytes]) -> Iterator[Any]:
    for name, content in files.items():
        if name.endswith(".network"):
            yield from (json.loads(line) for line in content.decode().splitlines() if line)


def _headers(told: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    """The headers, cookies and parts of a query in an event that let somebody in."""
    if isinstance(told, dict):
        for name, inner in told.items():
            if name in ("headers", "cookies", "queryString") and isinstance(inner, list):
                yield from (h for h in inner if name == "cookies" or _LETS_IN.search(str(h.get("name", ""))))
            else:
                yield from _headers(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from _headers(inner)


def _masked(name: str, content: bytes, redactor: Redactor) -> bytes:
    if name.endswith(_LINES):
        lines = (_line(line, redactor.mask) for line in content.decode().splitlines() if line)
        return "".join(f"{line}\n" for line in lines).encode(errors="backslashreplace")  # half a sign
    if (blank := _blank(content)) is not None:
        return blank
    text = content.decode("utf-8", "surrogateescape")
    return redactor.mask(text).encode("utf-8", "surrogateescape")


def _line(line: str, mask: Callable[[str], str]) -> str:
    event = json.loads(line)
    for header in _headers(event):
        header["value"] = MASK
    if isinstance(event, dict):
        event.get("options", {}).pop("storageState", None)
        if event.get("type") == "after":
            event.pop("result", None)  # what the browser stores is read, too, and no mask knows what is in it
    return json.dumps(_each(event, mask), ensure_ascii=False)


def _each(told: Any, mask: Callable[[str], str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(told, str):
        return mask(told)
    if isinstance(told, dict):
        return {mask(name): _each(inner, mask) for name, inner in told.items()}
    return [_each(inner, mask) for inner in told] if isinstance(told, list) else told


def _blank(content: bytes) -> bytes | None:
    """A blank picture of the size of one; None for what is no picture."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            size = picture.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    out = io.BytesIO()
    Image.new("1", size, 1).save(out, "PNG")
    return out.getvalue()
