"""Pages that nobody gave an address of: found by way of the menus, kept, and found anew once the way is gone."""

import re
from datetime import date
from pathlib import Path

from agent.domain.accounts import SiteId
from agent.domain.errors import Outcome
from agent.domain.merchants import Edition
from agent.flows.session.pages_found import is_for_all, without_own
from agent.ledger import KnownWay, UnitOfWork
from agent.sandbox import Sandbox
from tests.flows.home import Home

PLATFORMS = ("taobao", "jd", "suning", "1688", "alibaba", "youzan", "pinduoduo", "douyin", "weimob", "aliexpress")


class Bare:
    """A sandbox of which nothing but the log-in pages is told."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box

    def settings_toml(self) -> str:
        return re.sub(r"^(orders|filing|refund)_url = .*\n", "", self._box.settings_toml(), flags=re.MULTILINE)

    def merchants_toml(self) -> str:
        return self._box.merchants_toml()


async def test_eleven_of_eleven_are_found_by_their_words_alone(tmp_path: Path) -> None:
    with Sandbox(shops=[PLATFORMS]) as box:
        home = Home(tmp_path, Bare(box), day=date(2026, 11, 23))
        report = await home.sync(dry_run=True)
        lost = {a.account.platform: a.text for a in report.accounts if a.outcome is not Outcome.OK or not a.orders}
        assert lost == {}
        assert len(report.accounts) == len(PLATFORMS)
        assert box.truth()["log"] == []
        assert box.truth()["purchases"] == 0


async def test_a_way_is_kept_for_other_accounts_and_walked_anew_once_it_leads_elsewhere(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"], ["suning"]]) as box:
        home = Home(tmp_path, Bare(box), day=date(2026, 11, 23))
        report = await home.sync(dry_run=True)
        assert {a.outcome for a in report.accounts} == {Outcome.OK}, [a.text for a in report.accounts]
        login = home.settings.sites["suning"].login_url or ""

        def lead_astray(tx: UnitOfWork) -> None:
            way = tx.ways.known(SiteId("suning"), Edition.ENTERPRISE, login)["orders"]
            assert way.address is not None
            astray = KnownWay(way.address.replace("order/list", "index"))
            tx.ways.keep(SiteId("suning"), Edition.ENTERPRISE, login, {"orders": astray})

        home.in_ledger(lead_astray)
        again = await home.sync(dry_run=True)
        assert [len(a.orders) for a in again.accounts] == [len(a.orders) for a in report.accounts]
        assert box.truth()["log"] == []


async def test_a_list_without_a_row_of_ours_is_kept_for_no_other_account(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        shop = box.state.merchants[0].shops["suning"]
        shop.orders[:] = [order for order in shop.orders if not order.ours]
        home = Home(tmp_path, Bare(box), day=date(2026, 11, 23))
        kept: list[str] = []
        report = await home.account(dry_run=True)
        assert (report.outcome, len(report.orders)) == (Outcome.OK, len(shop.orders)), report.text
        login = home.settings.sites["suning"].login_url or ""
        home.in_ledger(lambda tx: kept.extend(tx.ways.known(SiteId("suning"), Edition.ENTERPRISE, login)))
        assert kept == []


async def test_the_whole_job_is_done_on_a_page_that_has_no_address_of_its_own(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]]) as box:
        report = await Home(tmp_path, Bare(box), day=date(2026, 11, 23)).account()
        assert report.outcome is Outcome.OK, report.text
        wanted = box.truth()["expected"]["m1"]
        done = [e["order_no"] for e in box.truth()["log"] if e["applied"] and e["kind"] == "confirm"]
        assert sorted(done) == sorted(wanted["confirm"])
        assert box.truth()["purchases"] == 0


def test_what_is_kept_of_an_address_holds_nothing_of_an_account() -> None:
    assert without_own("https://a.cn/list?tab=all&shopId=7&ticket=x&no=123456#/o") == "https://a.cn/list?tab=all#/o"
    assert without_own("https://a.cn/#/list?tab=all&token=x") == "https://a.cn/#/list?tab=all"
    assert without_own("https://a.cn/#/list?shopId=7") == "https://a.cn/#/list"
    assert without_own("https://a.cn/#!orders") == "https://a.cn/#!orders"
    assert without_own("https://a.cn/orders.do;jsessionid=1A2B3C?tab=all") == "https://a.cn/orders.do?tab=all"
    assert without_own("https://a.cn/in#access_token=x&tab=all") == "https://a.cn/in#tab=all"


def test_an_address_that_holds_something_of_one_account_is_kept_for_no_other() -> None:
    assert not is_for_all("https://a.cn/shop/7100234/orders")
    assert not is_for_all("https://a.cn/#/shop/7100234/orders")
    assert not is_for_all("https://a.cn/orders?ticket=x")
    assert not is_for_all("https://a.cn/#/orders?ticket=x")
    assert not is_for_all("https://a.cn/orders.do;jsessionid=1A2B3C")
    assert not is_for_all("https://a.cn/s/4f9ac07b1e2d3c4b5a69788e7d6c5b4a/orders")
    assert not is_for_all("https://a.cn/s/550e8400-e29b-41d4-a716-44665544000a/orders")
    assert is_for_all("https://a.cn/serviceMarketOrderManagementList/my-bought-services-and-orders")
    assert is_for_all("https://a.cn:8801/v2/orders/2026?tab=all#/list?page=1")
