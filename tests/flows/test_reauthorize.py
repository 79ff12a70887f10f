"""`fankuan reauthorize` on the simulated page of an authorisation, in a real browser."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome, UsageError
from agent.domain.report import AuthorizationReport
from agent.flows.runs import reauthorize
from agent.flows.runs.reauthorization import Consenting
from agent.flows.runs.reauthorize import run_reauthorize
from agent.ledger import Authorization, Ledger
from agent.pages.live.page import LivePage
from agent.sandbox import Sandbox
from agent.sandbox.core.model import Post
from tests.flows.home import Home

TODAY = date(2026, 11, 23)
BEFORE = TODAY + timedelta(days=20)
AFTER = BEFORE + timedelta(days=365)


class Owner:
    """A merchant's operator who reauthorises by the flow alone."""

    def __init__(self, folder: Path, box: Sandbox, settings: str = "") -> None:
        self.home, self.box = Home(folder, box, day=TODAY, settings=settings), box
        self.shown: list[AuthorizationReport] = []

    async def call(
        self,
        by: Consenting = Consenting.NOBODY,
        platform: str = "taobao",
        patience: float = 60.0,
    ) -> AuthorizationReport:
        self.home.clock.skip(timedelta(minutes=10))
        ledger = Ledger.open(self.home.settings, self.home.clock)
        try:
            context = self.home.context(ledger, patience=timedelta(seconds=patience))
            return await run_reauthorize(context, AccountKey("m1", platform), by=by, show=self.shown.append)
        finally:
            ledger.close()

    @property
    def kept(self) -> list[Authorization]:
        found: list[Authorization] = []
        self.home.in_ledger(lambda tx: found.extend(tx.authorizations.known()))
        return found

    @property
    def until(self) -> date:
        """As it really is."""
        (shop,) = self.box.truth()["taobao"].values()
        return date.fromisoformat(shop["authorized_until"])

    @property
    def intents(self) -> list[tuple[str, str | None]]:
        with sqlite3.connect(self.home.folder / "var" / "ledger.sqlite3") as connection:
            rows = connection.execute("SELECT kind, result FROM intents ORDER BY id").fetchall()
        connection.close()
        return rows

    def posts(self) -> list[tuple[str, bool]]:
        return [(entry["kind"], entry["applied"]) for entry in self.box.truth()["log"]]


