"""Runs the real command in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "agent"]
ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 400  # the demo beside other tests; alone it takes about 65 s


def environment(home: Path, language: str = "C.UTF-8", **more: str) -> dict[str, str]:
    """The tests' own environment, without what a developer may have set, and with its own data directory."""
    # Each process would compile the whole program anew.
    dropped = ("FANKUAN_", "LC_", "LANG", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    browser = {k: v for k, v in os.environ.items() if k.startswith("FANKUAN_BROWSER__")}
    paths = {"PYTHONPATH": str(ROOT), "FANKUAN_DATA_DIR": str(home / "var")}
    return kept | browser | paths | {"LANG": language} | more


def fankuan(home: Path, *arguments: object, language: str = "C.UTF-8", **more: str) -> subprocess.CompletedProcess[str]:
    """What `fankuan …` answers in the folder `home`."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=home,
        env=environment(home, language, **more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )
