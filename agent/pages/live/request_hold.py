"""Reads what a page sends before it leaves, and holds back what contradicts what was meant."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from playwright.async_api import ElementHandle, Error, Request, Route

from agent.domain.addresses import registrable_domain
from agent.pages.inference.sent_form import Compared, Difference, agreement, compare_sent, pairs_of, tidied
from agent.pages.live.page import LivePage

_READS = ("GET", "HEAD", "OPTIONS")
_MANY = 2
_JUDGED = ("document", "xhr", "fetch", "script", "other")
# As the form would send it: the browser's own reading of the form, or without one all its controls that count.
_SENDS = """el => {
  const form = el.form || el.closest("form");
  if (form) return [...new FormData(form)].filter(([, value]) => typeof value === "string");
  let root = el;
  const whole = up => up && !up.matches("body, tbody, table") && !up.querySelector("table, form");
  for (let up = el.parentElement; whole(up); up = up.parentElement) root = up;
  const named = [...root.querySelectorAll("input, select, textarea")].filter(e => e.name && !e.disabled);
  return named.filter(e => !["radio", "checkbox"].includes(e.type) || e.checked).map(e => [e.name, e.value]);
}"""


@dataclass(frozen=True, slots=True)
class Sending:
    """What a step means to send, by the names of FORM_LABELS; `unsaid` need not be said by the request itself."""

    plan: Mapping[str, str]
    unsaid: frozenset[str] = frozenset()


@dataclass(slots=True)
class Watched:
    """What was seen of one press. `held` is why a request was held back, `passed` counts the writes that were not."""

    sending: Sending
    address: str
    held: Difference | None = None
    differs: Difference | None = None
    passed: int = 0
    told: list[Compared] = field(default_factory=list)

    @property
    def agrees(self) -> bool | None:
        """True if all that was meant was sent, false if something differs, None if it cannot be told."""
        if self.held is not None or self.differs is not None:
            return False
        return agreement(self.sending.plan, self.told, unsaid=self.sending.unsaid)

    def judge(self, request: Request) -> Difference | None:
        """What a request says otherwise than was meant; None if nothing does, or it does not concern the site."""
        if not self.concerns(request):
            return None
        body = request.post_data_buffer if request.method not in _READS else None
        pairs = pairs_of(request.url, body, request.headers.get("content-type", ""))
        compared = compare_sent(self.sending.plan, pairs)
        # What is read may name other orders, as lists do; one that says as much as a form sends it by GET.
        if request.method in _READS and len(compared.found) < _MANY:
            return None
        self.told.append(compared)
        return next(iter(compared.differences), None)

    def concerns(self, request: Request) -> bool:
        """True for what the page asks of the site that it belongs to, beacons aside."""
        return request.resource_type in _JUDGED and registrable_domain(request.url) == registrable_domain(self.address)


@asynccontextmanager
async def held_to(page: LivePage, sending: Sending) -> AsyncIterator[Watched]:
    """Hold back, while this is open, every write of the page that says something else than `sending`.

    What a service worker sends in its place is only seen, by `differs`.
    """
    watched = Watched(sending, page.raw.url)
    seen: list[Request] = []
    judged: list[Request] = []

    async def decide(route: Route, request: Request) -> None:
        judged.append(request)
        difference = watched.judge(request)
        with suppress(Error):  # the page went on, or was closed
            if difference is not None:
                watched.held = watched.held or difference
                await route.abort("aborted")
                return
            if request.method not in _READS and watched.concerns(request):
                watched.passed += 1
            await route.fallback()

    def note(request: Request) -> None:
        seen.append(request)

    page.raw.on("request", note)
    await page.raw.route("**/*", decide)
    try:
        yield watched
    finally:
        page.raw.remove_listener("request", note)
        past = [watched.judge(r) for r in seen if r not in judged]
        watched.differs = next((d for d in past if d is not None), None)
        with suppress(Error):
            await page.raw.unroute("**/*", decide)


async def off_plan(element: ElementHandle, sending: Sending) -> Difference | None:
    """What the form around an element would send otherwise than was meant, as the browser reads the form now."""
    sent: list[list[str]] = await element.evaluate(_SENDS)
    compared = compare_sent(sending.plan, tidied(sent))
    return next(iter(compared.differences), None)
