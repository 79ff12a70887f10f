"""What a page sends and gets while it is open: to know when it rests, what a click sent, and what drew the rows."""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error, Page, Request, Response

from agent.browser.proxy import LOST
from agent.domain.addresses import registrable_domain
from agent.domain.text import fold
from agent.pages import login_words
from agent.pages.inference.repeats import is_meant_to_wait, is_repeated, likeness, shape_of

_AWAITED = {"document", "xhr", "fetch", "script", "stylesheet"}
# How long an answer is waited for; and one that by its name, or as was seen before, comes only once there is news.
_STUCK_AFTER, _NEWS_AFTER = 20.0, 3.0
# How long what is no data is waited for, which a page can do without: its scripts and its looks.
_TRIM, _TRIM_AFTER = ("script", "stylesheet"), 10.0
# How long its body is, once it has begun: a short one came along with its head, where the page reads it at all.
_BODY_AFTER, _SHORT_AFTER, _SHORT = 5.0, 0.5, 1 << 16
_STREAMS = ("text/event-stream", "multipart/x-mixed-replace", "application/x-ndjson", "application/grpc")
# What is asked for as often since the page was opened, or was last worked, the page asks for by itself.
_OFTEN, _COUNTERS = 3, 4
_LARGEST = 8_000_000
_SAYING = ("ret", "msg", "message", "errorMsg", "error_msg", "errMsg", "errorMessage")
_CODES = ("code", "errno", "errcode", "errCode", "errorCode", "error_code", "resultCode", "result_code")
_ENVELOPES = ("head", "header", "meta", "result", "response", "base_resp", "status")
_SESSION_OVER = re.compile(
    r"(\w*_)?(NOT?_?LOGIN|NEED_?LOGIN|(SESSION|LOGIN)_?(EXPIRED|INVALID|TIMEOUT))\b.*", re.IGNORECASE
)
_PUNISHED = re.compile(r"RGV587|_____tmd_____/punish|/punish\?")
_AGREED = ("", "0", "200", "success", "ok", "0000", "00000", "000000")
_JSONP = re.compile(r"^\s*[\w.$]+\s*\(\s*(\{.*\})\s*\)\s*;?\s*$", re.DOTALL)


@dataclass(slots=True)
class Exchange:
    """One request and its answer. `status` is None while there is no answer, or where it was lost.

    `blank` is true if the answer was a success without a single byte. `likeness` is the same for requests that
    differ in nothing but the moment, and `repeats` counts those before it. `awaited` is for how long it is waited for,
    from `since` on. `took` is how many seconds it was until the answer ended or was lost; None before.
    """

    method: str
    address: str
    kind: str
    started: float
    status: int | None = None
    lost: bool = False
    blank: bool = False
    body: Any = None
    likeness: str = ""
    repeats: int = 0
    since: float = 0.0
    awaited: float = _STUCK_AFTER
    took: float | None = None

    @property
    def ticks(self) -> bool:
        """True for what the page asks for time and again by itself."""
        return self.repeats >= _OFTEN

    @property
    def is_write(self) -> bool:
        return self.method not in ("GET", "HEAD", "OPTIONS")

    @property
    def is_told(self) -> bool:
        """True for what a page cannot do without: no pictures and fonts, unless something was sent to them."""
        return self.kind in _AWAITED or self.is_write

    @property
    def is_data(self) -> bool:
        return self.kind in ("xhr", "fetch", "document")


