"""The only way from a page to the network: it ends with this process, sends a write once, and keeps to a list of hosts.

Chromium repeats a POST whose connection was closed before an answer came, and lets go what was held back when whoever
steers it is gone. Measured: when the agent was killed while a POST waited for its answer, the server got it up to three
times. What has to come through this process cannot be sent when it is gone, nor while it does not hold the merchant's
lease. What goes through a tunnel (https) is not read: HTTP/2 requests are not repeated, HTTP/1.1 ones may be while the
process lives.
"""

import asyncio
import re
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader, StreamWriter
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from loguru import logger
from python_socks import ProxyError
from python_socks.async_.asyncio import Proxy

from agent.domain.addresses import is_loopback

# Named as RFC 9209 has it, so that what never came, or never went, can be told from what a site answered.
LOST = "fankuan; error=connection_terminated"
DENIED = "fankuan; error=http_request_denied"
_READS = ("GET", "HEAD", "OPTIONS")
_CHUNK = 1 << 16
_LONGEST_HEAD = 1 << 20
_CONNECT_SECONDS = 20.0
_CONNECTION = re.compile(rb"\r\n(?:proxy-[^:\r\n]*|connection|keep-alive):[^\r\n]*", re.IGNORECASE)
_INTERIM = re.compile(rb"HTTP/\S+ 1\d\d")
_SPELLED = {"socks": "socks5", "socks5h": "socks5", "socks4a": "socks4"}


class _NoAnswerError(OSError):
    pass


@dataclass(frozen=True, slots=True)
class _Asked:
    """The head of a request to a proxy. `target` is an address, or the host and port of a tunnel (CONNECT)."""

    method: str
    target: str
    head: bytes

    @classmethod
    def of(cls, head: bytes) -> Self:
        """Raise ValueError if it is none."""
        method, target, _ = head.split(b"\r\n", maxsplit=1)[0].decode("latin-1").split(" ")
        return cls(method, target, head)

    @property
    def is_tunnel(self) -> bool:
        return self.method == "CONNECT"

    @property
    def address(self) -> str:
        return f"https://{self.target}/" if self.is_tunnel else self.target

    @property
    def for_site(self) -> bytes:
        """The head as the site itself is asked."""
        path = "/" + "".join(self.target.split("/", maxsplit=3)[3:])
        return _alone(self.head.replace(self.target.encode("latin-1"), path.encode("latin-1"), 1))


def _alone(head: bytes) -> bytes:
    """A head that says of its connection that nothing else follows on it."""
    return _CONNECTION.sub(b"", head).removesuffix(b"\r\n\r\n") + b"\r\nConnection: close\r\n\r\n"


@dataclass(slots=True)
class _Proxy:
    allows: Callable[[str], bool]
    alive: Callable[[], bool]
    told: set[str] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def accept(self, browser: StreamReader, back: StreamWriter) -> None:
        """Take one connection of the browser: one request, or one tunnel."""
        task = asyncio.ensure_future(self._serve(browser, back))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _serve(self, browser: StreamReader, back: StreamWriter) -> None:
        try:
            await self._pass_on(_Asked.of(await browser.readuntil(b"\r\n\r\n")), browser, back)
        except (OSError, IncompleteReadError, LimitOverrunError, ValueError):
            return  # one of the two is gone: the browser sees it by what it got, and asks again or tells the page
        finally:
            back.close()

    async def _pass_on(self, asked: _Asked, browser: StreamReader, back: StreamWriter) -> None:
        if not self.allows(asked.address):
            self._tell(urlsplit(asked.address).hostname or "-")
            back.write(_refusal(b"403 Forbidden", DENIED))
            return
        if asked.is_tunnel:
            # Before there is one: a host that cannot be reached must not look like one that is refused here.
            back.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            await _exchange(asked, browser, back, self.alive)
        except _NoAnswerError:
            if asked.is_tunnel or asked.method in _READS:
                raise
            # A definite answer: where the connection is just closed, Chromium sends the write again.
            back.write(_refusal(b"502 Bad Gateway", LOST))

    def _tell(self, host: str) -> None:
        if host not in self.told:
            self.told.add(host)
            logger.warning("blocked: {} is not on the account's network list (see `network` in the settings)", host)


