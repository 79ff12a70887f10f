"""What people were told, by channel; how far the news were looked through; and which channels take no message."""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from agent.ledger.service_tables import BookmarkRow, ChannelRow, NoticeRow
from agent.ledger.transaction import Repository
from agent.ledger.values import Bookmark, Refusing

_KEYS_AT_ONCE = 900  # old SQLite takes no question with more than 999 values


class Notices(Repository):
    """What each channel was told, and whether it takes messages."""

    def untold(self, channel: str, keys: Collection[str]) -> set[str]:
        """Those of `keys` that the channel was not told yet."""
        wanted, told = sorted(keys), set[str]()
        for start in range(0, len(wanted), _KEYS_AT_ONCE):
            some = NoticeRow.key.in_(wanted[start : start + _KEYS_AT_ONCE])
            told |= set(self._tx.session.scalars(select(NoticeRow.key).where(NoticeRow.channel == channel, some)))
        return set(keys) - told

    def note(self, channel: str, keys: Iterable[str]) -> None:
        """Note that the channel was told these, and that it works."""
        for key in keys:
            if self._tx.session.get(NoticeRow, (channel, key)) is None:
                self._tx.session.add(NoticeRow(channel=channel, key=key, told_at=self._tx.now))
        row = self._tx.session.get(ChannelRow, channel)
        if row is not None:
            row.failures, row.failing_since = 0, None

    def note_failed(self, channel: str) -> None:
        """Note that the channel took no message."""
        row = self._tx.session.get(ChannelRow, channel)
        if row is None:
            row = ChannelRow(channel=channel, failures=0)
            self._tx.session.add(row)
        row.failures, row.failed_at = row.failures + 1, self._tx.now
        row.failing_since = row.failing_since or self._tx.now

    def refusing(self, channel: str) -> Refusing | None:
        """How a channel stands that took no message when it was last tried; None for one that works."""
        row = self._tx.session.get(ChannelRow, channel)
        if row is None or row.failing_since is None:
            return None
        return Refusing(row.failures, row.failing_since, row.failed_at)

    def bookmark(self, channel: str, newest: int) -> Bookmark:
        """How far the news were looked through; a new channel's lies at the outcome `newest`."""
        row = self._tx.session.get(BookmarkRow, channel)
        if row is None:
            row = BookmarkRow(channel=channel, outcome_id=newest, merchant_id="")
            self._tx.session.add(row)
        return Bookmark(row.outcome_id, row.merchant_id)

    def put_bookmark(self, channel: str, bookmark: Bookmark) -> None:
        """Keep how far they were."""
        self._tx.session.merge(BookmarkRow(channel=channel, outcome_id=bookmark.outcome, merchant_id=bookmark.merchant))
