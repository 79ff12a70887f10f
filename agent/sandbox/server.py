"""Serves a sandbox from a thread of its own."""

import socket
import threading
from collections.abc import Sequence
from datetime import date
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from agent.sandbox import config
from agent.sandbox.app import build
from agent.sandbox.core import authorize
from agent.sandbox.core.model import Faults
from agent.sandbox.core.state import Hook, State
from agent.sandbox.samples.trades import PATHS
from agent.sandbox.sites.backoffice.filings import FILING, LOGIN, REFUND


class _Server(uvicorn.Server):
    """Says when it answers, and can hang up on a client."""

    def __init__(self, state: State) -> None:
        app = build(state, self.hang_up)
        super().__init__(
            uvicorn.Config(
                app, http=H11Protocol, ws="none", loop="asyncio", lifespan="off", log_level="error", access_log=False,
                timeout_graceful_shutdown=2,
            )
        )  # fmt: skip
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    def hang_up(self, client: object) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, H11Protocol) and connection.client == client:
                connection.transport.abort()


class Sandbox:
    """The simulated service markets and 网店管家 back office, alive for as long as the `with` block.

    `shops` has an entry for each merchant: the ids of the platforms on which it sells; 拍拍 and 一号店 are known to the
    back office alone. The first merchant has the enterprise edition and files, the next three have other editions and
    apply without filing, and so on. Everything shown follows from `seed` and `today` (the sites' own date, in
    Asia/Shanghai). `on_post` sees every consequential POST before it is applied and before it is answered, and may lose
    it: see `posts`.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        today: date = date(2026, 11, 23),
        port: int = 0,
        host: str = "127.0.0.1",
        shops: Sequence[Sequence[str]] = (("taobao",), ("taobao",), ("taobao",)),
        latency: float = 0.0,
        on_post: Hook | None = None,
    ) -> None:
        self.host, self.port = host, port
        self.faults = Faults(latency=latency)
        self.state = State.fresh(seed, today, shops, self.faults, on_post)

    def __enter__(self) -> Self:
        listener = socket.create_server((self.host, self.port))
        self.port = listener.getsockname()[1]
        self._server = _Server(self.state)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="sandbox", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(10):
            raise RuntimeError("the sandbox did not start within 10 seconds")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.should_exit = True
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def taobao_login_url(self) -> str:
        return self.url + PATHS["taobao"][0]

    @property
    def taobao_orders_url(self) -> str:
        return self.url + PATHS["taobao"][1]

    @property
    def taobao_authorize_url(self) -> str:
        return self.url + authorize.path("taobao")

    @property
    def backoffice_login_url(self) -> str:
        return f"{self.url}{LOGIN}"

    @property
    def backoffice_filing_url(self) -> str:
        return f"{self.url}{FILING}"

    @property
    def backoffice_refund_url(self) -> str:
        return f"{self.url}{REFUND}"

    def truth(self) -> dict[str, Any]:
        """How things really are: what GET /_truth answers, too."""
        return self.state.truth()

    def settings_toml(self) -> str:
        backoffice = (self.backoffice_login_url, self.backoffice_filing_url, self.backoffice_refund_url)
        used = {platform for merchant in self.state.merchants for platform in merchant.shops}
        sites = {
            name: tuple(f"{self.url}{path}" for path in (*paths, authorize.path(name)))
            for name, paths in PATHS.items()
            if name in used
        }
        return config.settings_toml(sites, backoffice)

    def merchants_toml(self) -> str:
        """A merchants file for the samples, with passwords that work."""
        return config.merchants_toml(self.state.merchants)