async def _exchange(asked: _Asked, browser: StreamReader, back: StreamWriter, alive: Callable[[], bool]) -> None:
    proxy = _proxy_for(asked.address)
    forwards = proxy is not None and proxy.startswith("http://") and not asked.is_tunnel
    site, there = await _connected(proxy or "" if forwards else asked.address, None if forwards else proxy)
    if not alive():
        there.close()
        raise _NoAnswerError("the merchant's lease is not in force")
    if not asked.is_tunnel:
        there.write(_for_proxy(asked, proxy or "") if forwards else asked.for_site)
    up = asyncio.ensure_future(_send(browser, there, alive))
    try:
        await (_pump(site, back) if asked.is_tunnel else _answer(site, back))
    finally:
        up.cancel()
        there.close()


def _proxy_for(address: str) -> str | None:
    """The system's proxy for an address, as python_socks spells it."""
    parts = urlsplit(address)
    if is_loopback(parts.hostname or "") or proxy_bypass(parts.hostname or ""):
        return None
    named = getproxies()
    given = named.get(parts.scheme) or named.get("all")
    if given is None:
        return None
    kind, found, rest = given.partition("://")
    if not found:
        return f"http://{given}"
    return f"{_SPELLED.get(kind.lower(), kind.lower())}://{rest}"


def _for_proxy(asked: _Asked, proxy: str) -> bytes:
    """The head as a proxy is asked that passes requests on; many forbid tunnels to where plain http is spoken."""
    parts = urlsplit(proxy)
    head = _alone(asked.head)
    if parts.username is None:
        return head
    word = b64encode(f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode())
    return head.removesuffix(b"\r\n") + b"Proxy-Authorization: Basic " + word + b"\r\n\r\n"


async def _connected(address: str, proxy: str | None) -> tuple[StreamReader, StreamWriter]:
    """A connection to the host of an address, through a tunnel of `proxy` if there is one."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            if proxy is None:
                return await asyncio.open_connection(host, port, limit=_LONGEST_HEAD, happy_eyeballs_delay=0.25)
            joined = await Proxy.from_url(proxy).connect(host, port)
            return await asyncio.open_connection(sock=joined, limit=_LONGEST_HEAD)
    except ValueError as error:  # its text is not told: the address of a proxy may hold a password
        logger.error("the system's proxy cannot be used: fankuan knows http, socks4 and socks5")
        raise _NoAnswerError("the proxy's address") from error
    except (OSError, ProxyError) as error:
        raise _NoAnswerError(str(error)) from error


async def _pump(source: StreamReader, sink: StreamWriter, alive: Callable[[], bool] = lambda: True) -> None:
    while (data := await source.read(_CHUNK)) and alive():
        sink.write(data)
        await sink.drain()


async def _send(browser: StreamReader, there: StreamWriter, alive: Callable[[], bool]) -> None:
    with suppress(OSError):
        await _pump(browser, there, alive)
    there.close()  # the page went on, or was closed, or must not send any more


async def _answer(site: StreamReader, back: StreamWriter) -> None:
    try:
        head = await site.readuntil(b"\r\n\r\n")
        while _INTERIM.match(head):
            head = await site.readuntil(b"\r\n\r\n")
    except (OSError, IncompleteReadError, LimitOverrunError) as error:
        raise _NoAnswerError(str(error)) from error
    back.write(_alone(head))
    await _pump(site, back)


def _refusal(status: bytes, why: str) -> bytes:
    return b"HTTP/1.1 %s\r\nProxy-Status: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % (status, why.encode())


@asynccontextmanager
async def open_proxy(allows: Callable[[str], bool], alive: Callable[[], bool] = lambda: True) -> AsyncIterator[str]:
    """The address of a proxy on this machine that asks what `allows` is true for, and only while `alive` is true."""
    proxy = _Proxy(allows, alive)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0, limit=_LONGEST_HEAD)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in [*proxy.tasks]:
            task.cancel()
        await asyncio.gather(*proxy.tasks, return_exceptions=True)
