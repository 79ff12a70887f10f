"""Runs the real command in a process of its own."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

COMMAND = [sys.executable, "-m", "agent"]
ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 400  # the demo beside other tests; alone it takes about 65 s

# A process that has loaded the libraries, from which those of the commands are forked: to load them takes most of a
# second. Not the program itself, nor Loguru, which reads at its import what the program sets first.
if sys.platform == "win32":  # it cannot fork
    _FORKED = multiprocessing.get_context("spawn")
else:
    _FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(
    [
        *("alembic.command", "cryptography.fernet", "holidays", "httpx", "playwright.async_api", "pydantic_settings"),
        *("rich.console", "rich.progress", "sqlalchemy.dialects.sqlite", "sqlalchemy.orm", "typer.main"),
    ]
)


def environment(home: Path, language: str = "C.UTF-8", **more: str) -> dict[str, str]:
    """The tests' own environment, without what a developer may have set, and with its own data directory."""
    # Each process would compile the whole program anew.
    dropped = ("FANKUAN_", "LC_", "LANG", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    browser = {k: v for k, v in os.environ.items() if k.startswith("FANKUAN_BROWSER__")}
    paths = {"PYTHONPATH": str(ROOT), "FANKUAN_DATA_DIR": str(home / "var")}
    return kept | browser | paths | {"LANG": language} | more


def fankuan(home: Path, *arguments: object, language: str = "C.UTF-8", **more: str) -> subprocess.CompletedProcess[str]:
    """What `fankuan …` answers in the folder `home`. Its process had loaded the libraries before it was asked."""
    command = list(map(str, arguments))
    with TemporaryDirectory() as folder:
        answer, told = Path(folder) / "stdout", Path(folder) / "stderr"
        variables = environment(home, language, **more)
        process = _FORKED.Process(target=_run, args=(command, home, variables, answer, told))
        process.start()
        process.join(TIMEOUT)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(command, TIMEOUT)
        texts = [each.read_text(encoding="utf-8") for each in (answer, told)]
    return subprocess.CompletedProcess(command, process.exitcode, *texts)


def _run(command: list[str], home: Path, variables: dict[str, str], *streams: Path) -> None:
    """What a shell does before it starts a command, and then the command."""
    for number, path in enumerate(streams, start=1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(home)
    from agent.cli import main  # not before: the help is written in the language that is set by then

    main(command)


def fankuan_afresh(home: Path, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """The same, started as an operator starts it: for what the start itself takes, or leaves."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=home,
        env=environment(home) | more,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )
