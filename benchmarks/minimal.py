"""What somebody would write by hand for these very sites: no ledger, no evidence, no proof, every address known."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Browser, Error, Page, expect
from playwright.async_api import StorageState as PlaywrightState

from agent.browser.storage_state import StorageState
from agent.sandbox.core.model import Merchant

ORDERS = "/weimob/fuwu/orders"
_FIND = "numbers => numbers.find(n => document.body.innerText.includes(n))"


async def log_in(browser: Browser, url: str, merchant: Merchant) -> PlaywrightState:
    """What both logs in, on the platform and in the back office, leave in the browser."""
    context = await browser.new_context()
    page, shop = await context.new_page(), merchant.shops["weimob"].login
    await page.goto(f"{url}/weimob/login.html")
    await page.fill("#phone", shop.username)
    await page.fill("#pwd", shop.password)
    await page.click(".login-btn")
    await page.wait_for_url("**/weimob/console/home**")
    await page.goto(f"{url}/newc/Account/Login")
    await page.fill("#UserName", merchant.backoffice.username)
    await page.fill("#Password", merchant.backoffice.password)
    await page.click("button[type=submit]")
    await page.wait_for_url("**/Home/Index**")
    state = await context.storage_state()
    await context.close()
    return state


async def look(browser: Browser, url: str, state: PlaywrightState, office: str) -> tuple[list[str], list[str]]:
    """The texts of the order list and of the back office's list, in a session that lives."""
    context = await browser.new_context(storage_state=state, viewport={"width": 2000, "height": 1800})
    page = await context.new_page()
    await page.goto(url + ORDERS)
    await page.wait_for_selector("#cards > :not(.note)")
    orders = await page.locator("#cards > *").all_inner_texts()
    other = await context.new_page()
    await other.goto(url + office)
    await other.wait_for_selector("table tr td", state="attached")
    filings = await other.locator("table tr").all_inner_texts()
    await context.close()
    return orders, filings


@dataclass(frozen=True, slots=True)
class Look:
    """What the script is told of one account: `number` is an order that the page shows."""

    stored: StorageState
    address: str
    number: str
    office: str


async def look_at(browser: Browser, account: Look) -> tuple[list[str], list[str]]:
    """The same for an account on any platform, once its page shows the order."""
    context = await browser.new_context(storage_state=account.stored.shared, viewport={"width": 2000, "height": 1800})
    await account.stored.put_into(context)
    page = await context.new_page()
    await page.goto(account.address)
    found = await read_both(page, account.number, account.office)
    await context.close()
    return found


async def look_at_office(browser: Browser, account: Look) -> list[str]:
    """The texts of the back office's list alone."""
    context = await browser.new_context(storage_state=account.stored.shared, viewport={"width": 2000, "height": 1800})
    await account.stored.put_into(context)
    page = await context.new_page()
    found = await _filings(page, account.office)
    await context.close()
    return found


async def read_both(page: Page, number: str, office: str) -> tuple[list[str], list[str]]:
    """The texts of the list that is open, once it shows the number, and of the back office's list."""
    await _shown(page, [number])
    orders = [await frame.locator("body").inner_text() for frame in page.frames]
    return orders, await _filings(await page.context.new_page(), office)


async def _filings(page: Page, office: str) -> list[str]:
    await page.goto(office)
    await page.wait_for_selector("table tr td", state="attached")
    return await page.locator("table tr").all_inner_texts()


async def first_shown(browser: Browser, stored: StorageState, address: str, numbers: list[str]) -> str:
    """The first of the numbers that the page comes to show."""
    context = await browser.new_context(storage_state=stored.shared, viewport={"width": 2000, "height": 1800})
    await stored.put_into(context)
    page = await context.new_page()
    await page.goto(address)
    number = await _shown(page, numbers)
    await context.close()
    return number


async def _shown(page: Page, numbers: list[str]) -> str:
    """The first of the numbers that comes to stand on the page, or in one of its frames."""
    for _ in range(600):
        for frame in page.frames:
            with suppress(Error):  # the frame is just being loaded
                if found := await frame.evaluate(_FIND, numbers):
                    return str(found)
        await asyncio.sleep(0.05)
    raise RuntimeError(f"{page.url} shows none of {numbers}")


async def work(browser: Browser, account: Look, ours: str, shop: str) -> None:
    """Confirms what waits for it on 京东 and files all orders of the service `ours`, on the first page of each list."""
    context = await browser.new_context(storage_state=account.stored.shared, viewport={"width": 2000, "height": 1800})
    await account.stored.put_into(context)
    page = await context.new_page()
    await page.goto(account.address)
    rows = page.locator("tr.jm-table__row").filter(has=page.locator(".service-name", has_text=re.compile(f"^{ours}$")))
    await rows.first.wait_for()
    waiting = rows.filter(has=page.get_by_role("button", name="确认", exact=True))
    for left in range(await waiting.count(), 0, -1):
        await waiting.first.get_by_role("button", name="确认", exact=True).click()
        await page.get_by_role("dialog").get_by_role("button", name="确定").click()
        await expect(waiting).to_have_count(left - 1)
    found = [await row.locator("td").all_inner_texts() for row in await rows.all()]
    await page.goto(account.office)
    filed = await page.locator("table.grid tbody tr td:nth-child(3)").all_inner_texts()
    for number, _, _, amount, when, *_ in found:
        if number not in filed:
            await _file(page, {"ShopName": shop, "OrderNo": number, "OrderDate": when[:10], "Amount": amount[1:]})
    await context.close()


async def _file(page: Page, values: dict[str, str]) -> None:
    await page.select_option("[name=Platform]", "京东")
    for name, value in values.items():
        await page.fill(f"[name={name}]", value)
    await page.click("form[action='/newc/SelfService/Filing'] button[type=submit]")
    await page.get_by_role("cell", name=values["OrderNo"]).wait_for()
