"""The place of a demo: a data directory of its own, and pictures that outlive it."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from agent.settings import Settings, load_settings

if TYPE_CHECKING:
    from agent.sandbox import Sandbox

PREFIX = "FANKUAN_"
BROWSER = "FANKUAN_BROWSER__"


class DemoSettings(Settings):
    """Settings whose pictures need not be where the data is."""

    pictures: Path

    @property
    def evidence_dir(self) -> Path:
        """`screenshots` in a checkout, else in the folder of the demo, which then stays."""
        return self.pictures


def furnish(box: "Sandbox", own: Settings) -> DemoSettings:
    """Settings that lead to the simulated sites; of the user's own only the browser is taken over."""
    _forget_the_environment()
    folder = Path(tempfile.mkdtemp(prefix="fankuan-demo-"))
    write(folder / "fankuan.toml", box.settings_toml())
    made = load_settings(folder / "fankuan.toml")
    values = dict(made) | {"data_dir": folder, "browser": own.browser, "pictures": _pictures(folder)}
    return DemoSettings(**values)


def _forget_the_environment() -> None:
    """A database or a key that is named there is a real one: the samples must not land in it."""
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        if not name.upper().startswith(BROWSER):
            del os.environ[name]


def _pictures(folder: Path) -> Path:
    default = Settings().evidence_dir
    return default if default.parent == Path.cwd() else folder / default.name


def write(path: Path, text: str) -> Path:
    """Write a file of the demo."""
    path.write_text(text, encoding="utf-8")
    return path


def clear(settings: DemoSettings) -> bool:
    """Remove the folder unless the pictures are in it; return whether it is gone."""
    if settings.pictures.is_relative_to(settings.data_dir):
        return False
    shutil.rmtree(settings.data_dir, ignore_errors=True)
    return True
