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
    """Finds the pages of `site` and `back_office` in the sessions of one account.

    A platform that is gone has no `platform_session`.
    """

    site: Site
    back_office: BackOffice
    edition: Edition
    ledger: Ledger
    platform_session: Session | None
    back_office_session: Session

    @property
    def are_missing(self) -> bool:
        """True if an address that is needed is not set."""
        lacking = self.platform_session is not None and self.site.orders_url is None
        return lacking or self.back_office.list_url(self.edition) is None

    async def found(self, *, anew: bool = False) -> tuple[Site, BackOffice]:
        """Both with all addresses. With `anew` the menus of the site that was opened last are walked although a way is
        known. Raise as site_found().
        """
        site, lost = self.site, self._latest() if anew else None
        if self.platform_session is not None:
            site = await site_found(
                self.platform_session, self.ledger, site, self.edition, anew=lost is self.platform_session
            )
        anew = lost is self.back_office_session
        return site, await back_office_found(
            self.back_office_session, self.ledger, self.back_office, self.edition, anew=anew
        )

    async def are_gone(self) -> bool:
        """True if the page that was opened last was found by a way that does not lead there any more."""
        session = self._latest()
        if session is self.platform_session:
            found, goal = self.site.orders_url is None, orders_goal(self.site)
        else:
            found, goal = self.back_office.list_url(self.edition) is None, back_office_goal(self.edition)
        if not found or still_stands(await session.page.look(), goal):
            return False
        logger.warning(
            "{}: the way that was known does not lead to the page any more; it is walked anew", session.title
        )
        return True

    def _latest(self) -> Session:
        if self.platform_session is not None and self.platform_session.opened_at > self.back_office_session.opened_at:
            return self.platform_session
        return self.back_office_session
