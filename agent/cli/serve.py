"""`fankuan serve` and `fankuan worker`: the schedule, until it is stopped."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from agent.cli.language import pick
from agent.cli.session import Concurrency, complain, now, open_ledger, settings_of, start_log
from agent.cli.sync import tell_channels, tell_risks, who

if TYPE_CHECKING:
    from agent.ledger import Ledger
    from agent.settings import Settings

# What was due so long ago was due while nothing ran.
_MISSED = timedelta(hours=1)


def serve(context: typer.Context, *, concurrency: Concurrency = 2) -> None:
    """Looks at every account when it is due (see `fankuan schedule`), and tells people what is new.

    SIGTERM or Ctrl-C ends it: steps that were begun are ended, no further one is begun.
    """
    _run(settings_of(context), concurrency, alone=True)


def worker(context: typer.Context, *, concurrency: Concurrency = 2) -> None:
    """Does the same beside the one that serves, wherever it runs; it tells no channels."""
    _run(settings_of(context), concurrency, alone=False)


def _run(settings: "Settings", concurrency: int, *, alone: bool) -> None:
    from agent.cli.progress import Told
    from agent.scheduler import Service

    start_log(settings)
    tell_risks(settings)
    with open_ledger(settings) as ledger:
        _tell_start(ledger)

        async def tell() -> None:
            await asyncio.to_thread(tell_channels, settings)

        name = f"{'serve' if alone else 'worker'}:{who()}"
        service = Service(settings, ledger, now, Told(aloud=False), name, tell, concurrency)
        asyncio.run(_until_stopped(service.alone if alone else service.beside_others))


async def _until_stopped(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def ask() -> None:
        if not stop.is_set():
            complain(pick("Stopping: what was begun is ended first.", "正在停止：先完成已开始的步骤。"))
        stop.set()

    with suppress(NotImplementedError):  # Windows has none; Ctrl-C ends it there all the same, at once
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, ask)
    await work(stop)
    complain(pick("Stopped.", "已停止。"))


def _tell_start(ledger: "Ledger") -> None:
    planned, late = ledger.schedule(), ledger.overdue(now() - _MISSED)
    following = f"{planned[0].at:%m-%d %H:%M}" if planned else "-"
    complain(
        pick(
            f"Serving {len(planned)} accounts; the next is due {following}. Ctrl-C ends it.",
            f"已启动，共 {len(planned)} 个账号，下一个计划时间 {following}。按 Ctrl-C 停止。",
        )
    )
    if late:
        complain(
            pick(
                f"{late} accounts were due while nothing ran. Each is made up for once, as fast as the limits allow.",
                f"有 {late} 个账号在停机期间到期，将在限额内依次补做一次。",
            )
        )
