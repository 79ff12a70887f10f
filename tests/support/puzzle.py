"""What a person does with the puzzle of a captcha frame."""

from playwright.async_api import Page


async def solve(page: Page) -> None:
    """Drags the handle to the end."""
    box = await page.frame_locator("iframe[src*=captcha]").locator("[data-handle]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 150, y)
    await page.mouse.move(x + 330, y)
    await page.mouse.up()
