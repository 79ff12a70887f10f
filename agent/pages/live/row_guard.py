"""Holds a press back, in the page itself and at that very moment, if what is pressed is another row's by then."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from playwright.async_api import Error

from agent.browser import is_over
from agent.pages.inference.row_proof import Lasting
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot

_ARM = files("agent.pages.live").joinpath("row_guard.js").read_text(encoding="utf-8")
_LIFT = "registry => registry.guard?.lift() ?? false"
_SECONDS = 3.0


@dataclass(slots=True)
class RowGuard:
    """For one press of `node`. `lasting` is what its row must still say by then: if that is not known, nothing is held
    back. `said` is what the button itself must still say.

    A list can put another record into the elements of a row at any moment, also because the pointer comes near: what
    was proven before a press need not hold in it.
    """

    part: FrameSnapshot
    node: Node
    lasting: Lasting | None
    said: Sequence[str]
    _armed: bool = False

    async def arm(self) -> bool:
        """Begin to hold back what is not the row's; false if the row is not as it was even now."""
        if self.lasting is None:
            return True
        told = [[p.id for p in self.lasting.pieces], [*self.lasting.facts], self.node.id, [*self.said]]
        try:
            async with asyncio.timeout(_SECONDS):
                self._armed = await self.part.registry.evaluate(_ARM, told)
        except TimeoutError:
            return False
        except Error as error:
            if is_over(error):
                raise
            return False  # the document went
        return self._armed

    async def lift(self) -> bool:
        """Let everything through again; true if a press was held back."""
        armed, self._armed = self._armed, False
        try:
            async with asyncio.timeout(_SECONDS):
                return armed and await self.part.registry.evaluate(_LIFT)
        except (Error, TimeoutError):  # a renderer that has died does not answer, nor does it say so
            return False  # the document went, with what was pressed
