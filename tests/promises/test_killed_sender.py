"""Promise 2, where the browser itself would break it: it repeats what got no answer, and lets go what is held back."""

import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.processes import Agent, started

SCRIPT = Path(__file__).with_name("one_post.py")


class Dropping(ThreadingHTTPServer):
    """Kills the agent when its first POST comes, and then answers none, but hangs up on each."""

    agent: Agent

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts: list[str] = []

    def finish_request(self, request: object, client_address: object) -> None:
        try:
            super().finish_request(request, client_address)  # type: ignore[arg-type]
        except OSError:
            return  # the browser has gone


class Handler(BaseHTTPRequestHandler):
    server: Dropping
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.server.posts.append(self.path)
        self.server.agent.kill()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        return


@pytest.mark.parametrize("attempt", range(4))  # Chromium by itself sends it again in every second
def test_a_post_is_not_sent_again_by_a_browser_whose_agent_is_killed(attempt: int, tmp_path: Path) -> None:
    with Dropping() as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        with started(sys.executable, SCRIPT, f"http://127.0.0.1:{site.server_port}/", folder=tmp_path) as site.agent:
            _, told = site.agent.process.communicate(timeout=60)
            assert site.agent.left() == []
        site.shutdown()
        assert (site.posts, attempt) == (["/post"], attempt), told
