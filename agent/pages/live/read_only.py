"""Keeps pages from sending anything but questions while a way through them is looked for."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from playwright.async_api import Error, Route

from agent.pages.live.network import Exchange, own_writes
from agent.pages.live.page import LivePage

_EVERYTHING = "**/*"
_SAFE = ("GET", "HEAD", "OPTIONS")
# Many a page asks for its data by POST: getOrderDetail, order/query, list.json.
_ASKS = re.compile(r"\b(get|query|list|detail|details|find|search|info|fetch|load|select|view|page|count)\b")
_DOES = re.compile(
    r"\b(add|agree|accept|apply|bind|buy|cancel|close|commit|confirm|create|del|delete|do|edit|finish|insert|mark|modify|open"
    r"|pay|receive|refund|remove|renew|save|send|set|sign|submit|subscribe|update|upgrade|use|write)\b"
)
_ENDING = re.compile(r"\.(do|action|json|html?|jsp|aspx?|php)$", re.IGNORECASE)


def only_asks(address: str) -> bool:
    """True if the end of an address is called like a question: /api/order/queryDetail, /mtop.order.detail.get/1.0/."""
    named = [name for step in urlsplit(address).path.split("/") if (name := _spelled(_ENDING.sub("", step)))]
    return bool(named) and _ASKS.search(named[-1]) is not None and not _DOES.search(named[-1])


def acts(address: str) -> bool:
    """True if any step of an address is called like an act: /order/confirm, /api/renew.do."""
    return any(_DOES.search(_spelled(_ENDING.sub("", step))) for step in urlsplit(address).path.split("/"))


def _spelled(step: str) -> str:
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z]+", " ", step).lower().split())


@asynccontextmanager
async def reading_only(page: LivePage) -> AsyncIterator[list[str]]:
    """Inside the block the window, and what it opens, sends no write to its site; gives those that it wanted to send.

    What only counts visitors goes through, as far as that can be told: beacons, what goes to other sites, and what the
    page had sent before with nothing in return.
    """
    held: list[str] = []
    context, decide = page.raw.context, _decide(page, held)
    await context.route(_EVERYTHING, decide)
    try:
        yield held
    finally:
        with suppress(Error):
            await context.unroute(_EVERYTHING, decide)  # and nothing that others route


def _decide(page: LivePage, held: list[str]) -> Callable[[Route], object]:
    address = page.raw.url
    counted = {e.address for e in page.traffic.exchanges if e.is_write and e.blank}

    async def decide(route: Route) -> None:
        request = route.request
        free = request.method in _SAFE or request.resource_type == "ping" or request.url in counted
        free = free or only_asks(request.url) or not _is_own(request.method, request.url, address)
        with suppress(Error):  # the page went on
            if free:
                await route.fallback()
                return
            held.append(f"{request.method} {request.url.split('?', maxsplit=1)[0]}")
            await route.abort("blockedbyclient")

    return decide


def _is_own(method: str, asked: str, address: str) -> bool:
    return bool(own_writes([Exchange(method, asked, "fetch", 0.0)], address))
