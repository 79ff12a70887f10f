"""What people were told, by channel, and how often in a row a channel took no message."""

from collections.abc import Collection, Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from agent.domain.errors import Outcome
from agent.ledger.tables import ChannelRow, NoticeRow, OutcomeRow, RunRow
from agent.ledger.values import Refusing, Streak
from agent.ledger.work import Work


def untold(work: Work, channel: str, keys: Collection[str]) -> set[str]:
    """Those of `keys` that the channel was not told yet."""
    query = select(NoticeRow.key).where(NoticeRow.channel == channel)
    return set(keys) - set(work.session.scalars(query))


def note(work: Work, channel: str, keys: Iterable[str]) -> None:
    """Notes that the channel was told these, and that it works."""
    for key in keys:
        if work.session.get(NoticeRow, (channel, key)) is None:
            work.session.add(NoticeRow(channel=channel, key=key, told_at=work.now))
    row = work.session.get(ChannelRow, channel)
    if row is not None:
        row.failures, row.failing_since = 0, None


def note_failed(work: Work, channel: str) -> None:
    """Notes that the channel took no message."""
    row = work.session.get(ChannelRow, channel)
    if row is None:
        row = ChannelRow(channel=channel, failures=0)
        work.session.add(row)
    row.failures, row.failed_at = row.failures + 1, work.now
    row.failing_since = row.failing_since or work.now


def refusing(work: Work, channel: str) -> Refusing | None:
    """How a channel stands that took no message when it was last tried; None for one that works."""
    row = work.session.get(ChannelRow, channel)
    if row is None or row.failing_since is None:
        return None
    return Refusing(row.failures, row.failing_since, row.failed_at)


def streaks(work: Work) -> list[Streak]:
    """The accounts whose newest runs failed, and how many did in a row. Dry runs do not count."""
    other = aliased(OutcomeRow)
    before = (
        select(func.max(other.id))
        .join(RunRow, RunRow.id == other.run_id)
        .where(other.merchant_id == OutcomeRow.merchant_id, other.platform == OutcomeRow.platform)
        .where(RunRow.dry_run.is_(False), other.outcome != Outcome.FAILED.value)
        .scalar_subquery()
    )
    query = (
        select(
            OutcomeRow.merchant_id, OutcomeRow.platform, func.count(), func.min(OutcomeRow.id), func.max(OutcomeRow.id)
        )
        .join(RunRow, RunRow.id == OutcomeRow.run_id)
        .where(RunRow.dry_run.is_(False), OutcomeRow.outcome == Outcome.FAILED.value)
        .where(OutcomeRow.id > func.coalesce(before, 0))
        .group_by(OutcomeRow.merchant_id, OutcomeRow.platform)
    )
    found = []
    for merchant, platform, length, first, newest in work.session.execute(query).all():
        since, last = work.session.get_one(OutcomeRow, first), work.session.get_one(OutcomeRow, newest)
        found.append(Streak(merchant, platform, length, since.run_id, last.reason))
    return found
