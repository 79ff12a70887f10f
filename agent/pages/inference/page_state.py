"""What kind of page this is now: a list, an honest emptiness, a log-in form, a challenge, an error, or nothing yet."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from agent.domain.challenges import ChallengeKind
from agent.domain.text import fold
from agent.pages import list_words, login_words, vocabulary
from agent.pages.inference.cards import find_cards
from agent.pages.inference.parsed_list import ParsedList
from agent.pages.inference.records import FILING_NEEDS, ORDER_NEEDS
from agent.pages.inference.statements import states, states_any
from agent.pages.inference.tables import find_table
from agent.pages.snapshot import Node, Snapshot, remembered
from agent.pages.values import numbers_in
from agent.pages.view import FrameSnapshot, PageSnapshot
from agent.pages.vocabulary import Vocabulary

_PICTURES = ("img", "canvas", "svg")
_SMALLEST_QR = 80
_NEAR = 60
_PUZZLE = (100, 60)
_FEW = 8
_TYPED = ("text", "tel", "email", "search", "number")
_PUZZLES = re.compile(r"captcha|verify|geetest|yidun|nc_|puzzle|click-?word")
_OVER = 240


@dataclass(frozen=True, slots=True, eq=False)
class ListKind:
    """What a list is made of: the words of its fields, those that tell it from other lists, the words of states, and
    the fields without which it cannot be read; `empty` is what a site says, folded, if there is nothing, beside what
    every reader knows. There is one for each kind, and for each site with words of its own.
    """

    vocabulary: Vocabulary
    telling: frozenset[str]
    states: tuple[str, ...]
    needs: frozenset[str]
    empty: frozenset[str] = frozenset()

    def with_words(
        self, headings: Mapping[str, tuple[str, ...]], states: Iterable[str], empty: Iterable[str]
    ) -> "ListKind":
        """The kind with a site's own words: the same object for the same words. One that is known keeps its meaning."""
        further = tuple((name, tuple(words)) for name, words in sorted(headings.items()))
        words = further, tuple(sorted(states)), tuple(sorted(fold(word) for word in empty))
        return _with_words(self, *words) if any(words) else self


@cache
def _with_words(
    kind: ListKind, headings: tuple[tuple[str, tuple[str, ...]], ...], states: tuple[str, ...], empty: tuple[str, ...]
) -> ListKind:
    further = {
        name: tuple(vocabulary.heading(w) for w in words if vocabulary.field_of(w, kind.vocabulary) is None)
        for name, words in headings
    }
    merged = {name: (*words, *further.get(name, ())) for name, words in kind.vocabulary.items()}
    return ListKind(merged, kind.telling, (*kind.states, *states), kind.needs, frozenset(empty))


ORDERS = ListKind(
    vocabulary.ORDER_FIELDS,
    frozenset({"order_no", "service"}),
    tuple(w for ws in vocabulary.ORDER_STATUS.values() for w in ws),
    frozenset(ORDER_NEEDS),
)
FILINGS = ListKind(
    vocabulary.FILING_FIELDS,
    frozenset({"order_no"}),
    tuple(w for ws in vocabulary.FILING_STATUS.values() for w in ws),
    frozenset(FILING_NEEDS),
)


class PageState(StrEnum):
    LIST = "list"
    EMPTY = "empty"
    LOGIN = "login"
    CHALLENGE = "challenge"
    ERROR = "error"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class LocatedList:
    """A list as it stands in one view."""

    snapshot: PageSnapshot
    part: FrameSnapshot
    listing: ParsedList
    # The height of the window in which its rows scroll by themselves, once they were seen to do so.
    scrolls: float | None = None

    @property
    def signature(self) -> tuple[str, ...]:
        """Changes when other rows are shown."""
        return tuple(" ".join(n.text for n in r.nodes if n.text) for r in self.listing.rows)


