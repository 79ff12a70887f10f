"""A running browser: started when it is wanted and anew when it died, with a fresh context for each page."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from pathlib import Path

from loguru import logger
from playwright.async_api import BrowserContext, Error, Page, ViewportSize

from agent.browser.engine import Engine
from agent.browser.installed import find_browser
from agent.browser.proxy import open_proxy
from agent.browser.storage_state import StorageState
from agent.browser.watch import ended, is_over, watched
from agent.domain.errors import BrowserFailed, UsageError
from agent.domain.text import Text

# In a large window most virtual lists draw all their rows, and pinned columns stop covering others.
_ROOMY = ViewportSize(width=2000, height=1800)
_VISIBLE = ViewportSize(width=1440, height=860)
_OPEN_SECONDS = 60.0
_CLOSE_SECONDS = 20.0


class Chrome:
    """A browser that gives out pages. One that died, or whose driver did, is started anew for the next page."""

    def __init__(self, executable: Path, headless: bool) -> None:
        self._executable, self.headless = executable, headless
        self._engine: Engine | None = None
        self._starting = asyncio.Lock()

    async def _running(self) -> Engine:
        async with self._starting:
            if self._engine is not None and not self._engine.browser.is_connected():
                await self.close()
            if self._engine is None:
                self._engine = await Engine.start(self._executable, self.headless)
            return self._engine

    async def start(self) -> None:
        """Start the browser now, not with the first page. Raise BrowserFailed if it does not start."""
        await self._running()

    async def close(self) -> None:
        """End the browser; the next page gets a new one."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.close()

    async def _discard(self, engine: Engine) -> None:
        if self._engine is engine:
            await self.close()

    @asynccontextmanager
    async def page(
        self,
        storage: StorageState | None = None,
        allows: Callable[[str], bool] = lambda _: True,
        alive: Callable[[], bool] = lambda: True,
    ) -> AsyncIterator[Page]:
        """One page in a context of its own, which holds `storage` and shares nothing with any other account or site.

        It reaches the addresses for which `allows` is true, also behind a redirect, in a worker or by a WebSocket, and
        only while `alive` is true. Raise BrowserFailed if there is no browser to be had, and PageStuck if the page
        had to be ended while it was worked.
        """
        async with open_proxy(allows, alive) as proxy:
            engine, page = await self._opened(storage, proxy)
            try:
                async with self._guarded(engine, page.context):
                    yield page
            except Error as error:
                if is_over(error) and (stuck := ended(page, error)):
                    raise stuck from error
                raise
            finally:
                await _close(page.context)

    def _guarded(self, engine: Engine, context: BrowserContext) -> AbstractAsyncContextManager[None]:
        """If a person sees the pages, the person decides what becomes of them."""
        return watched(context, lambda: self._discard(engine)) if self.headless else nullcontext()

    async def _opened(self, storage: StorageState | None, proxy: str) -> tuple[Engine, Page]:
        """A new page, if need be of a browser that is started anew: one that died can pass for a living one."""
        engine = await self._running()
        try:
            return engine, await self._new_page(engine, storage, proxy)
        except BrowserFailed as error:
            logger.warning("the browser is started anew: {}", error)
        await self._discard(engine)
        engine = await self._running()
        return engine, await self._new_page(engine, storage, proxy)

    async def _new_page(self, engine: Engine, storage: StorageState | None, proxy: str) -> Page:
        try:
            async with asyncio.timeout(_OPEN_SECONDS):
                context = await self._new_context(engine, storage, proxy)
                try:
                    if storage:
                        await storage.put_into(context)
                    return await context.new_page()
                except BaseException:
                    await _close(context)
                    raise
        except TimeoutError as error:
            raise BrowserFailed(f"no answer within {_OPEN_SECONDS:.0f} s") from error
        except Error as error:
            raise BrowserFailed(error.message.splitlines()[0][:120]) from error

    async def _new_context(self, engine: Engine, storage: StorageState | None, proxy: str) -> BrowserContext:
        try:
            return await engine.browser.new_context(
                viewport=_ROOMY if self.headless else _VISIBLE,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                accept_downloads=False,
                service_workers="block",  # what they keep would be read in place of what the site holds now
                storage_state=storage.shared if storage else None,
                proxy={"server": proxy},
            )
        except Error as error:
            if is_over(error) or storage is None:
                raise
            logger.warning("a kept session could not be put into a browser: {}", error.message.splitlines()[0][:120])
            return await self._new_context(engine, None, proxy)


async def _close(context: BrowserContext) -> None:
    with suppress(Error, TimeoutError):  # a browser that crashed has closed it already
        async with asyncio.timeout(_CLOSE_SECONDS):
            await context.close()


@asynccontextmanager
async def open_chrome(executable: Path | None, headless: bool) -> AsyncIterator[Chrome]:
    """A browser, ended with everything that belongs to it whatever happens inside.

    Raise UsageError if none is found. Chromium's own sandbox stays on, except for root, for whom it refuses to
    start.
    """
    path = find_browser(executable, headless=headless)
    if path is None:
        raise _not_found(executable)
    chrome = Chrome(path, headless)
    try:
        yield chrome
    finally:
        await chrome.close()


def _not_found(executable: Path | None) -> UsageError:
    wanted = executable or "Chrome, Chromium"
    return UsageError(
        Text(f"No browser found ({wanted}).", f"未找到浏览器（{wanted}）。"),
        Text(
            "Install Chromium or set browser.executable; `fankuan doctor` shows more.",
            "请安装 Chromium，或设置 browser.executable；可用 `fankuan doctor` 检查。",
        ),
    )
