"""Brings what is to be clicked into the window first, so that a picture shows it."""

from importlib.resources import files

from playwright.async_api import Error

from agent.browser import is_over
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot

_MILLISECONDS = 4000
_BRING = files("agent.pages").joinpath("bring.js").read_text(encoding="utf-8")


async def bring(page: LivePage, part: FrameSnapshot, node: Node, row: Node | None = None) -> bool:
    """Scroll a node into the window, with `row` around it, unless both are seen as a whole; true if that moved them.

    Then a list may have drawn its rows anew: what was proven before is to be proven again. Without effect on a node
    that is gone.
    """
    try:
        moved = await part.registry.evaluate(_BRING, [node.id, (row or node).id])
        if moved is None:
            await (await page.element(part, node)).scroll_into_view_if_needed(timeout=_MILLISECONDS)
    except Error as error:
        if is_over(error):
            raise
        return False  # the document went, or what was to be shown did
    return moved is not False
