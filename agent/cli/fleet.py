"""`fankuan fleet`: the workers and what each does, what waits and why, and what the last hour was like."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import typer

from agent.cli.language import pick, say
from agent.cli.session import Json, ledger_of, print_json
from agent.domain.schedule import DueReason
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.ledger import KnownWorker, UnitOfWork
    from agent.ledger.fleet import AccountAtWork, DueAccounts, Turnover
    from agent.settings import Settings

# What is looked at as soon as it may; the other reasons name a day that was chosen anyway.
_SOONEST = (
    *(DueReason.AFTER_WORK, DueReason.FAILED, DueReason.IN_DOUBT, DueReason.NOT_LISTED),
    *(DueReason.CUT_SHORT, DueReason.ASKED),
)


class Waits(StrEnum):
    """Why an account waits."""

    NEXT = "next"
    MERCHANT_AT_WORK = "merchant_at_work"
    LIMIT = "limit"
    NOBODY_FREE = "nobody_free"
    HOURS = "hours"


WHY = {
    Waits.NEXT: Text("is begun with next", "即将开始"),
    Waits.MERCHANT_AT_WORK: Text("its merchant is worked on", "该商家正在处理中"),
    Waits.LIMIT: Text("the platform's limit is reached", "已达平台限额"),
    Waits.NOBODY_FREE: Text("no worker is free", "没有空闲的工作进程"),
    Waits.HOURS: Text("outside the platform's hours", "不在平台的可用时段"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many accounts of a platform wait for the same reason, and the first moment at which one was or is due."""

    platform: str
    why: Waits
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class _Fleet:
    at: datetime
    workers: "list[KnownWorker]"
    held: "list[AccountAtWork]"
    waiting: list[Waiting]
    last_hour: "Turnover"

    @property
    def slots(self) -> int:
        return sum(each.worker.slots for each in self.workers if each.alive)

    @property
    def commands(self) -> list[str]:
        """Who works on an account and is no worker, such as a `fankuan sync`."""
        known = {each.worker.name for each in self.workers}
        return list(dict.fromkeys(each.holder for each in self.held if each.holder not in known))

    def of(self, holder: str) -> "list[AccountAtWork]":
        return [each for each in self.held if each.holder == holder]


def fleet(context: typer.Context, *, as_json: Json = False) -> None:
    """The workers, their age and work, what waits and why, and what the last hour was like."""
    with ledger_of(context) as (settings, ledger), ledger.read() as tx:
        found = _look(settings, tx)
    if as_json:
        print_json(_document(found))
    else:
        _show(found)


def _look(settings: "Settings", tx: "UnitOfWork") -> _Fleet:
    from agent.ledger import Limits
    from agent.ledger.fleet import HOUR, accounts_at_work, due_accounts, planned_later, turnover

    limits = Limits(settings.schedule.at_once, settings.schedule.a_minute)
    workers, held = tx.workers.all(), accounts_at_work(tx)
    busy = Counter(each.holder for each in held)
    free = sum(max(each.worker.slots - busy[each.worker.name], 0) for each in workers if each.alive)
    waiting = [*waiting_now(due_accounts(tx, limits), free)]
    later: dict[str, list[datetime]] = {}
    for each in planned_later(tx, _SOONEST):
        if settings.schedule.policy(each.account).allowed(tx.now, each.account.merchant_id) == each.at:
            later.setdefault(each.account.platform, []).append(each.at)
    waiting += [Waiting(name, Waits.HOURS, len(times), min(times)) for name, times in sorted(later.items())]
    return _Fleet(tx.now, workers, held, waiting, turnover(tx, tx.now - HOUR))


def waiting_now(due: "Sequence[DueAccounts]", free: int) -> Iterator[Waiting]:
    """Say why what is due was not begun, if so many workers' slots are `free`: the oldest are begun with first."""
    for each in due:
        if each.at_work:
            yield Waiting(each.platform, Waits.MERCHANT_AT_WORK, each.count, each.since)
            continue
        begun = min(each.count, each.room, free)
        left, kept_by = each.count - begun, Waits.LIMIT if each.room <= free else Waits.NOBODY_FREE
        free -= begun
        if begun:
            yield Waiting(each.platform, Waits.NEXT, begun, each.since)
        if left:
            yield Waiting(each.platform, kept_by, left, each.since)


