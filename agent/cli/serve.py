"""`fankuan serve` and `fankuan worker`: the schedule, until it is stopped; the first with the console."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from agent.cli.audit import note, who
from agent.cli.channels import tell_channels
from agent.cli.console import Host, Port, tell_address
from agent.cli.evidence import prune_idle
from agent.cli.language import pick, say
from agent.cli.session import Concurrency, complain, now, open_ledger, settings_of, start_log
from agent.cli.warnings import tell_risks

if TYPE_CHECKING:
    import socket

    from agent.console.board import Board
    from agent.console.context import Console
    from agent.ledger import Ledger
    from agent.scheduler import Service
    from agent.settings import Settings

# What was due so long ago was due while nothing ran.
_MISSED = timedelta(hours=1)


def serve(context: typer.Context, *, concurrency: Concurrency = 2, host: Host = None, port: Port = None) -> None:
    """Look at every account when it is due (see `fankuan schedule`), tell people what is new, serve the console.

    SIGTERM or Ctrl-C ends it: steps that were begun are ended, no further one is begun.
    """
    from agent.console.server import HOST, hosts_of
    from agent.flows.runs.sync import check_startable

    settings = settings_of(context)
    host = host or HOST
    hosts_of(settings, host)
    start_log(settings)
    tell_risks(settings)
    with open_ledger(settings) as ledger, _listener(host, port) as listener:
        check_startable(settings, ledger)
        note(ledger, "serve")
        if listener is not None:
            tell_address(ledger, listener)

        async def work(stop: asyncio.Event) -> None:
            from agent.cli.progress import Told
            from agent.console.board import Board
            from agent.console.server import make

            board = Board(now, Told(aloud=False))
            service = _service(settings, ledger, "serve", concurrency, board)
            if listener is None:
                await service.alone(stop)
            else:
                await _with_console(service, make(settings, ledger, now, board, host), listener, stop)

        asyncio.run(until_stopped(work))


def worker(context: typer.Context, *, concurrency: Concurrency = 2) -> None:
    """Do the same beside the one that serves, wherever it runs; it tells no channels, and has no console."""
    from agent.flows.runs.sync import check_startable

    settings = settings_of(context)
    start_log(settings)
    tell_risks(settings)
    with open_ledger(settings) as ledger:
        check_startable(settings, ledger)
        note(ledger, "worker")
        service = _service(settings, ledger, "worker", concurrency)
        asyncio.run(until_stopped(service.beside_others))


def _service(
    settings: "Settings", ledger: "Ledger", kind: str, concurrency: int, progress: "Board | None" = None
) -> "Service":
    from agent.cli.progress import Told
    from agent.scheduler import Service

    async def tell() -> None:
        await asyncio.to_thread(tell_channels, settings, ledger)

    async def tidy() -> None:
        await asyncio.to_thread(prune_idle, settings, ledger)

    def begun() -> None:
        _tell_start(ledger)

    told = progress or Told(aloud=False)
    return Service(settings, ledger, now, told, f"{kind}:{who()}", tell, concurrency, begun=begun, tidy=tidy)


@contextmanager
def _listener(host: str, port: int | None) -> "Iterator[socket.socket | None]":
    """Where the console listens. Without it the schedule goes on, unless somebody named the port."""
    from agent.console.server import PORT, listen
    from agent.domain.errors import UsageError

    try:
        listener = listen(host, PORT if port is None else port)
    except UsageError as error:
        if port is not None:
            raise
        complain(say(error.text))
        yield None
        return
    with listener:
        yield listener


async def _with_console(service: "Service", console: "Console", listener: "socket.socket", stop: asyncio.Event) -> None:
    from agent.console.server import serve as serve_console

    serving = asyncio.create_task(serve_console(console, listener, stop))
    try:
        await service.alone(stop)
    finally:
        stop.set()
        await serving


async def until_stopped(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Do `work` until SIGTERM or Ctrl-C; it is told by the event."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def ask() -> None:
        if not stop.is_set():
            complain(pick("Stopping: what was begun is ended first.", "正在停止：先完成已开始的步骤。"))
        stop.set()

    with _asked_by_signal(loop, ask):
        await work(stop)
    complain(pick("Stopped.", "已停止。"))


@contextmanager
def _asked_by_signal(loop: asyncio.AbstractEventLoop, ask: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM ask, and on Windows, whose loop takes no signals, Ctrl-C and Ctrl-Break."""
    try:
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, ask)
    except NotImplementedError:
        ends = [getattr(signal, name) for name in ("SIGINT", "SIGBREAK", "SIGTERM") if hasattr(signal, name)]
        before = {end: signal.signal(end, lambda *_: loop.call_soon_threadsafe(ask)) for end in ends}
        try:
            yield
        finally:
            for end, handler in before.items():
                signal.signal(end, handler)
    else:
        yield


def _tell_start(ledger: "Ledger") -> None:
    with ledger.read() as tx:
        planned, late = tx.schedule.all(), tx.schedule.overdue(now() - _MISSED)
    following = f"{planned[0].at:%m-%d %H:%M}" if planned else "-"
    complain(
        pick(
            f"Serving {len(planned)} accounts; the next is due {following}. Ctrl-C ends it.",
            f"已启动，共 {len(planned)} 个账号，下次运行时间 {following}。按 Ctrl-C 停止。",
        )
    )
    if late:
        complain(
            pick(
                f"{late} accounts were due while nothing ran. Each is made up for once, as fast as the limits allow.",
                f"有 {late} 个账号在停机期间到期，将在限额内依次补做一次。",
            )
        )
