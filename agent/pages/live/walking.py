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
_METHODS = ("api", "method", "service", "action", "cmd", "op", "functionId")
_PAGE = re.compile(
    r"^(page|pageno|pagenum|pagenumber|pageindex|currentpage|current|offset|start|curpage)$", re.IGNORECASE
)
_SIZE = re.compile(r"^(size|pagesize|limit|rows|perpage|pagelimit|count)$", re.IGNORECASE)
_DEPTH = 3
# What a request without anything in it can only ask for, and what merely tells that a page is used.
_NOUNS = re.compile(
    r"\b(orders?|records?|services|subscriptions?|apps|filings?|refunds|rows|data|items|lists|menus?|config|profile"
    r"|summary|statistics|overview|dashboard|home|index|tree|dict|notices?|messages?|my|mine|all|history|bills|table)\b"
)
_TELLS = re.compile(
    r"\b(log|logs|track|trace|tracking|report|collect|monitor|metrics?|beacon|heart ?beat|ping|stats?|analytics|events?"
    r"|rum|apm|perf|click|pv|uv|behavior)\b"
)
_EMPTY = re.compile(r"^(_|t|ts|_t|timestamp|time|token|_token|csrf|_csrf|sign|lang|v|nonce|callback)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Held:
    """A request that was kept back. `acts`: it is a form, or called like an act; `tells`: it only counts visits."""

    said: str
    acts: bool
    tells: bool


@dataclass(slots=True)
class Walking:
    """What was kept from being sent. `here` gives the page's address. `pressed`: something on the page was pressed, and
    what it sends may be of that; before, the page has only been opened.
    """

    here: Callable[[], str]
    held: list[Held] = field(default_factory=list)
    pressed: bool = False
    sites: set[str] = field(default_factory=set)
    usual: set[str] = field(default_factory=set)

    def allows(self, request: Request) -> bool:
        """True for what only asks, as far as can be told.

        A form that is sent, whatever its address, never goes. What a script sends goes if it is called like a question
        (queryOrders, list.json, `api=…order.list`), asks for a page of a list, or is a GraphQL query. What a page sends
        while it is opened, before anything on it is pressed, goes unless it is called like an act; the same goes later.
        So does what has nothing in it and is called like a list (/api/orders). What other sites and beacons are told
        only counts visitors.
        """
        if request.is_navigation_request():
            asks = request.method in _SAFE
            self.pressed &= not asks  # a new page: what it sends is of its own
            return asks
        if request.method in _SAFE or request.resource_type == "ping":
            return True
        self.sites.add(registrable_domain(self.here()))
        if registrable_domain(request.url) not in self.sites:
            return True
        address = request.url.partition("?")[0]
        if _asks(request) or address in self.usual:
            return True
        if self.pressed or acts(request.url):
            return False
        self.usual.add(address)
        return True

    def note(self, request: Request) -> None:
        """Keep what was not let through, for people to read."""
        said = f"{request.method} {request.url.split('?', maxsplit=1)[0]}"
        acted = request.is_navigation_request() or acts(request.url)
        self.held.append(Held(said, acted, not acted and _TELLS.search(spelled(request.url)) is not None))


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
            await context.unroute_all(behavior="wait")


def _decide(walk: Walking) -> Callable[[Route], Any]:
    async def decide(route: Route) -> None:
        with suppress(Error):  # the page went on
            if walk.allows(route.request):
                await route.fallback()
                return
            walk.note(route.request)
            await route.abort("blockedbyclient")

    return decide


def _asks(request: Request) -> bool:
    named = dict(parse_qsl(urlsplit(request.url).query))
    calls = [named[name] for name in _METHODS if name in named]
    if calls:
        return all(only_asks(f"/{call.replace('.', '/')}") for call in calls)
    if only_asks(request.url):
        return True
    told = _told(request)
    if isinstance(told, dict) and (calls := [v for k, v in told.items() if k in _METHODS and isinstance(v, str)]):
        return all(only_asks(f"/{call.replace('.', '/')}") for call in calls)
    listed = _NOUNS.search(spelled(request.url)) is not None and _says_nothing(told)
    return not acts(request.url) and (listed or _asks_for_page(told))


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
