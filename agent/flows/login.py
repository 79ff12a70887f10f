"""Logs in: finds the form, types once, and says by type how it went."""

from collections.abc import Collection

from agent.domain.challenges import ChallengeKind
from agent.domain.errors import (
    AccountLocked,
    BadPassword,
    Challenge,
    PageChanged,
    SiteUnavailable,
)
from agent.domain.merchants import Credentials
from agent.domain.text import Text, fold
from agent.flows.origin import check_origin
from agent.pages import words
from agent.pages.arrival import close_promotions, covering
from agent.pages.condition import challenge, offers_log_in, password_field, said
from agent.pages.pointer import click_selector
from agent.pages.snapshot import Node
from agent.pages.window import Part, View, Window

_FORM_SECONDS = 20.0
_ANSWER_SECONDS = 30.0
_USER_KINDS = ("text", "tel", "email", "search")
_MAX_TURNS = 3
# How far from its box, in pixels, the words of an agreement begin.
_LINE, _REACH = 20, 80


async def log_in(
    window: Window, site: str, credentials: Credentials, trusted: Collection[str], switch: str | None = None
) -> None:
    """Types the credentials into the log-in form that is open, once.

    `trusted` are the origins on which it may stand. `switch` is a CSS selector of what leads to the form where nothing
    with words does. Returns when the form is gone. Raises BadPassword, AccountLocked, Challenge, ForeignLogin,
    SiteUnavailable, and PageChanged where there is no form or nothing can be made of the answer.
    """
    view = await _form(window, site, credentials.username, switch)
    if challenge(view) is ChallengeKind.IMAGE:
        raise Challenge(site, ChallengeKind.IMAGE)  # without its characters the one attempt would be wasted
    found = password_field(view)
    if found is None:
        raise _no_form(window, view)
    part, password = found
    user = _user_field(part, password)
    if user is None:
        raise PageChanged(view.address, Text("the log-in form has no box for the user name", "登录表单没有账号输入框"))
    boxes = await window.element(part, user), await window.element(part, password)
    # Only now: if the frame goes elsewhere after this, the two boxes are gone with their document.
    check_origin(part.frame, site, trusted)
    # fill() fires the events of typing; key by key, a slow page could lose a letter and so waste the one attempt.
    await boxes[0].fill(credentials.username)
    await boxes[1].fill(credentials.password.get_secret_value())
    await _accept_terms(window, part, password)
    mark = window.traffic.mark()
    await _submit(window, part, password)
    await _judge(window, site, view, mark)


async def _form(window: Window, site: str, username: str, switch: str | None) -> View:
    """The page with the form for name and password, which may lie behind a tab, a picture or a notice."""
    view = await window.settled(_FORM_SECONDS, lambda v: _leads_on(v, switch))
    if locked := said(view, words.LOCKED):
        raise AccountLocked(site, locked)
    view = await close_promotions(window, view)
    for _ in range(_MAX_TURNS):
        if not await _turn(window, view, username, switch):
            break
        view = await window.settled(_FORM_SECONDS, lambda v: _leads_on(v, None))
    if password_field(view) is None:
        if kind := challenge(view):
            raise Challenge(site, kind)
        if said(view, words.QR_CODE):
            raise Challenge(site, ChallengeKind.QR)
    return view


def is_log_in(view: View) -> bool:
    """True where the page is one to log in on, whatever way it shows first."""
    return offers_log_in(view) or said(view, words.QR_LOG_IN) is not None


def _leads_on(view: View, switch: str | None) -> bool:
    """True once there is a form, or what leads to one."""
    ways = password_field(view) or _tab(view, words.PASSWORD_TABS + words.EMAIL_TABS) or covering(view)
    return ways is not None or (switch is not None and said(view, words.QR_CODE) is not None)


async def _turn(window: Window, view: View, username: str, switch: str | None) -> bool:
    """Takes one turn towards the form; false where none is left to take."""
    by_mail = _tab(view, words.EMAIL_TABS) if "@" in username else None
    tab = by_mail or _tab(view, words.PASSWORD_TABS)
    if password_field(view) is not None and (by_mail is None or _wants_mail(view)):
        return False
    if tab is not None:
        await window.click(*tab)
        return True
    return switch is not None and await click_selector(window, view, switch)


def _wants_mail(view: View) -> bool:
    """True where the form that is open already asks for an e-mail address."""
    found = password_field(view)
    user = _user_field(*found) if found else None
    return user is not None and (user.kind == "email" or "邮箱" in user.attrs.get("placeholder", ""))


