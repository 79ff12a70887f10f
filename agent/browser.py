"""The one owner of Playwright: finds a browser, starts it, gives out fresh contexts, and leaves no process behind."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from loguru import logger
from playwright._impl._driver import compute_driver_executable
from playwright.async_api import Browser, Error, Page, Playwright, Route, ViewportSize, async_playwright

from agent.domain.errors import BrowserFailed, UsageError
from agent.domain.text import Text
from agent.storage import Stored

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
ARGUMENTS = (*_QUIET, f"--disable-features={','.join((*_SWITCHED_OFF_BY_PLAYWRIGHT, *_UNSEEN))}")
# In a large window most virtual lists draw all their rows, and pinned columns stop covering others.
_ROOMY = ViewportSize(width=2000, height=1800)
_VISIBLE = ViewportSize(width=1440, height=860)
_SLOW_MOTION_MS = 250
BLOCKED = "blockedbyclient"


def find_browser(executable: Path | None) -> Path | None:
    """The Chrome or Chromium to use: the one that the settings name, else an installed one, else Playwright's own."""
    if executable is not None:
        return executable if os.access(executable, os.X_OK) else None
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    installed = next((Path(p) for p in _PLACES if os.access(p, os.X_OK)), None)
    return installed or _playwrights_own()


def _playwrights_own() -> Path | None:
    root = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or _cache() / "ms-playwright")
    names = ("chrome-linux*/chrome", "chrome-mac*/Chromium.app/Contents/MacOS/Chromium", "chrome-win*/chrome.exe")
    found = (p for n in names for p in sorted(root.glob(f"chromium-*/{n}"), reverse=True))
    return next((p for p in found if os.access(p, os.X_OK)), None)


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


class Chrome:
    """A running browser that gives out pages. One that crashed is started anew for the next page."""

    def __init__(self, playwright: Playwright, executable: Path, headless: bool, hosts: Collection[str]) -> None:
        self._playwright, self._executable, self._headless = playwright, executable, headless
        self._hosts = hosts
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
        mortal = _mortal()
        return await self._playwright.chromium.launch(
            executable_path=mortal or self._executable,
            env={**os.environ, "FANKUAN_RUN": str(self._executable)} if mortal else None,
            headless=self._headless,
            args=[*ARGUMENTS, *_only(self._hosts)],
            chromium_sandbox=not _is_root(),
            slow_mo=0 if self._headless else _SLOW_MOTION_MS,
            # Ctrl-C is ours to handle: steps under way are to be left in a state that is known.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )

    @asynccontextmanager
    async def page(self, stored: Stored | None = None, forbidden: re.Pattern[str] | None = None) -> AsyncIterator[Page]:
        """One page in a context of its own, which holds `stored` and shares nothing with any other account or site.

        Requests to addresses that `forbidden` matches are blocked.
        """
        browser = await self._connected()
        context = await browser.new_context(
            viewport=_ROOMY if self._headless else _VISIBLE,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=False,
            service_workers="block",  # what they fetch goes past every rule
            storage_state=stored.shared if stored else None,
        )
        try:
            if stored:
                await stored.put_into(context)
            if forbidden is not None:
                await context.route(forbidden, Blocked())
            yield await context.new_page()
        finally:
            with suppress(Error):  # a browser that crashed has closed it already
                await context.close()

    async def close(self) -> None:
        """Ends the browser."""
        if self._browser is not None:
            with suppress(Error):
                await self._browser.close()


class Blocked:
    """Ends requests, and says once a host that it did."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    async def __call__(self, route: Route) -> None:
        host = urlsplit(route.request.url).hostname or "-"
        if host not in self._told:
            self._told.add(host)
            logger.warning("blocked: {} is not on the account's network list (see `network` in the settings)", host)
        with suppress(Error):  # the page may be gone by now
            await route.abort(BLOCKED)


@asynccontextmanager
async def open_chrome(executable: Path | None, headless: bool, hosts: Collection[str] = ()) -> AsyncIterator[Chrome]:
    """A browser, ended with everything that belongs to it whatever happens inside.

    Where `hosts` are given, no others have an address for it, also not behind a redirect, in a worker or for a
    WebSocket: what a context forbids sees none of these. `*.` stands for all hosts below one.

    Raises UsageError where none is found. Chromium's own sandbox stays on, except for root, for whom it refuses to
    start.
    """
    path = find_browser(executable)
    if path is None:
        raise _not_found(executable)
    before = {p.pid for p in psutil.Process().children(recursive=True)}
    try:
        async with _driver() as playwright:
            chrome = Chrome(playwright, path, headless, hosts)
            try:
                yield chrome
            finally:
                await chrome.close()
    finally:
        _reap(before)


@asynccontextmanager
async def _driver() -> AsyncIterator[Playwright]:
    """Playwright, whose driver dies with this process where the system can see to that."""
    mortal = _mortal()
    if mortal is None:
        async with async_playwright() as playwright:
            yield playwright
        return
    node, _ = compute_driver_executable()
    before = {name: os.environ.get(name) for name in ("PLAYWRIGHT_NODEJS_PATH", "FANKUAN_RUN")}
    os.environ.update(PLAYWRIGHT_NODEJS_PATH=str(mortal), FANKUAN_RUN=before["PLAYWRIGHT_NODEJS_PATH"] or node)
    try:
        manager = async_playwright()
        playwright = await manager.__aenter__()
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    try:
        yield playwright
    finally:
        await manager.__aexit__(None, None, None)


def _mortal() -> Path | None:
    """The script that makes a program die with its parent; None where the system has no such thing."""
    script = Path(__file__).with_name("die_with_parent.sh")
    return script if shutil.which("setpriv") and os.access(script, os.X_OK) else None


def _only(hosts: Collection[str]) -> list[str]:
    if not hosts:
        return []
    return [f"--host-resolver-rules=MAP * ~NOTFOUND, {', '.join(f'EXCLUDE {h}' for h in sorted(hosts))}"]


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
