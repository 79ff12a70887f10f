"""The page on which a platform asks whether the ERP may come in: read, checked, and made ready to be agreed to."""

from dataclasses import dataclass

from agent.domain.errors import SiteUnavailable
from agent.domain.login_errors import Challenge, WrongShop
from agent.domain.orders import is_ours
from agent.domain.page_errors import PageChanged, PaymentAsked
from agent.domain.text import Text, fold
from agent.flows.session.session import Session
from agent.pages import login_words, message_words
from agent.pages.actions.paging import LoggedOut
from agent.pages.inference.challenges import challenge
from agent.pages.inference.consent import Consent, consent_in, other_shop
from agent.pages.inference.login_boxes import password_field
from agent.pages.inference.page_state import find_text
from agent.pages.view import PageSnapshot
from agent.sites import Site

_PAGE_SECONDS = 20.0
_ERP = "网店管家"


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """The page for consent of a platform, in the session of one account."""

    session: Session
    site: Site
    address: str

    async def read(self) -> Consent:
        """Return what the page says now, loaded anew and checked."""
        return await self.session.reading(self._look)

    async def _look(self) -> Consent:
        await self.session.open(self.address)
        snapshot = await self.session.page.settled(_PAGE_SECONDS, lambda v: consent_in(v).readable or _leads_away(v))
        if kind := challenge(snapshot):
            raise Challenge(self.site.title, kind)
        if password_field(snapshot) is not None or find_text(snapshot, login_words.LOGGED_OUT):
            raise LoggedOut
        if trouble := find_text(snapshot, message_words.SITE_ERROR):
            raise SiteUnavailable(self.address, trouble)
        return self._checked(snapshot)

    def _checked(self, snapshot: PageSnapshot) -> Consent:
        """Raise PaymentAsked for a page that wants money, WrongShop for another shop's, PageChanged for any other."""
        consent, expected = consent_in(snapshot), self.session.access.shop_name
        if consent.money is not None:
            raise PaymentAsked(snapshot.address, consent.money)
        if not consent.readable:
            raise PageChanged(snapshot.address, Text("it is no page of an authorisation", "不是授权页面"))
        if expected is not None and (other := other_shop(consent, snapshot, expected)) is not None:
            raise WrongShop(expected.registered, other or None)
        return consent

    def check_application(self, consent: Consent) -> None:
        """Raise PageChanged unless it is the ERP that would be let in: with --yes nobody looks at it before."""
        name = fold(consent.application or "")
        if not (name.startswith(_ERP) or is_ours(name, None, self.site.services)):
            shown = consent.application or "-"
            raise PageChanged(
                self.address,
                Text(f"it is “{shown}” that would be authorised, not {_ERP}", f"被授权的应用是“{shown}”，不是{_ERP}"),
            )

    async def ticked(self, consent: Consent) -> Consent:
        """The page once the agreement is ticked. Raise PageChanged unless only the button is left to press."""
        for box in consent.ticks:
            # Drawn boxes lie over the real one, which then cannot be clicked but by its own label.
            element = await self.session.page.element(consent.part, box)
            await element.evaluate("box => (box.labels?.[0] ?? box).click()")
        ready = self._checked(await self.session.page.settled(_PAGE_SECONDS, lambda v: consent_in(v).ready))
        if not ready.ready:
            raise PageChanged(
                self.address, Text("there is no button 确认授权 that can be pressed", "没有可点的“确认授权”按钮")
            )
        if (ready.application, ready.until) != (consent.application, consent.until):
            raise PageChanged(self.address, Text("it changed while it was read", "读取时页面发生了变化"))
        return ready


def _leads_away(snapshot: PageSnapshot) -> bool:
    return (
        password_field(snapshot) is not None
        or challenge(snapshot) is not None
        or find_text(snapshot, message_words.SITE_ERROR) is not None
    )
