"""Sends one message to one channel, and says whether it was taken."""

import base64
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import apprise
import requests
from apprise.plugins.wecombot import NotifyWeComBot
from loguru import logger

from agent.notify.answers import heard
from agent.settings import ChannelSettings

# It repeats addresses, which hold tokens, in what it says.
logging.getLogger("apprise").disabled = True
_SECONDS = 15
_WECOM_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """Whether a channel took a message, and what it answered."""

    taken: bool
    message: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture of a message: where it is kept, and a copy on this machine."""

    place: str
    file: str


def send(channel: ChannelSettings, body: str, pictures: Sequence[Attached] = ()) -> Delivery:
    """Send the message with its pictures, by their place where a channel takes no files. Never raise for a channel."""
    sender = apprise.Apprise()
    if not sender.add(channel.url.get_secret_value()):
        return Delivery(False, "no service of Apprise has such an address")
    service = sender[0]
    try:
        if pictures and service.attachment_support:
            with_files = _notify(sender, body, [each.file for each in pictures])
            return with_files if with_files.taken else _notify(sender, body)
        bot = service if isinstance(service, NotifyWeComBot) else None
        told = body if bot else "\n".join((body, *(each.place for each in pictures)))
        delivered = _notify(sender, told)
        if delivered.taken and bot:
            _show(bot.api_url, pictures)
    except Exception as error:  # noqa: BLE001 - 170 services' code: none of their mistakes may fail a run
        logger.warning("{}: {}", shown(channel), type(error).__name__)
        return Delivery(False, type(error).__name__)
    return delivered


def _notify(sender: apprise.Apprise, body: str, files: Sequence[str] = ()) -> Delivery:
    with heard() as answers:
        taken = bool(sender.notify(title="fankuan", body=body, attach=[*files] or None, timeout=_SECONDS))
    refused = any(answer.refusal for answer in answers)
    return Delivery(taken and not refused, "; ".join(answer.message for answer in answers) or "no answer")


def _show(address: str, pictures: Sequence[Attached]) -> None:
    """Send WeCom's bot the pictures. The message has arrived without them, so one that is not taken is let go."""
    for each in pictures:
        content = Path(each.file).read_bytes()
        if len(content) <= _WECOM_BYTES:
            digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
            image = {"base64": base64.b64encode(content).decode(), "md5": digest}
            requests.post(address, json={"msgtype": "image", "image": image}, timeout=_SECONDS)


def shown(channel: ChannelSettings) -> str:
    """The kind of a channel, such as dingtalk."""
    return channel.url.get_secret_value().partition("://")[0]
