"""`fankuan console`: the operations console alone, until stopped."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.audit import note
from agent.cli.language import pick
from agent.cli.session import complain, now, open_ledger, settings_of, start_log

if TYPE_CHECKING:
    import socket

    from agent.ledger import Ledger
    from agent.settings import Settings

Host = Annotated[
    str | None,
    typer.Option("--host", metavar="H", help=pick("Where it listens; 127.0.0.1.", "监听地址，默认 127.0.0.1。")),
]
Port = Annotated[
    int | None,
    typer.Option("--port", metavar="P", min=0, max=65535, help=pick("Its port; 8750.", "端口，默认 8750。")),
]


def console(context: typer.Context, *, host: Host = None, port: Port = None) -> None:
    """Serve the console without the schedule: beside a `serve` that runs elsewhere, or to look only."""
    from agent.console.server import HOST, PORT, hosts_of, listen

    settings = settings_of(context)
    start_log(settings)
    host = host or HOST
    hosts_of(settings, host)
    listener = listen(host, PORT if port is None else port)
    with open_ledger(settings) as ledger, listener:
        tell_address(ledger, listener)
        note(ledger, "console", f"{host}:{listener.getsockname()[1]}")
        serve_alone(settings, ledger, host, listener)


def serve_alone(settings: "Settings", ledger: "Ledger", host: str, listener: "socket.socket") -> None:
    """Serve the console until SIGTERM or Ctrl-C."""
    from agent.cli.progress import Lines
    from agent.cli.serve import until_stopped
    from agent.console.board import Board
    from agent.console.server import make, serve

    async def work(stop: asyncio.Event) -> None:
        await serve(make(settings, ledger, now, Board(now, Lines(aloud=True)), host), listener, stop)

    asyncio.run(until_stopped(work))


def tell_address(ledger: "Ledger", listener: "socket.socket") -> None:
    """Say where the console is, and how the first user is added."""

    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    complain(pick(f"Console: http://{shown}:{port}/", f"控制台：http://{shown}:{port}/"))
    with ledger.read() as tx:
        if not tx.users.known():
            complain(
                pick(
                    "Nobody may log in yet. Add somebody: fankuan users add NAME --role admin",
                    "尚无用户可以登录。请添加：fankuan users add 用户名 --role admin",
                )
            )
