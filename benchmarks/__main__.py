"""`python -m benchmarks [NAME]…`: measures, and writes docs/performance.md with what this machine is."""

import asyncio
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from agent.browser import browser_version, find_browser
from benchmarks import chaos, console, fleet, handout, handover, looks, many, memory, one, schedule, side, work, writers
from benchmarks.world import Figures, now

ROOT = Path(__file__).resolve().parents[1]
RESULTS, DOCUMENT = ROOT / "benchmarks" / "results.json", ROOT / "docs" / "performance.md"
ALL: dict[str, Callable[[], Figures]] = {
    "idle": lambda: asyncio.run(one.idle()),
    "work": lambda: asyncio.run(work.to_do()),
    "looks": lambda: asyncio.run(looks.at_the_page()),
    "many": lambda: asyncio.run(many.accounts(int(os.environ.get("ACCOUNTS", "200")))),
    "side": lambda: asyncio.run(side.of_one_merchant()),
    "handover": lambda: asyncio.run(handover.noticed()),
    "memory": lambda: asyncio.run(memory.of_accounts()),
    "schedule": lambda: schedule.fifty_thousand(float(os.environ.get("HOURS", "14"))),
    "handout": handout.figures,
    "fleet": lambda: fleet.accounts(int(os.environ.get("ACCOUNTS", "2000"))),
    "writers": writers.transactions,
    "console": console.pages,
    "chaos": lambda: chaos.accounts(int(os.environ.get("ACCOUNTS", "500"))),
}
MODULES = {
    "idle": one,
    "work": work,
    "looks": looks,
    "many": many,
    "side": side,
    "handover": handover,
    "memory": memory,
    "schedule": schedule,
    "handout": handout,
    "writers": writers,
    "fleet": fleet,
    "chaos": chaos,
    "console": console,
}
HEAD = """# Figures

Written by `python -m benchmarks` on simulated sites; none of it was measured on a real one. The script that it is
compared with (`benchmarks/minimal.py`) is what somebody would write by hand for these very sites: it knows every
address, proves nothing, keeps nothing, and leaves no evidence. Ratios carry over to other machines better than seconds.
"""


def machine() -> str:
    """What was measured on."""
    browser = find_browser(None)
    memory_gb = psutil.virtual_memory().total / 2**30
    version = browser_version(browser) if browser else "-"
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {memory_gb:.0f} GiB, {platform.system()}, {python}, {version}"


def document(results: dict[str, dict[str, Any]]) -> str:
    """docs/performance.md."""
    parts = [HEAD]
    for name, module in MODULES.items():
        if name not in results:
            continue
        found = results[name]
        figures = found["figures"]
        rows = "\n".join(f"| {what} | {value} |" for what, value in figures.items())
        parts.append(
            f"## {name}\n\n{module.__doc__}\n\n| what | figure |\n| --- | ---: |\n{rows}\n\n"
            f"{found['at']}, {found['machine']}.\n"
        )
    return "\n".join(parts)


def main(names: list[str]) -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name in names or list(ALL):
        figures = ALL[name]()
        results[name] = {"at": f"{now():%Y-%m-%d}", "machine": machine(), "figures": figures}
        sys.stdout.write(f"{name} {json.dumps(figures, indent=2, ensure_ascii=False)}\n")
        RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        DOCUMENT.write_text(document(results), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
