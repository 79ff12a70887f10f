"""Which records of runs are kept no longer: how old runs ended in which nothing was done."""

from collections.abc import Sequence
from datetime import datetime
from time import perf_counter, sleep

from sqlalchemy import delete, func, select

from agent.ledger.ledger import Ledger
from agent.ledger.merchants import Merchants
from agent.ledger.run_tables import EvidenceRow, OutcomeRow, RunRow, StepRow
from agent.ledger.runs import Runs
from agent.ledger.session_tables import ChallengeRow
from agent.ledger.tables import AuthorizationRow, FilingRow, IntentRow, OrderRow
from agent.ledger.transaction import Transaction

# What says since when something is known goes by these; a run that one of them names stays.
_NAMED_BY = (AuthorizationRow, ChallengeRow, FilingRow, IntentRow, OrderRow)
_MERCHANTS_AT_ONCE = 200
# For each of them the database looks through all rows that might name it: in one go this would outlast leases.
_AT_ONCE = 10
# What it changes is changed by nobody else but by another that does the same.
_NAME = "run_pruning"


def old_runs(tx: Transaction, before: datetime) -> list[str]:
    """Return the runs from before that moment that began no step, which nothing names, the oldest first.

    How each account's newest run ended is kept however old it is, and the run since which it has failed: a failure is
    told once, by that.
    """
    kept = set[str | None]()
    for table in _NAMED_BY:
        kept |= {*tx.session.scalars(select(table.run_id).distinct())}
    kept |= {*tx.session.scalars(select(EvidenceRow.run_id).where(EvidenceRow.intent_id.is_not(None)).distinct())}
    newest = select(func.max(OutcomeRow.id)).group_by(OutcomeRow.merchant_id, OutcomeRow.platform, OutcomeRow.label)
    kept |= {*tx.session.scalars(select(OutcomeRow.run_id).where(OutcomeRow.id.in_(newest)).distinct())}
    merchants = Merchants(tx).ids()
    for start in range(0, len(merchants), _MERCHANTS_AT_ONCE):
        kept |= {streak.since for streak in Runs(tx).streaks(merchants[start : start + _MERCHANTS_AT_ONCE])}
    runs = tx.session.scalars(select(RunRow.id).where(RunRow.started_at < before).order_by(RunRow.id))
    return [run for run in runs if run not in kept]


def remove_runs(ledger: Ledger, runs: Sequence[str]) -> None:
    """Delete these runs, how they ended for their accounts, and where their pictures were.

    Some at a time, and others write in between for as long as it took. Raise IntegrityError, with those left, if
    something names one of them by now.
    """
    for start in range(0, len(runs), _AT_ONCE):
        begun = perf_counter()
        with ledger.begin(on=_NAME) as tx:
            _remove(tx, runs[start : start + _AT_ONCE])
        sleep(perf_counter() - begun)


def _remove(tx: Transaction, runs: Sequence[str]) -> None:
    ended = select(OutcomeRow.id).where(OutcomeRow.run_id.in_(runs))
    tx.session.execute(delete(StepRow).where(StepRow.outcome_id.in_(ended)))
    for table in (OutcomeRow, EvidenceRow):
        tx.session.execute(delete(table).where(table.run_id.in_(runs)))
    tx.session.execute(delete(RunRow).where(RunRow.id.in_(runs)))
