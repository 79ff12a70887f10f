"""The pages that an account's run needs: as they are set, as they were found before, or found by way of the menus."""

from dataclasses import dataclass

from loguru import logger

from agent.domain.merchants import Edition
from agent.flows.session.pages_found import back_office_found, back_office_goal, orders_goal, site_found, still_stands
from agent.flows.session.session import Session
from agent.ledger import Ledger
from agent.sites import BackOffice, Site


@dataclass(frozen=True, slots=True)
class AccountPages:
    """Finds the pages of `site` and `back_office` in the sessions of one account; no `market` has one that is gone."""

    site: Site
    back_office: BackOffice
    edition: Edition
    ledger: Ledger
    market: Session | None
    office: Session

    async def found(self, *, anew: bool = False) -> tuple[Site, BackOffice]:
        """Both with all addresses. With `anew` the menus of the site that was opened last are walked although a way is
        known. Raise as site_found().
        """
        site, lost = self.site, self._latest() if anew else None
        if self.market is not None:
            site = await site_found(self.market, self.ledger, site, self.edition, anew=lost is self.market)
        anew = lost is self.office
        return site, await back_office_found(self.office, self.ledger, self.back_office, self.edition, anew=anew)

    async def are_gone(self) -> bool:
        """True if the page that was opened last was found by a way that does not lead there any more."""
        session = self._latest()
        if session is self.market:
            found, goal = self.site.orders_url is None, orders_goal(self.site)
        else:
            found, goal = self.back_office.list_url(self.edition) is None, back_office_goal(self.edition)
        if not found or still_stands(await session.page.look(), goal):
            return False
        logger.warning("{}: the way that was known does not lead to the page any more; it is walked anew", session.site)
        return True

    def _latest(self) -> Session:
        if self.market is not None and self.market.opened_at > self.office.opened_at:
            return self.market
        return self.office
