"""Ends pages that do not answer any more, or that grow without end, so that nobody waits for them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from loguru import logger
from playwright.async_api import BrowserContext, Error, Page

from agent.domain.errors import PageCrashed, PageStuck

_EVERY = 5.0
_PATIENCE = (20.0, 10.0)  # asked twice: while a machine sleeps nobody answers, either
_CLOSE_SECONDS = 10.0
_MOST_PAGES = 6
# Of more elements than these nobody could make anything; the scripts' memory is bounded by the browser, a little above.
_MOST_BYTES, _MOST_ELEMENTS = 600_000_000, 400_000
_SIZE = "() => [performance.memory?.usedJSHeapSize ?? 0, document.getElementsByTagName('*').length]"
_CRASHED = "it crashed, as one does that takes too much memory"
_ended: WeakKeyDictionary[Page, str] = WeakKeyDictionary()

End = Callable[[], Awaitable[None]]


def is_over(error: Error) -> bool:
    """True if the page or its browser is gone, not just a document or a connection to a site (told in capitals)."""
    return "closed" in error.message or "crash" in error.message


def ended(page: Page, error: Error | None = None) -> PageStuck | None:
    """What a page was ended for, here or by its own engine, as `error` says; None if it was not."""
    crashed = error is not None and "crash" in error.message
    why = _ended.get(page) or (_CRASHED if crashed else None)
    if why is None:
        return None
    return (PageCrashed if why == _CRASHED else PageStuck)(page.url, why)


@asynccontextmanager
async def watched(context: BrowserContext, end_browser: End) -> AsyncIterator[None]:
    """End the context when one of its pages freezes, if need be by `end_browser`; close windows beyond a few."""
    watch = _Watch(context, end_browser)
    context.on("page", watch.opened)
    for page in context.pages:
        watch.opened(page)
    try:
        yield
    finally:
        context.remove_listener("page", watch.opened)
        await watch.stop()


@dataclass(eq=False)
class _Watch:
    context: BrowserContext
    end_browser: End
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def opened(self, page: Page) -> None:
        """Take note of a page that came up."""
        page.on("crash", _note_crash)
        crowded = len(self.context.pages) > _MOST_PAGES
        task = asyncio.ensure_future(_close(page) if crowded else self._watch(page))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def stop(self) -> None:
        """Watch no longer."""
        for task in [*self.tasks]:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _watch(self, page: Page) -> None:
        while not page.is_closed():
            await asyncio.sleep(_EVERY)
            try:
                wrong = await _trouble(page)
            except Error as error:
                if is_over(error):
                    return
                continue  # the document went on to another one
            if wrong is not None:
                await self._end(page, wrong)
                return

    async def _end(self, page: Page, wrong: str) -> None:
        logger.warning("{}: {}; it is closed", page.url, wrong)
        for each in self.context.pages:
            _ended[each] = wrong
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.context.close()
        except (Error, TimeoutError):
            await self.end_browser()


async def _trouble(page: Page) -> str | None:
    """What is wrong with a page that must not go on; None if all is well. Raise Error if the page is gone."""
    for seconds in _PATIENCE:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                taken, elements = await page.evaluate(_SIZE)
                return "it grew too large" if taken > _MOST_BYTES or elements > _MOST_ELEMENTS else None
    return f"it did not answer for {sum(_PATIENCE):.0f} s"


def _note_crash(page: Page) -> None:
    _ended.setdefault(page, _CRASHED)


async def _close(page: Page) -> None:
    with suppress(Error, TimeoutError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await page.close()
