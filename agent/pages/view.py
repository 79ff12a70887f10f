"""A page as it was at one moment: what everything that is inferred about it is told from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.pages import list_words
from agent.pages.snapshot import Node, Snapshot

if TYPE_CHECKING:
    from playwright.async_api import Frame, JSHandle


@dataclass(frozen=True, slots=True)
class FrameSnapshot:
    """One frame of a page as it was at one moment."""

    frame: "Frame"
    shot: Snapshot
    registry: "JSHandle"


@dataclass(frozen=True, slots=True)
class PageSnapshot:
    """A page as it was at one moment: its main document and the frames that can be seen in it."""

    parts: tuple[FrameSnapshot, ...]

    @property
    def address(self) -> str:
        return self.parts[0].shot.address

    @property
    def fingerprint(self) -> int:
        """Equal for two looks in which a person sees no difference, but for what follows # in the address."""
        return hash(tuple((p.shot.address.partition("#")[0], p.shot.fingerprint) for p in self.parts))

    @property
    def loading(self) -> bool:
        """True while the page itself shows that it is busy."""
        return any(not p.shot.ready or _busy(p.shot) for p in self.parts)

    def texts(self) -> Iterator[Node]:
        for part in self.parts:
            yield from part.shot.texts

    def ids(self) -> dict["Frame", frozenset[int]]:
        return {p.frame: p.shot.ids for p in self.parts}


def _busy(shot: Snapshot) -> bool:
    spinning = any(
        n.spins and ("load" in n.classes or "spin" in n.classes or "skeleton" in n.classes) for n in shot.nodes
    )
    return spinning or any(
        (n.attrs.get("aria-busy") == "true" and n.shown) or (n.text and list_words.LOADING.match(n.folded))
        for n in shot.nodes
    )
