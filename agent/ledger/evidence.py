"""Evidence (凭证): where each picture is kept, with the sum that shows whether it was changed since."""

from collections.abc import Collection
from itertools import islice

from sqlalchemy import select

from agent.ledger.run_tables import EvidenceRow, RunRow
from agent.ledger.run_values import Picture, RunEvidence
from agent.ledger.scrub import without_query
from agent.ledger.tables import IntentRow
from agent.ledger.transaction import Repository
from agent.ledger.unsealing import scrubber

_AT_ONCE = 1000


class Evidence(Repository):
    """Where pictures are kept, and of what they are."""

    def add(self, intent_id: int | None, picture: Picture) -> None:
        """Keep where a picture is; of the page's address without its query."""
        intent = self._tx.session.get(IntentRow, intent_id) if intent_id is not None else None
        shown = without_query(picture.address)
        shown = scrubber(self._tx, intent.merchant_id).clean(shown) if intent else shown
        self._tx.session.add(
            EvidenceRow(
                run_id=self._tx.run_id,
                intent_id=intent_id,
                role=picture.role,
                path=picture.place,
                sha256=picture.sha256,
                address=shown,
                added_at=self._tx.now,
            )
        )

    def of_runs(self, run_ids: Collection[str]) -> list[RunEvidence]:
        """Return what the evidence of each of these runs is about, of those that this ledger knows."""
        of_money, in_doubt = self._runs_of_steps(only_open=False), self._runs_of_steps(only_open=True)
        found, left = [], iter(run_ids)
        while part := [*islice(left, _AT_ONCE)]:
            query = select(RunRow).where(RunRow.id.in_(part))
            found += [
                RunEvidence(run.id, run.started_at, run.finished_at is not None, run.id in of_money, run.id in in_doubt)
                for run in self._tx.session.scalars(query)
            ]
        return found

    def _runs_of_steps(self, *, only_open: bool) -> set[str]:
        """The runs in which a consequential step was begun, and those that pictured one that another had begun."""
        begun = select(IntentRow.run_id).distinct()
        pictured = select(EvidenceRow.run_id).join(IntentRow, IntentRow.id == EvidenceRow.intent_id).distinct()
        queries = [query.where(IntentRow.result.is_(None)) if only_open else query for query in (begun, pictured)]
        return {run_id for query in queries for run_id in self._tx.session.scalars(query)}