def totals(located: LocatedList) -> set[int]:
    """The counts that the page states: 共 37 条, also if the words of that line stand in several elements.

    Where any stands under the list's rows, those further away count for nothing, else those closely above it do; what
    counts something else, such as 共 5 条消息, never does.
    """
    shot = located.part.shot
    texts = [(n, list_words.total_in(n.text)) for n in shot.texts if len(n.text) < 60]
    texts += [(n, list_words.total_in(shot.words(n))) for n in shot.nodes if _is_short_line(shot, n)]
    stated = [(n, t) for n, t in texts if t is not None and list_words.total_in(shot.words(n)) is not None]
    own = {t for n, t in stated if _is_by(located, n)}
    return own or {t for n, t in stated if _is_over(located, n)}


def _is_over(located: LocatedList, node: Node) -> bool:
    """True for what stands closely above the list, or beside it."""
    tops = [n.box.y for n in located.listing.header] or [r.box.y for r in located.listing.rows]
    return not tops or node.box.bottom >= min(tops) - _OVER


def _is_by(located: LocatedList, node: Node) -> bool:
    """True for what stands under the rows, between the left and the right of the list."""
    boxes = [r.box for r in located.listing.rows] or [n.box for n in located.listing.header]
    if not boxes:
        return False
    left, right = min(b.x for b in boxes), max(b.right for b in boxes)
    return node.box.y >= max(b.bottom for b in boxes) - 2 and left - 2 <= node.box.cx <= right + 2


def _is_short_line(shot: Snapshot, node: Node) -> bool:
    return node.shown and 0 < shot.last[node.index] - node.index <= 6 and node.frame_box.h < 60


def find_list(snapshot: PageSnapshot, kind: ListKind) -> LocatedList | None:
    """The list of that kind in any frame of the page, with rows or without; None if there is none."""
    for part in snapshot.parts:
        listing = _listing(part.shot, kind)
        if listing is not None:
            return LocatedList(snapshot, part, listing.copy())
    return None


@remembered
def _listing(shot: Snapshot, kind: ListKind) -> ParsedList | None:
    listing = find_table(shot, kind.vocabulary, kind.telling)
    if listing is not None and listing.rows:
        return listing
    cards = find_cards(shot, kind.vocabulary, kind.states)
    # Beside a table that is empty, a hint such as 订单编号在确认之后可见 looks like a card.
    return cards if cards and (listing is None or _has_records(cards)) else listing


def _has_records(listing: ParsedList) -> bool:
    """True if any row shows a state or a number: without both, it is no record of anything."""
    return any(row.text("status") or numbers_in(" ".join(n.text for n in row.nodes)) for row in listing.rows)


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
            if not ways_in and not _in_frame(snapshot) and _workable(snapshot, kind)
            else PageState.CHALLENGE
        )
    if ways_in:
        return PageState.LOGIN
    located = find_list(snapshot, kind)
    if located is not None and located.listing.rows:
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
    """What a person is asked to prove; None also beside a list that can be worked, where the words are advice."""
    kind = challenge(snapshot)
    if kind is None or _in_frame(snapshot) or offers_log_in(snapshot):
        return kind
    return None if any(_workable(snapshot, each) for each in (ORDERS, FILINGS)) else kind


def trouble_of_site(snapshot: PageSnapshot) -> str | None:
    """What the page says of trouble of the site's own, or of its maintenance; None if it says nothing of the kind."""
    return (
        states_any(snapshot, vocabulary.SITE_ERROR)
        or states_any(snapshot, vocabulary.MAINTENANCE)
        or _closed_for_now(snapshot)
    )


def _closed_for_now(snapshot: PageSnapshot) -> str | None:
    """The announcement of a maintenance that is all that a page shows: 将于 00:00 进行维护，期间无法访问."""
    alone = sum(1 for _ in snapshot.texts()) <= _FEW and not offers_log_in(snapshot)
    return find_text(snapshot, vocabulary.MAINTENANCE) if alone and find_text(snapshot, login_words.PARDON) else None


