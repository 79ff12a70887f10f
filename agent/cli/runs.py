"""`fankuan runs`: what runs did, one of them whole, and once more what did not end well."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.language import pick, say
from agent.cli.orders import iso
from agent.cli.paging import After
from agent.cli.session import Json, open_ledger, plain, print_json, settings_of, start_log
from agent.cli.usage import Commands
from agent.domain.errors import Outcome, UsageError
from agent.domain.reasons import LOOK, explain_told
from agent.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agent.ledger import UnitOfWork
    from agent.ledger.run_log import KnownOutcome, KnownRun, KnownStep

_RUNS, _ACCOUNTS = 20, 100_000
# Of the same trouble of many accounts the evidence of so many is shown.
_ALIKE_SHOWN = 3
Id = Annotated[str, typer.Argument(metavar="ID", help=pick("The run's id, or `last`.", "运行的编号，或 last。"))]

runs = Commands(help=pick("What the runs did.", "查看历次运行。"))


@runs.command("list", help=pick("The newest runs.", "最近的运行。"))
def list_runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help=pick("How many.", "显示多少条。"))] = _RUNS,
    after: After = 0,
    as_json: Json = False,
) -> None:
    """The newest runs with how they ended, the newest first."""

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger, ledger.read() as tx:
        found = tx.run_log.runs(limit + after)[after:]
    if as_json:
        print_json({"runs": [_run(each) for each in found]})
    else:
        _show_runs(found)


@runs.command(
    "show", help=pick("Steps, timing, causes and evidence of a run.", "查看一次运行的步骤、用时、原因与凭证。")
)
def show_run(context: typer.Context, run_id: Id, as_json: Json = False) -> None:
    """One run with its accounts and their steps."""
    from agent.cli.words import titles_of

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger, ledger.read() as tx:
        found = _found(tx, run_id)
        outcomes = tx.run_log.outcomes_of(found.id, _ACCOUNTS)
    if as_json:
        accounts = [_outcome(each) for each in outcomes]
        print_json(
            {
                **_run(found),
                "accounts": accounts,
                "trouble": [_trouble(each) for each in _alike(outcomes) if each[0].outcome is not Outcome.OK],
            }
        )
    else:
        _show_run(found, outcomes, titles_of(settings))


@runs.command("retry", help=pick("Sync again what did not end well.", "重新同步未正常结束的账号。"))
def retry(context: typer.Context, run_id: Id, as_json: Json = False) -> None:
    """A sync of the accounts for which the run did not end well; of a dry run another dry run."""
    from agent.cli.sync import Wanted, finish

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger, ledger.read() as tx:
        found = _found(tx, run_id)
        accounts = tx.run_log.in_trouble(found.id)
    if not accounts and found.finished_at is None:
        raise UsageError(
            Text(
                f"Run {found.id} has no end: it goes on, or was broken off before an account was done.",
                f"运行 {found.id} 没有结束记录：仍在进行，或在完成账号之前已中断。",
            ),
            Text(
                "If it was broken off, run `fankuan sync` again: what was begun is looked for first.",
                "如已中断，请重新运行 `fankuan sync`，已开始的操作会先核实。",
            ),
        )
    if not accounts:
        raise UsageError(
            Text(f"All accounts of run {found.id} ended well.", f"运行 {found.id} 的账号均已正常结束。"),
            Text("Nothing is to be done again.", "无需重试。"),
        )
    finish(settings, Wanted(accounts=accounts, dry_run=found.dry_run), as_json=as_json)


@runs.command("open", help=pick("The folder of a run's evidence.", "一次运行的凭证目录。"))
def open_run(context: typer.Context, run_id: Id) -> None:
    """Print where the evidence of a run is, and show the folder if there is a screen."""
    from agent.evidence.store import Folder, store_of
    from agent.flows.runs.manual_login import has_screen

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger, ledger.read() as tx:
        found = _found(tx, run_id)
    store = store_of(settings)
    place = str(store.root / found.id) if isinstance(store, Folder) else f"{getattr(store, 'address', '')}/{found.id}"
    typer.echo(place)
    if isinstance(store, Folder) and has_screen():
        typer.launch(place)


def _found(tx: "UnitOfWork", run_id: str) -> "KnownRun":

    newest = next(iter(tx.run_log.runs(1)), None)
    found = newest if run_id == "last" else tx.run_log.run(run_id)
    if found is None and run_id == "last":
        raise UsageError(
            Text("There was no run yet.", "尚无运行记录。"), Text("Begin one: fankuan sync", "请运行：fankuan sync")
        )
    if found is None:
        raise UsageError(
            Text(f"There is no run {run_id}.", f"没有编号为 {run_id} 的运行。"),
            Text("See: fankuan runs list", "请查看：fankuan runs list"),
        )
    return found


def _run(each: "KnownRun") -> dict[str, Any]:
    from agent.ledger import documents

    return documents.run(each)


def _outcome(each: "KnownOutcome") -> dict[str, Any]:
    why = None if each.outcome is Outcome.OK else explain_told(each.reason, each.told)
    return {
        "merchant": each.account.merchant_id,
        "platform": each.account.platform,
        "account": str(each.account),
        "outcome": each.outcome.value,
        "reason": each.reason,
        "message": plain(why.message) if why else None,
        "cure": plain(why.cure or LOOK) if why else None,
        "ended_at": iso(each.at),
        "evidence": list(each.evidence),
        "actions": [_step(step) for step in each.steps],
    }


def _trouble(alike: "list[KnownOutcome]") -> dict[str, Any]:
    """The same trouble of one account or many, once."""
    first = _outcome(alike[0])
    told = {name: first[name] for name in ("outcome", "reason", "message")}
    return {**told, "count": len(alike), "accounts": [str(each.account) for each in alike]}


def _step(step: "KnownStep") -> dict[str, Any]:
    why = explain_told(step.reason, step.told)
    return {
        "kind": step.kind.value,
        "order_no": step.order_no,
        "result": step.result.value,
        "due_on": iso(step.due_on),
        "begun_at": iso(step.begun_at),
        "ended_at": iso(step.ended_at),
        "reason": step.reason,
        "message": plain(why.message) if why else None,
        "evidence": list(step.evidence),
    }


def _show_runs(found: "list[KnownRun]") -> None:
    from agent.cli.screen import answers, line, row, table
    from agent.cli.words import minute
    from agent.domain.wording import OUTCOME

    console = answers()
    if not found:
        return line(console, pick("No runs yet. Begin: fankuan sync", "尚无运行记录。请运行：fankuan sync"))
    names = pick("Run|Begun|Took|How it ended", "运行|开始|用时|结果").split("|")
    made = table(*names, right=[names[2]], whole=[names[0], names[1]])
    for each in found:
        ended = " · ".join(f"{say(OUTCOME[outcome])} {count}" for outcome, count in each.outcomes.items()) or "-"
        plan = pick(" (plan only)", "（仅计划）") if each.dry_run else ""
        row(made, each.id, minute(each.started_at), _took(each), f"{ended}{plan}")
    return console.print(made)


def _took(each: "KnownRun") -> str:
    if each.finished_at is None:
        return "-"
    seconds = round((each.finished_at - each.started_at).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02d}"


def _show_run(found: "KnownRun", outcomes: "list[KnownOutcome]", titles: "Mapping[str, str]") -> None:
    from agent.cli.screen import answers, line
    from agent.cli.words import minute

    console = answers()
    begun, who = minute(found.started_at), found.started_by
    line(
        console,
        pick(
            f"{found.id}: {begun}, took {_took(found)}, by {who}",
            f"{found.id}：{begun}，用时 {_took(found)}，由 {who} 发起",
        ),
        "bold cyan",
    )
    for alike in _alike(outcomes):
        for text, style in _lines(alike, titles):
            line(console, text, style)
    if any(each.outcome is not Outcome.OK for each in outcomes):
        line(console, pick(f"Again: fankuan runs retry {found.id}", f"重试：fankuan runs retry {found.id}"), "bold")


def _alike(outcomes: "list[KnownOutcome]") -> "list[list[KnownOutcome]]":
    """The same trouble of many accounts together, in the order of the first of them; each that ended well alone."""
    found: dict[object, list[KnownOutcome]] = {}
    for each in outcomes:
        why = None if each.outcome is Outcome.OK else explain_told(each.reason, each.told)
        key = (each.outcome, each.reason, str(why.message)) if why else each.id
        found.setdefault(key, []).append(each)
    return [*found.values()]


def _lines(alike: "list[KnownOutcome]", titles: "Mapping[str, str]") -> list[tuple[str, str]]:
    from agent.cli.words import account_name
    from agent.domain.wording import OUTCOME

    first, count = alike[0], len(alike)
    well, ended = first.outcome is Outcome.OK, say(OUTCOME[first.outcome])
    style = "green" if well else "red"
    name = account_name(first.account, titles) if count == 1 else pick(f"{count} accounts", f"{count} 个账号")
    told = [(f"  {name}{pick(': ', '：')}{ended}", style)]
    if why := None if well else explain_told(first.reason, first.told):
        told.append((f"    {plain(why.message.then(why.cure or LOOK))}", style))
    shown = alike if count == 1 else [e for at, e in enumerate(alike) if at < _ALIKE_SHOWN or e.steps]
    for each in shown:
        told += [(f"    {account_name(each.account, titles)}", "bold")] if count > 1 else []
        told += [(f"    {place}", "") for place in each.evidence]
        told += _steps(each)
    if left := count - len(shown):
        told.append((pick(f"    … {left} more (--json)", f"    …另有 {left} 个（见 --json）"), ""))
    return told


def _steps(each: "KnownOutcome") -> "Iterator[tuple[str, str]]":
    from agent.domain.wording import RESULT, STEP

    for step in each.steps:
        cause = explain_told(step.reason, step.told)
        tail = f" · {plain(cause.message)}" if cause else ""
        when = f"{step.begun_at:%H:%M:%S} " if step.begun_at else ""
        seconds = f" ({_seconds(step):.0f} s)" if step.ended_at else ""
        name = f"{step.order_no or '-'} {say(STEP[step.kind])}{pick(': ', '：')}{say(RESULT[step.result])}"
        yield f"    {when}{name}{seconds}{tail}", ""
        yield from ((f"      {place}", "") for place in step.evidence)


def _seconds(step: "KnownStep") -> float:
    return (step.ended_at - step.begun_at).total_seconds() if step.begun_at and step.ended_at else 0.0
