"""Logs in: finds the form, types once, and says by type how it went."""

from agent.domain.errors import AccountLocked, BadPassword, Challenge, ChallengeKind, PageChanged, SiteUnavailable
from agent.domain.merchants import Credentials
from agent.domain.text import Text
from agent.pages import words
from agent.pages.condition import challenge, password_field, said
from agent.pages.snapshot import Node
from agent.pages.window import Part, View, Window

_FORM_SECONDS = 20.0
_ANSWER_SECONDS = 30.0
_USER_KINDS = ("text", "tel", "email", "search")


async def log_in(window: Window, site: str, credentials: Credentials) -> None:
    """Types the credentials into the log-in form that is open, once.

    Returns when the form is gone. Raises BadPassword, AccountLocked, Challenge, SiteUnavailable, and PageChanged where
    there is no form or nothing can be made of the answer.
    """
    view = await _form(window, site)
    if challenge(view) is ChallengeKind.IMAGE:
        raise Challenge(site, ChallengeKind.IMAGE)  # without its characters the one attempt would be wasted
    found = password_field(view)
    if found is None:
        raise _no_form(window, view)
    part, password = found
    user = _user_field(part, password)
    if user is None:
        raise PageChanged(view.address, Text("the log-in form has no box for the user name", "登录表单没有账号输入框"))
    # fill() fires the events of typing; key by key, a slow page could lose a letter and so waste the one attempt.
    await (await window.element(part, user)).fill(credentials.username)
    await (await window.element(part, password)).fill(credentials.password.get_secret_value())
    mark = window.traffic.mark()
    await _submit(window, part, password)
    await _judge(window, site, view, mark)


async def _form(window: Window, site: str) -> View:
    view = await window.settled(_FORM_SECONDS, lambda v: password_field(v) is not None or _tab(v) is not None)
    tab = _tab(view)
    if password_field(view) is None and tab is not None:
        await window.click(*tab)
        view = await window.settled(_FORM_SECONDS, lambda v: password_field(v) is not None)
    if password_field(view) is None:
        if kind := challenge(view):
            raise Challenge(site, kind)
        if said(view, words.QR_CODE):
            raise Challenge(site, ChallengeKind.QR)
    return view


def _tab(view: View) -> tuple[Part, Node] | None:
    """The tab 密码登录, behind which the form is when the page opens on a QR code."""
    for part in view.parts:
        for node in part.shot.texts:
            if words.is_one_of(node.text, words.PASSWORD_TABS) and node.top is not False:
                return part, node
    return None


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
        await (await window.element(part, password)).press("Enter")
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
    known = {n.text for n in before.texts()}

    def decided(view: View) -> bool:
        return password_field(view) is None or challenge(view) is not None or _complaint(view, known) is not None

    view = await window.settled(_ANSWER_SECONDS, decided)
    kind = challenge(view)
    if kind and not words.WRONG_LOGIN.search(_complaint(view, known) or ""):
        raise Challenge(site, kind)  # many sites show one beside 密码错误, and then the password is what is wrong
    if password_field(view) is None:
        return
    complaint = _complaint(view, known) or next((d for d in reversed(window.dialogs) if d), None)
    status = next((e.status for e in window.traffic.since(mark) if e.is_write and e.status), None)
    raise _refusal(window, site, complaint, status)


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
