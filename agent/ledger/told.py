"""What people were told, by channel, and how often in a row a channel took no message."""

from collections.abc import Collection, Iterable

from sqlalchemy import func, select

from agent.domain.errors import Outcome
from agent.ledger.tables import ChannelRow, NoticeRow, OutcomeRow, RunRow
from agent.ledger.values import Streak
from agent.ledger.work import Work

_BACK = 20


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
        row.failures = 0


def note_failed(work: Work, channel: str) -> None:
    """Notes that the channel took no message."""
    row = work.session.get(ChannelRow, channel)
    if row is None:
        row = ChannelRow(channel=channel, failures=0)
        work.session.add(row)
    row.failures, row.failed_at = row.failures + 1, work.now


def failures(work: Work, channel: str) -> int:
    """How often in a row the channel took no message."""
    row = work.session.get(ChannelRow, channel)
    return row.failures if row is not None else 0


def streaks(work: Work) -> list[Streak]:
    """The accounts whose newest runs failed, and how many did in a row. Dry runs do not count."""
    place = func.row_number().over(
        partition_by=(OutcomeRow.merchant_id, OutcomeRow.platform), order_by=OutcomeRow.id.desc()
    )
    ranked = (
        select(OutcomeRow.merchant_id, OutcomeRow.platform, OutcomeRow.outcome, OutcomeRow.reason, OutcomeRow.run_id)
        .add_columns(place.label("place"))
        .join(RunRow, RunRow.id == OutcomeRow.run_id)
        .where(RunRow.dry_run.is_(False))
        .subquery()
    )
    rows = work.session.execute(select(ranked).where(ranked.c.place <= _BACK).order_by(ranked.c.place)).all()
    found: dict[tuple[str, str], Streak] = {}
    over: set[tuple[str, str]] = set()
    for row in rows:
        account = (row.merchant_id, row.platform)
        if row.outcome != Outcome.FAILED:
            over.add(account)
        elif account not in over:
            before = found.get(account)
            reason = before.reason if before else row.reason
            found[account] = Streak(*account, (before.length if before else 0) + 1, row.run_id, reason)
    return list(found.values())
