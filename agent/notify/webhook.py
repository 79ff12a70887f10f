"""A webhook: what is told as JSON, signed, so that who receives it knows that it is ours and not an old one."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime

import requests
from pydantic import SecretStr

from agent.domain.orders import SHANGHAI
from agent.domain.text import Text
from agent.notify.notices import Notice
from agent.notify.sending import Delivery
from agent.settings import ChannelSettings

_SECONDS = 15
_SAID = 200


def post(channel: ChannelSettings, notices: Sequence[Notice], now: datetime) -> Delivery:
    """Send the notices to the channel's address. Anything but 2xx is not taken; a redirection is not followed.

    Never raise for a channel.
    """
    keys = [notice.key for notice in notices]
    return _posted(channel, keys, [_document(notice) for notice in notices], now)


def post_test(channel: ChannelSettings, text: Text, now: datetime) -> Delivery:
    """Send a message that is of no merchant."""
    return _posted(channel, [now.isoformat()], [_line("test", None, text, None)], now)


def signature(secret: SecretStr, timestamp: str, body: bytes) -> str:
    """Return what the header `X-Fankuan-Signature` holds: the HMAC-SHA256 of `TIMESTAMP.BODY`, in hex."""
    key = secret.get_secret_value().encode()
    return f"v1={hmac.new(key, timestamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def _posted(channel: ChannelSettings, keys: Sequence[str], notices: list[dict[str, object]], now: datetime) -> Delivery:
    if channel.secret is None:
        raise ValueError("a webhook needs a secret")
    told = {"schema": 1, "at": now.astimezone(SHANGHAI).isoformat(timespec="seconds"), "notices": notices}
    body, timestamp = json.dumps(told, ensure_ascii=False).encode(), str(int(now.timestamp()))
    headers = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "fankuan",
        # The same notices have the same id, also if they are sent again because the answer was lost.
        "x-fankuan-delivery": hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32],
        "x-fankuan-timestamp": timestamp,
        "x-fankuan-signature": signature(channel.secret, timestamp, body),
    }
    try:
        address = channel.url.get_secret_value()
        answer = requests.post(address, data=body, headers=headers, timeout=_SECONDS, allow_redirects=False)
    except (requests.RequestException, ValueError) as error:  # urllib3 refuses a..b with its own
        return Delivery(False, type(error).__name__)
    said = " ".join(answer.text.split())[:_SAID]
    return Delivery(200 <= answer.status_code < 300, f"HTTP {answer.status_code} {said}".strip())


def _document(notice: Notice) -> dict[str, object]:
    return _line(notice.kind.name.lower(), notice.merchant, notice.text, notice.picture) | {"key": notice.key}


def _line(kind: str, merchant: str | None, text: Text, picture: str | None) -> dict[str, object]:
    return {"kind": kind, "merchant": merchant, "en": text.en, "zh": text.zh, "picture": picture}
