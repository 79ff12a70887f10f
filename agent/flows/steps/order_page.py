"""An order's own page as it is open now: where its 确认 stands, and whose page it is."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from playwright.async_api import Frame, JSHandle

from agent.domain.login_errors import WrongShop
from agent.domain.text import Text
from agent.flows.steps.shop_identity import ShopSigns
from agent.pages.actions.press import Still
from agent.pages.inference.located_list import LocatedList
from agent.pages.inference.order_facts import Meant
from agent.pages.inference.order_page import CONFIRM, Around, find_spot
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_VENDOR = re.compile(r"(服务|开发|提供|供应|软件)(商|者)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to click, in which window. `text` is what the part of the page says that speaks of the order."""

    page: LivePage
    part: FrameSnapshot
    node: Node
    scope: Node
    still: Still

    @property
    def text(self) -> str:
        return self.part.shot.words(self.scope)


@dataclass(frozen=True, slots=True)
class Before:
    """What was shown before a click: what is found later is looked for among what came up since."""

    shown: Mapping[Frame, tuple[JSHandle, frozenset[int]]]
    rows: frozenset[int] = frozenset()
    row: int | None = None
    list_frame: Frame | None = None

    @classmethod
    def of(cls, located: LocatedList, row: Node) -> "Before":
        """`row` is the order's own in this list."""
        shown = {p.frame: (p.registry, p.shot.ids) for p in located.snapshot.parts}
        return cls(shown, frozenset(r.root.id for r in located.parsed.rows), row.id, located.part.frame)

    def around(self, part: FrameSnapshot) -> Around:
        """What came up in a frame; all of it if its document is another one."""
        registry, known = self.shown.get(part.frame, (None, frozenset[int]()))
        if registry is not part.registry:
            return Around(part.shot, part.shot.ids)
        listed = part.frame is self.list_frame
        rows = tuple(n for n in part.shot.nodes if listed and n.id in self.rows)
        row = next((n for n in rows if n.id == self.row), None)
        return Around(part.shot, part.shot.ids - known, rows, row)

    def is_elsewhere(self, snapshot: PageSnapshot) -> bool:
        """True if another document is open now, or one of which the list is gone."""
        registry, _ = self.shown.get(snapshot.parts[0].frame, (None, None))
        return registry is not snapshot.parts[0].registry or not any(self._is_left(part) for part in snapshot.parts)

    def _is_left(self, part: FrameSnapshot) -> bool:
        return part.frame is self.list_frame and any(n.id == self.row and n.shown for n in part.shot.nodes)


def find_place(
    page: LivePage, snapshot: PageSnapshot, before: Before, meant: Meant, words: Collection[str] = CONFIRM
) -> Place | Text | None:
    """The one place in this view where the order is confirmed; what speaks against it; None without a button.

    Raise WrongShop if the page names another shop than the order's.
    """
    why: Text | None = None
    places: list[Place] = []
    for part in snapshot.parts:
        found = find_spot(before.around(part), meant, words)
        if isinstance(found, Text):
            why = why or found
        elif found is not None:
            still = _still(page, before, meant, (part, found.node), words)
            places.append(Place(page, part, found.node, found.scope, still))
    if len(places) != 1:
        return why if not places else _SEVERAL
    _check_shop(snapshot, meant)
    return places[0]


def _still(
    page: LivePage, before: Before, meant: Meant, chosen: tuple[FrameSnapshot, Node], words: Collection[str]
) -> Still:
    """Whether the page still shows this very button as the order's."""
    part, node = chosen

    def still(snapshot: PageSnapshot) -> bool:
        try:
            now = find_place(page, snapshot, before, meant, words)
        except WrongShop:
            return False
        return isinstance(now, Place) and now.part.registry is part.registry and now.node.id == node.id

    return still


def _check_shop(snapshot: PageSnapshot, meant: Meant) -> None:
    if meant.shop is None:
        return
    signs = ShopSigns(meant.shop)
    signs.add_view(snapshot, (), [n for n in snapshot.texts() if _VENDOR.match(n.text)])
    if (other := signs.other()) is not None:
        raise WrongShop(meant.shop.registered, other)


_SEVERAL = Text("the order could be confirmed in several places", "有多处都可能确认该订单")
