"""Keeps what a page asks for and is answered, while it is looked at."""

import asyncio
from datetime import UTC, datetime

from playwright.async_api import Error, Page, Request, Response

from agent.recording.exchange import Exchange

_PATIENCE = 10.0
_MOST = 20_000_000
_TEXT = ("text/", "json", "javascript", "ecmascript", "xml", "x-www-form-urlencoded")


class Capture:
    """Everything that the pages of a context asked for since `begin`, in the order in which it was asked."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._kept: dict[int, Exchange] = {}
        self._asked = 0
        page.context.on("response", self._answered)

    def begin(self) -> None:
        """Forget what came so far."""
        for task in [*self._tasks]:
            task.cancel()
        self._tasks.clear()
        self._kept.clear()

    async def whole(self) -> tuple[Exchange, ...]:
        """What came, once the answers that are under way are there; what streams without end is left out."""
        if self._tasks:
            await asyncio.wait([*self._tasks], timeout=_PATIENCE)
        return tuple(self._kept[at] for at in sorted(self._kept))

    def end(self) -> None:
        """Listen no longer."""
        self._page.context.remove_listener("response", self._answered)
        self.begin()

    def _answered(self, response: Response) -> None:
        if not response.url.startswith(("http://", "https://")):
            return
        self._asked += 1
        task = asyncio.ensure_future(self._read(self._asked, response))
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    async def _read(self, at: int, response: Response) -> None:
        try:
            headers = await response.all_headers()
            content = b"" if 300 <= response.status < 400 else await response.body()
        except Error:
            return  # the page went on, and the browser threw it away
        if len(content) <= _MOST:
            began = datetime.now(UTC).isoformat(timespec="milliseconds")
            body, headers = _as_text(content, headers)
            self._kept[at] = Exchange(
                response.request.method, response.url, _posted(response.request), response.status, headers, body, began
            )


def _as_text(content: bytes, headers: dict[str, str]) -> tuple[str | bytes, dict[str, str]]:
    """A body as text if it is one, whatever its encoding, with headers that call it UTF-8."""
    mime, _, rest = headers.get("content-type", "text/html" if content[:1] == b"<" else "").partition(";")
    if not any(word in mime for word in _TEXT):
        return content, headers
    named = rest.partition("charset=")[2].strip(" \"'").lower()
    head = content[:2000].lower()
    likely = named or ("gb18030" if b"charset=gb" in head or b'charset="gb' in head else "utf-8")
    for encoding in (likely, "utf-8", "gb18030"):
        try:
            return content.decode(encoding), headers | {"content-type": f"{mime}; charset=utf-8"}
        except (UnicodeDecodeError, LookupError):
            continue
    return content, headers


def _posted(request: Request) -> str:
    sent = request.post_data_buffer or b""
    return sent.decode("utf-8", "replace")
