"""The shapes of the sites' pages as they were seen last, and what was different since: no account's, no secret."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from agent.domain.accounts import SiteId
from agent.domain.page_shape import PageChange, PageShape, changes
from agent.domain.text import Text
from agent.ledger.tables import PageShapeRow
from agent.ledger.transaction import Repository

_LOOKS, _OTHERS = 10, 10


class PageShapes(Repository):
    """What each site's pages are known to look like."""

    def note(self, site_id: SiteId, page: str, now: PageShape, familiar: Collection[str]) -> list[Text]:
        """Keep what a look has shown, and return what of it is different from what was known; nothing at first."""
        row = self._tx.session.get(PageShapeRow, (site_id, page))
        if row is None:
            row = PageShapeRow(site=site_id, page=page, shape=now.to_json(), seen_at=self._tx.now, looks=1, changed=[])
            self._tx.session.add(row)
            return []
        known = PageShape.of_json(row.shape)
        # Accounts may show a page each in its own way: what was shown in one of those is no news.
        others = [_as(PageShape.of_json(other), known) for other in row.shape.get("others", ())]
        # Until a few accounts were looked at, what rows say is news only because nobody has seen it yet.
        words = (*familiar, *now.statuses, *now.buttons) if row.looks < _LOOKS else familiar
        told = min((changes(each, now, words) for each in (known, *others)), key=len)
        if told:
            row.changed, row.changed_at = [[text.en, text.zh] for text in told], self._tx.now
        if (after := known.with_seen(now)) != known:
            left = [each for each in (known, *others) if _as(each, after) != after]
            row.shape = after.to_json() | {"others": [each.to_json() for each in left[:_OTHERS]]}
        row.seen_at, row.looks = self._tx.now, row.looks + 1
        return told

    def knows(self, site_id: str, page: str, now: PageShape) -> bool:
        """True if the page has looked like that before, often enough: then there is nothing to keep of this look."""
        row = self._tx.session.get(PageShapeRow, (site_id, page))
        if row is None or row.looks < _LOOKS:
            return False
        known = PageShape.of_json(row.shape)
        others = [_as(PageShape.of_json(other), known) for other in row.shape.get("others", ())]
        return any(each.with_seen(now) == each for each in (known, *others))

    def changed(self, since: datetime) -> list[PageChange]:
        """The pages that were found different since that moment, the latest first."""
        query = select(PageShapeRow).where(PageShapeRow.changed_at >= since).order_by(PageShapeRow.changed_at.desc())
        return [
            PageChange(SiteId(row.site), row.page, row.changed_at, [Text(en, zh) for en, zh in row.changed])
            for row in self._tx.session.scalars(query)
            if row.changed_at is not None
        ]


def _as(shape: PageShape, known: PageShape) -> PageShape:
    """The shape with the words of rows that are `known` by now, however it is laid out."""
    return replace(shape, statuses=known.statuses, buttons=known.buttons)
