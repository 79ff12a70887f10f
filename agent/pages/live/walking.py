"""What a page may send while a way through its menus is looked for."""

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.async_api import Error, Request, Route

from agent.domain.addresses import registrable_domain
from agent.pages.live.page import LivePage
from agent.pages.live.read_only import acts, only_asks

_EVERYTHING = "**/*"
_SAFE = ("GET", "HEAD", "OPTIONS")
_METHODS = ("api", "method", "service", "action", "cmd", "op", "functionid")
_PAGE = re.compile(
    r"^(page|pageno|pagenum|pagenumber|pageindex|currentpage|current|offset|start|curpage)$", re.IGNORECASE
)
_SIZE = re.compile(r"^(size|pagesize|limit|rows|perpage|pagelimit|count)$", re.IGNORECASE)
_DEPTH = 3
# What does something at the end of an address; in its middle such words name lists: /purchase/orders.
_DOES_LAST = re.compile(
    r"\b(activate|checkout|claim|clear|complete|exit|extend|grant|install|log ?out|purchase|renewal|settle|sign ?out"
    r"|take|terminate|trial|uninstall)\b"
)
# What a request without anything in it can only ask for, and what merely tells that a page is used.
_NOUNS = re.compile(
    r"\b(orders?|records?|services|subscriptions?|apps|filings?|refunds|rows|data|items|lists|menus?|config|profile"
    r"|summary|statistics|overview|dashboard|home|index|tree|dict|notices?|messages?|my|mine|all|history|bills|table|recent|latest)\b"
)
_TELLS = re.compile(
    r"\b(log|logs|track|trace|tracking|report|collect|monitor|metrics?|beacon|heart ?beat|ping|stats?|analytics|events?"
    r"|rum|apm|perf|click|pv|uv|behavior)\b"
)
_EMPTY = re.compile(r"^(_|t|ts|_t|timestamp|time|token|_token|csrf|_csrf|sign|lang|v|nonce|callback)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeldRequest:
    """A request that was kept back. `acts`: it is a form, or called like an act; `tells`: it only counts visits."""

    request: str
    acts: bool
    tells: bool


@dataclass(slots=True)
class Walking:
    """What was kept from being sent. `here` gives the page's address. `pressed`: something on the page was pressed, and
    what it sends may be of that; before, the page has only been opened.
    """

    here: Callable[[], str]
    held: list[HeldRequest] = field(default_factory=list)
    pressed: bool = False
    sites: set[str] = field(default_factory=set)
    usual: set[tuple[str, ...]] = field(default_factory=set)

    def allows(self, request: Request) -> bool:
        """True for what only asks, as far as can be told.

        A form that is sent, whatever its address, never goes, nor does PUT, PATCH or DELETE. What is called like an act
        in its address, its query or its body does not go either, and after a press not even by GET. What a script sends
        goes if it is called like a question (queryOrders, list.json, `api=…order.list`), asks for a page of a list, or
        is a GraphQL query. What a page sends while it is opened, before anything on it is pressed, goes; the same call
        goes later. So does what has nothing in it and is called like a list (/api/orders). What other sites and beacons
        are told only counts visitors; after a press, too, unless it is called like an act, or is PUT, PATCH or DELETE.
        """
        if request.is_navigation_request():
            asks = request.method in _SAFE
            self.pressed &= not (asks and _is_whole_page(request))  # a new page: what it sends is of its own
            return asks
        if request.resource_type == "ping":
            return True
        told = _told(request)
        if request.method in _SAFE:
            return not (self.pressed and _is_data(request) and _does(request, told, _last(request.url)))
        may_ask = request.method == "POST" and not _does(request, told, request.url)
        if self._is_foreign(request):
            return may_ask or not self.pressed
        return may_ask and self._is_usual(request, told)

    def _is_usual(self, request: Request, told: object) -> bool:
        """True for a question, and for what the page sends, or has sent, as it is opened."""
        called = (request.url.partition("?")[0], *_calls(request, told))
        if _asks(request, told) or called in self.usual:
            return True
        if not self.pressed:
            self.usual.add(called)
        return not self.pressed

    def _is_foreign(self, request: Request) -> bool:
        self.sites.add(registrable_domain(self.here()))
        return registrable_domain(request.url) not in self.sites

    def note(self, request: Request) -> None:
        """Keep what was not let through, for people to read."""
        text = f"{request.method} {request.url.split('?', maxsplit=1)[0]}"
        navigates = request.is_navigation_request()
        # What a script sends elsewhere ends nothing: most of it counts visitors.
        elsewhere = not navigates and self._is_foreign(request)
        sure = navigates or request.method != "POST"
        acted = not elsewhere and (sure or _does(request, _told(request), request.url))
        tells = not acted and (elsewhere or _TELLS.search(spelled(request.url)) is not None)
        self.held.append(HeldRequest(text, acted, tells))


@asynccontextmanager
async def walking(page: LivePage) -> AsyncIterator[Walking]:
    """Inside the block the page, and what it opens, sends nothing that could change something."""
    walk = Walking(lambda: page.raw.url)
    context, decide = page.raw.context, _decide(walk)
    await context.route(_EVERYTHING, decide)
    try:
        yield walk
    finally:
        with suppress(Error):
            await context.unroute(_EVERYTHING, decide)  # and nothing that others route


def _decide(walk: Walking) -> Callable[[Route], Any]:
    async def decide(route: Route) -> None:
        with suppress(Error):  # the page went on
            if walk.allows(route.request):
                await route.fallback()
                return
            walk.note(route.request)
            await route.abort("blockedbyclient")

    return decide


def _is_whole_page(request: Request) -> bool:
    """True for what the window itself goes to: a frame that a press put on the page is no new page."""
    try:
        return request.frame.parent_frame is None
    except Error:  # of a tab that is only opening
        return False


def _is_data(request: Request) -> bool:
    """True for what scripts ask for: by XHR, fetch, or JSONP, which is a script without being a file of them."""
    script = request.resource_type == "script" and not urlsplit(request.url).path.endswith((".js", ".mjs"))
    return script or request.resource_type in ("xhr", "fetch")


def _does(request: Request, told: object, address: str) -> bool:
    """True if a request is called like an act: by `address`, by a word of its query or body, or as GraphQL."""
    return _mutates(told) or any(_is_act(called) for called in (address, *_calls(request, told)))


def _is_act(address: str) -> bool:
    return not only_asks(address) and (acts(address) or _DOES_LAST.search(spelled(_last(address))) is not None)


def _last(address: str) -> str:
    """The last step of an address that holds a word, as an address: /order/7/confirm as /confirm."""
    named = [step for step in urlsplit(address).path.split("/") if re.search(r"[A-Za-z]", step)]
    return f"/{named[-1]}" if named else "/"


def _mutates(told: object) -> bool:
    queries = [each.get("query") for each in (told if isinstance(told, list) else [told]) if isinstance(each, dict)]
    return any(isinstance(query, str) and re.search(r"\bmutation\b", query) for query in queries)


def _calls(request: Request, told: object) -> list[str]:
    """What is called by a word of the query or of the body, as addresses: `api=…order.list` as /…/order/list."""
    named = [*parse_qsl(urlsplit(request.url).query), *(told.items() if isinstance(told, dict) else ())]
    texts = [value for name, value in named if str(name).lower() in _METHODS and isinstance(value, str)]
    return [f"/{call.replace('.', '/')}" for call in texts]


def _asks(request: Request, told: object) -> bool:
    if only_asks(request.url):
        return True
    if calls := _calls(request, told):
        return all(only_asks(call) for call in calls)
    listed = _NOUNS.search(spelled(_last(request.url))) is not None and _says_nothing(told)
    return listed or _asks_for_page(told)


def _told(request: Request) -> object:
    try:
        body = request.post_data or ""
    except UnicodeDecodeError:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return dict(parse_qsl(body))


def _says_nothing(told: object) -> bool:
    return not told or (isinstance(told, dict) and all(_EMPTY.match(str(name)) for name in told))


def spelled(address: str) -> str:
    """The path of an address as words: /api/myOrders.json as api my orders json."""
    path = urlsplit(address).path
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z]+", " ", path).lower().split())


def _asks_for_page(told: object, depth: int = _DEPTH) -> bool:
    """True for a body that asks for a page of a list, or for a GraphQL query."""
    if not isinstance(told, dict) or not depth:
        return False
    query = told.get("query")
    if isinstance(query, str) and re.match(r"\s*(query\b|\{)", query):
        return True
    pages = any(_PAGE.match(str(name)) for name in told) and any(_SIZE.match(str(name)) for name in told)
    return pages or any(_asks_for_page(value, depth - 1) for value in told.values())
