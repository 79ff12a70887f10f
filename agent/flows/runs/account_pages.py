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
    """Finds the pages of `site` and `back_office`, as far as they are not set, for members of that edition.

    With `anew` the menus are walked although a way is known. All raise as site_found().
    """

    site: Site
    back_office: BackOffice
    edition: Edition
    ledger: Ledger

    @property
    def are_missing(self) -> bool:
        """True if an address that is needed is not set."""
        lacking = not self.site.gone and self.site.orders_url is None
        return lacking or self.back_office.list_url(self.edition) is None

    async def of_site(self, session: Session, *, anew: bool = False) -> Site:
        """The platform with the address of its order list."""
        return await site_found(session, self.ledger, self.site, self.edition, anew=anew)

    async def of_back_office(self, session: Session, *, anew: bool = False) -> BackOffice:
        """The back office with the addresses of its pages."""
        return await back_office_found(session, self.ledger, self.back_office, self.edition, anew=anew)

    async def are_gone(self, session: Session, *, on_platform: bool) -> bool:
        """True if the page that is open was found by a way that does not lead there any more."""
        if on_platform:
            found, goal = self.site.orders_url is None, orders_goal(self.site)
        else:
            found, goal = self.back_office.list_url(self.edition) is None, back_office_goal(self.edition)
        if not found or still_stands(await session.page.look(), goal):
            return False
        logger.warning(
            "{}: the way that was known does not lead to the page any more; it is walked anew", session.title
        )
        return True
