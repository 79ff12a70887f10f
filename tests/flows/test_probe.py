"""A probe compares a site with its declaration, names what differs and nothing else, and changes nothing."""

import json
from datetime import date
from pathlib import Path

from agent.domain.accounts import AccountKey, SiteId
from agent.domain.merchants import Edition
from agent.domain.probe import Part, ProbeReport, Verdict
from agent.domain.redaction import Redactor
from agent.domain.text import Text
from agent.evidence.probe_report import write_report
from agent.flows.runs.probe import run_probe
from agent.ledger import KnownWay, Ledger, UnitOfWork
from agent.sandbox import Sandbox
from tests.flows.home import Home
from tests.flows.test_pages_found import Bare


async def probed(home: Home, platform: str = "suning") -> ProbeReport:
    ledger = Ledger.open(home.settings, home.clock)
    try:
        return await run_probe(home.context(ledger, chrome=home.chrome), AccountKey("m1", platform))
    finally:
        ledger.close()


def different(report: ProbeReport) -> dict[str, str]:
    return {p.part: p.seen for p in report.parts if p.verdict is Verdict.DIFFERENT}


async def test_one_part_that_changed_is_named_and_nothing_else(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        home = Home(tmp_path, Bare(box), day=date(2026, 11, 23))
        first = await probed(home)
        assert first.ended is None, first.ended
        assert different(first) == {}
        assert first.exit_status == 0
        shop = box.state.merchants[0].shops["suning"]
        shop.orders[0].status = "已归档"
        second = await probed(home)
        assert {*different(second)} == {"status words"}
        assert "已归档" in different(second)["status words"]
        assert box.truth()["log"] == []
        assert box.truth()["purchases"] == 0


async def test_the_report_holds_nothing_of_the_merchant(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        home = Home(tmp_path, Bare(box), day=date(2026, 11, 23))
        report = await probed(home)
        merchant = box.state.merchants[0]
        login = merchant.shops["suning"].login
        secrets = (login.password, login.username, merchant.backoffice.password, merchant.shops["suning"].name)
        redactor = Redactor()
        for secret in secrets:
            redactor.add(secret)
        page, data = write_report(report, tmp_path / "probes", home.clock(), redactor)
        text = page.read_text(encoding="utf-8") + data.read_text(encoding="utf-8")
        numbers = [o.number for o in merchant.shops["suning"].orders]
        assert not any(secret in text for secret in (*secrets, *numbers))
        assert {p["part"] for p in json.loads(data.read_text(encoding="utf-8"))["parts"]} >= {
            "headings",
            "way",
            "hosts",
        }


async def test_a_way_of_which_an_entry_is_gone_is_walked_anew(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]]) as box:
        home = Home(tmp_path, Bare(box), day=date(2026, 11, 23))
        first = await probed(home, "weimob")
        assert (first.ended, different(first)) == (None, {})
        login = home.settings.sites["weimob"].login_url or ""

        def rename(tx: UnitOfWork) -> None:
            ways = tx.ways.known(SiteId("weimob"), Edition.ENTERPRISE, login)
            gone = {page: KnownWay(None, (("没有这个菜单", "press"),)) for page in ways}
            assert gone
            tx.ways.keep(SiteId("weimob"), Edition.ENTERPRISE, login, gone)

        home.in_ledger(rename)
        second = await probed(home, "weimob")
        assert second.ended is None, second.ended
        assert different(second) == different(first)


def test_what_is_told_is_masked_and_what_was_found_is_not() -> None:
    redactor = Redactor()
    redactor.add("锦绣家居旗舰店")
    part = Part("shop", Verdict.DIFFERENT, "锦绣家居旗舰店", "别的店，不是锦绣家居旗舰店")
    ended = Text("锦绣家居旗舰店 is not here", "没有锦绣家居旗舰店")
    report = ProbeReport("m1", "taobao", [part], ended, "wrong_shop", found={"orders_url": "https://a.example.com/"})
    masked = report.masked(redactor.mask)
    assert "锦绣家居" not in json.dumps(masked.to_json(), ensure_ascii=False)
    assert masked.to_json()["parts"][0]["seen"] == "别的店，不是*****"
    assert masked.found == report.found
