"""Writes docs/platforms.md from the declarations in agent/sites."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

from agent.sites import BUILT_IN, Site  # noqa: E402
from agent.sites.site import Certainty  # noqa: E402

DOCUMENT = ROOT / "docs" / "platforms.md"
INTRODUCTION = """\
# Platforms

Written by `scripts/make_platforms.py` from `agent/sites`; a test compares the two. *Stated*: a public source says so.
*Inferred*: it follows from one. *Unknown*: no public source tells it, so it has to be looked at with a real account.
**None of this has been tried on a real site**: all platforms are tried on simulated ones alone, which behave as the
sources say.

Where no address of an order list is known, it is found by way of the menus, or set as `sites.<id>.orders_url`. The ways
to log in are those that the site offers; fankuan takes the password and leaves every other to a person.
"""
HEADINGS = (
    "platform", "id", "ways to log in", "confirm step", "order number", "order list", "refund after", "stated",
    "inferred", "unknown",
)  # fmt: skip


def main() -> None:
    DOCUMENT.write_text(document(), encoding="utf-8")


def document() -> str:
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(tuple(cells(site)) for site in BUILT_IN.values())]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{INTRODUCTION}\n{table}\n"


def cells(site: Site) -> Iterator[str]:
    """One platform's line, cell by cell."""
    yield from (site.title, f"`{site.id}`")
    yield ", ".join(site.log_in) or "the site is gone"
    yield "–" if site.gone else "yes" if site.confirms else "none documented"
    yield f"`{site.number.pattern}`".replace("|", "\\|") if site.number else "–"
    yield "–" if site.gone else f"<{site.orders_url}>" if site.orders_url else "by way of the menus"
    yield str(site.rule) if site.rule else "the back office decides"
    for certainty in Certainty:
        yield ", ".join(part for part, known in site.certainty.items() if known is certainty) or "–"


if __name__ == "__main__":
    main()
