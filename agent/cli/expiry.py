"""Shows what ends within 30 days."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.cli.language import pick

if TYPE_CHECKING:
    from rich.console import Console

    from agent.flows.runs.ending import Expiring


def show(console: "Console", found: "Sequence[Expiring]", indent: str = "") -> None:
    """A line for each under a heading; nothing if nothing ends soon."""
    from agent.cli.screen import line

    if found:
        line(console, indent + pick("Ends within 30 days:", "30 天内到期："), "bold yellow")
    for each in found:
        line(console, f"{indent}  {_sentence(each)}")


def _sentence(each: "Expiring") -> str:
    what = each.service or pick("authorisation", "授权")
    when = pick(f"{each.ends_on} (in {each.days} days)", f"{each.ends_on}（还有 {each.days} 天）")
    command = f"fankuan reauthorize {each.account.local} --merchant {each.account.merchant_id}"
    ways = [each.url, None if each.service else command]
    return f"{when} {each.account} {what}: {' · '.join(way for way in ways if way) or '-'}"
