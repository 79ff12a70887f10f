"""What a channel is told next, looked up among few merchants at a time, however many there are.

First those of whom an account was looked at since; then some of all in turn, for what falls due by its date alone, and
what somebody has entered.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from agent.ledger import Bookmark, Ledger
from agent.notify.news import News
from agent.notify.notices import Notice
from agent.settings import ChannelSettings

# What the smallest bots take: WeCom's 2048 bytes, with room for a title.
_LINES, _BYTES = 40, 1900
_OUTCOMES, _IN_TURN = 500, 200


@dataclass(frozen=True, slots=True)
class Message:
    """Some notices. The bookmarks are how far the news were looked through before and with it; `more` may wait."""

    notices: Sequence[Notice]
    before: Bookmark
    after: Bookmark
    more: bool


class Listener:
    """A channel with what it was told already."""

    def __init__(self, ledger: Ledger, channel: ChannelSettings) -> None:
        self._ledger, self._merchants = ledger, frozenset(channel.merchants)
        address = channel.url.get_secret_value()
        self.name = _mark(address)
        # The same address may stand there twice, for some merchants each.
        self._place = _mark("\n".join((address, *sorted(self._merchants))))

    def next_message(self, news: News) -> Message:
        """What it was not told yet, as much as a message holds. What waits for a person goes first, by itself."""
        with self._ledger.begin() as tx:
            before = tx.notices.bookmark(self._place, news.until)
        if waiting := self._fresh(news.waiting):
            return Message(_fitting(waiting), before, before, more=True)
        fresh: dict[str, Notice] = {}
        after = self._in_turn(self._since(before, news, fresh), news, fresh)
        if not self._merchants and len(fresh) + len(news.pages) < _LINES:
            fresh |= self._fresh(news.pages)
        if len(fresh) < _LINES and not self._merchants and self._untold([news.digest_key]):
            fresh[news.digest_key] = news.digest
        sent = _fitting(fresh)
        return Message(sent, before, after, more=len(sent) == _LINES or len(sent) < len(fresh))

    def _since(self, bookmark: Bookmark, news: News, fresh: dict[str, Notice]) -> Bookmark:
        """Add what is new of accounts that were looked at. The bookmark never goes beyond what has room."""
        while _fits(fresh):
            with self._ledger.read() as tx:
                newest, merchants = tx.runs.looked_at(bookmark.outcome, news.until, _OUTCOMES)
            if newest == bookmark.outcome:
                break
            fresh |= self._fresh(news.of(merchants & self._merchants if self._merchants else merchants))
            bookmark = replace(bookmark, outcome=newest) if _fits(fresh) else bookmark
        return bookmark

    def _in_turn(self, bookmark: Bookmark, news: News, fresh: dict[str, Notice]) -> Bookmark:
        """Add what is new of the next merchants."""
        if not _fits(fresh):
            return bookmark
        with self._ledger.read() as tx:
            everyone = sorted(self._merchants or tx.merchants.ids())
        some = [merchant for merchant in everyone if merchant > bookmark.merchant][:_IN_TURN]
        fresh |= self._fresh(news.of(some))
        last = some[-1] if some and some[-1] != everyone[-1] else ""
        return replace(bookmark, merchant=last) if _fits(fresh) else bookmark

    def told(self, message: Message) -> None:
        """Keep that the channel took it."""
        with self._ledger.begin() as tx:
            if message.notices:
                tx.notices.note(self.name, [notice.key for notice in message.notices])
            if message.after != message.before:
                tx.notices.put_bookmark(self._place, message.after)

    def _fresh(self, notices: Iterable[Notice]) -> dict[str, Notice]:
        mine = {n.key: n for n in notices if not self._merchants or n.merchant in self._merchants}
        untold = self._untold(mine)
        return {key: notice for key, notice in mine.items() if key in untold}

    def _untold(self, keys: Collection[str]) -> set[str]:
        with self._ledger.read() as tx:
            return tx.notices.untold(self.name, keys)


def _fitting(notices: Mapping[str, Notice]) -> list[Notice]:
    """The first of them, as many as a message holds; one at least."""
    first = [*notices.values()][:_LINES]
    sizes = accumulate(notice.size for notice in first)
    return first[: max(1, sum(size <= _BYTES for size in sizes))]


def _fits(notices: Mapping[str, Notice]) -> bool:
    return len(_fitting(notices)) == len(notices)


def _mark(text: str) -> str:
    """Tell one channel from another without its address, which is a secret."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
