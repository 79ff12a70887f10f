"""Logs in: finds the form, types once, and says by type how it went."""

from collections.abc import Callable, Collection

from playwright.async_api import ElementHandle

from agent.domain.challenges import ChallengeKind
from agent.domain.errors import SiteUnavailable, WrongAddress
from agent.domain.login_errors import AccountLocked, Challenge, DemandMade
from agent.domain.page_errors import LoginFormMissing, PageChanged
from agent.domain.text import Text, fold
from agent.flows.session.access import SiteAccess
from agent.flows.session.login_answer import LoginAnswer
from agent.flows.session.origins import check_origin
from agent.pages import login_words, message_words
from agent.pages.actions.arrival import close_promotions, covering
from agent.pages.inference.buttons import find_words
from agent.pages.inference.challenges import challenge
from agent.pages.inference.demands import demand
from agent.pages.inference.login_boxes import is_decoy, offers_log_in, password_field
from agent.pages.inference.login_form import LoginForm, button_of, find_login_form, name_box
from agent.pages.inference.page_state import find_text, trouble_of_site
from agent.pages.inference.statements import states_any
from agent.pages.live.page import LivePage
from agent.pages.live.pointer import click_selector
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_FORM_SECONDS = 20.0
_CLICK_MS = 4000
_MAX_TURNS = 3
# How far from its box, in pixels, the words of an agreement begin.
_LINE, _REACH = 20, 80


async def log_in(page: LivePage, access: SiteAccess, sending: Callable[[], None] = lambda: None) -> None:
    """Type the credentials into the log-in form that is open, once; return when the form is gone.

    `sending` is called right before it is sent. Raise BadPassword, AccountLocked, LoginRefused, Challenge, DemandMade,
    ForeignLogin, SiteUnavailable, and PageChanged if there is no form or nothing can be made of the answer.
    """
    snapshot = await _form(page, access)
    if challenge(snapshot) is ChallengeKind.IMAGE:
        raise Challenge(access.title, ChallengeKind.IMAGE)  # without its characters the one attempt would be wasted
    asked = name_box(snapshot) if find_login_form(snapshot) is None else None
    if asked is not None:
        snapshot = await _name_step(page, access, asked)
    named = asked is not None
    form = _need_form(page, snapshot, named=named)
    await _fill(page, access, form, named=named)
    await _accept_terms(page, form.part, form.password)
    snapshot = await page.look()  # what sends it may be shut until both are typed
    form = find_login_form(snapshot) or form
    answer = LoginAnswer(page, access.title, snapshot, page.traffic.cursor(), _stands)
    sending()
    await _submit(page, form.part, form.password, login_words.LOGIN)
    await answer.judge()


def _need_form(page: LivePage, snapshot: PageSnapshot, *, named: bool) -> LoginForm:
    """The form for what is registered. `named`: the user name was handed in already. Raise PageChanged without one."""
    form = find_login_form(snapshot)
    if form is None:
        raise _no_form(page, snapshot)
    if form.user is None and not named:
        raise PageChanged(
            snapshot.address, Text("the log-in form has no box for the user name", "登录表单没有账号输入框")
        )
    if label := form.unknown:
        raise PageChanged(
            snapshot.address,
            Text(f"the log-in form asks for “{label}”, too, which is not registered", f"登录表单还要求填写“{label}”"),
        )
    return form


async def _fill(page: LivePage, access: SiteAccess, form: LoginForm, *, named: bool) -> None:
    password = await page.element(form.part, form.password)
    wanted = form.user if form.user is not None and not (named and form.user.value) else None
    user = await page.element(form.part, wanted) if wanted is not None else None
    # Only now: if the frame goes elsewhere after this, the boxes are gone with their document.
    check_origin(form.part.frame, access.title, access.trusted)
    # fill() fires the events of typing; key by key, a slow page could lose a letter and so waste the one attempt.
    if user is not None and wanted is not None:
        await _type(user, wanted, access.credentials.username)
    await _type(password, form.password, access.credentials.password.get_secret_value())


async def _type(box: ElementHandle, node: Node, text: str) -> None:
    if node.readonly:
        await box.click(timeout=_CLICK_MS)  # many a box is shut until it is clicked, so that no browser fills it in
    await box.fill(text)


async def _name_step(page: LivePage, access: SiteAccess, asked: tuple[FrameSnapshot, Node]) -> PageSnapshot:
    """The page that asks for the password, once the name was handed in."""
    part, box = asked
    handle = await page.element(part, box)
    check_origin(part.frame, access.title, access.trusted)
    await _type(handle, box, access.credentials.username)
    snapshot = await page.look()
    part, box = name_box(snapshot) or (part, box)
    answer = LoginAnswer(page, access.title, snapshot, page.traffic.cursor(), lambda v: password_field(v) is None)
    await _submit(page, part, box, login_words.NEXT_STEP)
    await answer.judge()
    return await page.settled(_FORM_SECONDS, lambda v: password_field(v) is not None)