def _document(found: _Fleet) -> dict[str, Any]:
    workers = [_worker(found, each) for each in found.workers]
    return {
        "at": _time(found.at),
        "workers": workers,
        "commands": [{"name": name, "working_on": _working(found, name)} for name in found.commands],
        "slots": {
            "all": found.slots,
            "free": sum(max(each["slots"] - len(each["working_on"]), 0) for each in workers if each["alive"]),
        },
        "waiting": [
            {"platform": each.platform, "reason": each.why.value, "accounts": each.count, "since": _time(each.since)}
            for each in found.waiting
        ],
        "last_hour": {"taken_up": found.last_hour.taken_up, "taken_over": found.last_hour.taken_over},
    }


def _worker(found: _Fleet, known: "KnownWorker") -> dict[str, Any]:
    worker = known.worker
    return {
        "name": worker.name,
        "kind": worker.kind,
        "host": worker.host,
        "pid": worker.pid,
        "slots": worker.slots,
        "alive": known.alive,
        "started_at": _time(known.started_at),
        "seen_at": _time(known.seen_at),
        "age_seconds": round((found.at - known.started_at).total_seconds()),
        "working_on": _working(found, worker.name),
    }


def _working(found: _Fleet, holder: str) -> list[dict[str, str | None]]:
    return [
        {"account": str(each.account), "since": _time(each.since) if each.since else None} for each in found.of(holder)
    ]


def _time(moment: datetime) -> str:
    from agent.domain.orders import SHANGHAI

    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _show(found: _Fleet) -> None:
    from agent.cli.screen import answers, line

    out = answers()
    if found.workers or found.commands:
        out.print(_table_of_workers(found))
    else:
        line(out, pick("No worker runs. Start one: fankuan serve", "没有工作进程在运行。请启动：fankuan serve"))
    line(out)
    if found.waiting:
        out.print(_table_of_waiting(found))
    else:
        line(out, pick("Nothing waits.", "没有等待中的账号。"))
    line(out)
    up, over = found.last_hour.taken_up, found.last_hour.taken_over
    told = pick(
        f"In the last hour: {up} accounts taken up, {over} merchants taken over from a dead or frozen process.",
        f"最近一小时：开始处理 {up} 个账号，从失去响应的进程接手 {over} 个商家。",
    )
    out.print(told, markup=False)


def _table_of_workers(found: _Fleet) -> object:
    from agent.cli.screen import row, table

    names = pick("Process|State|Runs for|Busy|Works on", "进程|状态|已运行|占用|正在处理").split("|")
    drawn = table(*names, right=[names[3]])
    for each in found.workers:
        worker, held = each.worker, found.of(each.worker.name)
        state = pick("runs", "运行中") if each.alive else _silent(found.at - each.seen_at)
        cells = (f"{worker.kind} {worker.host}:{worker.pid}", state, _length(found.at - each.started_at))
        row(drawn, *cells, f"{len(held)}/{worker.slots}", _works_on(found, held), style="" if each.alive else "red")
    for name in found.commands:
        host, _, pid = name.partition(":")[0], *name.rpartition("#")[1:]
        row(
            drawn,
            f"{pick('command', '命令')} {host}:{pid}",
            pick("runs", "运行中"),
            "",
            "",
            _works_on(found, found.of(name)),
        )
    return drawn


def _silent(since: timedelta) -> str:
    return pick(f"silent for {_length(since)}", f"失去响应 {_length(since)}")


def _works_on(found: _Fleet, held: "Sequence[AccountAtWork]") -> str:
    told = [f"{each.account} ({_length(found.at - each.since)})" if each.since else str(each.account) for each in held]
    return ", ".join(told) or "-"


def _table_of_waiting(found: _Fleet) -> object:
    from agent.cli.screen import row, table
    from agent.domain.orders import SHANGHAI

    names = pick("Platform|Accounts|Due|Waits because", "平台|账号数|计划时间|等待原因").split("|")
    drawn = table(*names, right=[names[1]], whole=[names[2]])
    for each in found.waiting:
        row(drawn, each.platform, str(each.count), f"{each.since.astimezone(SHANGHAI):%m-%d %H:%M}", say(WHY[each.why]))
    return drawn


def _length(time: timedelta) -> str:
    seconds = max(int(time.total_seconds()), 0)
    for size, en, zh in ((86400, "d", "天"), (3600, "h", "小时"), (60, "min", "分钟")):
        if seconds >= size:
            return pick(f"{seconds // size} {en}", f"{seconds // size} {zh}")
    return pick(f"{seconds} s", f"{seconds} 秒")
