"""What runs did: the newest first, a page at a time; one of them whole; what failed lately."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.reasons import Explanation
from agent.domain.report import StepKind, StepResult
from agent.ledger import sentences
from agent.ledger.run_tables import EvidenceRow, OutcomeRow, RunRow, StepRow
from agent.ledger.tables import IntentRow
from agent.ledger.transaction import Repository, Transaction

_PLACES_AT_ONCE = 900  # old SQLite takes no question with more than 999 values
_Times = dict[tuple[AccountKey, str, str], tuple[datetime, datetime | None]]
_TROUBLE = [each.value for each in Outcome if each is not Outcome.OK]


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A run, and for how many accounts it ended how. `finished_at` is None while it runs, and if it was killed."""

    id: str
    dry_run: bool
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    outcomes: dict[Outcome, int]


@dataclass(frozen=True, slots=True)
class KnownStep:
    """One step of an account in a run; `pictures` are ids of the evidence.

    `begun_at` and `ended_at` are None for what was not begun in the run, or has no known end.
    """

    kind: StepKind
    order_no: str | None
    result: StepResult
    due_on: date | None
    reason: str | None
    told: Explanation | None
    evidence: tuple[str, ...]
    pictures: tuple[int, ...]
    begun_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownOutcome:
    """How a run ended for one account; `pictures` are the ids of the evidence by its places."""

    id: int
    run_id: str
    account: AccountKey
    outcome: Outcome
    reason: str | None
    told: Explanation | None
    at: datetime
    steps: tuple[KnownStep, ...] = ()
    evidence: tuple[str, ...] = ()
    pictures: Mapping[str, int] = field(default_factory=dict)


class RunLog(Repository):
    """What people are shown of runs."""

    def runs(self, limit: int, before: str | None = None, *, unfinished: bool = False) -> list[KnownRun]:
        """Return the newest runs, from the one before `before` on; only those without an end if `unfinished`."""
        query = select(RunRow).order_by(RunRow.id.desc()).limit(limit)
        if before:
            query = query.where(RunRow.id < before)
        if unfinished:
            query = query.where(RunRow.finished_at.is_(None))
        return _known(self._tx, list(self._tx.session.scalars(query)))

    def run(self, run_id: str) -> KnownRun | None:
        """Return one run; None if there is none of that id."""
        row = self._tx.session.get(RunRow, run_id)
        return _known(self._tx, [row])[0] if row else None

    def outcomes_of(self, run_id: str, limit: int, after: int = 0) -> list[KnownOutcome]:
        """Return how a run ended for its accounts, with their steps, from the one after `after` on."""
        query = (
            select(OutcomeRow)
            .where(OutcomeRow.run_id == run_id, OutcomeRow.id > after)
            .order_by(OutcomeRow.id)
            .limit(limit)
            .options(selectinload(OutcomeRow.steps))
        )
        rows = list(self._tx.session.scalars(query))
        places = [path for row in rows for each in row.steps for path in each.evidence]
        pictures = _pictures(self._tx, run_id, [*places, *(path for row in rows for path in row.evidence or ())])
        times = _times(self._tx, run_id)
        return [
            _outcome(row, tuple(_step(each, row.account, pictures, times) for each in row.steps), pictures)
            for row in rows
        ]

    def steps_of(self, run_id: str) -> tuple[int, int]:
        """Return how many steps a run has done, and how many it has begun of which no page showed the end so far."""
        query = select(IntentRow.result, func.count()).where(IntentRow.run_id == run_id)
        query = query.where(IntentRow.kind.in_([each.value for each in StepKind]))
        counts = self._tx.session.execute(query.group_by(IntentRow.result)).all()
        found = {row.result: int(row[1]) for row in counts}
        return found.get(StepResult.DONE.value, 0), found.get(None, 0)

    def in_trouble(self, run_id: str) -> list[AccountKey]:
        """Return every account for which a run did not end well, in the order of their ends."""
        query = select(OutcomeRow).where(OutcomeRow.run_id == run_id, OutcomeRow.outcome.in_(_TROUBLE))
        return [row.account for row in self._tx.session.scalars(query.order_by(OutcomeRow.id))]

    def trouble(self, since: datetime, limit: int) -> list[KnownOutcome]:
        """Return the accounts whose newest run since then did not end well, the newest first."""
        query = select(OutcomeRow).where(OutcomeRow.outcome.in_(_TROUBLE), OutcomeRow.recorded_at >= since)
        found: dict[AccountKey, OutcomeRow] = {}
        for row in self._tx.session.scalars(query.order_by(OutcomeRow.id.desc()).limit(limit * 4)):
            found.setdefault(row.account, row)
        names = {name.merchant_id for name in found}
        newest = select(func.max(OutcomeRow.id)).where(OutcomeRow.merchant_id.in_(names))
        newest = newest.group_by(OutcomeRow.merchant_id, OutcomeRow.platform, OutcomeRow.label)
        last = set(self._tx.session.scalars(newest))
        still = [each for each in found.values() if each.id in last]
        return [_outcome(each) for each in still[:limit]]

    def newest(self) -> tuple[str | None, int | None, datetime | None]:
        """Return what differs as soon as a run begins, an account ends or a run ends."""
        last = select(RunRow).order_by(RunRow.id.desc()).limit(50).subquery()
        ended = self._tx.session.scalar(select(func.max(last.c.finished_at)))
        begun = self._tx.session.scalar(select(func.max(RunRow.id)))
        return begun, self._tx.session.scalar(select(func.max(OutcomeRow.id))), ended

    def success(self, days: int) -> dict[str, dict[Outcome, int]]:
        """Return by platform how many accounts' runs of the last days ended how."""
        query = select(OutcomeRow.platform, OutcomeRow.outcome, func.count())
        query = query.where(OutcomeRow.recorded_at >= self._tx.now - timedelta(days=days))
        found: dict[str, dict[Outcome, int]] = defaultdict(dict)
        for platform, outcome, count in self._tx.session.execute(
            query.group_by(OutcomeRow.platform, OutcomeRow.outcome)
        ):
            found[platform][Outcome(outcome)] = count
        return dict(found)


