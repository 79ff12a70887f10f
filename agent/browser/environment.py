"""What a browser and its driver inherit: enough to run, and nothing that they could give away."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import psutil
from playwright.async_api import Playwright, async_playwright

# Whatever else is set, such as the vault's key or a cloud's, is nobody's business there. Not DEBUG, either, with which
# the driver prints all that is typed; nor the proxies, which may have a password: a page's only proxy is our own.
_NAMES = {
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TMP", "TEMP", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH"),
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XMODIFIERS", "GTK_IM_MODULE", "QT_IM_MODULE"),
    *("DBUS_SESSION_BUS_ADDRESS", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "CHROME_DEVEL_SANDBOX"),
    *("PLAYWRIGHT_BROWSERS_PATH", "PLAYWRIGHT_NODEJS_PATH"),
    *(
        "SYSTEMROOT",
        "SYSTEMDRIVE",
        "WINDIR",
        "COMSPEC",
        "PATHEXT",
        "USERPROFILE",
        "USERNAME",
        "APPDATA",
        "LOCALAPPDATA",
    ),
    *("PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "HOMEDRIVE", "HOMEPATH"),
    *("NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
}
_BEGINNINGS = ("LC_", "XDG_", "FONTCONFIG_")
_STEPS = 3
_RUN = "run-driver"
_starting = asyncio.Lock()


def inherited() -> dict[str, str]:
    """The variables that a browser may see."""
    return {name: value for name, value in os.environ.items() if _is_harmless(name)}


def _is_harmless(name: str) -> bool:
    return name in _NAMES or name.startswith(_BEGINNINGS)


@asynccontextmanager
async def started_driver() -> AsyncIterator[tuple[Playwright, list[psutil.Process]]]:
    """Playwright and the process of its driver, which inherits no more than a browser does.

    Raise Error if it does not start.
    """
    manager = async_playwright()
    async with _starting:
        before = _drivers()
        with _reduced():
            start = asyncio.ensure_future(manager.start())
            # Playwright gives its driver what the environment holds, and asks for nothing else: it is read in the first
            # steps of the loop, and for no longer does anyone else in this process go without.
            for _ in range(_STEPS):
                await asyncio.sleep(0)
        try:
            playwright = await start
        except BaseException:
            for each in _drivers() - before:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            raise
        process = [*_drivers() - before]
    try:
        yield playwright, process
    finally:
        await playwright.stop()


def _drivers() -> set[psutil.Process]:
    """Those of this process: Playwright does not tell which one is whose."""
    return {each for each in psutil.Process().children() if _RUN in _command(each)}


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):  # one that has just ended, or is about to begin
        return []


@contextmanager
def _reduced() -> Iterator[None]:
    taken = {name: value for name, value in os.environ.items() if not _is_harmless(name)}
    for name in taken:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(taken)
