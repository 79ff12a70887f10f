"""短信、邮箱验证码: types the code that a person was sent, and asks for it if it is not known."""

import asyncio
import time

from pydantic import SecretStr

from agent.domain.challenges import ChallengeKind
from agent.domain.login_errors import Challenge
from agent.flows.session.access import SiteAccess
from agent.flows.session.handoff import Handoff
from agent.flows.session.origins import check_origin
from agent.pages import login_words
from agent.pages.inference.challenges import challenge
from agent.pages.inference.code_form import CodeForm, find_code_form
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

_TRIES = 3
_PAGE_SECONDS = 15.0
_ANSWER_SECONDS = 20.0
# A page that is just being loaded anew asks for nothing, either.
_LOOK_EVERY, _LOOKS = 1.0, 2


async def pass_code(page: LivePage, access: SiteAccess, kind: ChallengeKind, handoff: Handoff) -> None:
    """Type codes until the page asks for none any more: what was left, or what a person answers while it waits.

    Raise Challenge if no answer came, the page asks for something else, or it refused three codes or
    the one that was left; ForeignLogin if the boxes do not stand on one of the site's origins.
    """
    text, typed = None, None
    for turn in range(_TRIES):
        snapshot = await page.settled(_PAGE_SECONDS, lambda v: find_code_form(v) is not None)
        form = find_code_form(snapshot)
        if form is None:
            break
        text = form.message
        check_origin(form.part.frame, access.title, access.trusted)
        code = await _known(page, form, kind, handoff, first=turn == 0)
        if code is None or code == typed:
            break  # of an authenticator the same code would come until half a minute is over
        if not form.fits(code.get_secret_value()):
            continue
        typed = code
        # The button that sends a code may have drawn the form anew, and minutes may have passed.
        snapshot = await page.look()
        if not _asks(snapshot):
            return
        form = find_code_form(snapshot) or form
        check_origin(form.part.frame, access.title, access.trusted)
        if await _taken(page, snapshot, form, code):
            return
    raise Challenge(access.title, kind, text)


async def pass_approval(page: LivePage, access: SiteAccess, handoff: Handoff) -> None:
    """手机确认: waits until a person has said yes on a phone. Raise Challenge if nobody does in time."""
    if handoff.patience:
        patience = handoff.patience.total_seconds()
        handoff.show(ChallengeKind.APPROVAL, await handoff.picture(), handoff.patience)
        deadline, passed = time.monotonic() + patience, 0
        while time.monotonic() < deadline:
            snapshot = await page.settled(_LOOK_EVERY)
            passed = passed + 1 if any(snapshot.texts()) and challenge(snapshot) is None else 0
            if passed == _LOOKS:
                return
            await asyncio.sleep(_LOOK_EVERY)
    raise Challenge(access.title, ChallengeKind.APPROVAL)


async def _known(
    page: LivePage, form: CodeForm, kind: ChallengeKind, handoff: Handoff, *, first: bool
) -> SecretStr | None:
    if code := handoff.known(kind):
        return code
    if first and form.send is not None and handoff.wants_one_sent():
        await page.click(form.part, form.send)
        form = find_code_form(await page.settled(_PAGE_SECONDS)) or form
    if not handoff.patience:
        return None
    return await handoff.wait_for(kind, form.message)


async def _taken(page: LivePage, snapshot: PageSnapshot, form: CodeForm, code: SecretStr) -> bool:
    """Hand the code in; false if the page asks again."""
    known, cursor = {node.text for node in snapshot.texts()}, page.traffic.cursor()
    await _type(page, form, code.get_secret_value(), cursor)

    def decided(seen: PageSnapshot) -> bool:
        answered = any(e.is_write and e.status for e in page.traffic.since(cursor))
        return not _asks(seen) or answered or _refused(seen, known)

    return not _asks(await page.settled(_ANSWER_SECONDS, decided))


async def _type(page: LivePage, form: CodeForm, code: str, cursor: int) -> None:
    where = page.raw.url
    handles = [await page.element(form.part, box) for box in form.boxes]
    for handle, piece in zip(handles, code if len(handles) > 1 else (code,), strict=True):
        await handle.fill(piece)
    after = await page.settled(2.0)
    again = find_code_form(after)
    # Where the last character sends them, the page has moved on or drawn its boxes anew by now.
    sent = any(e.is_write for e in page.traffic.since(cursor))
    stands = page.raw.url == where and again is not None and again.boxes[0].value
    if again is not None and stands and not sent and (button := again.submit):
        await page.click(again.part, button)


def _asks(snapshot: PageSnapshot) -> bool:
    kind = challenge(snapshot)
    return kind is not None and kind.typed


def _refused(snapshot: PageSnapshot, known: set[str]) -> bool:
    return any(login_words.CODE_REFUSED.search(node.folded) for node in snapshot.texts() if node.text not in known)
