"""What a picture is about: the row and the button that are worked."""

from dataclasses import dataclass

from playwright.async_api import Error

from agent.browser import is_over
from agent.pages.box import Box
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot

# Null if a frame of another site is around them, or if one is gone, hidden, or outside of the window.
_RECTS = """(registry, ids) => {
  let dx = 0, dy = 0, view = window;
  for (; view.frameElement; view = view.parent) {
    const { left, top } = view.frameElement.getBoundingClientRect();
    [dx, dy] = [dx + left + view.frameElement.clientLeft, dy + top + view.frameElement.clientTop];
  }
  const found = ids.map(id => registry.elements.get(id)?.deref());
  if (view !== top || !found.every(el => el?.isConnected)) return null;
  const rects = found.map(el => el.getBoundingClientRect());
  const seen = ({ top, bottom, width, height }) => width && height && bottom + dy > 0 && top + dy < view.innerHeight;
  if (!rects.every(seen)) return null;
  return rects.map(({ left, top, width, height }) => [left + dx, top + dy, width, height]);
}"""


@dataclass(frozen=True, slots=True)
class Focus:
    """A node that is worked, and the row around it if it has one.

    With `alone` the rest of the window does not matter to what is done there.
    """

    part: FrameSnapshot
    node: Node
    row: Node | None = None
    alone: bool = True

    async def boxes(self) -> tuple[Box, ...]:
        """Return where row and node are drawn in the window now, in CSS pixels; nothing if nobody can say."""
        ids = [node.id for node in (self.row, self.node) if node is not None]
        try:
            drawn = await self.part.registry.evaluate(_RECTS, ids)
        except Error as error:
            if is_over(error):
                raise
            return ()  # the document went
        return tuple(Box(*each) for each in drawn or ())
