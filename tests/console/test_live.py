"""Live view: a person does in the console what a site asks of a person, and the run goes on."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from playwright.async_api import Browser, FloatRect, Page, ViewportSize, expect

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI
from agent.domain.roles import Role
from agent.importing import read_merchants
from agent.ledger import Asked
from agent.ledger.audit import AuditEntry
from agent.sandbox import Sandbox
from agent.settings import load_settings, sites
from tests.console.looking import SIZES, log_in, serious
from tests.console.site import Site, hidden, running

SLIDER, BUSY, SHOP = AccountKey("m1", "weimob"), AccountKey("m2", "weimob"), AccountKey("m3", "youzan")
_WINDOW = ViewportSize(width=1280, height=800)
_PATIENCE = 120_000


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(shops=[["weimob"], ["weimob"], ["youzan"]], today=datetime.now(SHANGHAI).date()) as made:
        yield made


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, box: Sandbox) -> Iterator[Site]:
    """A console whose merchants' sites ask for a person. Which of the shops is meant, nobody has said."""
    folder: Path = tmp_path_factory.mktemp("live")
    (folder / "f.toml").write_text(f'data_dir = "{folder / "var"}"\n{box.settings_toml()}', encoding="utf-8")
    merchants = box.merchants_toml().replace(f'shop = "{_shop(box)}"', "")
    (folder / "merchants.toml").write_text(merchants, encoding="utf-8")
    settings = load_settings(folder / "f.toml")
    titles = {name: each.title for name, each in sites(settings).items()}
    with running(folder, settings) as made:
        with made.ledger.begin() as tx:
            tx.merchants.save(read_merchants(folder / "merchants.toml", titles).merchants)
        for role in (Role.VIEWER, Role.OPERATOR, Role.ADMIN):
            made.add_user(role.value, role)
        yield made


def _shop(box: Sandbox) -> str:
    return box.state.merchants[2].shops["youzan"].name


def asked(live: Site, account: AccountKey, kind: ChallengeKind) -> int:
    with live.ledger.begin() as tx:
        return tx.challenges.ask(Asked(account, kind))


def noted(live: Site, account: AccountKey) -> list[AuditEntry]:
    """What the trail tells of the live view of an account."""
    with live.ledger.read() as tx:
        return [each for each in tx.audit.entries(100) if each.target == str(account)]


async def places(browser: Browser, live: Site, box: Sandbox) -> tuple[FloatRect, FloatRect]:
    """Where in the window the slider's handle and the password box stand, told from the page itself."""
    context = await browser.new_context(viewport=_WINDOW, locale="zh-CN")
    page = await context.new_page()
    login = box.state.merchants[0].shops["weimob"].login
    await page.goto(sites(live.settings)["weimob"].login_url)
    await page.locator("#phone").fill(login.username)
    await page.locator("#pwd").fill(login.password)
    await page.locator(".login-btn").click()
    handle = page.frame_locator("iframe[src*=captcha]").locator("[data-handle]")
    await expect(handle).to_be_visible()
    found = await handle.bounding_box(), await page.locator("#pwd").bounding_box()
    await context.close()
    assert found[0]
    assert found[1]
    return found[0], found[1]


async def place_of_shop(browser: Browser, live: Site, box: Sandbox) -> FloatRect:
    """Where in the window the shop stands among those that can be chosen."""
    context = await browser.new_context(viewport=_WINDOW, locale="zh-CN")
    page = await context.new_page()
    login = box.state.merchants[2].shops["youzan"].login
    await page.goto(sites(live.settings)["youzan"].login_url)
    await page.locator(".switch-type").click()
    await page.get_by_text("密码登录", exact=True).click()
    await page.locator("[name=phoneInfo]").fill(login.username)
    await page.locator("[name=password]").fill(login.password)
    await page.get_by_role("button", name="登录").click()
    found = await page.get_by_text(_shop(box), exact=True).bounding_box()
    await context.close()
    assert found
    return found


async def opened(page: Page, live: Site) -> float:
    """Open the only page that waits for a person, and return after how many seconds it could be seen."""
    await page.goto(f"{live.url}/people")
    await expect(page.get_by_role("button", name="Open the page here")).to_be_visible()
    began = time.monotonic()
    await page.get_by_role("button", name="Open the page here").click()
    await expect(page.locator("[data-live-view][data-pictures]")).to_be_visible(timeout=_PATIENCE)
    return time.monotonic() - began


async def colour(page: Page, at: FloatRect) -> list[int]:
    """What is drawn in the middle of a box of the site's window."""
    x, y = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
    place = [x / _WINDOW["width"], y / _WINDOW["height"]]
    script = """([x, y]) => {
      const seen = document.querySelector("canvas.live");
      return [...seen.getContext("2d").getImageData(x * seen.width, y * seen.height, 1, 1).data];
    }"""
    found: list[int] = await page.evaluate(script, place)
    return found[:3]


async def drag(page: Page, at: FloatRect, far: float) -> None:
    """What a person does with the mouse on the picture: to take something, move it, and let it go."""
    await page.locator("canvas.live").scroll_into_view_if_needed()
    seen = await page.locator("canvas.live").bounding_box()
    assert seen
    scale = seen["width"] / _WINDOW["width"]
    x, y = seen["x"] + (at["x"] + at["width"] / 2) * scale, seen["y"] + (at["y"] + at["height"] / 2) * scale
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + far / 2 * scale, y, steps=5)
    await page.mouse.move(x + far * scale, y, steps=5)
    await page.mouse.up()


