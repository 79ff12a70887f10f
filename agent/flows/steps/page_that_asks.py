"""确认 on a page of its own: the order's page, or the question that the row's 确认 opens, in a tab or in place."""

from dataclasses import dataclass, replace

from agent.domain.error_wording import explained
from agent.domain.login_errors import WrongShop
from agent.domain.orders import Order
from agent.domain.page_errors import DialogDeclined
from agent.domain.report import StepKind
from agent.domain.text import Text, fold
from agent.flows.session.session import Session
from agent.flows.steps.asked_again import asks_again
from agent.flows.steps.attempt import StepAttempt
from agent.flows.steps.order_page import Before, Place, find_place
from agent.flows.steps.step import PictureOf, StepClick, StepExecutor
from agent.pages import message_words
from agent.pages.actions.answer import Answer
from agent.pages.actions.press import ConfirmedClick
from agent.pages.inference import dialogs
from agent.pages.inference.claims import contradiction
from agent.pages.inference.dialogs import matter_of
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.order_facts import Meant
from agent.pages.inference.order_page import CONFIRM
from agent.pages.inference.question_pages import asked_besides
from agent.pages.inference.questions import sold_besides
from agent.pages.live.page import LivePage
from agent.pages.live.scroll_into_view import bring
from agent.pages.live.tabs import Tabs

_ARRIVAL_SECONDS = 10.0
# A page that was opened by 确认 asks like a dialog does.
_ANSWERS = (*CONFIRM, "确定", "确认无误", "仍要确认", "确定确认", "OK")


def sent_of(order: Order) -> dict[str, str]:
    """What the record of a confirmation tells of its order."""
    return {"service": order.service, "ordered_at": order.ordered_at.isoformat(), "amount": f"{order.amount:.2f}"}


async def confirm_there(place: Place, meant: Meant, executor: StepExecutor) -> StepAttempt:
    """Click 确认 in its place outside the list, and agree to the dialogs that follow."""
    begun = await executor.begin(place.page, sent_of(meant.order), (place.part, place.node))
    answer = await executor.press(
        begun,
        StepClick(
            place.page,
            place.part,
            place.node,
            ORDERS,
            own_row=place.scope,
            objects=lambda text: contradiction(text, meant.order, meant.names),
            still=place.still,
        ),
    )
    return begun.clicked(answer)


@dataclass(slots=True)
class Asked:
    """What the row's 确认 may have opened instead of a dialog: a tab, or a page in place of the list."""

    session: Session
    before: Before
    meant: Meant
    tabs: Tabs

    async def elsewhere(self, answer: Answer, picture: PictureOf) -> tuple[Answer, LivePage]:
        """Answer a page that asks about this order; give what came of it, and where that is shown.

        Raise DialogDeclined if a page asks that is not known to be about this order. A page that does not ask may have
        done the work already: the list tells.
        """
        for page in (*await self.tabs.arrived(), self.session.page):
            snapshot = await page.settled(_ARRIVAL_SECONDS)
            if page is self.session.page and not self.before.is_elsewhere(snapshot):
                continue
            self.session.strayed = True
            try:
                found = find_place(page, snapshot, self.before, replace(self.meant, asked=True), _ANSWERS)
            except WrongShop as error:
                found = explained(error).text
            if isinstance(found, Place):
                return await self._answer(found, picture)
            if found is not None:
                raise DialogDeclined(page.raw.url, found)
        return answer, self.session.page

    async def _answer(self, place: Place, picture: PictureOf) -> tuple[Answer, LivePage]:
        if message_words.PAYING.search(fold(place.text)):
            raise DialogDeclined(place.page.raw.url, _MONEY)
        if (again := asks_again(StepKind.CONFIRM, place.text)) is not None:
            raise DialogDeclined(place.page.raw.url, again)

        async def pictured(role: str) -> None:
            await picture(role, place.page)

        def objects(text: str) -> Text | None:
            return contradiction(text, self.meant.order, self.meant.names) or asks_again(StepKind.CONFIRM, text)

        await bring(place.page, place.part, place.node)
        await pictured("dialog")
        shop = self.meant.shop.registered if self.meant.shop else None
        matter = matter_of(dialogs.CONFIRM, self.meant.order, (shop,))
        besides = sold_besides(place.part, place.scope, matter)
        besides = besides or asked_besides(place.part, place.scope, place.node, matter)
        if besides is not None:
            raise DialogDeclined(place.page.raw.url, dialogs.declined(place.text, besides))
        press = ConfirmedClick(place.page, ORDERS, place.scope, pictured, matter, objects, place.still)
        answer = await press.click(place.part, place.node)
        answer.dialogs = [place.text, *answer.dialogs]
        return answer, place.page


_MONEY = Text("the page that followed the click asks for money; it was left", "点击后打开的页面要求付款，已放弃操作")
