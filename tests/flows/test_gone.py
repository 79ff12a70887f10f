"""拍拍 and 一号店: platforms that are gone, whose filings are followed in the back office alone. In a real browser."""

from datetime import date
from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.domain.orders import OrderStatus
from agent.domain.report import AccountReport
from agent.sandbox import Sandbox
from agent.sandbox.core.model import Filing, Merchant
from tests.flows.home import Home

TODAY = date(2026, 11, 23)


def results(report: AccountReport) -> dict[str | None, tuple[str, str | None]]:
    return {a.order_no: (a.result.value, a.reason) for a in report.actions if a.kind.value == "request_refund"}


def of_role(merchant: Merchant, role: str) -> Filing:
    return next(f for f in merchant.filings if f.role == role)


@pytest.mark.parametrize("platform", ["paipai", "yhd"])
async def test_what_is_due_is_requested_once_and_nothing_else_is_done(platform: str, tmp_path: Path) -> None:
    with Sandbox(shops=[[platform, "youzan"]], today=TODAY) as box:
        (merchant,) = box.state.merchants
        home = Home(tmp_path, box, day=TODAY)
        report = await home.account(platforms=[platform])
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        due, early, paid = (of_role(merchant, role) for role in ("refundable", "too_early", "paid_out"))
        assert {number: result for number, (result, _) in results(report).items()} == {
            due.order_no: "done", early.order_no: "waiting", paid.order_no: "already",
        }  # fmt: skip
        assert due.status == "返款申请中"
        assert [(e["kind"], e["order_no"]) for e in box.truth()["log"]] == [("refund", due.order_no)]
        order = next(o for o in report.orders if o.order_no == due.order_no)
        assert order.ordered_at.isoformat() == f"{due.date}T00:00:00+08:00"
        assert (f"{order.amount:.2f}", order.ours, order.status) == (due.amount, True, OrderStatus.COMPLETED)
        assert len(report.orders) == 3  # not what was filed of another platform's
        again = await home.account(platforms=[platform])
        assert (again.outcome, len(box.truth()["log"])) == (Outcome.OK, 1)
        assert merchant.shops["youzan"].login.ok == 0


async def test_a_platform_is_known_by_every_name_that_the_back_office_has_for_it(tmp_path: Path) -> None:
    with Sandbox(shops=[["yhd"]], today=TODAY) as box:
        (merchant,) = box.state.merchants
        for filing in merchant.filings:
            filing.platform = "1号店"
        report = await Home(tmp_path, box, day=TODAY).account(dry_run=True)
        assert len(report.orders) == len(merchant.filings)


async def test_a_filing_that_lacks_its_date_is_a_persons(tmp_path: Path) -> None:
    with Sandbox(shops=[["paipai"]], today=TODAY) as box:
        (merchant,) = box.state.merchants
        of_role(merchant, "refundable").date = ""
        report = await Home(tmp_path, box, day=TODAY).account()
        assert (report.outcome, report.reason) == (Outcome.NEEDS_HUMAN, "filing_incomplete")
        assert results(report)[of_role(merchant, "refundable").order_no] == ("waiting", "filing_incomplete")
        assert box.truth()["log"] == []


async def test_a_filing_of_another_platform_with_the_same_number_is_not_taken_for_it(tmp_path: Path) -> None:
    with Sandbox(shops=[["taobao"]], today=TODAY) as box:
        (merchant,) = box.state.merchants
        merchant.taobao.orders[:] = [o for o in merchant.taobao.orders if o.role == "refundable"]
        (order,) = merchant.taobao.orders
        merchant.filings[:] = [f for f in merchant.filings if f.order_no == order.number]
        merchant.filings[0].platform = "京东"
        report = await Home(tmp_path, box, day=TODAY).account()
        assert report.outcome is Outcome.OK, report.text
        assert [(e["kind"], e["order_no"]) for e in box.truth()["log"]] == [
            ("file", order.number),
            ("refund", order.number),
        ]
        assert [(f.platform, f.status) for f in merchant.filings] == [("淘宝", "返款申请中"), ("京东", "报备中")]
