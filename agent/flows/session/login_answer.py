"""What a site made of a log-in that was sent: let in, refused, in trouble itself, or a person is wanted."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.domain.challenges import ChallengeKind
from agent.domain.errors import AccountError, SiteBusy, SiteUnavailable
from agent.domain.login_errors import AccountLocked, BadPassword, Challenge, DemandMade, LoginRefused
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text, fold
from agent.pages import list_words, login_words, message_words
from agent.pages.inference.challenges import challenge
from agent.pages.inference.demands import demand, distrusted, postponed
from agent.pages.inference.page_state import challenge_beside, trouble_of_site
from agent.pages.inference.statements import stated
from agent.pages.live.network import Exchange, messages_in
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

ANSWER_SECONDS = 30.0
_MOST_DELAYS = 3
_LONGEST_ANSWER = 60


@dataclass(slots=True)
class LoginAnswer:
    """Watches what follows a log-in. `before` is the page, `cursor` the place in the traffic, before it was sent."""

    page: LivePage
    title: str
    before: PageSnapshot
    cursor: int
    stands: Callable[[PageSnapshot], bool]
    _heard: list[str] = field(default_factory=list)
    _dialogs: int = 0

    def __post_init__(self) -> None:
        self._dialogs = len(self.page.dialogs)

    async def judge(self) -> None:
        """Return once the form is gone. Raise what the page says, or shows, if it stays."""
        snapshot = await self.page.settled(ANSWER_SECONDS, self._is_decided)
        snapshot = await self._put_off(snapshot)
        kind = self._asked(snapshot) if self.stands(snapshot) else challenge_beside(snapshot)
        if made := self._demand(snapshot):
            raise made
        if kind and not login_words.WRONG_LOGIN.search(fold(self._complaint(snapshot) or "")):
            raise Challenge(self.title, kind)  # many sites show one beside 密码错误: then the password is what is wrong
        if self.stands(snapshot):
            raise self._refusal(snapshot)

    def _is_decided(self, snapshot: PageSnapshot) -> bool:
        """Also takes note of what is said for a moment alone, as toasts do."""
        self._heard += [n.text for n in _new(snapshot, self._known) if n.text not in self._heard]
        complains = self._complaint(snapshot) is not None or self._demand(snapshot) is not None
        return not self.stands(snapshot) or complains or self._asked(snapshot) is not None

    @property
    def _known(self) -> set[str]:
        return {n.text for n in self.before.texts()}

    def _asked(self, snapshot: PageSnapshot) -> ChallengeKind | None:
        """What the page asks for now, and did not speak of before."""
        return kind if (kind := challenge(snapshot)) is not challenge(self.before) else None

    def _demand(self, snapshot: PageSnapshot) -> DemandMade | None:
        found = demand(snapshot)
        return DemandMade(self.title, *found) if found is not None and found[1] not in self._known else None

    async def _put_off(self, snapshot: PageSnapshot) -> PageSnapshot:
        """The page once it asks no longer whether to trust this device, or for what may be done later."""
        for _ in range(_MOST_DELAYS):
            later = distrusted(snapshot) or (postponed(snapshot) if self._demand(snapshot) else None)
            if later is None or later[1].text in self._known:
                break
            await self.page.click(*later)
            snapshot = await self.page.settled(ANSWER_SECONDS)
        return snapshot

    def _complaint(self, snapshot: PageSnapshot) -> str | None:
        """What is said since of a wrong password, a locked account or trouble of the site's."""
        dialogs = [d for d in self.page.dialogs[self._dialogs :] if d]
        for text in (*(n.text for n in _new(snapshot, self._known)), *dialogs, *self._heard):
            if any(
                stated(fold(text), pattern)
                for pattern in (login_words.WRONG_LOGIN, login_words.LOCKED, message_words.SITE_ERROR)
            ):
                return text
        return None

    def _refusal(self, snapshot: PageSnapshot) -> AccountError:  # noqa: PLR0911 - one line a way to refuse
        writes = [e for e in self.page.traffic.since(self.cursor) if e.is_write]
        status = next((e.status for e in writes if e.status), None)
        text = self._complaint(snapshot) or self._message_in(writes) or ""
        folded = fold(text)
        if login_words.LOCKED.search(folded):
            return AccountLocked(self.title, text)
        if login_words.WRONG_LOGIN.search(folded) or status in (400, 401, 403):
            return BadPassword(self.title, text or f"HTTP {status}")
        address = self.page.raw.url
        if (status or 0) >= 500 or any(e.lost for e in writes):
            return SiteUnavailable(address, text or (f"HTTP {status}" if status else "no answer"))
        if message_words.SITE_ERROR.search(folded) and not login_words.ABOUT_LOGIN.search(folded):
            return SiteBusy(address, text)
        maintained = trouble_of_site(snapshot)
        if maintained and maintained not in self._known and message_words.MAINTENANCE.search(fold(maintained)):
            return SiteBusy(address, maintained)
        unknown = text or self._unknown(snapshot)
        if unknown:
            return LoginRefused(self.title, unknown)
        return PageChanged(address, Text("the log-in form stays and says nothing", "登录表单没有任何反应"))

    def _message_in(self, writes: list[Exchange]) -> str | None:
        """What the answer itself says, if it is data and the page draws nothing of it."""
        return next((text for e in reversed(writes) for text in messages_in(e.body) if _is_sentence(text)), None)

    def _unknown(self, snapshot: PageSnapshot) -> str | None:
        """Words that came with the answer, and that nobody knows."""
        dialogs = [d for d in self.page.dialogs[self._dialogs :] if d]
        fresh = (n.text for n in _new(snapshot, self._known))
        return next((t for t in (*dialogs, *fresh, *self._heard) if _is_sentence(t)), None)


def _new(snapshot: PageSnapshot, known: set[str]) -> list[Node]:
    shown = [(p, n) for p in snapshot.parts for n in p.shot.texts if n.text not in known]
    return [n for p, n in shown if not _leads_on(p, n)]


def _leads_on(part: FrameSnapshot, node: Node) -> bool:
    worked = part.shot.worked_by(node)
    return worked is not None and worked.tag in ("a", "button", "input")


def _is_sentence(text: str) -> bool:
    folded = fold(text)
    return (
        2 < len(folded) <= _LONGEST_ANSWER
        and re.search(r"[^\W\d_]{2}", folded) is not None
        and not list_words.LOADING.match(folded)
    )
