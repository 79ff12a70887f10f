"""The console over a ledger of its own, answering on a port of this machine, and a browser's manners in a client."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
from pydantic import SecretStr

from agent.console.board import Board
from agent.console.server import listen, make, serve
from agent.domain.orders import SHANGHAI
from agent.domain.roles import Role
from agent.ledger import Ledger
from agent.settings import Settings
from tests.fixtures.ledgers import put_ledger
from tests.ledger.support import Clock

PASSWORD = "correct horse battery"


@dataclass
class Site:
    """A console that answers, and the ledger behind it."""

    url: str
    ledger: Ledger
    settings: Settings
    clock: Clock
    board: Board
    clients: list[httpx.Client] = field(default_factory=list)

    def add_user(self, name: str, role: Role) -> None:
        with self.ledger.begin() as tx:
            tx.users.add(name, role, SecretStr(PASSWORD))

    def add_token(self, name: str, role: Role = Role.VIEWER) -> str:
        with self.ledger.begin() as tx:
            return tx.tokens.add(name, role).get_secret_value()

    def client(self, **headers: str) -> httpx.Client:
        made = {"accept-language": "en", **headers}
        return httpx.Client(base_url=self.url, headers=made, trust_env=False, timeout=60)

    def logged_in(self, name: str) -> httpx.Client:
        client = self.client()
        self.clients.append(client)
        assert log_in(client, name).status_code == 303
        return client


def log_in(client: httpx.Client, name: str, password: str = PASSWORD, following: str = "/") -> httpx.Response:
    """What a browser sends from the form that it was shown."""
    token = hidden(client.get("/login"), "csrf")
    return client.post("/login", data={"name": name, "password": password, "csrf": token, "next": following})


def hidden(page: httpx.Response, name: str) -> str:
    """Return what a form of the page carries without showing it."""
    (found, *_) = re.findall(rf'name="{name}" value="([^"]*)"', page.text)
    return str(found)


@contextmanager
def running(folder: Path, given: Settings | None = None, **more: object) -> Iterator[Site]:
    """Serve a console in a thread of its own, over a fresh ledger in `folder`."""
    put_ledger(folder / "var")
    settings = given or Settings(data_dir=folder / "var", **more)  # type: ignore[arg-type]
    clock = Clock(datetime.now(SHANGHAI)) if given else Clock()
    ledger = Ledger.open(settings, clock)
    listener = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    ready = threading.Event()
    inside: dict[str, object] = {}

    async def main() -> None:
        stop, board = asyncio.Event(), Board(clock)
        inside.update(stop=stop, board=board, loop=asyncio.get_running_loop())
        console = make(settings, ledger, clock, board)
        ready.set()
        await serve(console, listener, stop)

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert ready.wait(30)
    stop, board, loop = inside["stop"], inside["board"], inside["loop"]
    assert isinstance(stop, asyncio.Event)
    assert isinstance(board, Board)
    assert isinstance(loop, asyncio.AbstractEventLoop)
    made = Site(url, ledger, settings, clock, board)
    try:
        yield made
    finally:
        for client in made.clients:
            client.close()
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        listener.close()
        ledger.close()
