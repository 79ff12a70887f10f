"""Finds the Chrome or Chromium of this machine."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from agent.browser.environment import inherited

# The engine without the windows that full Chrome keeps also where none is shown: less than half of the processor's time
# for a page (170 ms in place of 370). Playwright's own choice for runs that nobody watches.
# Debian's is started by a script that stays between, and whose end it would outlive.
_SHELLS = ("/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell", "chrome-headless-shell")
_NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable"),
)
_ON_LINUX = ("/opt/google/chrome/chrome", "/snap/bin/chromium", "/opt/microsoft/msedge/msedge")
_ON_MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
_ON_WINDOWS = ("Google/Chrome", "Chromium", "Microsoft/Edge")
# Where Windows keeps programs, for all users and for one.
_PROGRAMS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "LOCALAPPDATA")


def find_browser(executable: Path | None, *, headless: bool = True) -> Path | None:
    """The Chrome or Chromium to use: the one that the settings name, else an installed one, else Playwright's own.

    If no window is to be shown, a headless shell goes before a full browser of the same kind.
    """
    if executable is not None:
        return executable if os.access(executable, os.X_OK) else None
    for name in (*(_SHELLS if headless else ()), *_NAMES):
        if found := shutil.which(name):
            return Path(found)
    found_there = (p for p in places(sys.platform, os.environ, Path.home()) if os.access(p, os.X_OK))
    installed = next(found_there, None)
    return installed or _playwrights_own(headless)


def places(system: str, environment: Mapping[str, str], home: Path) -> list[Path]:
    """Return where browsers stand on a `system` (as `sys.platform` calls it): Chrome first, Edge last."""
    if system == "darwin":
        folders = (Path("/Applications"), home / "Applications")
        return [folder / f"{name}.app/Contents/MacOS/{name}" for name in _ON_MAC for folder in folders]
    if system == "win32":
        roots = [Path(environment[name]) for name in _PROGRAMS if environment.get(name)]
        program = {"Microsoft/Edge": "msedge.exe"}
        return [root / name / "Application" / program.get(name, "chrome.exe") for name in _ON_WINDOWS for root in roots]
    return [Path(place) for place in _ON_LINUX]


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