async def test_a_slider_is_passed_by_dragging_in_the_picture_and_the_run_goes_on(
    page: Page, browser: Browser, live: Site, box: Sandbox
) -> None:
    box.faults.challenge = "slider"
    question = asked(live, SLIDER, ChallengeKind.SLIDER)
    handle, password = await places(browser, live, box)
    await log_in(page, live, "operator")
    seconds = await opened(page, live)
    print(f"the first picture came after {seconds:.1f} s")  # noqa: T201
    await expect(page.get_by_text("It is yours")).to_be_visible(timeout=_PATIENCE)
    for size in SIZES:
        await page.set_viewport_size(size)
        assert await serious(page) == []
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
    assert max(abs(part - 0x33) for part in await colour(page, password)) < 12  # it is covered
    await drag(page, handle, 330)
    await expect(page.get_by_text("The session is kept")).to_be_visible(timeout=_PATIENCE)
    login = box.state.merchants[0].shops["weimob"].login
    assert login.ok >= 1
    told = noted(live, SLIDER)
    assert {each.action for each in told} == {"live_open", "live_press"}
    assert "down " in str(told)
    assert "up " in str(told)
    assert login.password not in str(told)
    with live.ledger.read() as tx:
        assert [each.account for each in tx.sessions.known()] == [SLIDER]
        assert tx.challenges.find(question) is None
    await page.get_by_role("link", name="Runs", exact=True).last.click()
    await expect(page.locator("tr", has_text="sync · 1 accounts").locator(".tag.done")).to_be_visible(timeout=_PATIENCE)
    with live.ledger.read() as tx:
        newest = tx.run_log.runs(1)[0]
    assert (newest.dry_run, newest.started_by, newest.outcomes) == (False, "console:operator", {Outcome.OK: 1})


async def test_what_is_typed_reaches_the_page_and_no_trail_and_it_can_be_closed(
    page: Page, live: Site, box: Sandbox
) -> None:
    box.faults.challenge = "slider"
    question = asked(live, BUSY, ChallengeKind.SLIDER)
    await log_in(page, live, "operator")
    await page.goto(f"{live.url}/people")
    locks = live.settings.data_dir / "locks"
    locks.mkdir(mode=0o700, exist_ok=True)
    with FileLock(locks / f"{BUSY.merchant_id}.lock"):  # as a run on this machine holds it
        await page.get_by_role("button", name="Open the page here").click()
        await expect(page.get_by_text("Something else works on this merchant")).to_be_visible()
    await expect(page.get_by_text("It is yours")).to_be_visible(timeout=_PATIENCE)
    await page.get_by_label("Type into the page").fill("typed-by-a-person")
    await page.get_by_role("button", name="Type", exact=True).click()
    await page.get_by_role("button", name="Tab").click()
    check_that_it_is_its_openers_alone(live, urlsplit(page.url).path, question)
    await page.get_by_role("button", name="Done, go on").click()  # nobody is logged in: it stays open
    await expect(page.get_by_text("It is being tried")).to_be_visible()
    await expect(page.get_by_text("It is yours")).to_be_visible(timeout=_PATIENCE)
    await page.get_by_role("button", name="Close without logging in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("People needed")
    told = noted(live, BUSY)
    assert [each.action for each in told][::-1][0] == "live_open"
    assert {each.action for each in told} == {"live_open", "live_press", "live_done", "live_close"}
    assert "(typed)" in str(told)
    assert "Tab" in str(told)
    assert "typed-by-a-person" not in str(told)
    with live.ledger.begin() as tx:
        tx.challenges.end(BUSY)  # the tests of this file open what waits, whatever came before


def check_that_it_is_its_openers_alone(live: Site, path: str, question: int) -> None:
    """Nobody looks or works in it who may not, has not opened it, or comes from another site."""
    pressed = [{"kind": "down", "x": 0.5, "y": 0.5}]
    for name, refusal in (("viewer", 403), ("admin", 404)):
        client = live.logged_in(name)
        people = client.get("/people")
        assert "console:operator has the page open" in people.text
        token = hidden(people, "csrf")
        headers = {"x-csrf-token": token}
        assert client.get(path).status_code == refusal
        assert client.get(f"{path}/pictures").status_code == refusal
        assert client.post(f"{path}/input", json=pressed, headers=headers).status_code == refusal
        assert client.post(f"{path}/done", json={}, headers=headers).status_code == refusal
        taken = client.post(f"/people/{question}/open", data={"csrf": token}).status_code
        assert taken == (403 if name == "viewer" else 409)
    own = live.logged_in("operator")
    token = hidden(own.get("/people"), "csrf")
    for headers in (
        {},
        {"x-csrf-token": "0" * 64},
        {"x-csrf-token": token, "sec-fetch-site": "cross-site"},
        {"x-csrf-token": token, "origin": "https://evil.example"},
    ):
        assert own.post(f"{path}/input", json=pressed, headers=headers).status_code == 403
    off = [{"kind": "down", "x": 7, "y": 0.5}]
    assert own.post(f"{path}/input", json=off, headers={"x-csrf-token": token}).status_code == 422
    with live.client() as nobody:
        assert nobody.get(f"{path}/pictures").status_code == 303  # to the log-in
    assert "live_press" not in {each.action for each in noted(live, BUSY) if "down" in str(each.details)}


async def test_a_shop_is_chosen_in_the_picture(page: Page, browser: Browser, live: Site, box: Sandbox) -> None:
    box.faults.challenge = None
    asked(live, SHOP, ChallengeKind.SHOP)
    shop = await place_of_shop(browser, live, box)
    await log_in(page, live, "operator")
    await opened(page, live)
    await expect(page.get_by_text("It is yours")).to_be_visible(timeout=_PATIENCE)
    await drag(page, shop, 0)
    await expect(page.get_by_text("The session is kept")).to_be_visible(timeout=_PATIENCE)
    assert _shop(box) in {session.shop for session in box.state.sessions.values()}
