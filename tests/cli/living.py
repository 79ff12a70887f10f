"""Simulated sites with a user's settings beside them, and commands that run meanwhile."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.cli.session import now
from agent.sandbox import Sandbox
from agent.sandbox.core.state import Hook
from tests.support.command import COMMAND, environment, fankuan

SETTINGS = ("--config", "f.toml")
_PATIENCE, _BETWEEN_LOOKS = 170.0, 0.7


@contextmanager
def at_home(folder: Path, *shops: list[str], settings: str = "", on_post: Hook | None = None) -> Iterator[Sandbox]:
    """Simulated sites to which the settings in `folder` lead, with a merchant for each of `shops`."""
    with Sandbox(shops=shops, today=now().date(), on_post=on_post) as box:
        (folder / "f.toml").write_text(box.settings_toml() + settings, encoding="utf-8")
        (folder / "merchants.toml").write_text(box.merchants_toml(), encoding="utf-8")
        fankuan(folder, *SETTINGS, "merchants", "import", "merchants.toml")
        yield box


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """The command in the background, with nobody at its keyboard and no screen."""
    without_screen = {k: v for k, v in environment(folder).items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    process = subprocess.Popen(
        [*COMMAND, *SETTINGS, *arguments], cwd=folder, env=without_screen, text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def waiting(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(fankuan(folder, *SETTINGS, "challenges", "--json").stdout)["challenges"]
    return found


def once(condition: Callable[[], Any], patience: float = _PATIENCE) -> Any:  # noqa: ANN401
    """What `condition` gives as soon as that is something; what is looked at needs the processor meanwhile."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(_BETWEEN_LOOKS)
    raise AssertionError("it never came")
