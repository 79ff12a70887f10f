"""What people were told, by channel; how far the news were looked through; and which channels take no message."""

from collections.abc import Collection, Iterable

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import aliased

from agent.domain.errors import Outcome
from agent.ledger import sentences
from agent.ledger.tables import BookmarkRow, ChannelRow, NoticeRow, OutcomeRow, RunRow
from agent.ledger.values import Bookmark, Refusing, Streak
from agent.ledger.work import UnitOfWork

_ACCOUNT = (OutcomeRow.merchant_id, OutcomeRow.platform, OutcomeRow.label)
_KEYS_AT_ONCE = 900  # old SQLite takes no question with more than 999 values


def untold(work: UnitOfWork, channel: str, keys: Collection[str]) -> set[str]:
    """Those of `keys` that the channel was not told yet."""
    wanted, told = sorted(keys), set[str]()
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        some = NoticeRow.key.in_(wanted[start : start + _KEYS_AT_ONCE])
        told |= set(work.session.scalars(select(NoticeRow.key).where(NoticeRow.channel == channel, some)))
    return set(keys) - told


def note(work: UnitOfWork, channel: str, keys: Iterable[str]) -> None:
    """Notes that the channel was told these, and that it works."""
    for key in keys:
        if work.session.get(NoticeRow, (channel, key)) is None:
            work.session.add(NoticeRow(channel=channel, key=key, told_at=work.now))
    row = work.session.get(ChannelRow, channel)
    if row is not None:
        row.failures, row.failing_since = 0, None


def note_failed(work: UnitOfWork, channel: str) -> None:
    """Notes that the channel took no message."""
    row = work.session.get(ChannelRow, channel)
    if row is None:
        row = ChannelRow(channel=channel, failures=0)
        work.session.add(row)
    row.failures, row.failed_at = row.failures + 1, work.now
    row.failing_since = row.failing_since or work.now


def refusing(work: UnitOfWork, channel: str) -> Refusing | None:
    """How a channel stands that took no message when it was last tried; None for one that works."""
    row = work.session.get(ChannelRow, channel)
    if row is None or row.failing_since is None:
        return None
    return Refusing(row.failures, row.failing_since, row.failed_at)


def bookmark(work: UnitOfWork, channel: str, newest: int) -> Bookmark:
    """How far the news were looked through; a new channel's lies at the outcome `newest`."""
    row = work.session.get(BookmarkRow, channel)
    if row is None:
        row = BookmarkRow(channel=channel, outcome_id=newest, merchant_id="")
        work.session.add(row)
    return Bookmark(row.outcome_id, row.merchant_id)


def put_bookmark(work: UnitOfWork, channel: str, mark: Bookmark) -> None:
    """Keeps how far they were."""
    work.session.merge(BookmarkRow(channel=channel, outcome_id=mark.outcome, merchant_id=mark.merchant))


def last_outcome(work: UnitOfWork) -> int:
    """The id of the newest, or 0."""
    return work.session.scalar(select(func.max(OutcomeRow.id))) or 0


def looked_at(work: UnitOfWork, since: int, until: int, most: int) -> tuple[int, set[str]]:
    """Whose accounts the next `most` outcomes up to `until` are of, and the id of the last."""
    query = select(OutcomeRow.id, OutcomeRow.merchant_id).where(OutcomeRow.id > since, OutcomeRow.id <= until)
    rows = work.session.execute(query.order_by(OutcomeRow.id).limit(most)).all()
    return max((id_ for id_, _ in rows), default=since), {merchant for _, merchant in rows}


def streaks(work: UnitOfWork, merchants: Collection[str]) -> list[Streak]:
    """The accounts of these merchants whose newest runs failed, and how many did in a row. Dry runs do not count."""
    last = select(func.max(OutcomeRow.id)).where(OutcomeRow.merchant_id.in_(merchants))
    failing = (
        select(*_ACCOUNT)
        .join(RunRow, RunRow.id == OutcomeRow.run_id)
        .where(OutcomeRow.id.in_(last.group_by(*_ACCOUNT)))
        .where(or_(RunRow.dry_run, OutcomeRow.outcome == Outcome.FAILED.value))
    )
    other = aliased(OutcomeRow)
    before = (
        select(func.max(other.id))
        .join(RunRow, RunRow.id == other.run_id)
        .where(other.merchant_id == OutcomeRow.merchant_id)
        .where(other.platform == OutcomeRow.platform, other.label == OutcomeRow.label)
        .where(RunRow.dry_run.is_(False), other.outcome != Outcome.FAILED.value)
        .scalar_subquery()
    )
    query = (
        select(*_ACCOUNT, func.count(), func.min(OutcomeRow.id), func.max(OutcomeRow.id))
        .join(RunRow, RunRow.id == OutcomeRow.run_id)
        .where(RunRow.dry_run.is_(False), OutcomeRow.outcome == Outcome.FAILED.value)
        .where(tuple_(*_ACCOUNT).in_(failing))
        .where(OutcomeRow.id > func.coalesce(before, 0))
        .group_by(*_ACCOUNT)
    )
    found = []
    for *_, length, first, newest in work.session.execute(query).all():
        begun, now = work.session.get_one(OutcomeRow, first), work.session.get_one(OutcomeRow, newest)
        why, places = sentences.told(now.told, now.said), tuple(now.evidence or ())
        message, cure = (why.message, why.cure) if why else (None, None)
        found.append(Streak(now.account, length, begun.run_id, now.reason, message, cure, places))
    return found
