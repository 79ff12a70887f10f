"""What keeps a browser logged in: a context's cookies and local storage, and the session storage of its pages."""

import json
from dataclasses import dataclass
from typing import Any, Self

from playwright.async_api import BrowserContext, Error, Page
from playwright.async_api import StorageState as PlaywrightState

_READ = "() => [location.origin, Object.fromEntries(Object.entries(sessionStorage))]"
# A page that has been at work in this context has its own by now, which is newer.
_WRITE = """(kept => {
    const mine = kept[location.origin] || {};
    try {
        if (sessionStorage.length === 0) Object.entries(mine).forEach(([k, v]) => sessionStorage.setItem(k, v));
    } catch { /* a frame whose storage is closed to it */ }
})"""


@dataclass(frozen=True, slots=True)
class StorageState:
    """`shared` is what Playwright calls the storage state, `own` the session storage by origin."""

    shared: PlaywrightState
    own: dict[str, dict[str, str]]

    @classmethod
    async def of(cls, page: Page) -> Self:
        """What the page's context holds now."""
        own = {}
        for frame in page.frames:
            try:
                origin, held = await frame.evaluate(_READ)
            except Error:
                continue  # a frame without an origin has no storage
            if held:
                own[origin] = held
        return cls(await page.context.storage_state(indexed_db=True), own)

    @classmethod
    def loads(cls, document: dict[str, Any]) -> Self:
        """The reverse of `dumps`."""
        return cls(document["shared"], document["own"])

    def dumps(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"shared": self.shared, "own": self.own}

    async def put_into(self, context: BrowserContext) -> None:
        """Give the session storage to the context's pages; `shared` goes into the context as it is made."""
        if self.own:
            await context.add_init_script(f"{_WRITE}({json.dumps(self.own)})")
