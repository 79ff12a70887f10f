"""What a webhook is sent can be proven to be ours, and an old one can be told from a new one."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import UsageError
from agent.domain.text import Text
from agent.ledger import Asked, Ledger
from agent.ledger.overview import never_published
from agent.notify import tell_people
from agent.notify.webhook import post_test, signature
from agent.settings import ChannelSettings, Settings, load_settings
from tests.fixtures.ledgers import put_ledger
from tests.ledger.support import NOW, PLANTED, Clock, merchant
from tests.support.command import fankuan

SECRET = "0123456789abcdef-signing"


@dataclass
class Receiver:
    """A program that is told, and keeps each request as it came."""

    url: str = ""
    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(made.status)
            self.send_header("location", f"{made.url}elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def channel(url: str, secret: str = SECRET) -> ChannelSettings:
    return ChannelSettings.model_validate({"url": url, "secret": secret})


def genuine(headers: dict[str, str], body: bytes, secret: str = SECRET) -> bool:
    """What a receiver does, as the documents tell it."""
    timestamp = headers["x-fankuan-timestamp"].encode()
    expected = hmac.new(secret.encode(), timestamp + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v1={expected}", headers["x-fankuan-signature"])


def test_what_is_new_is_sent_signed_and_once(tmp_path: Path, receiver: Receiver) -> None:
    put_ledger(tmp_path / "var")
    settings, clock = Settings(data_dir=tmp_path / "var", notify=(channel(receiver.url),)), Clock()
    ledger = Ledger.open(settings, clock)
    with ledger.begin() as tx:
        tx.merchants.save([merchant()])
        asked = tx.challenges.ask(Asked(AccountKey("m1", "taobao"), ChallengeKind.SLIDER))
    assert tell_people(settings, ledger, never_published, clock.now, "zh") == []
    assert tell_people(settings, ledger, never_published, clock.now, "zh") == []
    ledger.close()
    told = [(headers, json.loads(body)) for headers, body in receiver.got]
    notices = [notice for _, body in told for notice in body["notices"]]
    (waiting,) = (each for each in notices if each["kind"] == "waiting")
    assert (waiting["merchant"], waiting["key"]) == ("m1", f"challenge:{asked}")
    assert "滑块" in waiting["zh"]
    assert len({each["key"] for each in notices}) == len(notices)
    for headers, body in receiver.got:
        assert genuine(headers, body)
        assert not genuine(headers, body, "another-secret-of-16")
        assert not genuine(headers, body.replace(b"2026", b"2027"))
        assert not genuine(headers | {"x-fankuan-timestamp": "1"}, body)
        assert not any(secret.encode() in body for secret in (*PLANTED, SECRET))


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_is_not_answered_with_success_was_not_taken_and_nothing_else_is_asked(
    receiver: Receiver, status: int
) -> None:
    receiver.status = status
    answer = post_test(channel(receiver.url), Text("a test", "测试"), NOW)
    assert (answer.taken, answer.message) == (False, f"HTTP {status}")
    assert len(receiver.got) == 1


def test_what_is_sent_again_has_the_same_id_and_another_signature(receiver: Receiver) -> None:
    for _ in range(2):
        post_test(channel(receiver.url), Text("a test", "测试"), NOW)
    first, second = (headers["x-fankuan-delivery"] for headers, _ in receiver.got)
    assert first == second
    assert signature(SecretStr(SECRET), "1", b"{}") != signature(SecretStr(SECRET), "2", b"{}")


@pytest.mark.parametrize(
    ("url", "told"), [("http://127.0.0.1:9/", "ConnectionError"), ("https://ops..example.com/", "LocationParseError")]
)
def test_who_is_not_there_has_not_taken_it(url: str, told: str) -> None:
    answer = post_test(channel(url), Text("a test", "测试"), NOW)
    assert (answer.taken, answer.message) == (False, told)


def test_the_command_tries_a_webhook(tmp_path: Path, receiver: Receiver) -> None:
    settings = f'[[notify]]\nurl = "{receiver.url}"\nsecret = "{SECRET}"\n'
    (tmp_path / "f.toml").write_text(settings, encoding="utf-8")
    answer = fankuan(tmp_path, "--config", "f.toml", "notify", "test", "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["channels"][0]["delivered"] is True
    ((headers, body),) = receiver.got
    assert genuine(headers, body)
    assert json.loads(body)["notices"][0]["kind"] == "test"
    assert SECRET not in answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("url", "secret", "told"),
    [
        ("http://ops.example.com/", SECRET, "http"),
        ("https://ops.example.com/", "short", "too short to sign with"),
        ("dingtalk://a@b", SECRET, "notify"),
    ],
)
def test_a_webhook_that_could_be_read_or_forged_is_refused(tmp_path: Path, url: str, secret: str, told: str) -> None:
    (tmp_path / "f.toml").write_text(f'[[notify]]\nurl = "{url}"\nsecret = "{secret}"\n', encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        load_settings(tmp_path / "f.toml")