async def _form(page: LivePage, access: SiteAccess) -> PageSnapshot:
    """The page with the form for name and password, which may lie behind a tab, a picture or a notice."""
    snapshot = await page.settled(_FORM_SECONDS, lambda v: _leads_on(v, access.switch))
    locked = states_any(snapshot, login_words.LOCKED)
    if locked and password_field(snapshot) is None:
        # Beside a form, in which nothing was typed yet, it is about somebody else.
        raise AccountLocked(access.title, locked)
    snapshot = await close_promotions(page, snapshot)
    for _ in range(_MAX_TURNS):
        if not await _turn(page, snapshot, access):
            break
        snapshot = await page.settled(_FORM_SECONDS, lambda v: _leads_on(v, None))
    if password_field(snapshot) is None and name_box(snapshot) is None:
        if made := demand(snapshot):
            raise DemandMade(access.title, *made)
        if kind := challenge(snapshot):
            raise Challenge(access.title, kind)
        if find_text(snapshot, login_words.QR_CODE):
            raise Challenge(access.title, ChallengeKind.QR)
    return snapshot


def is_log_in(snapshot: PageSnapshot) -> bool:
    """True if the page is one to log in on, whatever way it shows first."""
    return offers_log_in(snapshot) or find_text(snapshot, login_words.QR_LOG_IN) is not None


def _leads_on(snapshot: PageSnapshot, switch: str | None) -> bool:
    """True once there is a form, or what leads to one."""
    ways = (
        password_field(snapshot)
        or name_box(snapshot)
        or find_words(snapshot, login_words.PASSWORD_TABS + login_words.EMAIL_TABS)
        or covering(snapshot)
    )
    return ways is not None or (switch is not None and find_text(snapshot, login_words.QR_CODE) is not None)


async def _turn(page: LivePage, snapshot: PageSnapshot, access: SiteAccess) -> bool:
    """Take one turn towards the form; false if none is left to take."""
    by_mail = find_words(snapshot, login_words.EMAIL_TABS) if "@" in access.credentials.username else None
    tab = by_mail or find_words(snapshot, login_words.PASSWORD_TABS)
    if password_field(snapshot) is not None and (by_mail is None or _wants_mail(snapshot)):
        return False
    if tab is not None:
        await page.click(*tab)
        return True
    return access.switch is not None and await click_selector(page, snapshot, access.switch)


def _wants_mail(snapshot: PageSnapshot) -> bool:
    """True if the form that is open already asks for an e-mail address."""
    form = find_login_form(snapshot)
    user = form.user if form is not None else None
    return user is not None and (user.kind == "email" or "邮箱" in user.attrs.get("placeholder", ""))


async def _accept_terms(page: LivePage, part: FrameSnapshot, password: Node) -> None:
    """Tick the agreement to the site's terms (我已阅读并同意…), without which the form is not taken."""
    shot = part.shot
    below = [n for n in shot.texts if n.box.cy > password.frame_box.cy]
    terms = [
        n for n in below if message_words.TERMS.search(fold(shot.words(n)))
    ]  # what is agreed to often stands in links
    for box in (n for n in shot.nodes if n.kind == "checkbox" and n.checked is False):
        if any(_beside(box, n) for n in terms):
            # Drawn boxes lie over the real one, which then cannot be clicked but by its own label.
            await (await page.element(part, box)).evaluate("box => (box.labels?.[0] ?? box).click()")


def _beside(box: Node, text: Node) -> bool:
    return abs(box.frame_box.cy - text.box.cy) < _LINE and 0 <= text.box.x - box.frame_box.x < _REACH


def _no_form(page: LivePage, snapshot: PageSnapshot) -> PageChanged | SiteUnavailable | WrongAddress:
    if trouble := trouble_of_site(snapshot):
        return SiteUnavailable(page.raw.url, trouble)
    if parked := find_text(snapshot, message_words.PARKED):
        return WrongAddress(snapshot.address, "login_url", parked)
    return LoginFormMissing(snapshot.address)


async def _submit(page: LivePage, part: FrameSnapshot, box: Node, named: Collection[str]) -> None:
    button = button_of(part, box, named)
    if button is None:
        await (await page.element(part, box)).press("Enter", no_wait_after=True)
    else:
        await page.click(part, button)


def _stands(snapshot: PageSnapshot) -> bool:
    """True while the form is there, also underneath a notice that says why it was not taken."""
    return any(n.kind == "password" and n.shown and not is_decoy(n) for p in snapshot.parts for n in p.shot.nodes)
