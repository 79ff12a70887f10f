"""Evidence (凭证): where each picture is kept, with the sum that shows whether it was changed since."""

from agent.ledger.scrub import without_query
from agent.ledger.tables import EvidenceRow, IntentRow
from agent.ledger.transaction import Repository
from agent.ledger.unsealing import scrubber
from agent.ledger.values import Picture


class Evidence(Repository):
    """Where pictures are kept, and of what they are."""

    def add(self, intent_id: int | None, picture: Picture) -> None:
        """Keeps where a picture is; of the page's address without its query."""
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
