"""Runs (运行), and how they ended for each account."""

import secrets
from collections.abc import Collection

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, selectinload

from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI
from agent.domain.reasons import explain
from agent.domain.report import AccountReport, Action, StepResult
from agent.domain.text import Text
from agent.ledger import sentences
from agent.ledger.run_tables import OutcomeRow, RunRow, StepRow
from agent.ledger.run_values import AccountRunEnd, LastRun, Streak
from agent.ledger.scrub import Scrubber
from agent.ledger.transaction import Repository
from agent.ledger.unsealing import scrubber

_ACCOUNT = (OutcomeRow.merchant_id, OutcomeRow.platform, OutcomeRow.label)


class Runs(Repository):
    """Runs, and how they ended for each account."""

    def start(self, *, dry_run: bool, started_by: str) -> str:
        """A new run's id, which sorts by time: `20261123-124501-ab12`, in Asia/Shanghai."""
        prefix = f"{self._tx.now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
        while True:
            run_id = f"{prefix}-{secrets.token_hex(2)}"
            row = RunRow(id=run_id, dry_run=dry_run, started_by=started_by, started_at=self._tx.now)
            try:
                with self._tx.session.begin_nested():
                    self._tx.session.add(row)
            except IntegrityError:  # another run has that one
                continue
            return run_id

    def finish(self) -> None:
        """Note that the transaction's run has ended. Raise LookupError if there is no such run."""
        row = self._tx.session.get(RunRow, self._tx.run_id or "")
        if row is None:
            raise LookupError(f"there is no run {self._tx.run_id}")
        row.finished_at = self._tx.now

    def record(self, report: AccountReport) -> None:
        """Keep how the transaction's run ended for one account, with every action."""
        masked = scrubber(self._tx, report.account.merchant_id)
        self._tx.session.add(
            OutcomeRow(
                run_id=self._tx.run_id,
                **OutcomeRow.columns(report.account),
                outcome=report.outcome.value,
                reason=report.reason,
                message=_message(report.text, masked),
                told=sentences.kept(explain(report), masked),
                evidence=[*report.evidence],
                recorded_at=self._tx.now,
                steps=[_step(action, masked) for action in report.actions],
            )
        )

    def latest(self) -> list[LastRun]:
        """How the newest run ended for each account, by account."""
        newest = select(func.max(OutcomeRow.id)).group_by(OutcomeRow.merchant_id, OutcomeRow.platform, OutcomeRow.label)
        query = select(OutcomeRow, RunRow).join(RunRow, RunRow.id == OutcomeRow.run_id).where(OutcomeRow.id.in_(newest))
        found = [
            LastRun(
                account=o.account,
                run_id=run.id,
                dry_run=run.dry_run,
                outcome=Outcome(o.outcome),
                reason=o.reason,
                ended_at=o.recorded_at,
                evidence=tuple(o.evidence or ()),
                told=sentences.told(o.told, o.message),
            )
            for o, run in self._tx.session.execute(query)
        ]
        return sorted(found, key=lambda last: last.account)

    def ended(self, after: int, most: int) -> list[tuple[int, AccountRunEnd]]:
        """The next `most` ends of accounts' runs after the one with the id `after`, oldest first, each with its id."""
        query = select(OutcomeRow, RunRow).join(RunRow, RunRow.id == OutcomeRow.run_id).where(OutcomeRow.id > after)
        found = self._tx.session.execute(
            query.order_by(OutcomeRow.id).limit(most).options(selectinload(OutcomeRow.steps))
        )
        return [(outcome.id, _ended(outcome, run)) for outcome, run in found]

    def last_outcome(self) -> int:
        """The id of the newest, or 0."""
        return self._tx.session.scalar(select(func.max(OutcomeRow.id))) or 0

    def looked_at(self, since: int, until: int, most: int) -> tuple[int, set[str]]:
        """Whose accounts the next `most` outcomes up to `until` are of, and the id of the last."""
        query = select(OutcomeRow.id, OutcomeRow.merchant_id).where(OutcomeRow.id > since, OutcomeRow.id <= until)
        rows = self._tx.session.execute(query.order_by(OutcomeRow.id).limit(most)).all()
        return max((id_ for id_, _ in rows), default=since), {merchant for _, merchant in rows}

    def streaks(self, merchants: Collection[str]) -> list[Streak]:
        """The accounts of these merchants whose newest runs failed, and how many in a row. Dry runs do not count."""
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
        for *_, length, first, newest in self._tx.session.execute(query).all():
            begun, now = self._tx.session.get_one(OutcomeRow, first), self._tx.session.get_one(OutcomeRow, newest)
            why, places = sentences.told(now.told, now.message), tuple(now.evidence or ())
            message, cure = (why.message, why.cure) if why else (None, None)
            found.append(Streak(now.account, length, begun.run_id, now.reason, message, cure, places))
        return found


def _ended(outcome: OutcomeRow, run: RunRow) -> AccountRunEnd:
    results = [StepResult(step.result) for step in outcome.steps]
    return AccountRunEnd(
        run_id=run.id,
        started_at=run.started_at,
        finished_at=run.finished_at,
        started_by=run.started_by,
        dry_run=run.dry_run,
        account=outcome.account,
        outcome=Outcome(outcome.outcome),
        reason=outcome.reason,
        message=outcome.message,
        recorded_at=outcome.recorded_at,
        done=results.count(StepResult.DONE),
        in_trouble=results.count(StepResult.FAILED) + results.count(StepResult.UNKNOWN),
    )


def _step(action: Action, masked: Scrubber) -> StepRow:
    return StepRow(
        kind=action.kind.value,
        order_no=action.order_no,
        result=action.result.value,
        due_on=action.due_on,
        reason=action.reason,
        message=_message(action.text, masked),
        told=sentences.kept(explain(action), masked),
        evidence=list(action.evidence),
    )


def _message(text: Text | None, masked: Scrubber) -> str | None:
    return None if text is None else masked.clean(text.en)
