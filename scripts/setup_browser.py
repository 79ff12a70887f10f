"""Makes sure of a Chromium and of Chinese fonts: what is installed, else Playwright's own, else the system's."""

import json
import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/usr/lib/chromium/chromium",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


class Manager(NamedTuple):
    """How a package manager is used, and what it calls what we need."""

    refresh: list[str]
    install: list[str]
    browser: list[str]
    fonts: list[str]


MANAGERS = {
    "apt-get": Manager(
        ["update", "-q"], ["install", "-qy", "--no-install-recommends"], ["chromium"], ["fontconfig", "fonts-noto-cjk"]
    ),
    "dnf": Manager([], ["install", "-qy"], ["chromium"], ["fontconfig", "google-noto-sans-cjk-fonts"]),
    "brew": Manager([], ["install", "--cask"], ["google-chrome"], []),
}
SECONDS_FOR_PLAYWRIGHT = 5 * 60
SECONDS_FOR_PACKAGES = 20 * 60


def say(line: str) -> None:
    print(f"browser: {line}", flush=True)


def run(command: list[str], seconds: float, *, quiet: bool = False) -> bool:
    """Whether the command ended well, in time. What it said is shown only where it did not."""
    if not quiet:
        say(f"$ {' '.join(command)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    try:
        child = subprocess.Popen(
            command, stdin=nothing, stdout=pipe, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )
    except OSError as error:
        say(f"failed: {error}")
        return False
    try:
        output, _ = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        output = f"no end after {seconds:.0f} seconds".encode()
    finally:
        end(child)
    if child.returncode != 0 and not quiet:
        for line in output.decode(errors="replace").splitlines()[-8:]:
            say(f"  {line}")
    return child.returncode == 0


def end(child: subprocess.Popen[bytes]) -> None:
    """Ends what is left of a command, with everything that it started: a half-way download would go on otherwise."""
    if child.poll() is not None:
        return
    if sys.platform == "win32":
        child.kill()
    else:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def answers(candidate: Path | str) -> bool:
    """Whether this browser can start. On Windows `--version` opens a window, so being there has to do."""
    if sys.platform == "win32":
        return Path(candidate).exists()
    return run([str(candidate), "--version"], 20, quiet=True)


def playwrights_own() -> list[Path]:
    """The Chromium of exactly the revision that the installed Playwright wants, if it has been downloaded."""
    spec = find_spec("playwright")
    if not spec or not spec.origin:
        return []
    listed = json.loads((Path(spec.origin).parent / "driver/package/browsers.json").read_text(encoding="utf-8"))
    revision = next(b["revision"] for b in listed["browsers"] if b["name"] == "chromium")
    caches = {"darwin": "Library/Caches", "win32": "AppData/Local"}
    default = Path.home() / caches.get(sys.platform, ".cache") / "ms-playwright"
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or default) / f"chromium-{revision}"
    patterns = ("chrome-linux*/chrome", "chrome-win*/chrome.exe", "chrome-mac*/*.app/Contents/MacOS/*")
    return [found for pattern in patterns for found in folder.glob(pattern)]


def find_browser() -> Path | str | None:
    """The first browser that starts; the one that the settings name, or none but that."""
    if named := os.environ.get("FANKUAN_BROWSER__EXECUTABLE"):
        if not answers(named):
            sys.exit(f"browser: FANKUAN_BROWSER__EXECUTABLE names {named}, which does not start: correct or unset it")
        return named
    on_path = (found for name in NAMES if (found := shutil.which(name)))
    installed = (place for place in PLACES if Path(place).exists())
    return next((c for group in (on_path, installed, playwrights_own()) for c in group if answers(c)), None)


def with_rights(command: list[str]) -> list[str]:
    return command if sys.platform == "win32" or os.geteuid() == 0 else ["sudo", "-n", *command]


def install_packages(kind: str) -> str | None:
    """Installs the `browser` or the `fonts` with the system's package manager; returns the command, for a person."""
    name = next((name for name in MANAGERS if shutil.which(name)), None)
    if name is None:
        return None
    manager = MANAGERS[name]
    command = [name] if name == "brew" else with_rights([name])
    packages = manager.browser if kind == "browser" else manager.fonts
    if packages and (not manager.refresh or run([*command, *manager.refresh], SECONDS_FOR_PACKAGES)):
        run([*command, *manager.install, *packages], SECONDS_FOR_PACKAGES)
    return " ".join([*command, *manager.install, *packages]).replace("sudo -n", "sudo")


def download_playwrights_own() -> None:
    playwright = [sys.executable, "-m", "playwright"]
    run([*playwright, "install", "chromium"], SECONDS_FOR_PLAYWRIGHT)
    if playwrights_own() and not find_browser():
        say("it does not start: system libraries are missing")
        run(with_rights([*playwright, "install-deps", "chromium"]), SECONDS_FOR_PACKAGES)


def ensure_browser() -> None:
    """Each source in turn, until a browser answers."""
    cure = None
    if not find_browser():
        say("none is installed; trying Playwright's own")
        download_playwrights_own()
    if not find_browser():
        say("Playwright's own cannot be had or does not start here; trying the system's package manager")
        cure = install_packages("browser")
    if not (browser := find_browser()):
        hint = f"run `{cure}`, " if cure else ""
        sys.exit(f"browser: none could be set up: {hint}install Chrome or Chromium, or set FANKUAN_BROWSER__EXECUTABLE")
    say(f"using {browser}")
    add_shell()


def add_shell() -> None:
    """Debian's Chromium has a headless shell beside it, which needs far less of the processor. It is no must.

    Nothing but the shell of the very version that is installed: nobody's browser is upgraded by this.
    """
    if sys.platform != "linux" or shutil.which("chromium-headless-shell") or not shutil.which("dpkg-query"):
        return
    asked = ["dpkg-query", "--show", "--showformat=${Version}", "chromium"]
    version = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False).stdout
    if version and os.geteuid() == 0:
        package = f"chromium-headless-shell={version}"
        run(["apt-get", "install", "-qy", "--no-install-recommends", package], SECONDS_FOR_PACKAGES)
    elif version:
        say("runs need far less of the processor with: sudo apt-get install chromium-headless-shell")


def has_chinese_fonts() -> bool:
    if sys.platform in {"darwin", "win32"}:
        return True  # both bring their own
    try:
        listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(listed.stdout.strip())


def ensure_fonts() -> None:
    """Fonts are for the pictures alone, so that a lack of them is told and no failure."""
    cure = None
    if not has_chinese_fonts():
        say("no Chinese font found; trying the system's package manager")
        cure = install_packages("fonts") or "install the Noto Sans CJK fonts"
    if has_chinese_fonts():
        say("Chinese fonts are there")
    else:
        say("WARNING: no Chinese font: pages are read all the same, but pictures will show boxes instead of words")
        say(f"WARNING: to mend it: {cure}")


if __name__ == "__main__":
    ensure_browser()
    ensure_fonts()
