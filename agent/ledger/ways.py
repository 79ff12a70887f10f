"""The ways through the menus of a site to the pages that are needed, by site and edition: no account's, no secret."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from agent.domain.accounts import SiteId
from agent.ledger.tables import WayRow
from agent.ledger.transaction import Repository
from agent.ledger.values import KnownWay


class Ways(Repository):
    """The ways to the pages of sites that were found."""

    def known(self, site_id: SiteId, edition: str, login_url: str) -> dict[str, KnownWay]:
        """The ways that were found from that log-in page, by what stands on the page that they lead to."""
        query = select(WayRow).where(WayRow.site == site_id, WayRow.edition == edition, WayRow.login_url == login_url)
        rows = self._tx.session.scalars(query.order_by(WayRow.page))
        return {row.page: KnownWay(row.address, tuple((s[0], s[1]) for s in row.steps)) for row in rows}

    def keep(self, site_id: SiteId, edition: str, login_url: str, found: Mapping[str, KnownWay]) -> None:
        """Keep these ways in the place of all that were known for the site and edition."""
        self._tx.session.execute(delete(WayRow).where(WayRow.site == site_id, WayRow.edition == edition))
        for page, way in found.items():
            row = WayRow(site=site_id, edition=edition, page=page, login_url=login_url, address=way.address)
            row.steps, row.found_at = [list(step) for step in way.steps], self._tx.now
            self._tx.session.add(row)