def only_step(report: AuthorizationReport) -> dict[str, Any]:
    """The one line of steps.jsonl; its pictures are there."""
    (line,) = (Path(report.evidence[0]).parent / "steps.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(Path(p).stat().st_size for p in report.evidence)
    found: dict[str, Any] = json.loads(line)
    return found


def box_with(on_post: Callable[[Post, str], str | None] | None = None) -> Sandbox:
    return Sandbox(shops=[["taobao"]], today=TODAY, on_post=on_post)


async def test_without_yes_it_shows_everything_and_sends_nothing(tmp_path: Path) -> None:
    with box_with() as box:
        owner = Owner(tmp_path, box)
        report = await owner.call()
        assert (report.outcome, report.reason, report.pressed) == (Outcome.OK, None, False), report.text
        (shown,) = owner.shown
        assert (shown.application, shown.shop) == ("网店管家", box.state.merchants[0].taobao.name)
        assert shown.permissions == ("读取店铺订单与物流信息", "读取与更新商品库存", "读取店铺基本信息")
        assert shown.terms == ("我已阅读并同意《授权协议》",)
        assert (report.before, report.until) == (BEFORE, BEFORE)
        assert owner.posts() == []
        assert owner.intents == []
        assert [(k.account.merchant_id, k.account.platform, k.until) for k in owner.kept] == [("m1", "taobao", BEFORE)]


async def test_with_yes_it_is_pressed_once_and_the_new_end_is_kept(tmp_path: Path) -> None:
    with box_with() as box:
        owner = Owner(tmp_path, box)
        report = await owner.call(Consenting.PROGRAM)
        assert (report.outcome, report.pressed) == (Outcome.OK, True), report.text
        assert (report.before, report.until, owner.until) == (BEFORE, AFTER, AFTER)
        assert owner.posts() == [("authorize", True)]
        assert owner.intents == [("authorize", "done")]
        assert [k.until for k in owner.kept] == [AFTER]
        assert box.truth()["purchases"] == 0
        names = [Path(p).name for p in report.evidence]
        assert names == ["01-authorize-taobao-before.png", "01-authorize-taobao-after.png"]
        step = only_step(report)
        assert step["sent"]["application"] == "网店管家"
        assert step["requests"][0]["method"] == "POST"


async def test_a_begun_authorisation_is_no_business_of_a_sync(tmp_path: Path) -> None:
    with box_with(lambda post, stage: "drop" if post.kind == "authorize" else None) as box:
        owner = Owner(tmp_path, box)
        assert (await owner.call(Consenting.PROGRAM)).outcome is Outcome.UNKNOWN
        report = await owner.home.account(dry_run=True)
        assert report.outcome is not Outcome.UNKNOWN
        assert owner.intents == [("authorize", None)]


async def test_another_shop_stops_it_before_any_click(tmp_path: Path) -> None:
    with box_with() as box:
        box.faults.shop_name = "别人的店"
        owner = Owner(tmp_path, box)
        report = await owner.call(Consenting.PROGRAM)
        assert (report.outcome, report.reason, report.pressed) == (Outcome.FAILED, "wrong_shop", False)
        assert "别人的店" in str(report.text)
        assert report.evidence
        assert (owner.posts(), owner.kept) == ([], [])


async def test_another_application_is_not_let_in(tmp_path: Path) -> None:
    with box_with() as box:
        box.faults.application = "快递助手Pro"
        owner = Owner(tmp_path, box)
        shown = await owner.call()
        assert (shown.outcome, shown.application) == (Outcome.OK, "快递助手Pro")
        report = await owner.call(Consenting.PROGRAM)
        assert (report.outcome, report.reason, report.pressed) == (Outcome.FAILED, "page_changed", False)
        assert (owner.posts(), owner.intents, owner.until) == ([], [], BEFORE)


async def test_it_goes_on_in_the_session_that_a_sync_has_kept(tmp_path: Path) -> None:
    with box_with() as box:
        owner = Owner(tmp_path, box)
        assert (await owner.home.account(dry_run=True)).outcome is Outcome.OK
        box.faults.challenge = "slider"  # whoever logs in now is asked for it
        report = await owner.call()
        assert (report.outcome, report.until) == (Outcome.OK, BEFORE), report.text
        assert box.state.merchants[0].taobao.login.ok == 1


async def test_a_page_that_asks_for_money_is_refused_before_any_click(tmp_path: Path) -> None:
    with box_with() as box:
        box.faults.authorization_costs = True
        owner = Owner(tmp_path, box)
        report = await owner.call(Consenting.PROGRAM)
        assert (report.outcome, report.reason) == (Outcome.NEEDS_HUMAN, "asks_for_money")
        assert "¥99.00" in str(report.text)
        assert (report.pressed, owner.posts(), owner.shown) == (False, [], [])
        assert owner.until == BEFORE


@pytest.mark.parametrize(
    ("asked", "reason"),
    [("确定要解除该店铺的授权吗？", "page_changed"), ("授权需先支付 ¥99.00，确定支付吗？", "asks_for_money")],
)
async def test_what_asks_for_something_else_is_declined_by_its_own_reason(
    tmp_path: Path, asked: str, reason: str
) -> None:
    with box_with() as box:
        box.faults.authorization_asks = asked
        owner = Owner(tmp_path, box)
        report = await owner.call(Consenting.PROGRAM)
        assert (report.outcome, report.reason) == (Outcome.FAILED, reason), report.text
        assert (owner.posts(), owner.intents, owner.until) == ([], [("authorize", "failed")], BEFORE)


@pytest.mark.parametrize("requests", [2, 3, 4, 5])
async def test_sessions_that_end_midway_never_press_twice(tmp_path: Path, requests: int) -> None:
    with box_with() as box:
        box.faults.expire_session_after = requests
        owner = Owner(tmp_path, box)
        report = await owner.call(Consenting.PROGRAM)
        if report.outcome is not Outcome.OK:
            assert report.reason == "session_expired"
            assert owner.until == BEFORE
            box.faults.expire_session_after = None
            report = await owner.call(Consenting.PROGRAM)
        assert report.outcome is Outcome.OK, report.text
        assert (report.until, owner.until) == (AFTER, AFTER)
        assert [applied for _, applied in owner.posts()].count(True) == 1


async def test_a_lost_answer_of_what_was_done_shows_the_new_end(tmp_path: Path) -> None:
    with box_with(lambda post, stage: "drop" if (post.kind, stage) == ("authorize", "after") else None) as box:
        owner = Owner(tmp_path, box)
        first = await owner.call(Consenting.PROGRAM)
        assert (first.outcome, first.until) == (Outcome.OK, AFTER)  # the page, loaded anew, shows it
        second = await owner.call()
        assert (second.outcome, second.before, second.until) == (Outcome.OK, AFTER, AFTER)
        assert owner.posts() == [("authorize", True)]
        assert [k.until for k in owner.kept] == [AFTER]


async def test_a_lost_answer_that_no_page_explains_is_unknown_until_a_later_look(tmp_path: Path) -> None:
    fates = iter(["drop"])
    with box_with(lambda post, stage: next(fates, None) if post.kind == "authorize" else None) as box:
        owner = Owner(tmp_path, box)
        first = await owner.call(Consenting.PROGRAM)
        assert (first.outcome, first.reason, first.exit_status) == (Outcome.UNKNOWN, "unknown", 1)
        assert "--yes" in str(first.text)
        assert owner.intents == [("authorize", None)]
        assert (await owner.call()).outcome is Outcome.OK
        assert owner.intents == [("authorize", "failed")]  # the page shows that it did not happen
        assert (await owner.call(Consenting.PROGRAM)).until == AFTER
        assert owner.posts() == [("authorize", False), ("authorize", True)]


async def test_what_was_done_by_a_call_that_died_is_noticed_by_the_next(tmp_path: Path) -> None:
    with box_with() as box:
        owner = Owner(tmp_path, box)

        def die(ledger: Ledger) -> None:
            with ledger.read() as tx:
                (merchant,) = tx.merchants.find(["m1"])
            with ledger.begin() as tx:
                run = tx.runs.start(dry_run=False, started_by="test")
            with ledger.begin(run_id=run) as tx:
                tx.authorizations.begin(merchant.accounts[0].key, BEFORE, {})

        owner.home.with_ledger(die)
        box.state.merchants[0].taobao.authorized_until = AFTER
        report = await owner.call()
        assert (report.outcome, report.until) == (Outcome.OK, AFTER)
        assert owner.intents == [("authorize", "already")]


async def test_a_server_in_trouble_is_a_failure_and_nothing_changed(tmp_path: Path) -> None:
    with box_with(lambda post, stage: "500" if stage == "before" else None) as box:
        owner = Owner(tmp_path, box)
        report = await owner.call(Consenting.PROGRAM)
        assert (report.outcome, report.reason) == (Outcome.FAILED, "site_unavailable"), report.text
        assert owner.intents == [("authorize", "failed")]


async def test_a_wrong_password_is_tried_once(tmp_path: Path) -> None:
    with box_with() as box:
        owner = Owner(tmp_path, box)
        box.state.merchants[0].taobao.login.password = "another"
        report = await owner.call(Consenting.PROGRAM)
        assert (report.outcome, report.reason) == (Outcome.FAILED, "bad_password")
        assert box.state.merchants[0].taobao.login.bad == 1


async def test_a_click_by_a_person_in_the_window_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people: list[asyncio.Task[None]] = []

    class Watched(LivePage):
        """Somebody sits before it."""

        async def press(self) -> None:
            while not owner.shown:  # noqa: ASYNC110 - what is shown is a list
                await asyncio.sleep(0.05)
            await self.raw.get_by_role("checkbox").click(timeout=60_000)
            await self.raw.get_by_role("button", name="确认授权").click()

    def sit_down(page: Any, allows: Callable[[str], bool]) -> LivePage:  # noqa: ANN401
        live = Watched(page, allows)
        people.append(asyncio.ensure_future(live.press()))
        return live

    monkeypatch.setattr(reauthorize, "LivePage", sit_down)
    with box_with() as box:
        owner = Owner(tmp_path, box)
        report = await owner.call(Consenting.PERSON, patience=60.0)
        await asyncio.gather(*people)
        assert (report.outcome, report.pressed, report.until) == (Outcome.OK, True, AFTER), report.text
        assert len(report.evidence) == 2
        assert owner.posts() == [("authorize", True)]


async def test_nobody_who_presses_is_waited_for_in_vain(tmp_path: Path) -> None:
    with box_with() as box:
        owner = Owner(tmp_path, box)
        report = await owner.call(Consenting.PERSON, patience=1.0)
        assert (report.outcome, report.reason, report.exit_status) == (Outcome.NEEDS_HUMAN, "not_pressed", 3)
        assert owner.posts() == []


async def test_a_page_that_is_none_of_an_authorisation_is_told(tmp_path: Path) -> None:
    with box_with() as box:
        owner = Owner(tmp_path, box)
        text = owner.home.config.read_text(encoding="utf-8")
        owner.home.config.write_text(text.replace("/taobao/authorize", "/taobao/home.htm/QnworkbenchHome/"), "utf-8")
        owner.home.extend("", box.merchants_toml())
        report = await owner.call(Consenting.PROGRAM)
        assert (report.outcome, report.reason) == (Outcome.FAILED, "page_changed"), report.text


async def test_without_an_address_it_names_the_setting(tmp_path: Path) -> None:
    with Sandbox(shops=[["taobao", "youzan"]], today=TODAY) as box:
        owner = Owner(tmp_path, box)
        text = owner.home.config.read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if "youzan/authorize" not in line]
        owner.home.config.write_text("\n".join(kept), encoding="utf-8")
        owner.home.extend("", box.merchants_toml())
        report = await owner.call(platform="youzan")
        assert (report.outcome, report.reason) == (Outcome.FAILED, "not_configured")
        assert "sites.youzan.authorize_url" in str(report.text)


@pytest.mark.parametrize(("platform", "word"), [("nowhere", "taobao"), ("jd", "merchants import")])
async def test_what_is_not_known_is_wrong_usage(tmp_path: Path, platform: str, word: str) -> None:
    with box_with() as box:
        with pytest.raises(UsageError) as caught:
            await Owner(tmp_path, box).call(platform=platform)
        assert word in caught.value.text.en
