"""Works with the mouse at a place rather than on an element: for what is drawn, glides, or lies under its own words."""

from playwright.async_api import Error

from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot


async def middle_of(page: LivePage, part: FrameSnapshot, node: Node) -> tuple[float, float] | None:
    """The middle of an element, measured in the window also if it lies in a frame; None if it has none."""
    try:
        box = await (await page.element(part, node)).bounding_box()
    except Error:
        return None
    return (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) if box else None


async def point_at(page: LivePage, part: FrameSnapshot, nodes: list[Node]) -> None:
    """Move the pointer to the one in the middle of a list of elements, without scrolling it into view."""
    point = await middle_of(page, part, nodes[len(nodes) // 2]) if nodes else None
    if point is not None:
        await page.raw.mouse.move(*point)


async def click_at(page: LivePage, part: FrameSnapshot, node: Node) -> bool:
    """Click whatever lies at the middle of an element; false if it has no place."""
    point = await middle_of(page, part, node)
    if point is not None:
        await page.raw.mouse.click(*point)
    return point is not None


async def click_selector(page: LivePage, snapshot: PageSnapshot, selector: str) -> bool:
    """Click the first element in any frame that a CSS selector finds; false if none does."""
    for part in snapshot.parts:
        found = part.frame.locator(selector).first
        if await found.count():
            await found.click()
            return True
    return False


async def wheel_at(page: LivePage, part: FrameSnapshot, node: Node, by: float) -> None:
    """Turn the mouse wheel above an element."""
    point = await middle_of(page, part, node)
    if point is not None:
        await page.raw.mouse.move(*point)
        await page.raw.mouse.wheel(0, by)


async def drag(page: LivePage, part: FrameSnapshot, start: Node, end: Node) -> None:
    """Drags from the middle of one element to that of another."""
    source, target = await middle_of(page, part, start), await middle_of(page, part, end)
    if source is None or target is None:
        return
    mouse = page.raw.mouse
    await mouse.move(*source)
    await mouse.down()
    await mouse.move((source[0] + target[0]) / 2, (source[1] + target[1]) / 2, steps=4)
    await mouse.move(*target, steps=4)
    await mouse.up()
