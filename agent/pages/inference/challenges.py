"""What a page asks a person to prove: a slider, a picture, a code, a QR code, an approval."""

import re

from agent.domain.challenges import ChallengeKind
from agent.domain.text import fold
from agent.pages import login_words, vocabulary
from agent.pages.inference.statements import states
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import PageSnapshot

_PICTURES = ("img", "canvas", "svg")
_SMALLEST_QR = 80
_NEAR = 60
_PUZZLE = (100, 60)
_PUZZLES = re.compile(r"captcha|verify|geetest|yidun|nc_|puzzle|click-?word")


def challenge(snapshot: PageSnapshot) -> ChallengeKind | None:
    """What a person is asked to prove, if it is really shown; hidden and tiny captcha frames do not count."""
    if in_own_frame(snapshot):
        return ChallengeKind.SLIDER
    return next((kind for part in snapshot.parts if (kind := _challenge_in(part.shot))), None)


def in_own_frame(snapshot: PageSnapshot) -> bool:
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
