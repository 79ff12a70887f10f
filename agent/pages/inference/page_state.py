"""What kind of page this is now: a list, an honest emptiness, a log-in form, a challenge, an error, or nothing yet."""

import re
from collections.abc import Collection
from enum import StrEnum

from agent.domain.challenges import ChallengeKind
from agent.pages import list_words, login_words, message_words
from agent.pages.inference.challenges import challenge, in_own_frame
from agent.pages.inference.list_kind import FILINGS, ORDERS, ListKind
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.login_boxes import offers_log_in
from agent.pages.inference.statements import states_any
from agent.pages.view import PageSnapshot

_FEW = 8


class PageState(StrEnum):
    """What a page is, as far as the work on a list goes."""

    LIST = "list"
    EMPTY = "empty"
    LOGIN = "login"
    CHALLENGE = "challenge"
    ERROR = "error"
    NOTHING = "nothing"


def page_state(snapshot: PageSnapshot, kind: ListKind) -> PageState:  # noqa: PLR0911 - one line a kind of page
    """The kind of page, judged in the order in which being wrong would cost most."""
    ways_in = offers_log_in(snapshot)
    kind_asked = challenge(snapshot)
    # A form that opens on 手机登录 asks for a code, too, and one that opens on 扫码登录 shows one to scan.
    ways_in = ways_in or (kind_asked is ChallengeKind.QR and find_text(snapshot, login_words.QR_LOG_IN) is not None)
    if kind_asked is not None and not (ways_in and (kind_asked.typed or kind_asked is ChallengeKind.QR)):
        # 如遇滑块请刷新 above a list that can be worked is advice: what asks for a person lies over the list.
        return (
            PageState.LIST
            if not ways_in and not in_own_frame(snapshot) and _workable(snapshot, kind)
            else PageState.CHALLENGE
        )
    if ways_in:
        return PageState.LOGIN
    located = find_list(snapshot, kind)
    if located is not None and located.parsed.rows:
        return PageState.LIST
    if states_any(snapshot, login_words.LOGGED_OUT, links=True) or (
        located is None and find_text(snapshot, login_words.QR_LOG_IN)
    ):
        return PageState.LOGIN
    if trouble_of_site(snapshot):
        return PageState.ERROR
    if is_empty(snapshot, located, kind.empty):
        return PageState.EMPTY
    return PageState.NOTHING


def challenge_beside(snapshot: PageSnapshot) -> ChallengeKind | None:
    """What a person is asked to prove; None also beside a list that can be worked: there the words are advice."""
    kind = challenge(snapshot)
    if kind is None or in_own_frame(snapshot) or offers_log_in(snapshot):
        return kind
    return None if any(_workable(snapshot, each) for each in (ORDERS, FILINGS)) else kind


def trouble_of_site(snapshot: PageSnapshot) -> str | None:
    """What the page says of trouble of the site's own, or of its maintenance; None if it says nothing of the kind."""
    return (
        states_any(snapshot, message_words.SITE_ERROR)
        or states_any(snapshot, message_words.MAINTENANCE)
        or _closed_for_now(snapshot)
    )


def _closed_for_now(snapshot: PageSnapshot) -> str | None:
    """The announcement of a maintenance that is all that a page shows: 将于 00:00 进行维护，期间无法访问."""
    alone = sum(1 for _ in snapshot.texts()) <= _FEW and not offers_log_in(snapshot)
    return find_text(snapshot, message_words.MAINTENANCE) if alone and find_text(snapshot, login_words.PARDON) else None


def _workable(snapshot: PageSnapshot, kind: ListKind) -> bool:
    located = find_list(snapshot, kind)
    rows = located.parsed.rows if located else []
    return bool(rows) and all(any(n.top for n in row.nodes) for row in rows[:3])


def is_empty(snapshot: PageSnapshot, located: LocatedList | None = None, words: Collection[str] = ()) -> bool:
    """True if the page itself says that there is nothing: 暂无数据, 共 0 条, one of `words`.

    Under headings that is only said below them: 暂无消息 in a box above is about something else.
    """
    nodes = (
        snapshot.texts() if located is None else (n for n in located.part.shot.texts if n.box.cy > located.parsed.top)
    )
    text = any(list_words.EMPTY.match(n.folded) or n.folded in words for n in nodes if n.top is not False)
    return text or any(list_words.total_in(n.text) == 0 for n in snapshot.texts() if n.top is not False)


def find_text(snapshot: PageSnapshot, pattern: re.Pattern[str]) -> str | None:
    """The first short text on the page that matches, or None."""
    return next((n.text for n in snapshot.texts() if len(n.text) < 80 and pattern.search(n.folded)), None)
