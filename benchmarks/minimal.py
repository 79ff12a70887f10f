"""What somebody would write by hand for these very sites: no ledger, no evidence, no proof, every address known."""

from playwright.async_api import Browser, StorageState

from agent.sandbox.model import Merchant

ORDERS = "/weimob/fuwu/orders"


async def log_in(browser: Browser, url: str, merchant: Merchant) -> StorageState:
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


async def look(browser: Browser, url: str, state: StorageState, office: str) -> tuple[list[str], list[str]]:
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
