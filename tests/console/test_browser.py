"""The console in a real browser: by mouse and by keyboard, on a phone and on a desk, without a barrier."""

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.console.looking import SIZES, log_in, serious
from tests.console.site import PASSWORD, Site
from tests.console.world import NUMBER, World, fill

PAGES = (
    "/",
    "/money",
    "/money?stage=filed",
    "/bank",
    "/calendar",
    "/accounts",
    f"/orders/{NUMBER}",
    "/runs",
    "/people",
    "/health",
    "/audit",
)


@pytest.fixture(scope="module")
def world(site: Site) -> World:
    return fill(site)


async def test_money_leads_to_an_order_with_its_pictures(page: Page, site: Site, world: World) -> None:
    await log_in(page, site, "viewer")
    await page.get_by_role("link", name="Money", exact=True).click()
    await page.locator('a[href="/money?stage=filed&platform=taobao"]').click()
    await page.get_by_role("link", name=NUMBER).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(NUMBER)
    slider = page.get_by_role("slider")
    await slider.focus()
    covered = page.locator(".compare .over")
    before = await covered.evaluate("element => element.style.clipPath")
    await slider.press("ArrowRight")
    assert await covered.evaluate("element => element.style.clipPath") != before
    loaded = await page.locator(".compare img").evaluate_all("all => all.map(each => each.naturalWidth)")
    assert loaded == [1, 1]


async def test_a_question_is_answered_by_keyboard_alone(page: Page, site: Site, world: World) -> None:
    await page.goto(f"{site.url}/login?next=/people")
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type("operator")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("People needed")
    box = page.get_by_label("Code")
    for _ in range(40):
        if await box.evaluate("element => element === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await page.keyboard.type("864213")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("An answer is there")).to_be_visible()


async def test_the_slash_leads_to_the_search_box(page: Page, site: Site, world: World) -> None:
    await log_in(page, site, "viewer")
    await page.goto(f"{site.url}/accounts")
    await page.keyboard.press("/")
    await page.keyboard.type("m2")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="m2", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="m1", exact=True)).to_have_count(0)


async def test_the_language_is_switched_in_the_page(page: Page, site: Site, world: World) -> None:
    await log_in(page, site, "viewer")
    await page.get_by_role("link", name="中文").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("今日")


async def test_choosing_all_says_how_many(page: Page, site: Site, world: World) -> None:
    await log_in(page, site, "operator")
    await page.goto(f"{site.url}/accounts")
    await page.get_by_label("Choose all").check()
    await expect(page.get_by_role("status")).to_have_text("3")


async def test_what_changes_is_shown_by_itself(page: Page, site: Site, world: World) -> None:
    await log_in(page, site, "viewer")
    await page.goto(f"{site.url}/runs")
    with site.ledger.begin() as tx:
        run = tx.runs.start(dry_run=True, started_by="another process")
    await expect(page.get_by_role("link", name=run)).to_be_visible(timeout=20_000)
    with site.ledger.begin(run_id=run) as tx:
        tx.runs.finish()


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
async def test_no_page_has_a_barrier_or_is_wider_than_the_screen(
    page: Page, site: Site, world: World, size: ViewportSize
) -> None:
    await log_in(page, site, "operator")
    await page.set_viewport_size(size)
    for path in (*PAGES, f"/runs/{world.run}"):
        await page.goto(site.url + path)
        assert await serious(page) == [], path
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path


async def test_the_log_in_has_no_barrier(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/login")
    assert await serious(page) == []
