"""The command `fankuan`: it starts the package `agent`, once that is known to be the one that came with it.

The name is a common one: another package `agent` may stand before it on the path, and would be started in its place.
"""

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

_OURS = Path(__file__).resolve().parent / "agent"


def main() -> NoReturn:
    """Run the command, or say in one sentence that another package `agent` stands in its way, and end with 2."""
    foreign = _foreign()
    if foreign is not None:
        _refuse(foreign)
    from agent.cli import main as start

    start()


def _foreign() -> str | None:
    """Return where the package `agent` stands that would be imported; None if it is ours."""
    spec = find_spec("agent")
    if spec is None:
        return "-"
    places = [*(spec.submodule_search_locations or ())] or [spec.origin or "-"]
    return None if Path(places[0]).resolve() == _OURS else places[0]


def _refuse(place: str) -> NoReturn:
    named = [os.environ.get(name, "") for name in ("FANKUAN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    chinese = next(filter(None, named), "").lower().startswith("zh")
    message, cure = _CHINESE if chinese else _ENGLISH
    message = message.format(place=place, ours=_OURS)
    if "--json" in sys.argv[1:]:
        error = {"reason": "foreign_agent", "message": message, "cure": cure}
        print(json.dumps({"schema": 1, "error": error}, indent=2))
    print(f"fankuan: {message} {cure}", file=sys.stderr)
    sys.exit(2)


_ENGLISH = (
    "Another package called “agent” stands before fankuan's own on Python's path: {place} (fankuan's: {ours}).",
    "Take it off PYTHONPATH, or install fankuan into an environment of its own, as with pipx.",
)
_CHINESE = (
    "Python 路径上有另一个名为 agent 的包，排在 fankuan 自己的包之前：{place}（fankuan 的在 {ours}）。",
    "请把它从 PYTHONPATH 中去掉，或用 pipx 等把 fankuan 安装到独立的环境中。",
)


if __name__ == "__main__":  # a module that did nothing would let a cron job believe that all is well
    main()