class Traffic:
    """Listens to one page from its first request on; what is blocked on the way, as `allows` tells, concerns nobody."""

    def __init__(self, page: Page, allows: Callable[[str], bool] = lambda _: True) -> None:
        self._allows = allows
        self.exchanges: list[Exchange] = []
        self._open: dict[Request, Exchange] = {}
        self._work_from: int | None = None
        self._asked: Counter[str] = Counter()
        self._slow: set[str] = set()
        self._answers: dict[Request, Response] = {}
        self._readers: set[asyncio.Task[None]] = set()
        self._waiting: set[asyncio.Future[None]] = set()
        page.on("request", self._begun)
        page.on("response", self._answered)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._lost)

    def cursor(self) -> int:
        """A place in the traffic; `since(cursor)` is what came after it."""
        return len(self.exchanges)

    def since(self, cursor: int) -> list[Exchange]:
        return self.exchanges[cursor:]

    def work_begins(self) -> None:
        """To be called before every consequential click: what came before the first one, the page sent by itself."""
        self.worked()
        if self._work_from is None:
            self._work_from = self.cursor()

    def worked(self) -> None:
        """To be called when the page is opened or worked: what it asks for next may be of that, not by itself."""
        self._asked.clear()

    def is_noise(self, write: Exchange) -> bool:
        """True for a write that only counts visitors or tells that the page is open, as far as that can be told.

        The page sent the same before anything consequential was clicked, to the very same address: once, if it gets as
        little back, which is not a byte, else time and again. What is sent for the first time is taken for work.
        """
        before = [e for e in self.exchanges[: self._work_from or 0] if e.is_write and _is_scripted(e)]
        if not _is_scripted(write):
            return False
        counts = write.blank and is_repeated(write.likeness, (e.likeness for e in before if e.blank), 1)
        return counts or is_repeated(write.likeness, (e.likeness for e in before), 2)

    @property
    def resting(self) -> bool:
        """True while nothing that a page waits for is under way.

        20 s without an answer count as never. What is streamed, or not read by the page, has no end; what the page
        asks for time and again by itself is never all there.
        """
        now = time.monotonic()
        for each in self._open.values():
            if now - each.since < each.awaited and not each.ticks:
                return False
        self._slow |= {
            e.likeness for e in self._open.values() if e.awaited >= _BODY_AFTER and now - e.since > e.awaited
        }
        return not self._readers

    def moved(self) -> asyncio.Future[None]:
        """Done with the next request that begins and the next answer that comes or is lost."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future

    def _move(self) -> None:
        for future in [*self._waiting]:
            if not future.done():
                future.set_result(None)

    def _begun(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not self._allows(request.url):
            return
        now, alike = time.monotonic(), likeness(request.method, request.url, _body(request))
        patience = _TRIM_AFTER if _is_trim(request) else _STUCK_AFTER
        if alike in self._slow or is_meant_to_wait(request.url):
            patience = _NEWS_AFTER
        exchange = Exchange(request.method, request.url, request.resource_type, now, likeness=alike)
        exchange.since, exchange.awaited, exchange.repeats = now, patience, self._count(request, alike)
        self.exchanges.append(exchange)
        self._move()
        if exchange.is_told:
            self._open[request] = exchange

    def _count(self, request: Request, alike: str) -> int:
        """How often the page has asked for the same since it was opened or worked; a counter in it is worth less."""
        if request.resource_type == "document":
            self._asked.clear()
        shape = shape_of(alike)
        before = max(self._asked[alike], self._asked[shape] // _COUNTERS)
        self._asked.update((alike, shape))
        return before

    def _answered(self, response: Response) -> None:
        exchange = self._open.get(response.request)
        if exchange is None:
            return
        if response.headers.get("proxy-status") == LOST:
            exchange.lost = True
            return
        self._move()
        exchange.status = response.status
        exchange.blank = _is_blank(response)
        if exchange.kind in ("xhr", "fetch"):
            exchange.since, exchange.awaited = time.monotonic(), self._patience(response, exchange)
        if exchange.kind in ("xhr", "fetch", "script") and response.status < 400:
            self._answers[response.request] = response

    def _patience(self, response: Response, exchange: Exchange) -> float:
        """How long the end of an answer is waited for that has begun."""
        if response.headers.get("content-type", "").startswith(_STREAMS):
            return 0.0
        short = _length(response, unknown=_SHORT) < _SHORT
        return _SHORT_AFTER if short or exchange.likeness in self._slow else _BODY_AFTER

    async def _read(self, response: Response, exchange: Exchange) -> None:
        if _length(response, unknown=0) > _LARGEST:
            return
        jsonp = exchange.kind == "script"
        if jsonp and "json" not in response.headers.get("content-type", "") and "callback=" not in exchange.address:
            return
        try:
            text = await response.text()
        except (Error, UnicodeDecodeError):
            return  # a picture, or a page that went on: nothing to compare with
        try:
            match = _JSONP.match(text)
            exchange.body = json.loads(match[1] if match else text)
        except ValueError:
            return

    def _ended(self, request: Request) -> None:
        exchange, answer = self._open.pop(request, None), self._answers.pop(request, None)
        _took(request, exchange)
        if exchange is not None and answer is not None:
            task = asyncio.ensure_future(self._read(answer, exchange))
            self._readers.add(task)
            task.add_done_callback(self._was_read)
        self._move()

    def _was_read(self, task: asyncio.Task[None]) -> None:
        self._readers.discard(task)
        self._move()

    def _lost(self, request: Request) -> None:
        self._answers.pop(request, None)
        exchange = self._open.pop(request, None)
        _took(request, exchange)
        if exchange is None or exchange.status is not None:
            return
        exchange.lost = True
        self._move()
        if _is_trim(request) and time.monotonic() - exchange.since > _NEWS_AFTER:
            self._slow.add(exchange.likeness)  # the page was left before it came


def _took(request: Request, exchange: Exchange | None) -> None:
    if exchange is not None:
        ended = request.timing["responseEnd"]  # in milliseconds, as the browser measured it; -1 if nobody knows
        exchange.took = ended / 1000 if ended > 0 else time.monotonic() - exchange.started


def _is_trim(request: Request) -> bool:
    """True for a script or style sheet, unless the script brings data (JSONP)."""
    return request.resource_type in _TRIM and "callback=" not in request.url


def _is_blank(response: Response) -> bool:
    empty = response.status == 204 or response.headers.get("content-length") == "0"
    return empty and 200 <= response.status < 300


def _length(response: Response, unknown: int) -> int:
    text = response.headers.get("content-length", "")
    return int(text) if text.isdecimal() else unknown


def _is_scripted(exchange: Exchange) -> bool:
    return exchange.kind in ("xhr", "fetch")


def _body(request: Request) -> str | None:
    try:
        return request.post_data
    except UnicodeDecodeError:
        return None  # a file, or packed


def own_writes(exchanges: list[Exchange], address: str) -> list[Exchange]:
    """The writes to the site that a page belongs to; beacons and what goes to other sites only count visitors."""
    site = registrable_domain(address)
    return [e for e in exchanges if e.is_write and e.kind != "ping" and registrable_domain(e.address) == site]


def failures(exchanges: list[Exchange], address: str) -> list[Exchange]:
    """The reads of data that were lost, refused or answered with an envelope that says no, for a page of that address.

    Many a list is read by POST; one that is lost may be a beacon. What another site refuses concerns nobody, as long as
    it works at all. A 401 is a log-out: see logged_out().
    """
    site = registrable_domain(address)
    return [
        e
        for e in exchanges
        if _broken(e) or (registrable_domain(e.address) == site and (_refused(e) or _says_no(e.body)))
    ]


def _broken(exchange: Exchange) -> bool:
    lost = exchange.lost and not exchange.is_write
    return exchange.is_data and (lost or (exchange.status or 0) >= 500)


def _refused(exchange: Exchange) -> bool:
    session = exchange.status == 401 and exchange.kind != "document"
    return exchange.is_data and (exchange.status or 0) >= 400 and not session


def declined(exchanges: list[Exchange]) -> bool:
    """True if an answer that came with a success holds an envelope that says no."""
    return any(_says_no(e.body) for e in exchanges)


def _says_no(body: object) -> bool:
    """True for an envelope that came with a 200 and holds a refusal: success false, a code of its own, ret FAIL_…."""
    if not isinstance(body, dict):
        return False
    agreed = [fold(str(body[name])).lower() for name in ("success", "succ", "isSuccess") if name in body]
    if agreed:
        return agreed[0] in ("false", "0", "n", "no")
    if "rgv587_flag" in body or _ret_says_no(body.get("ret")):
        return True
    code = next((body[name] for name in _CODES if name in body), None)
    if isinstance(code, int | str) and not isinstance(code, bool):
        return fold(str(code)).lower() not in _AGREED
    return any(_says_no(body[name]) for name in _ENVELOPES if isinstance(body.get(name), dict))


def _ret_says_no(ret: object) -> bool:
    """True for what mtop answers but SUCCESS::…."""
    texts = [str(one) for one in (ret if isinstance(ret, list) else [ret]) if one is not None]
    return bool(texts) and not any(one.startswith("SUCCESS") or fold(one).lower() in _AGREED for one in texts)


def punished(exchanges: list[Exchange]) -> bool:
    """True if an answer sent the page on to a punish page (RGV587), which only a person gets past."""
    return any(_punishes(e.body) for e in exchanges if isinstance(e.body, dict))


def _punishes(body: dict[str, Any]) -> bool:
    data = body.get("data")
    address = data.get("url") if isinstance(data, dict) else None
    told = (body.get("ret"), address, body.get("url"))
    return "rgv587_flag" in body or any(_PUNISHED.search(str(one)) for one in told if one)


def logged_out(exchanges: list[Exchange]) -> bool:
    """True if an answer said that the session is gone, by its status or in words that came with a 200."""
    return any((e.status == 401 and e.kind in ("xhr", "fetch")) or _session_word(e.body) for e in exchanges)


def _session_word(body: object) -> bool:
    """True if the envelope of some data says so; what the data itself says does not count."""
    if not isinstance(body, dict):
        return False
    answers = [body.get(name) for name in (*_SAYING, *_CODES)]
    texts = [str(text) for one in answers for text in (one if isinstance(one, list) else [one])]
    inner = any(_session_word(body[name]) for name in _ENVELOPES if isinstance(body.get(name), dict))
    return inner or any(
        login_words.LOGGED_OUT.search(fold(t)) or _SESSION_OVER.match(t.replace(" ", "_")) for t in texts
    )


def messages_in(body: object) -> Iterator[str]:
    """The messages in the envelope of some data."""
    if not isinstance(body, dict):
        return
    for name in _SAYING:
        told = body.get(name)
        yield from (str(text) for text in (told if isinstance(told, list) else [told]) if text)
    for name in _ENVELOPES:
        yield from messages_in(body.get(name))
