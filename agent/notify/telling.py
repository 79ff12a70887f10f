"""Sends what is new to each channel, once; a channel that has taken nothing for a day is switched off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from filelock import FileLock

from agent.domain.text import Language, Text
from agent.evidence.store import store_of
from agent.ledger import DueOn, Ledger, Refusing
from agent.notify.message import Listener
from agent.notify.news import News
from agent.notify.notices import Notice
from agent.notify.pictures import Copy, copies
from agent.notify.sending import Attached, Delivery, send, shown
from agent.notify.webhook import post
from agent.settings import ChannelSettings, Settings

# A bot that is gone refuses for good, a network that is away for some hours: the day tells the two apart.
SWITCHED_OFF_AFTER, _REFUSALS = timedelta(days=1), 5
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
_MESSAGES = 5  # at a time: bots take some twenty a minute


def tell_people(settings: Settings, ledger: Ledger, due_on: DueOn, now: datetime, language: Language) -> list[Text]:
    """Tell each channel what it was not told yet, and give what an operator should know of the channels.

    Channels that name no language are told in `language`.

    Never raises for a channel: what it could not be told is told with the next run.
    """
    if not settings.notify:
        return []
    with FileLock(settings.data_dir / ".notify.lock", mode=0o600):  # runs that end together tell a thing once
        return _told(settings, ledger, due_on, now, language)


def _told(settings: Settings, ledger: Ledger, due_on: DueOn, now: datetime, language: Language) -> list[Text]:
    texts: list[Text | None] = []
    news = News(settings, ledger, due_on, now)
    with copies(store_of(settings)) as copy:
        teller = _Teller(ledger, news, language, copy, now)
        for channel in settings.notify:
            listener = Listener(ledger, channel)
            with ledger.read() as tx:
                refusing = tx.notices.refusing(listener.name)
            if refusing is None or not refusing.last <= now < _tried_again(refusing):  # also where a clock was set back
                texts.append(teller.tell(channel, listener))
            elif _is_off(refusing):
                texts.append(_switched_off(channel))
    return [text for text in texts if text]


@dataclass(frozen=True, slots=True)
class _Teller:
    """Sends the messages."""

    ledger: Ledger
    news: News
    language: Language
    copy: Copy
    now: datetime

    def tell(self, channel: ChannelSettings, listener: Listener) -> Text | None:
        """What the operator should know of the channel, if anything."""
        for _ in range(_MESSAGES):
            message = listener.next_message(self.news)
            if message.notices and not (delivery := self._send(channel, message.notices)).taken:
                with self.ledger.begin() as tx:
                    tx.notices.note_failed(listener.name)
                kind, text = shown(channel), delivery.message
                return Text(f"The channel {kind} took no message ({text}).", f"通知渠道 {kind} 发送失败（{text}）。")
            listener.told(message)
            if not message.more:
                break
        return None

    def _send(self, channel: ChannelSettings, sent: Sequence[Notice]) -> Delivery:
        if channel.secret is not None:
            return post(channel, sent, self.now)
        language = channel.language or self.language
        lines = (f"{n.merchant}: {n.text.spoken(language)}" if n.merchant else n.text.spoken(language) for n in sent)
        return send(channel, "\n".join(lines), self._pictures(sent))

    def _pictures(self, notices: Iterable[Notice]) -> list[Attached]:
        return [Attached(n.picture, file) for n in notices if n.picture and (file := self.copy(n.picture))]


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
        "更正后视为新渠道。",
    )
