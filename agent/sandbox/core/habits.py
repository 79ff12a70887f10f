"""Habits of real pages, drawn over any simulated page: static/habits/NAME.js runs before the page's own scripts."""

from collections.abc import Callable, Collection
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = Path(__file__).parent / "static" / "habits"
HABITS: tuple[str, ...] = tuple(sorted(path.stem for path in FOLDER.glob("*.js")))


class Habits:
    """Adds the scripts of the habits that `active` names to each HTML page.

    Raise ValueError, at the first page, for a name without a script.
    """

    def __init__(self, app: ASGIApp, active: Callable[[], Collection[str]]) -> None:
        self.app, self.active = app, active

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/habits/"):
            await _script(scope["path"].removeprefix("/habits/"), send)
            return
        await self.app(scope, receive, _Page(send, _tags(self.active())).send if self.active() else send)


class _Page:
    """One answer on its way out; an HTML page is held back until it is whole, to put the scripts first in it."""

    def __init__(self, send: Send, tags: bytes) -> None:
        self._send, self._tags = send, tags
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_whole(self._start)
            return
        await self._send(message)

    async def _send_whole(self, start: Message) -> None:
        body = self._body.replace(b"<head>", b"<head>" + self._tags, 1)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _tags(names: Collection[str]) -> bytes:
    if unknown := sorted(set(names) - set(HABITS)):
        raise ValueError(f"no habit {unknown[0]!r}; there are {', '.join(HABITS)}")
    return "".join(f'<script src="/habits/{name}.js"></script>' for name in names).encode()


async def _script(name: str, send: Send) -> None:
    file = FOLDER / Path(name).name
    found = file.suffix == ".js" and file.is_file()
    headers = [(b"content-type", b"text/javascript; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200 if found else 404, "headers": headers})
    await send({"type": "http.response.body", "body": file.read_bytes() if found else b""})
