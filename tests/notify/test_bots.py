"""What bots answer decides whether a message was delivered; Apprise's own services, on a real HTTP server."""

import base64
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.serverchan import NotifyServerChan
from apprise.plugins.wecombot import NotifyWeComBot
from hypothesis import given
from hypothesis import strategies as st

from agent.notify.answers import Answer, heard
from agent.notify.sending import Attached, send
from agent.settings import ChannelSettings
from tests.support.command import fankuan

BOTS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "dingtalk": (
        "dingtalk://abcdef0123456789",
        {"errcode": 0, "errmsg": "ok"},
        {"errcode": 310000, "errmsg": "关键词不匹配"},
    ),
    "wecombot": (
        "wecombot://abcdef01-2345-6789-abcd-ef0123456789",
        {"errcode": 0, "errmsg": "ok"},
        {"errcode": 93000, "errmsg": "invalid webhook url"},
    ),
    "feishu": (
        "feishu://abcdef0123456789",
        {"StatusCode": 0, "StatusMessage": "success", "code": 0, "msg": "success"},
        {"code": 19024, "msg": "Key Words Not Found"},
    ),
    "serverchan": (
        "schan://abcdef0123456789",
        {"code": 0, "message": "", "data": {}},
        {"code": 40001, "message": "bad pushkey"},
    ),
    "json": ("json://127.0.0.1:{port}/", {"ok": True}, {"errcode": 40035, "errmsg": "missing"}),
}


@dataclass
class Bot:
    """A server that answers each message so, and keeps what it was sent."""

    port: int = 0
    answer: dict[str, Any] = field(default_factory=dict)
    got: list[str] = field(default_factory=list)

    def channel(self, kind: str) -> ChannelSettings:
        return ChannelSettings.model_validate({"url": BOTS[kind][0].format(port=self.port)})


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bot]:
    made = Bot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.got.append(self.rfile.read(int(self.headers["content-length"])).decode())
            self.send_response(200)
            self.send_header("content-type", "application/json; charset=utf-8")
            self.end_headers()
            self.wfile.write(json.dumps(made.answer).encode())

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_port
        for service in (NotifyDingTalk, NotifyWeComBot, NotifyFeishu, NotifyServerChan):
            monkeypatch.setattr(service, "notify_url", f"http://127.0.0.1:{made.port}/bot")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", BOTS)
def test_what_a_bot_takes_is_delivered(bot: Bot, kind: str) -> None:
    bot.answer = BOTS[kind][1]
    delivery = send(bot.channel(kind), "试一下")
    assert delivery.taken, delivery.message
    assert "HTTP 200" in delivery.message


@pytest.mark.parametrize("kind", BOTS)
def test_an_error_inside_of_200_is_not_delivered_and_is_told(bot: Bot, kind: str) -> None:
    bot.answer = BOTS[kind][2]
    delivery = send(bot.channel(kind), "试一下")
    assert not delivery.taken
    words = [str(value) for value in bot.answer.values()]
    assert all(word in delivery.message for word in words), delivery.message


def test_wecom_is_sent_the_pictures(bot: Bot, tmp_path: Path) -> None:
    bot.answer = BOTS["wecombot"][1]
    (tmp_path / "code.png").write_bytes(b"\x89PNG a picture")
    attached = Attached("s3://bucket/code.png", str(tmp_path / "code.png"))
    assert send(bot.channel("wecombot"), "请扫码", [attached]).taken
    text, image = (json.loads(each) for each in bot.got)
    assert "请扫码" in json.dumps(text, ensure_ascii=False)
    assert base64.b64decode(image["image"]["base64"]) == b"\x89PNG a picture"


def test_a_channel_that_takes_no_files_is_told_where_the_picture_is(bot: Bot, tmp_path: Path) -> None:
    bot.answer = BOTS["feishu"][1]
    (tmp_path / "code.png").write_bytes(b"\x89PNG")
    assert send(bot.channel("feishu"), "请扫码", [Attached("s3://bucket/code.png", str(tmp_path / "code.png"))]).taken
    assert "s3://bucket/code.png" in bot.got[0]


def test_requests_are_sent_as_before_once_a_message_is_out(bot: Bot) -> None:
    before = requests.sessions.Session
    send(bot.channel("json"), "x")
    assert requests.sessions.Session is before


def test_threads_that_listen_at_once_leave_no_listener_behind(bot: Bot) -> None:
    before, begun = requests.sessions.Session, threading.Barrier(5)

    def listen() -> None:
        begun.wait()
        with heard():
            pass

    with ThreadPoolExecutor(4) as pool:
        with heard() as answers:
            waiting = [pool.submit(listen) for _ in range(4)]
            begun.wait()
            requests.post(f"http://127.0.0.1:{bot.port}/", "x", timeout=10)  # meanwhile they come to wait
        for each in waiting:
            each.result()
    assert (requests.sessions.Session, len(answers)) == (before, 1)


@given(st.text() | st.builds(json.dumps, st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)))
def test_an_answer_of_any_form_is_read(body: str) -> None:
    answer = Answer(200, body)
    assert answer.refusal is None or answer.refusal in answer.message


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ('{"code": 200, "msg": "请求成功"}', None),
        ('{"errcode": "0"}', None),
        ('{"ok": false, "description": "chat not found"}', "ok false"),
        ('{"code": "invalid_token"}', None),
        ('{"errcode": -1}', "errcode -1"),
        ("<html>", None),
        ("[1]", None),
    ],
)
def test_refusals_are_told_from_other_answers(body: str, refusal: str | None) -> None:
    assert Answer(200, body).refusal == refusal


def test_the_command_shows_what_each_channel_answered(bot: Bot, tmp_path: Path) -> None:
    bot.answer = {"errcode": 310000, "errmsg": "关键词不匹配"}
    url = f"json://:t0ken@127.0.0.1:{bot.port}/"
    (tmp_path / "f.toml").write_text(
        f'[[notify]]\nurl = "{url}"\nlanguage = "zh"\nmerchants = ["m1"]\n', encoding="utf-8"
    )
    answer = fankuan(tmp_path, "--config", "f.toml", "notify", "test", "--json")
    assert answer.returncode == 1
    (channel,) = json.loads(answer.stdout)["channels"]
    assert channel == {
        "channel": "json",
        "merchants": ["m1"],
        "delivered": False,
        "answer": "HTTP 200, errcode 310000, 关键词不匹配",
    }
    assert "测试消息" in json.loads(bot.got[0])["message"]
    bot.answer = {}
    shown = fankuan(tmp_path, "--config", "f.toml", "notify", "test", FANKUAN_LANGUAGE="zh")
    assert (shown.returncode, shown.stdout) == (0, "json：✓ 已送达（HTTP 200）\n")


def test_without_a_channel_the_command_says_so(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "notify", "test", "--json")
    assert (answer.returncode, json.loads(answer.stdout)) == (0, {"schema": 1, "channels": []})
    assert "[[notify]]" in answer.stderr
