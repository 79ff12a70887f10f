"""The one owner of Playwright: finds a browser, starts it, gives out fresh contexts, and leaves no process behind."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
from loguru import logger
from playwright.async_api import Browser, BrowserContext, Error, Page, Playwright, ViewportSize, async_playwright

from agent.domain.errors import BrowserFailed, UsageError
from agent.domain.text import Text
from agent.gateway import open_gateway
from agent.storage import Stored

# The engine without the windows that full Chrome keeps also where none is shown: less than half of the processor's time
# for a page (170 ms in place of 370). Playwright's own choice for runs that nobody watches.
# Debian's is started by a script that stays between, and whose end it would outlive.
_SHELLS = ("/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell", "chrome-headless-shell")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
# Chromium's own services (updates, safe browsing, sync) have no business in a merchant's session.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--metrics-recording-only",
    "--font-render-hinting=none",  # in a headless shell, too, letters stand where they stand in a full browser
    # The one way to the network that is not by the proxy; the second name is the headless shell's.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
# Chromium takes the last list of this kind alone, so what Playwright switches off by its own list is named here again:
# above all the change of http to https, and questions to Google.
_SWITCHED_OFF_BY_PLAYWRIGHT = (
    *("AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
    *("HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying"),
    *("OptimizationHints", "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning", "AimEnabled"),
    "TcpPortRandomizationWin",
)
# The address bar's suggestions are drawn by two renderers of their own, also where no window is shown: measured, more
# than half of the time that a start with two pages takes (2.6 s of CPU with them, 1.1 s without).
_UNSEEN = ("WebUIOmniboxAimPopup", "WebUIOmniboxPopup")
# What would be asked of Google: what the boxes of each form mean.
_ASKING = ("AutofillServerCommunication",)
# A process that is started ahead of time for the next site in a context is never used here: one context, one site.
_WASTED = ("SpareRendererForSitePerProcess",)
ARGUMENTS = (*_QUIET, f"--disable-features={','.join((*_SWITCHED_OFF_BY_PLAYWRIGHT, *_UNSEEN, *_ASKING, *_WASTED))}")
# In a large window most virtual lists draw all their rows, and pinned columns stop covering others.
_ROOMY = ViewportSize(width=2000, height=1800)
_VISIBLE = ViewportSize(width=1440, height=860)
_SLOW_MOTION_MS = 250
_CLOSE_SECONDS = 20.0


def find_browser(executable: Path | None, *, headless: bool = True) -> Path | None:
    """The Chrome or Chromium to use: the one that the settings name, else an installed one, else Playwright's own.

    Where no window is to be shown, a headless shell goes before a full browser of the same kind.
    """
    if executable is not None:
        return executable if os.access(executable, os.X_OK) else None
    for name in (*(_SHELLS if headless else ()), *_NAMES):
        if found := shutil.which(name):
            return Path(found)
    installed = next((Path(p) for p in _PLACES if os.access(p, os.X_OK)), None)
    return installed or _playwrights_own(headless)


def _playwrights_own(headless: bool) -> Path | None:
    root = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or _cache() / "ms-playwright")
    shells = ("chrome-headless-shell-*/chrome-headless-shell*", "chrome-*/headless_shell*")
    full = ("chrome-linux*/chrome", "chrome-mac*/Chromium.app/Contents/MacOS/Chromium", "chrome-win*/chrome.exe")
    names = [*(f"chromium-*/{n}" for n in full), *(f"chromium_headless_shell-*/{n}" for n in shells if headless)]
    found = [path for name in names for path in root.glob(name) if os.access(path, os.X_OK)]
    return max(found, key=lambda path: (_revision(path.relative_to(root)), found.index(path)), default=None)


def _revision(below: Path) -> int:
    """The number in chromium-1255/…, as Playwright counts its builds."""
    return int("".join(c for c in below.parts[0] if c.isdigit()) or 0)


def _cache() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home()))
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))


def browser_version(executable: Path) -> str | None:
    """What the browser calls itself, or None where it does not start within ten seconds."""
    try:
        done = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None


def is_over(error: Error) -> bool:
    """True where the page or its browser is gone, not just a document or a connection to a site (told in capitals)."""
    return "closed" in error.message or "crash" in error.message


class Chrome:
    """A running browser that gives out pages. One that crashed is started anew for the next page."""

    def __init__(self, playwright: Playwright, executable: Path, headless: bool) -> None:
        self._playwright, self._executable, self.headless = playwright, executable, headless
        self._browser: Browser | None = None
        self._starting = asyncio.Lock()

    async def _connected(self) -> Browser:
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                self._browser = await self._launch()
            return self._browser

    async def _launch(self) -> Browser:
        try:
            return await self._start()
        except Error as error:
            raise BrowserFailed(error.message.splitlines()[0][:120]) from error

    async def _start(self) -> Browser:
        return await self._playwright.chromium.launch(
            executable_path=self._executable,
            headless=self.headless,
            args=[*ARGUMENTS],
            chromium_sandbox=not _is_root(),
            slow_mo=0 if self.headless else _SLOW_MOTION_MS,
            # Ctrl-C is ours to handle: steps under way are to be left in a state that is known.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )

    @asynccontextmanager
    async def page(
        self,
        stored: Stored | None = None,
        allows: Callable[[str], bool] = lambda _: True,
        alive: Callable[[], bool] = lambda: True,
    ) -> AsyncIterator[Page]:
        """One page in a context of its own, which holds `stored` and shares nothing with any other account or site.

        It reaches the addresses for which `allows` is true, also behind a redirect, in a worker or by a WebSocket, and
        only while `alive` is true.
        """
        async with open_gateway(allows, alive) as gateway:
            context = await self._context(stored, gateway)
            try:
                if stored:
                    await stored.put_into(context)
                yield await context.new_page()
            finally:
                with suppress(Error, TimeoutError):  # a browser that crashed has closed it already
                    async with asyncio.timeout(_CLOSE_SECONDS):
                        await context.close()

    async def _context(self, stored: Stored | None, gateway: str) -> BrowserContext:
        browser = await self._connected()
        try:
            return await browser.new_context(
                viewport=_ROOMY if self.headless else _VISIBLE,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                accept_downloads=False,
                service_workers="block",  # what they keep would be read in place of what the site holds now
                storage_state=stored.shared if stored else None,
                proxy={"server": gateway},
            )
        except Error as error:
            if is_over(error):
                self._browser = None  # where Playwright's driver is gone, it still passes for connected
                raise BrowserFailed(error.message.splitlines()[0][:120]) from error
            if stored is None:
                raise
            logger.warning("a kept session could not be put into a browser: {}", error.message.splitlines()[0][:120])
            return await self._context(None, gateway)

    async def close(self) -> None:
        """Ends the browser."""
        if self._browser is not None:
            with suppress(Error):
                await self._browser.close()


@asynccontextmanager
async def open_chrome(executable: Path | None, headless: bool) -> AsyncIterator[Chrome]:
    """A browser, ended with everything that belongs to it whatever happens inside.

    Raises UsageError where none is found. Chromium's own sandbox stays on, except for root, for whom it refuses to
    start.
    """
    path = find_browser(executable, headless=headless)
    if path is None:
        raise _not_found(executable)
    before = {p.pid for p in psutil.Process().children(recursive=True)}
    try:
        async with async_playwright() as playwright:
            chrome = Chrome(playwright, path, headless)
            try:
                yield chrome
            finally:
                await chrome.close()
    finally:
        _reap(before)


def _not_found(executable: Path | None) -> UsageError:
    wanted = executable or "Chrome, Chromium"
    return UsageError(
        Text(
            f"No browser found ({wanted}). Install Chromium or set browser.executable; `fankuan doctor` shows more.",
            f"未找到浏览器（{wanted}）。请安装 Chromium，或设置 browser.executable；可用 `fankuan doctor` 检查。",
        )
    )


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _reap(before: set[int]) -> None:
    """Ends what is left of the browser and its driver, as after a crash of either."""
    left = [p for p in psutil.Process().children(recursive=True) if p.pid not in before]
    for process in left:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(left, timeout=5)