def _tab(view: View, named: Collection[str]) -> tuple[Part, Node] | None:
    """The tab of that name (密码登录), behind which the form is when the page opens on something else."""
    for part in view.parts:
        for node in part.shot.texts:
            if words.is_one_of(node.text, named) and node.top is not False:
                return part, node
    return None


async def _accept_terms(window: Window, part: Part, password: Node) -> None:
    """Ticks the agreement to the site's terms (我已阅读并同意…), without which the form is not taken."""
    shot = part.shot
    below = [n for n in shot.texts if n.box.cy > password.frame_box.cy]
    terms = [n for n in below if words.TERMS.search(fold(shot.words(n)))]  # what is agreed to often stands in links
    for box in (n for n in shot.nodes if n.kind == "checkbox" and n.checked is False):
        if any(_beside(box, n) for n in terms):
            # Drawn boxes lie over the real one, which then cannot be clicked but by its own label.
            await (await window.element(part, box)).evaluate("box => (box.labels?.[0] ?? box).click()")


def _beside(box: Node, text: Node) -> bool:
    return abs(box.frame_box.cy - text.box.cy) < _LINE and 0 <= text.box.x - box.frame_box.x < _REACH


def _no_form(window: Window, view: View) -> PageChanged | SiteUnavailable:
    if trouble := said(view, words.SITE_ERROR):
        return SiteUnavailable(window.page.url, trouble)
    return PageChanged(view.address, Text("no log-in form was found", "未找到登录表单"))


def _user_field(part: Part, password: Node) -> Node | None:
    """The nearest box above or before the password's."""
    boxes = [
        n for n in part.shot.nodes if n.kind in _USER_KINDS and n.shown and n.index < password.index and not n.disabled
    ]
    return boxes[-1] if boxes else None


async def _submit(window: Window, part: Part, password: Node) -> None:
    button = _submit_button(part, password)
    if button is None:
        await (await window.element(part, password)).press("Enter", no_wait_after=True)
    else:
        await window.click(part, button)


def _submit_button(part: Part, password: Node) -> Node | None:
    shot = part.shot
    named = [n for n in shot.texts if words.is_one_of(n.text, words.LOGIN) and n.top is not False]
    usable = [n for n in named if _is_button(part, n)]
    below = [n for n in usable if n.box.cy > password.frame_box.cy]
    return min(below, key=lambda n: n.box.cy - password.frame_box.cy) if below else None


def _is_button(part: Part, node: Node) -> bool:
    worked = part.shot.worked_by(node)
    return worked is not None and not part.shot.is_disabled(worked)


async def _judge(window: Window, site: str, before: View, mark: int) -> None:
    """Waits until the form is gone or the page says why not. `mark` is the place in the traffic before the click."""
    known, was = {n.text for n in before.texts()}, challenge(before)

    def asked(view: View) -> ChallengeKind | None:
        """What the page asks for now, and did not speak of before: 如遇滑块请刷新 beside a form is advice."""
        return kind if (kind := challenge(view)) is not was else None

    def decided(view: View) -> bool:
        return not _stands(view) or asked(view) is not None or _complaint(view, known) is not None

    view = await window.settled(_ANSWER_SECONDS, decided)
    kind = asked(view) or (challenge(view) if not _stands(view) else None)
    if kind and not words.WRONG_LOGIN.search(_complaint(view, known) or ""):
        raise Challenge(site, kind)  # many sites show one beside 密码错误, and then the password is what is wrong
    if not _stands(view):
        return
    complaint = _complaint(view, known) or next((d for d in reversed(window.dialogs) if d), None)
    status = next((e.status for e in window.traffic.since(mark) if e.is_write and e.status), None)
    raise _refusal(window, site, complaint, status)


def _stands(view: View) -> bool:
    """True while the form is there, also underneath a notice that says why it was not taken."""
    return any(n.kind == "password" and n.shown for p in view.parts for n in p.shot.nodes)


def _complaint(view: View, known: set[str]) -> str | None:
    for node in view.texts():
        text = node.folded
        if node.text not in known and (
            words.WRONG_LOGIN.search(text) or words.LOCKED.search(text) or words.SITE_ERROR.search(text)
        ):
            return node.text
    return None


def _refusal(
    window: Window, site: str, complaint: str | None, status: int | None
) -> BadPassword | AccountLocked | SiteUnavailable | PageChanged:
    text = complaint or ""
    if words.LOCKED.search(text):
        return AccountLocked(site, text)
    if words.WRONG_LOGIN.search(text) or status in (400, 401, 403):
        return BadPassword(site, text or f"HTTP {status}")
    if text or (status or 0) >= 500:
        return SiteUnavailable(window.page.url, text or f"HTTP {status}")
    return PageChanged(window.page.url, Text("the log-in form stays and says nothing", "登录表单没有任何反应"))
