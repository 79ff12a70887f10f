"""What holds for every request, before any page is asked: whose name is used, where it comes from, how big it is."""

from collections.abc import Collection
from math import inf
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LARGEST = 1 << 20
# Where files are sent: a statement of a year is smaller than this.
_LARGEST_OF = {"/bank": 8 << 20}
_READING = ("GET", "HEAD", "OPTIONS")
# Asked by what watches the service, under any name; they tell nothing of anybody.
_OPEN = ("/healthz", "/readyz")
# Nothing inline, nothing from elsewhere; pictures of the evidence are our own, too.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses what comes under a foreign name, from another site or in bulk, and sets the headers of every answer.

    `hosts` are the names, without ports, under which the console may be asked.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                _secure(MutableHeaders(scope=message), scope)
            await send(message)

        if refusal := self._refusal(scope, headers):
            return await refusal(scope, receive, safely)
        return await self._app(scope, _bounded(receive, _largest(scope)), safely)

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        if scope["path"] not in _OPEN and _name(headers.get("host", "")) not in self._hosts:
            return PlainTextResponse("This console does not answer under that name: see [console] hosts.", 421)
        if scope["method"] not in _READING and not _same_origin(headers):
            return PlainTextResponse("Sent by another site.", 403)
        if _size(headers.get("content-length", "0")) > _largest(scope):
            return PlainTextResponse(f"Too large: {_largest(scope) >> 20} MiB at most.", 413)
        return None


def _secure(headers: MutableHeaders, scope: Scope) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    kept = scope["path"].startswith("/static/")
    headers.setdefault("cache-control", "public, max-age=3600" if kept else "no-store")
    if scope["scheme"] == "https":
        headers.setdefault("strict-transport-security", "max-age=31536000")


def _name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _same_origin(headers: Headers) -> bool:
    """Browsers say where a request comes from; what says nothing of it is no browser, and has no session of one."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _largest(scope: Scope) -> int:
    return _LARGEST_OF.get(scope["path"], _LARGEST)


def _size(text: str) -> float:
    return int(text) if text.isascii() and text.isdigit() else inf


def _bounded(receive: Receive, largest: int) -> Receive:
    """The same, ended once more has come than any form of ours has."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return message if seen <= largest else {"type": "http.disconnect"}

    return counted
