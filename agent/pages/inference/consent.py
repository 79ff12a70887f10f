"""The page on which a shop lets an application in (授权): what it says, and what would have to be pressed."""

import re
from dataclasses import dataclass
from datetime import date

from agent.domain.shop_names import ShopName
from agent.pages import message_words, vocabulary
from agent.pages.inference.adjoining import Lines
from agent.pages.inference.buttons import plainness
from agent.pages.snapshot import Node, Snapshot
from agent.pages.values import moments_in
from agent.pages.view import FrameSnapshot, PageSnapshot

# How far from its box, in pixels, the words of an agreement begin.
_LINE, _REACH = 20, 80
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Consent:
    """What such a page says. `terms` are what is agreed to, `permissions` what the application may do.

    `button` is what lets it in, None if there is none that a click would reach; it may be switched off until all of
    `ticks` are ticked. `money` are words with which the page asks for money.
    """

    part: FrameSnapshot
    application: str | None
    shop: str | None
    until: date | None
    permissions: tuple[str, ...]
    terms: tuple[str, ...]
    ticks: tuple[Node, ...]
    button: Node | None
    money: str | None
    succeeded: bool

    @property
    def readable(self) -> bool:
        """True if it is such a page at all."""
        return self.button is not None or self.until is not None or self.money is not None

    @property
    def ready(self) -> bool:
        """True if only the button is left to press."""
        return self.button is not None and not self.ticks and not self.part.shot.is_disabled(self.button)


def consent_in(snapshot: PageSnapshot) -> Consent:
    """What the page says, in whichever of its frames the button is."""
    part = next((p for p in snapshot.parts if _button(p.shot)), snapshot.parts[0])
    shot = part.shot
    terms = [n for n in shot.texts if message_words.TERMS.search(n.folded)]
    until = moments_in(_labelled(shot, "until") or "")
    succeeded = any(message_words.AUTHORIZED.search(n.folded) for n in snapshot.texts() if len(n.text) < _LONGEST)
    return Consent(
        part=part,
        application=_labelled(shot, "application"),
        shop=_labelled(shot, "shop", whole=True),
        until=max(until).date() if until else None,
        permissions=_permissions(shot, terms),
        terms=tuple(_line_from(shot, n) for n in terms),
        ticks=tuple(n for n in shot.nodes if n.kind == "checkbox" and n.checked is False and _near(n, terms)),
        button=_button(shot),
        money=_money(snapshot, informs=succeeded or bool(until) or _button(shot) is not None),
        succeeded=succeeded,
    )


def _button(shot: Snapshot) -> Node | None:
    """The last of those with the plainest words: a heading, a tab or a link may be called 授权, too."""
    named = [n for n in shot.nodes if vocabulary.is_one_of(_name(n), vocabulary.AUTHORIZE) and n.top is not False]
    worked = [n for n in named if shot.worked_by(n) or n.tag == "button" or n.role == "button"]
    return min(reversed(worked), key=lambda n: plainness(_name(n), vocabulary.AUTHORIZE), default=None)


def _name(node: Node) -> str:
    return node.text or node.name


def _money(snapshot: PageSnapshot, *, informs: bool) -> str | None:
    """The words with which a page asks for money.

    A way to renew (续费) beside a consent, or beside the end of one, does not ask by itself. Where it stands alone
    (`informs` is false) it does.
    """
    found = (n.text for n in snapshot.texts() if message_words.ASKS_FOR_MONEY.search(n.folded))
    if (text := next(found, None)) or informs:
        return text[:_LONGEST] if text else None
    buying = ((p, n) for p in snapshot.parts for n in p.shot.texts if message_words.BUYING.search(n.folded))
    return next((n.text[:_LONGEST] for p, n in buying if n.tag in ("button", "a") or p.shot.worked_by(n)), None)


def _line_from(shot: Snapshot, node: Node) -> str:
    """A sentence with what follows it on its line: the agreement's name is a link of its own."""
    line = [n for n in shot.texts if abs(n.box.cy - node.box.cy) < node.box.h / 2 and n.box.x >= node.box.x]
    return "".join(n.text for n in sorted(line, key=lambda n: n.box.x))


def _near(box: Node, terms: list[Node]) -> bool:
    return any(
        abs(box.frame_box.cy - n.box.cy) < _LINE and 0 <= n.box.x - box.frame_box.x < _REACH
        for n in terms
        if n.index != box.index
    )


def _permissions(shot: Snapshot, terms: list[Node]) -> tuple[str, ...]:
    """The lines between the heading of the permissions and the agreement, or the button."""
    heading = next((n for n in shot.texts if message_words.PERMISSIONS.search(n.folded) and n not in terms), None)
    if heading is None:
        return ()
    ends = [n.index for n in (*terms, _button(shot)) if n is not None and n.index > heading.index]
    boxes = [n.index for n in shot.nodes if n.kind == "checkbox" and n.index > heading.index]
    end = min([*ends, *boxes], default=len(shot.nodes))
    return tuple(n.text for n in shot.texts if heading.index < n.index < end and not _is_label(n.text))


def _is_label(text: str) -> bool:
    return vocabulary.field_of(re.split(r"[:：]", text)[0], vocabulary.CONSENT_LABELS) is not None


def _labelled(shot: Snapshot, name: str, *, whole: bool = False) -> str | None:
    """What stands beside, or else below, the best of the labels for a field; `whole`: with what goes on with it."""
    found = []
    for node in shot.texts:
        label, colon, value = node.text.replace("：", ":").partition(":")
        known = vocabulary.field_of(label, vocabulary.CONSENT_LABELS)
        if known and known[0] == name:
            holder = node if colon and value.strip() else _beside(shot, node)
            if holder is not None:
                more = Lines(shot).after(holder, lambda n: _is_label(n.text)) if whole else ()
                found.append((known[1], " ".join((value.strip() or holder.text, *more))))
    return min(found, default=(0, None))[1]


def _beside(shot: Snapshot, label: Node) -> Node | None:
    line = [n for n in shot.texts if n.box.x >= label.box.right - 1 and abs(n.box.cy - label.box.cy) < label.box.h / 2]
    if line:
        return min(line, key=lambda n: n.box.x)
    return next((n for n in shot.texts if n.index > label.index and not _is_label(n.text)), None)


def other_shop(consent: Consent, snapshot: PageSnapshot, own: ShopName) -> str | None:
    """What the page shows in the place of the shop that it should be, empty if it names none; None if it is the one."""
    if consent.shop is not None:
        return None if own.is_drawn_as(consent.shop) else consent.shop
    named = (n for part in snapshot.parts for n in part.shot.texts if any(s in n.folded for s in own.spellings))
    return None if any(own.is_drawn_as(_after_label(n.text)) for n in named) else ""


def _after_label(text: str) -> str:
    return re.split(r"[:：,，]", text)[-1]
