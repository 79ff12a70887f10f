"""Sends what is new to each channel, once; a channel that has taken nothing for a day is switched off."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import apprise
from filelock import FileLock
from loguru import logger

from agent.domain.orders import SHANGHAI
from agent.domain.text import Text
from agent.evidence import store_of
from agent.flows import ending
from agent.ledger import DueOn, Ledger, Refusing
from agent.notify import notices
from agent.notify.notices import Notice
from agent.notify.pictures import Copy, copies
from agent.settings import ChannelSettings, Settings, backoffice

# A bot that is gone refuses for good, a network that is away for some hours: the day tells the two apart.
SWITCHED_OFF_AFTER, _REFUSALS = timedelta(days=1), 5
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# It repeats addresses, which hold tokens, in what it says.
logging.getLogger("apprise").disabled = True
_SECONDS = 15
_LINES = 40

Say = Callable[[Text], str]


def tell_people(settings: Settings, ledger: Ledger, due_on: DueOn, now: datetime, say: Say) -> list[Text]:
    """Tells each channel what it was not told yet, and gives what an operator should know of the channels.

    Never raises for a channel: what it could not be told is told with the next run.
    """
    if not settings.notify:
        return []
    with FileLock(settings.data_dir / ".notify.lock", mode=0o600):  # runs that end together tell a thing once
        return _told(settings, ledger, due_on, now, say)


def _told(settings: Settings, ledger: Ledger, due_on: DueOn, now: datetime, say: Say) -> list[Text]:
    new = _all(settings, ledger, due_on, now)
    said: list[Text | None] = []
    with copies(store_of(settings)) as copy:
        for channel in settings.notify:
            refusing = ledger.channel_refusing(name_of(channel))
            if refusing is None or not refusing.last <= now < _tried_again(refusing):  # also where a clock was set back
                said.append(_tell(ledger, channel, new, say, copy))
            elif _is_off(refusing):
                said.append(_switched_off(channel))
    return [text for text in said if text]


def _all(settings: Settings, ledger: Ledger, due_on: DueOn, now: datetime) -> list[Notice]:
    today, known = now.astimezone(SHANGHAI).date(), ledger.known_orders(due_on, backoffice(settings).direct)
    links = ending.Links.of(settings, ledger.merchants(()))
    expiring = [
        *ending.subscriptions(known, links, today),
        *ending.authorizations(ledger.authorizations(), links, today),
    ]
    return [
        *notices.challenges(ledger.challenges(), now),
        *notices.failures(ledger.streaks()),
        *notices.refunds(known, now),
        *notices.sessions(ledger.sessions(), now),
        *notices.endings(expiring),
        notices.digest(ledger.last_runs(), known, today),
    ]


def _tell(ledger: Ledger, channel: ChannelSettings, new: Sequence[Notice], say: Say, copy: Copy) -> Text | None:
    name = name_of(channel)
    mine = [n for n in new if not channel.merchants or n.merchant in channel.merchants]
    untold = ledger.untold(name, [n.key for n in mine])
    sent = [n for n in mine if n.key in untold][:_LINES]
    if not sent:
        return None
    if _send(channel, sent, say, [file for n in sent if n.picture and (file := copy(n.picture))]):
        ledger.note_told(name, [n.key for n in sent])
        return None
    ledger.note_channel_failed(name)
    return Text(f"The channel {shown(channel)} took no message.", f"通知渠道 {shown(channel)} 发送失败。")


def _is_off(refusing: Refusing) -> bool:
    return refusing.failures >= _REFUSALS and refusing.last - refusing.since >= SWITCHED_OFF_AFTER


def _tried_again(refusing: Refusing) -> datetime:
    """When a channel that refuses is tried next. One that is off: once a day, in case somebody mended the other end."""
    if _is_off(refusing):
        return refusing.last + SWITCHED_OFF_AFTER
    return refusing.last + min(_FIRST_PAUSE * (1 << min(refusing.failures - 1, 10)), _LONGEST_PAUSE)


def _switched_off(channel: ChannelSettings) -> Text:
    return Text(
        f"The channel {shown(channel)} is switched off: it has taken nothing for a day, and is tried once a day now. "
        "Correct its address in [[notify]]; a changed address counts as a new channel.",
        f"通知渠道 {shown(channel)} 已停用：一天以来发送均失败，此后每天只尝试一次。请更正 [[notify]] 中的地址，"
        "更改后按新渠道处理。",
    )


def _send(channel: ChannelSettings, sent: Iterable[Notice], say: Say, pictures: Sequence[str]) -> bool:
    sender = apprise.Apprise()
    if not sender.add(channel.url.get_secret_value()):
        return False
    body = "\n".join(f"{n.merchant}: {say(n.text)}" if n.merchant else say(n.text) for n in sent)
    try:
        taken = bool(pictures) and sender.notify(title="fankuan", body=body, attach=pictures, timeout=_SECONDS)
        return bool(taken or sender.notify(title="fankuan", body=body, timeout=_SECONDS))
    except Exception as error:  # noqa: BLE001 - 170 services' code: none of their mistakes may fail a run
        logger.warning("{}: {}", shown(channel), type(error).__name__)
        return False


def name_of(channel: ChannelSettings) -> str:
    """Tells one channel from another without its address, which is a secret."""
    return hashlib.sha256(channel.url.get_secret_value().encode()).hexdigest()[:16]


def shown(channel: ChannelSettings) -> str:
    """The kind of a channel, such as dingtalk."""
    return channel.url.get_secret_value().partition("://")[0]
