"""Runs, how they ended for each account, and the pictures that prove it."""

import secrets

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI
from agent.domain.reasons import explain
from agent.domain.report import AccountReport, Action, StepResult
from agent.domain.text import Text
from agent.ledger import sentences
from agent.ledger.merchants import scrubber
from agent.ledger.scrub import Scrubber, without_query
from agent.ledger.tables import EvidenceRow, IntentRow, OutcomeRow, RunRow, StepRow
from agent.ledger.values import AccountRunEnd, LastRun, Picture
from agent.ledger.work import UnitOfWork


def start(work: UnitOfWork, started_by: str, *, dry_run: bool) -> str:
    """A new run's id, which sorts by time: `20261123-124501-ab12`, in Asia/Shanghai."""
    prefix = f"{work.now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
    while work.session.get(RunRow, run_id := f"{prefix}-{secrets.token_hex(2)}") is not None:
        continue
    work.session.add(RunRow(id=run_id, dry_run=dry_run, started_by=started_by, started_at=work.now))
    return run_id


def finish(work: UnitOfWork, run_id: str) -> None:
    """Notes the end. Raises LookupError for an unknown run."""
    row = work.session.get(RunRow, run_id)
    if row is None:
        raise LookupError(f"there is no run {run_id}")
    row.finished_at = work.now


def record(work: UnitOfWork, run_id: str, report: AccountReport) -> None:
    """Keeps how the run ended for one account, with every action."""
    masked = scrubber(work, report.account.merchant_id)
    work.session.add(
        OutcomeRow(
            run_id=run_id,
            **OutcomeRow.columns(report.account),
            outcome=report.outcome.value,
            reason=report.reason,
            said=_said(report.text, masked),
            told=sentences.kept(explain(report), masked),
            evidence=[*report.evidence],
            recorded_at=work.now,
            steps=[_step(action, masked) for action in report.actions],
        )
    )


def latest(work: UnitOfWork) -> list[LastRun]:
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
            told=sentences.told(o.told, o.said),
        )
        for o, run in work.session.execute(query)
    ]
    return sorted(found, key=lambda last: last.account)


def ended(work: UnitOfWork, after: int, most: int) -> list[tuple[int, AccountRunEnd]]:
    """The next `most` ends of accounts' runs after the one with the id `after`, oldest first, each with its id."""
    query = select(OutcomeRow, RunRow).join(RunRow, RunRow.id == OutcomeRow.run_id).where(OutcomeRow.id > after)
    found = work.session.execute(query.order_by(OutcomeRow.id).limit(most).options(selectinload(OutcomeRow.steps)))
    return [(outcome.id, _ended(outcome, run)) for outcome, run in found]


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
        said=outcome.said,
        recorded_at=outcome.recorded_at,
        done=results.count(StepResult.DONE),
        in_trouble=results.count(StepResult.FAILED) + results.count(StepResult.UNKNOWN),
    )


def add_evidence(work: UnitOfWork, intent_id: int | None, picture: Picture) -> None:
    """Keeps where a picture is; of the page's address without its query."""
    intent = work.session.get(IntentRow, intent_id) if intent_id is not None else None
    shown = without_query(picture.address)
    shown = scrubber(work, intent.merchant_id).clean(shown) if intent else shown
    work.session.add(
        EvidenceRow(
            run_id=work.run_id,
            intent_id=intent_id,
            role=picture.role,
            path=picture.place,
            sha256=picture.sha256,
            address=shown,
            added_at=work.now,
        )
    )


def _step(action: Action, masked: Scrubber) -> StepRow:
    return StepRow(
        kind=action.kind.value,
        order_no=action.order_no,
        result=action.result.value,
        due_on=action.due_on,
        reason=action.reason,
        said=_said(action.text, masked),
        told=sentences.kept(explain(action), masked),
        evidence=list(action.evidence),
    )


def _said(text: Text | None, masked: Scrubber) -> str | None:
    return None if text is None else masked.clean(text.en)
