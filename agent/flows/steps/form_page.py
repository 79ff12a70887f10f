"""A page with a form: how it is arrived at, whether it still shows what it should, and what its answer is."""

import re
from collections.abc import Callable
from dataclasses import replace

from agent.domain.page_errors import PageChanged
from agent.flows.session.session import Session
from agent.pages import message_words
from agent.pages.actions.answer import Answer
from agent.pages.actions.arrival import close_promotions
from agent.pages.actions.paging import LoggedOut
from agent.pages.actions.press import Still
from agent.pages.inference.login_boxes import password_field
from agent.pages.live.network import logged_out
from agent.pages.view import PageSnapshot

_ARRIVAL_SECONDS = 20.0
FORM_SECONDS = 8.0
_DEMAND = re.compile(r"请(选择|输入|填写)|.{1,8}(不能为空|必填)")


async def arrived(session: Session, address: str, ready: Callable[[PageSnapshot], bool]) -> PageSnapshot:
    """The page once it is ready for work, or time is up. Raise LoggedOut if the log-in form came in its place."""
    cursor = await session.open(address)
    snapshot = await session.page.settled(_ARRIVAL_SECONDS, lambda v: ready(v) or password_field(v) is not None)
    if password_field(snapshot) is not None or logged_out(session.page.traffic.since(cursor)):
        raise LoggedOut
    return await close_promotions(session.page, snapshot)


def stays(check: Callable[[PageSnapshot], None]) -> Still:
    """Whether a form shows what is to be sent also right before the click: `check` raises PageChanged if it does not.

    What a site looks up (the bank of an account number) can come late, and put something else into a box.
    """

    def still(snapshot: PageSnapshot) -> bool:
        try:
            check(snapshot)
        except PageChanged:
            return False
        return True

    return still


def without_hints(answer: Answer, empty: PageSnapshot) -> Answer:
    """Leave out the hints of a form that was accepted: it is emptied, and ask for everything again (请选择平台)."""
    hints = {n.text for n in empty.texts()}
    accepted = any(message_words.SUCCESS.search(t) for t in answer.messages)
    texts = [t for t in answer.messages if t not in hints and not (accepted and _DEMAND.match(t))]
    return replace(answer, messages=texts)
