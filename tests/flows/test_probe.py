"""A probe compares a site with its declaration, names what differs and nothing else, and changes nothing."""

import json
from datetime import date
from pathlib import Path

from agent.domain.accounts import AccountKey
from agent.domain.probe import ProbeReport, Verdict
from agent.domain.redaction import Redactor
from agent.evidence.probe_report import write_report
from agent.flows.runs.probe import run_probe
from agent.ledger import Ledger
from agent.sandbox import Sandbox
from tests.flows.home import Home
from tests.flows.test_pages_found import Bare


async def probed(home: Home) -> ProbeReport:
    ledger = Ledger.open(home.settings, home.clock)
    try:
        return await run_probe(home.context(ledger), AccountKey("m1", "suning"))
    finally:
        ledger.close()


def different(report: ProbeReport) -> dict[str, str]:
    return {p.part: p.seen for p in report.parts if p.verdict is Verdict.DIFFERENT}


async def test_one_part_that_changed_is_named_and_nothing_else(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        home = Home(tmp_path, Bare(box), day=date(2026, 11, 23))
        first = await probed(home)
        assert first.ended is None, first.ended
        assert different(first) in ({}, {"session cookies": "none of them"})
        assert first.exit_status == bool(different(first))
        shop = box.state.merchants[0].shops["suning"]
        shop.orders[0].status = "已归档"
        second = await probed(home)
        assert {*different(second)} - {*different(first)} == {"status words"}
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
