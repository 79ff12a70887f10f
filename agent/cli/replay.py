"""`fankuan replay`: reads a recording with the program as it is now, and compares with what a person has approved."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.audit import who
from agent.cli.language import pick, say
from agent.cli.session import Json, complain, now, print_json, settings_of
from agent.domain.error_wording import explained
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.flows.runs.replay import Replay
    from agent.settings import Settings


def replay(
    context: typer.Context,
    *,
    folder: Annotated[Path, typer.Argument(help=pick("Made by `fankuan record`.", "由 `fankuan record` 生成。"))],
    approve: Annotated[
        bool,
        typer.Option("--approve", help=pick("What is found now is what is expected.", "确认本次结果为预期结果。")),
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the look-up and the plan on a recording. Exit status: 0 as approved, 1 different, 2 not usable."""
    from agent.recording.folder import read_expected, write_expected

    found = _found(settings_of(context), folder)
    if found.ended is not None:
        complain(f"{found.ended.reason}: {say(explained(found.ended).text)}")
    told, kept = found.to_json(), read_expected(folder)
    if approve:
        write_expected(folder, {"approved": {"by": who(), "at": now().isoformat(timespec="seconds")}, **told})
        _tell("approved", told, [], as_json=as_json)
        return
    if kept is None:
        write_expected(folder, {"approved": None, **told})
    if kept is None or not kept.get("approved"):
        raise _unapproved(folder)
    _compare(kept, told, as_json=as_json)


def _found(settings: "Settings", folder: Path) -> "Replay":
    from agent.browser import open_chrome
    from agent.flows.runs.replay import Replay, run_replay
    from agent.recording.folder import read_folder, unusable

    recording = read_folder(folder)

    async def played() -> Replay:
        async with open_chrome(settings.browser.executable, headless=True) as chrome:
            return await run_replay(recording, chrome, settings.work_calendar)

    try:
        return asyncio.run(played())
    except (KeyError, TypeError, ValueError) as error:
        raise unusable(folder, f"{type(error).__name__}: {error}"[:120]) from error


def _unapproved(folder: Path) -> UsageError:
    return UsageError(
        Text(f"Nobody has approved {folder / 'expected.json'} yet.", f"{folder / 'expected.json'} 尚未经人工确认。"),
        Text(
            f"Look through it; if it is right: fankuan replay {folder} --approve",
            f"请核对其内容；无误后运行：fankuan replay {folder} --approve",
        ),
    )


def _compare(kept: dict[str, Any], told: dict[str, Any], *, as_json: bool) -> None:
    from agent.flows.runs.replayed import differences

    different = [say(text) for text in differences(kept, told)]
    _tell("different" if different else "equal", told, different, as_json=as_json)
    raise typer.Exit(1 if different else 0)


def _tell(result: str, told: dict[str, Any], different: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"result": result, "differences": different, **told})
        return
    words = {
        "equal": pick("As approved.", "与确认的结果一致。"),
        "different": pick("Different from what was approved:", "与确认的结果不一致："),
        "approved": pick("Approved.", "已确认。"),
    }
    typer.echo(words[result])
    for line in different:
        typer.echo(f"  {line}")
    counts = {name: len(told[name]) for name in ("orders", "filings", "plan")}
    complain(
        pick(
            f"{counts['orders']} orders, {counts['filings']} filings, {counts['plan']} steps in the plan",
            f"{counts['orders']} 个订单，{counts['filings']} 条报备，计划 {counts['plan']} 步",
        )
    )