def _workable(snapshot: PageSnapshot, kind: ListKind) -> bool:
    located = find_list(snapshot, kind)
    rows = located.listing.rows if located else []
    return bool(rows) and all(any(n.top for n in row.nodes) for row in rows[:3])


def is_empty(snapshot: PageSnapshot, located: LocatedList | None = None, words: Collection[str] = ()) -> bool:
    """True if the page itself says that there is nothing: 暂无数据, 共 0 条, one of `words`.

    Under headings that is only said below them: 暂无消息 in a box above is about something else.
    """
    nodes = (
        snapshot.texts() if located is None else (n for n in located.part.shot.texts if n.box.cy > located.listing.top)
    )
    text = any(list_words.EMPTY.match(n.folded) or n.folded in words for n in nodes if n.top is not False)
    return text or any(list_words.total_in(n.text) == 0 for n in snapshot.texts() if n.top is not False)


def find_text(snapshot: PageSnapshot, pattern: re.Pattern[str]) -> str | None:
    """The first short text on the page that matches, or None."""
    return next((n.text for n in snapshot.texts() if len(n.text) < 80 and pattern.search(n.folded)), None)


def password_field(snapshot: PageSnapshot) -> tuple[FrameSnapshot, Node] | None:
    """The password box that a person sees, with its frame."""
    return next(boxes_for_passwords(snapshot), None)


def boxes_for_passwords(snapshot: PageSnapshot) -> Iterator[tuple[FrameSnapshot, Node]]:
    """The password boxes that a person sees, with their frames."""
    for part in snapshot.parts:
        for node in part.shot.nodes:
            if node.kind == "password" and node.shown and node.top is not False and not is_decoy(node):
                yield part, node


def is_decoy(node: Node) -> bool:
    """True for a box too small for a person, or hidden from those who cannot see: only programs fill it in."""
    return node.frame_box.w < 24 or node.frame_box.h < 8 or node.attrs.get("aria-hidden") == "true"


def offers_log_in(snapshot: PageSnapshot) -> bool:
    """True if a person can log in: a password box, or the tabs of a form that opens on another way in."""
    tabs = login_words.PASSWORD_TABS + login_words.EMAIL_TABS + login_words.OTHER_TABS
    named = any(vocabulary.is_one_of(n.text, tabs) and n.top is not False for n in snapshot.texts())
    return named or password_field(snapshot) is not None or any(_asks_for_name(part.shot) for part in snapshot.parts)


def _asks_for_name(shot: Snapshot) -> bool:
    """True for the first step of a log-in: one box, for a name, and 下一步."""
    boxes = [n for n in shot.nodes if n.kind in _TYPED and n.shown and n.top is not False and not is_decoy(n)]
    if len(boxes) != 1 or not any(vocabulary.is_one_of(n.text, login_words.NEXT_STEP) for n in shot.texts):
        return False
    hint = fold(boxes[0].attrs.get("placeholder", "") + boxes[0].name)
    labels = [hint] if hint else [n.folded for n in shot.texts]
    speaks = (
        any(login_words.LOG_IN.search(n.folded) for n in shot.texts)
        or login_words.LOG_IN.search(fold(shot.title)) is not None
    )
    asks = any(login_words.USER_BOX.search(text) and not login_words.ANY_CODE.search(text) for text in labels)
    return speaks and asks


def challenge(snapshot: PageSnapshot) -> ChallengeKind | None:
    """What a person is asked to prove, where it is really shown; hidden and tiny captcha frames do not count."""
    if _in_frame(snapshot):
        return ChallengeKind.SLIDER
    return next((kind for part in snapshot.parts if (kind := _challenge_in(part.shot))), None)


def _in_frame(snapshot: PageSnapshot) -> bool:
    """True if a page of its own, most often in a frame, asks for the puzzle."""
    return any(
        "punish" in p.shot.address or ("captcha" in p.shot.address and p.frame.parent_frame is not None)
        for p in snapshot.parts
    )


