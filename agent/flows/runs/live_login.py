"""A person helps with a log-in from elsewhere: sees the page, and works in it once something is asked of a person."""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Protocol

from agent.browser.storage_state import StorageState
from agent.domain.challenges import ChallengeKind
from agent.domain.login_errors import AgreementAsked, Challenge, ShopNotNamed
from agent.domain.orders import Order
from agent.evidence.recorder import secrets_of
from agent.flows.runs.attended import ManualLogin
from agent.flows.session.shop_selection import choose_shop
from agent.pages import login_words
from agent.pages.inference.page_state import find_text
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot


class Viewer(Protocol):
    """Who looks from elsewhere."""

    def showing(self, page: LivePage, secrets: Collection[str]) -> AbstractAsyncContextManager[None]:
        """Show the page, without `secrets`, for as long as the block lasts."""
        ...

    def hand_over(self, kind: ChallengeKind) -> None:
        """Let the person work in the page: this is asked of one."""
        ...

    def takes_back(self) -> bool:
        """Return True, once, if the person has said that it is done."""
        ...

    def left(self) -> bool:
        """Return True as soon as nobody wants the page any more."""
        ...


class ByLiveView:
    """The password is typed as in every run; what the site asks for then, `viewer` does in the page.

    It ends without a log-in once the viewer has left.
    """

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer

    async def __call__(self, entrance: ManualLogin) -> list[Order]:
        secrets = secrets_of(entrance.named.merchant, entrance.named.account)
        async with self._viewer.showing(entrance.page, secrets):
            try:
                await entrance.read(entrance.opened.session())
            except (Challenge, ShopNotNamed, AgreementAsked) as asked:
                self._viewer.hand_over(asked.kind)
                return await entrance.logged_in(partial(self._look, entrance))
            return await entrance.prove(await StorageState.of(entrance.page.raw))

    async def _look(self, entrance: ManualLogin, snapshot: PageSnapshot) -> bool | None:
        if self._viewer.left():
            raise TimeoutError
        if self._viewer.takes_back():
            return True
        if find_text(snapshot, login_words.CHOOSE_SHOP) is None:
            return None
        if (shop := entrance.opened.access.shop_name) is not None:
            await choose_shop(entrance.page, entrance.site.title, shop)
        return False