def _known(tx: Transaction, rows: Sequence[RunRow]) -> list[KnownRun]:
    ids = [row.id for row in rows]
    counted = select(OutcomeRow.run_id, OutcomeRow.outcome, func.count()).where(OutcomeRow.run_id.in_(ids))
    counts: dict[str, dict[Outcome, int]] = defaultdict(dict)
    for run_id, outcome, count in tx.session.execute(counted.group_by(OutcomeRow.run_id, OutcomeRow.outcome)):
        counts[run_id][Outcome(outcome)] = count
    return [
        KnownRun(r.id, r.dry_run, r.started_by, r.started_at, r.finished_at, dict(counts.get(r.id, {}))) for r in rows
    ]


def _pictures(tx: Transaction, run_id: str, places: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    query = select(EvidenceRow.path, EvidenceRow.id).where(EvidenceRow.run_id == run_id)
    for start in range(0, len(places), _PLACES_AT_ONCE):
        some = query.where(EvidenceRow.path.in_(places[start : start + _PLACES_AT_ONCE]))
        found |= {row.path: row.id for row in tx.session.execute(some)}
    return found


def _times(tx: Transaction, run_id: str) -> _Times:
    """When each step was begun in the run, and when a page showed how it ended."""
    query = select(IntentRow).where(IntentRow.run_id == run_id).order_by(IntentRow.id)
    return {(row.account, row.kind, row.order_key): (row.begun_at, row.closed_at) for row in tx.session.scalars(query)}


def _outcome(
    row: OutcomeRow, steps: tuple[KnownStep, ...] = (), pictures: Mapping[str, int] = MappingProxyType({})
) -> KnownOutcome:
    return KnownOutcome(
        id=row.id,
        run_id=row.run_id,
        account=row.account,
        outcome=Outcome(row.outcome),
        reason=row.reason,
        told=sentences.told(row.told, row.message),
        at=row.recorded_at,
        steps=steps,
        evidence=tuple(row.evidence or ()),
        pictures={path: pictures[path] for path in row.evidence or () if path in pictures},
    )


def _step(row: StepRow, account: AccountKey, pictures: Mapping[str, int], times: _Times) -> KnownStep:
    begun_at, ended_at = times.get((account, row.kind, row.order_no or ""), (None, None))
    return KnownStep(
        kind=StepKind(row.kind),
        order_no=row.order_no,
        result=StepResult(row.result),
        due_on=row.due_on,
        reason=row.reason,
        told=sentences.told(row.told, row.message),
        evidence=tuple(row.evidence),
        pictures=tuple(pictures[path] for path in row.evidence if path in pictures),
        begun_at=begun_at,
        ended_at=ended_at,
    )
