"""`fankuan evidence prune`: what [retention] lets go, goes."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.audit import note
from agent.cli.language import pick
from agent.cli.session import Json, complain, now, open_ledger, print_json, settings_of, start_log
from agent.cli.usage import Commands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.evidence.prune import Expired
    from agent.ledger import Ledger
    from agent.settings import Settings

evidence = Commands(help=pick("The pictures and records of what was done.", "管理截图凭证。"))

DryRun = Annotated[bool, typer.Option("--dry-run", help=pick("Show what would go.", "只显示将清理的内容。"))]


@evidence.callback()
def _evidence() -> None:
    """Make `prune` a command of its own, though it is the only one."""


@evidence.command("prune", help=pick("Remove what is kept no longer.", "清理超过保留期限的截图与日志。"))
def prune(context: typer.Context, *, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Remove what [retention] lets go, and say how much space it took; end with 1 if something could not go."""
    from agent.evidence.prune import find_expired, remove

    settings = settings_of(context)
    start_log(settings)
    with open_ledger(settings) as ledger:
        expired = find_expired(settings, ledger, now())
        stuck = [] if dry_run else remove(expired)
        runs = _prune_runs(settings, ledger, dry_run=dry_run)
        if (expired or runs) and not dry_run:
            size = sum(each.size for each in expired)
            note(ledger, "evidence_prune", None, removed=len(expired), bytes=size, runs=runs)
    if as_json:
        bucket = settings.evidence_store.url if settings.evidence_store else None
        found = [_document(each) for each in expired]
        print_json(
            {
                "dry_run": dry_run,
                "expired": found,
                "left": [str(path) for path in stuck],
                "runs": runs,
                "bucket": bucket,
            }
        )
    else:
        _show(expired, runs, dry_run=dry_run)
        _tell_bucket(settings)
    for path in stuck:
        complain(pick(f"{path} could not be removed.", f"{path} 无法删除。"))
    raise typer.Exit(int(bool(stuck)))


def _prune_runs(settings: "Settings", ledger: "Ledger", *, dry_run: bool) -> int:
    """Let the ledger forget how idle runs ended long ago; return how many they are."""
    from agent.ledger.run_pruning import old_runs, remove_runs

    rules = settings.retention
    before = now() - timedelta(days=max(rules.runs_days, rules.idle_days))
    with ledger.read() as tx:
        runs = old_runs(tx, before)
    if not dry_run:
        # What is left of a run's pictures is found by its record alone.
        runs = [run for run in runs if not (settings.evidence_dir / run).exists()]
        remove_runs(ledger, runs)
    return len(runs)


def prune_idle(settings: "Settings", ledger: "Ledger") -> None:
    """Remove what `fankuan serve` lets go once a day: pictures and records of idle runs, and logs.

    Money's evidence goes only if a person asks for it.
    """
    from loguru import logger

    from agent.evidence.prune import Kind, find_expired, remove

    expired = [each for each in find_expired(settings, ledger, now()) if each.kind is not Kind.MONEY]
    runs = _prune_runs(settings, ledger, dry_run=False)
    stuck = remove(expired)
    if runs:
        logger.info("forgot how {} idle runs ended long ago", runs)
    if expired:
        size = _told_size(sum(each.size for each in expired))
        logger.info("removed what is kept no longer: {} of idle runs and logs, {}", len(expired), size)
    for path in stuck:
        logger.warning("{} could not be removed", path)


def _document(each: "Expired") -> dict[str, object]:
    return {
        "kind": each.kind.value,
        "path": str(each.path),
        "at": each.at.isoformat(timespec="seconds"),
        "files": len(each.files),
        "bytes": each.size,
    }


def _show(expired: "Sequence[Expired]", runs: int, *, dry_run: bool) -> None:
    from agent.cli.screen import answers, line

    names = {"idle": pick("idle", "无操作"), "money": pick("money", "款项"), "log": pick("log", "日志")}
    console = answers()
    for each in expired:
        line(console, f"{each.at:%Y-%m-%d}  {names[each.kind.value]}  {_told_size(each.size)}  {each.path}")
    if runs:
        line(
            console,
            pick(
                f"Records of {runs} idle runs {'would go' if dry_run else 'are gone'}.",
                f"无操作运行的记录 {runs} 条{'将被清理' if dry_run else '已清理'}。",
            ),
        )
    total, count = _told_size(sum(each.size for each in expired)), len(expired)
    if not expired and not runs:
        line(console, pick("Nothing is kept too long.", "没有超过保留期限的内容。"))
    elif dry_run:
        line(
            console,
            pick(f"{count} would go, {total}. Nothing was removed.", f"将清理 {count} 项，共 {total}；本次未删除。"),
        )
    else:
        line(console, pick(f"{count} removed, {total}.", f"已清理 {count} 项，共 {total}。"))


def _told_size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _tell_bucket(settings: "Settings") -> None:
    if settings.evidence_store:
        url = settings.evidence_store.url
        complain(
            pick(
                f"In {url} nothing was removed: what goes there is for the bucket's own rules to say. They cannot tell "
                "idle runs from money's evidence, so let them keep everything for years.",
                f"{url} 中的内容未清理，请使用存储桶自身的生命周期规则。该规则无法区分无操作的运行与款项凭证，"
                "请按年设置保留期限。",
            )
        )
