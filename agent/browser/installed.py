"""Finds the Chrome or Chromium of this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from agent.browser.environment import inherited

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
    """What the browser calls itself, or None if it does not start within ten seconds."""
    try:
        done = subprocess.run(
            [executable, "--version"], capture_output=True, text=True, timeout=10, check=True, env=inherited()
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
