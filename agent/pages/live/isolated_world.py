"""A world of its own in a page, as Chromium has it: what runs there sees the page, and none of the page's scripts."""

from playwright.async_api import CDPSession


async def isolated_world(session: CDPSession, name: str) -> int:
    """Make one in the main frame, and return the id of its context; it lasts as long as the document."""
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    made = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": name})
    context: int = made["executionContextId"]
    return context
