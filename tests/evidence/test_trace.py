"""A trace is kept without cookies, headers that let in, passwords and account numbers."""

import base64
import io
import json
import zipfile
from urllib.parse import quote

from PIL import Image

from agent.evidence.trace import without_secrets

PASSWORD, ACCOUNT, COOKIE, TOKEN = "correct/horse-9", "571900000010001", "c00kie-value-9f8e", "9f8e7d6c5b4a3928"
# What only the browser's storage holds, and what only addresses do.
STORED, ASKED = "st0red-9f8e", "t1cket-77aa"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "PNG")
    return out.getvalue()


def planted() -> bytes:
    exchange = {
        "type": "resource-snapshot",
        "snapshot": {
            "request": {
                "url": f"https://shop.example.com/list?p={quote(PASSWORD, safe='')}&st_token={ASKED}",
                "queryString": [{"name": "st_token", "value": ASKED}, {"name": "page", "value": "1"}],
                "headers": [
                    {"name": "Cookie", "value": f"sid={COOKIE}; lang=zh"},
                    {"name": "Authorization", "value": f"Bearer {TOKEN}"},
                    {"name": "Accept", "value": "text/html"},
                ],
                "cookies": [{"name": "sid", "value": COOKIE}],
            },
            "response": {"headers": [{"name": "set-cookie", "value": f"sid={COOKIE}; Path=/; HttpOnly"}]},
        },
    }
    options = {
        "type": "context-options",
        "options": {"storageState": {"cookies": [{"value": COOKIE}]}, "locale": "zh-CN"},
    }
    typed = {"type": "before", "params": {"value": PASSWORD}, "told": "5719 0000 0010 001"}
    origins = [{"origin": "https://shop.example.com", "localStorage": [{"name": "auth", "value": STORED}]}]
    kept = {"type": "after", "callId": "call@1", "result": {"cookies": [], "origins": origins}}
    read = {"type": "after", "callId": "call@2", "result": {"value": {"o": [{"k": "auth", "v": {"s": STORED}}]}}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("trace.trace", "".join(f"{json.dumps(e)}\n" for e in (options, typed, kept, read)))
        packed.writestr("trace.network", f"{json.dumps(exchange)}\n")
        packed.writestr("resources/a.html", f"<p>{COOKIE} {base64.b64encode(PASSWORD.encode()).decode()} 订单</p>")
        packed.writestr("resources/b.json", json.dumps({"token": TOKEN, "account": ACCOUNT}))
        packed.writestr("resources/c.png", picture())
        packed.writestr("resources/d.woff2", b"\x00\xff\xfe" + PASSWORD.encode())
    return out.getvalue()


def unpacked(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_nothing_that_was_planted_is_left() -> None:
    before, after = unpacked(planted()), unpacked(without_secrets(planted(), [PASSWORD, ACCOUNT]))
    assert {*after} == {*before}
    everything = b"".join(after.values())
    for secret in (PASSWORD, ACCOUNT, COOKIE, TOKEN, STORED, ASKED, "5719 0000 0010 001"):
        for form in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode().rstrip("=")):
            assert form.encode() not in everything, secret


def test_what_is_no_secret_stays_readable() -> None:
    after = unpacked(without_secrets(planted(), [PASSWORD, ACCOUNT]))
    options, typed, kept, _ = (json.loads(line) for line in after["trace.trace"].splitlines())
    assert options == {"type": "context-options", "options": {"locale": "zh-CN"}}
    assert typed["type"] == "before"
    assert kept == {"type": "after", "callId": "call@1"}
    headers = json.loads(after["trace.network"])["snapshot"]["request"]["headers"]
    assert headers[2] == {"name": "Accept", "value": "text/html"}
    assert "订单".encode() in after["resources/a.html"]
    assert after["resources/d.woff2"].startswith(b"\x00\xff\xfe")


def test_pictures_are_blank() -> None:
    after = unpacked(without_secrets(planted(), []))
    with Image.open(io.BytesIO(after["resources/c.png"])) as drawn:
        assert drawn.size == (40, 20)
        assert drawn.convert("L").getextrema() == (255, 255)


def test_half_a_sign_on_a_page_does_not_end_the_run() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("trace.trace", '{"type": "console", "text": "李四\\ud83d"}\n')
    (line,) = unpacked(without_secrets(out.getvalue(), [PASSWORD]))["trace.trace"].splitlines()
    assert json.loads(line)["text"] == "李四\ud83d"
