"""A browser together with the driver that steers it, as processes that must not be left behind."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Self

import psutil
from playwright.async_api import Browser, Error, Playwright

from agent.browser.arguments import ARGUMENTS
from agent.browser.environment import inherited, started_driver
from agent.domain.errors import BrowserFailed

_SLOW_MOTION_MS = 250
_CLOSE_SECONDS = 20.0


class Engine:
    """`browser`, its driver, and the processes of both: of no other that runs beside it."""

    def __init__(self, browser: Browser, stack: AsyncExitStack, processes: Sequence[psutil.Process]) -> None:
        self.browser, self._stack, self._processes = browser, stack, processes

    @classmethod
    async def start(cls, executable: Path, headless: bool) -> Self:
        """Start both. Raise BrowserFailed if one of them does not start."""
        stack, process = AsyncExitStack(), list[psutil.Process]()
        try:
            driver, process = await stack.enter_async_context(started_driver())
            browser = await _launched(driver, executable, headless)
        except BaseException as error:
            begun = _family(process)
            await _end(stack)
            kill(begun)
            if isinstance(error, Error):
                raise BrowserFailed(error.message.splitlines()[0][:120]) from error
            raise
        # The browser of a driver that died is nobody's child any more, so it is taken note of now.
        return cls(browser, stack, _family(process))

    async def close(self) -> None:
        """End both, by force if they do not end by themselves; what waits for an answer of theirs fails."""
        begun = _family(self._processes)
        try:
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self.browser.close()
            await _end(self._stack)
        finally:
            kill(begun)


async def _end(stack: AsyncExitStack) -> None:
    with suppress(Error, TimeoutError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await stack.aclose()


def _family(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Those and all that they have begun since."""
    found = dict.fromkeys(processes)
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            found.update(dict.fromkeys(each.children(recursive=True)))
    return [*found]


async def _launched(driver: Playwright, executable: Path, headless: bool) -> Browser:
    return await driver.chromium.launch(
        executable_path=executable,
        headless=headless,
        args=[*ARGUMENTS],
        env={**inherited()},
        chromium_sandbox=not _is_root(),
        slow_mo=0 if headless else _SLOW_MOTION_MS,
        # Ctrl-C is ours to handle: steps under way are to be left in a state that is known.
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
    )


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def kill(processes: Sequence[psutil.Process]) -> None:
    """End those that are left, as after a crash."""
    left = [each for each in processes if _runs(each)]
    for each in left:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs(left, timeout=5)


def _runs(process: psutil.Process) -> bool:
    """False for one that has ended and that only nobody has asked how: it stays so for longer than we could wait."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
