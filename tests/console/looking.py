"""How a person looks at the console in a browser: logs in, at a size; and what would be in the way of some."""

import json
from pathlib import Path

import axe_core_python
from playwright.async_api import Page, ViewportSize, expect

from tests.console.site import PASSWORD, Site

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SIZES = (ViewportSize(width=360, height=740), ViewportSize(width=1440, height=900))


async def log_in(page: Page, site: Site, name: str) -> None:
    await page.goto(f"{site.url}/login")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Today")


async def serious(page: Page) -> list[str]:
    """Return what axe finds serious or worse. The browser lets a debugger in where the page's policy lets no script."""
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{each['id']}: {json.dumps([node['html'] for node in each['nodes']])[:500]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]