def _challenge_in(shot: Snapshot) -> ChallengeKind | None:  # noqa: PLR0911 - one line a kind
    texts = [n.folded for n in shot.texts if n.top is not False and len(n.text) < 60]
    boxes = [n for n in shot.nodes if n.kind in ("text", "tel", "number") and n.shown and n.top is not False]
    hints = [h for n in boxes if not vocabulary.SEARCH_BOX.search(h := fold(n.attrs.get("placeholder", "")))]
    boxes = [n for n in boxes if not vocabulary.SEARCH_BOX.search(fold(n.attrs.get("placeholder", "")))]
    password = any(n.kind == "password" and n.shown and n.top is not False for n in shot.nodes)
    if _states(shot, login_words.SLIDER):
        return ChallengeKind.SLIDER
    if _states(shot, login_words.CLICK_PUZZLE) and _has_puzzle(shot):
        return ChallengeKind.CLICK
    if boxes and _asks_for_image(shot, boxes, texts, hints):
        return ChallengeKind.IMAGE
    if boxes and not password and (typed := _code_wanted(texts, texts + hints)):
        return typed
    # 安全验证 stands over puzzles and over codes alike: without a box for a code it is a puzzle.
    if _states(shot, login_words.VERIFICATION):
        return ChallengeKind.SLIDER
    if not password and _has_qr(shot) and any(login_words.QR_CHECK.search(t) for t in texts):
        return ChallengeKind.QR
    return ChallengeKind.APPROVAL if not password and _states(shot, login_words.APPROVAL) else None


def _states(shot: Snapshot, pattern: re.Pattern[str]) -> bool:
    """True if any text asks for it; one that only says what to do if it is asked for does not."""
    return any(len(n.text) < 60 and states(shot, n, pattern) for n in shot.texts)


def _has_puzzle(shot: Snapshot) -> bool:
    """True if something is there that can be clicked into: a picture, or a box that is called like a puzzle's."""
    drawn = any(p.frame_box.w >= _PUZZLE[0] and p.frame_box.h >= _PUZZLE[1] for p in _pictures(shot))
    return drawn or any(n.shown and n.frame_box.h >= _PUZZLE[1] and _PUZZLES.search(n.classes) for n in shot.nodes)


def _code_wanted(texts: list[str], all_words: list[str]) -> ChallengeKind | None:
    if any(login_words.TOTP_CODE.search(t) for t in all_words):
        return ChallengeKind.TOTP
    if any(login_words.SMS_CODE.search(t) for t in all_words):
        return ChallengeKind.EMAIL if any(login_words.EMAIL_CODE.search(t) for t in texts) else ChallengeKind.SMS
    return None


def _asks_for_image(shot: Snapshot, boxes: list[Node], texts: list[str], hints: list[str]) -> bool:
    """True if the characters of a picture are to be typed: the words say so, or a picture stands beside the box."""
    if any(login_words.IMAGE_CODE.search(t) for t in texts + hints):
        return True
    wanted = [b for b, hint in zip(boxes, hints, strict=True) if login_words.ANY_CODE.search(hint)]
    return any(_beside(box, picture) for box in wanted for picture in _pictures(shot))


def _beside(box: Node, picture: Node) -> bool:
    gap = picture.frame_box.x - box.frame_box.right
    level = box.frame_box.overlap_y(picture.frame_box) > box.frame_box.h / 2
    return level and 0 <= gap < _NEAR and picture.frame_box.w > picture.frame_box.h


def _has_qr(shot: Snapshot) -> bool:
    boxes = (p.frame_box for p in _pictures(shot))
    return any(b.w >= _SMALLEST_QR and abs(b.w - b.h) < b.w / 10 for b in boxes)


def _pictures(shot: Snapshot) -> list[Node]:
    return [n for n in shot.nodes if n.tag in _PICTURES and n.shown and n.top is not False]
