"""The ways in which a text is spelled inside of another one, each read, changed and spelled so again."""

import base64
import binascii
import html
import re
from collections.abc import Callable
from urllib.parse import quote, unquote_to_bytes

Change = Callable[[str], str]
_DEPTH = 3
_PERCENT = re.compile(r"[0-9A-Za-z._~*+\-]{0,200}(?:%[0-9A-Fa-f]{2}[0-9A-Za-z._~*+\-]*)+")
# What stands between spelled characters and ends no text of JSON or HTML: tb_\u674e, \u5e97:\u5ba2\u670d.
_AS_IT_IS = r"[0-9A-Za-z _.:@*+()/|!~-]"
_ESCAPES = re.compile(rf"{_AS_IT_IS}{{0,40}}(?:\\u[0-9A-Fa-f]{{4}}{_AS_IT_IS}*)+")
_ENTITIES = re.compile(rf"{_AS_IT_IS}{{0,40}}(?:&#(?:\d{{2,7}}|[xX][0-9A-Fa-f]{{2,6}});{_AS_IT_IS}*)+")
_BASE64 = re.compile(r"(?<![0-9A-Za-z+/_\-])[0-9A-Za-z+/_\-]{8,}={0,2}(?![0-9A-Za-z+/_\-=])")
_READABLE = re.compile(r"[^\x00-\x08\x0e-\x1f\x7f]+")


def through_spellings(text: str, change: Change, depth: int = _DEPTH) -> str:
    """Return the text changed, and what is spelled in it for an address, for JSON, for HTML or in base64, too."""
    text = change(text)
    if depth == 0:
        return text

    def inner(part: str) -> str:
        return through_spellings(part, change, depth - 1)

    if "%" in text:
        text = _PERCENT.sub(lambda found: _percent(found.group(), inner), text)
    if "\\u" in text:
        text = _ESCAPES.sub(lambda found: _escapes(found.group(), inner), text)
    if "&#" in text:
        text = _ENTITIES.sub(lambda found: _entities(found.group(), inner), text)
    return _BASE64.sub(lambda found: _base64(found.group(), inner), text)


def _percent(said: str, change: Change) -> str:
    raw = unquote_to_bytes(said)
    for encoding in ("utf-8", "gbk"):
        try:
            plain = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        changed = change(plain)
        if changed == plain:
            return said
        told = quote(changed, safe="+*~", encoding=encoding, errors="replace")
        lower = re.search(r"%[0-9]?[a-f]", said) is not None
        return re.sub("%..", lambda found: found[0].lower(), told) if lower else told
    return said


def _escapes(said: str, change: Change) -> str:
    plain = unescaped(said)
    changed = change(plain)
    if changed == plain:
        return said
    return "".join(c if re.fullmatch(_AS_IT_IS, c) else _escaped(c) for c in changed)


def _escaped(character: str) -> str:
    halves = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{halves[at : at + 4]}" for at in range(0, len(halves), 4))


def unescaped(said: str) -> str:
    """The text of what is spelled \\u674e\\u56db; a sign beyond the first plane is spelled in two halves."""
    halves = re.sub(r"\\+u([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), said)
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _entities(said: str, change: Change) -> str:
    plain = html.unescape(said)
    changed = change(plain)
    if changed == plain:
        return said
    return "".join(c if re.fullmatch(_AS_IT_IS, c) else f"&#{ord(c)};" for c in changed)


def _base64(said: str, change: Change) -> str:
    bare = said.rstrip("=")
    if len(bare) % 4 == 1:
        return said
    safe = "-" in bare or "_" in bare
    decode = base64.urlsafe_b64decode if safe else base64.b64decode
    try:
        plain = decode(bare + "=" * (-len(bare) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return said
    if _READABLE.fullmatch(plain) is None or (changed := change(plain)) == plain:
        return said
    encode = base64.urlsafe_b64encode if safe else base64.b64encode
    told = encode(changed.encode()).decode()
    return told if len(bare) < len(said) else told.rstrip("=")
