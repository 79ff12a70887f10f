"""Serves the console until it is stopped."""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import ip_address

import uvicorn

from agent.console.app import build
from agent.console.board import Board
from agent.console.context import Console
from agent.console.freshness import keep_up
from agent.console.live import LiveViews
from agent.console.starter import Starter
from agent.domain.accounts import AccountKey
from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.ledger import Ledger
from agent.settings import Settings

HOST, PORT = "127.0.0.1", 8750
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_DRAIN_SECONDS = 3


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. Raise UsageError if it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        text = os.strerror(error.errno) if error.errno else str(error)
        raise UsageError(
            Text(
                f"The console cannot listen on {host}:{port} ({text}). Choose another --port, or end what "
                "listens there.",
                f"控制台无法监听 {host}:{port}（{text}）。请换一个 --port，或停止占用该端口的程序。",
            )
        ) from error


def hosts_of(settings: Settings, host: str) -> frozenset[str]:
    """Return the names under which the console may be asked. Raise UsageError if nobody else could use it."""
    named = frozenset(name.lower() for name in settings.console.hosts)
    if not named and not _is_loopback(host):
        raise UsageError(
            Text(
                f"The console is to listen on {host}, which others reach. Say under which names they may ask for it: "
                "hosts in [console] of the settings; and put a proxy with TLS before it (see docs/console.md).",
                f"控制台将监听 {host}，其他机器可以访问。请在设置的 [console] 中用 hosts 填写允许访问的域名，"
                "并在前面放置带 TLS 的反向代理（见 docs/console.zh-CN.md）。",
            )
        )
    return _LOOPBACK | named


def make(settings: Settings, ledger: Ledger, clock: Callable[[], datetime], board: Board, host: str = HOST) -> Console:
    """Return what the pages work with. To be called within the event loop that serves them."""
    starter = Starter(settings, ledger, clock, board)

    def follow(who: str, account: AccountKey) -> None:
        starter.start(who, [account], dry_run=False)

    live = LiveViews(settings, ledger, clock, follow)
    return Console(settings, ledger, clock, board, starter, live, hosts_of(settings, host))


async def serve(console: Console, listener: socket.socket, stop: asyncio.Event) -> None:
    """Answer until `stop` is set; runs that were started in the console end their steps first."""
    config = uvicorn.Config(
        build(console),
        ws="none",
        lifespan="off",
        forwarded_allow_ips=["127.0.0.1", "::1", *map(str, console.settings.console.proxies)],
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    stopping = asyncio.create_task(stop.wait())
    behind = asyncio.create_task(keep_up(console, stop))
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await console.live.close()
        await console.starter.close()
        console.board.end()
        server.should_exit = True
        stop.set()
        await asyncio.gather(serving, stopping, behind)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
