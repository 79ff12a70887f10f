"""申请返款 without a filing, in a real browser: a merchant with the cloud edition on the simulated sites."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.domain.merchants import Edition
from agent.domain.report import AccountReport
from agent.ledger import known_orders
from agent.sandbox import Post, Sandbox
from agent.sandbox.core.model import Merchant
from tests.flows.home import Home

TODAY = date(2026, 11, 23)
KEPT = {"awaiting", "too_early", "refundable", "paid_out", "gift", "other", "lookalike_awaiting"}


def small(box: Sandbox, *also: str, edition: str = "cloud") -> Merchant:
    """Makes the only merchant's edition `edition`, with an order of each kind that matters and its applications."""
    (merchant,) = box.state.merchants
    kept, seen = [], set()
    for order in merchant.taobao.orders:
        if order.role in KEPT | {*also} and order.role not in seen:
            kept.append(order)
            seen.add(order.role)
    merchant.edition, merchant.taobao.orders[:] = edition, kept
    seeded, merchant.filings[:] = [*merchant.filings], []
    for filing in seeded:
        if filing.order_no in {o.number for o in kept}:
            merchant.seed(filing)
    return merchant


def losing(stage: str) -> Callable[[Post, str], str | None]:
    """Loses the answer to the first application."""
    done: list[Post] = []

    def lose(post: Post, at: str) -> str | None:
        if post.kind != "refund" or at != stage or done:
            return None
        done.append(post)
        return "drop"

    return lose


def sandbox(hook: Callable[[Post, str], str | None] | None = None) -> Sandbox:
    return Sandbox(shops=[["taobao"]], today=TODAY, on_post=hook)


def applied(box: Sandbox) -> Counter[tuple[str, str]]:
    return Counter((e["kind"], e["order_no"]) for e in box.truth()["log"] if e["applied"])


def wanted(box: Sandbox) -> Counter[tuple[str, str]]:
    expected = box.truth()["expected"]["m1"]
    assert expected["file"] == expected["save_date"] == []
    return Counter((kind, number) for kind in ("confirm", "refund") for number in expected[kind])


def results(report: AccountReport, kind: str = "request_refund") -> dict[str | None, str]:
    return {a.order_no: a.result.value for a in report.actions if a.kind.value == kind}


@pytest.mark.parametrize("edition", ["cloud", "j_series"], ids=["dialog", "section"])
async def test_the_whole_job_is_done_once(edition: str, tmp_path: Path) -> None:
    with sandbox() as box:
        merchant = small(box, edition=edition)
        home = Home(tmp_path, box, day=TODAY)
        report = await home.account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert applied(box) == wanted(box)
        assert results(report, "file") == {}
        assert Counter(results(report).values()) == {"done": 1, "waiting": 2, "already": 1}
        (due,) = box.truth()["expected"]["m1"]["refund"]
        made = next(a for a in merchant.applications if a.order_no == due)
        order = next(o for o in merchant.taobao.orders if o.number == due)
        assert (made.platform, made.shop, made.date) == ("淘宝", merchant.taobao.name, f"{order.ordered_at:%Y-%m-%d}")
        assert (made.amount, made.bank, made.holder) == (str(order.amount), merchant.payee.bank, merchant.payee.holder)
        assert made.account == merchant.payee.account
        pictures = next(a.evidence for a in report.actions if a.kind.value == "request_refund" and a.evidence)
        assert [Path(p).stem.rsplit("-", 1)[1] for p in pictures] == ["before", "after"]
        record = (Path(pictures[0]).parent / "steps.jsonl").read_text(encoding="utf-8")
        assert due in record
        assert merchant.payee.account not in record

        sent = len(box.truth()["log"])
        again = await home.account()
        assert (again.outcome, len(box.truth()["log"])) == (Outcome.OK, sent)
        assert set(results(again).values()) == {"already", "waiting"}
        known: list[str] = []
        home.with_ledger(lambda ledger: known.extend(k.stage.value for k in known_orders(ledger, direct=_direct)))
        assert {"requested", "paid_out"} <= set(known)


def _direct(edition: Edition) -> bool:
    return edition is not Edition.ENTERPRISE


async def test_a_dry_run_sends_nothing_and_a_later_day_brings_what_waited(tmp_path: Path) -> None:
    with sandbox() as box:
        small(box)
        home = Home(tmp_path, box, day=TODAY)
        plan = await home.account(dry_run=True)
        assert Counter(results(plan).values()) == {"planned": 1, "waiting": 2, "already": 1}
        assert box.truth()["log"] == []
        first = await home.account()
        waiting = {number for number, result in results(first).items() if result == "waiting"}
        box.state.today += timedelta(days=14)
        home.clock.skip(timedelta(days=14))
        later = await home.account()
        assert {number for number, result in results(later).items() if result == "done"} == waiting
        assert set(applied(box).values()) == {1}


@pytest.mark.parametrize("stage", ["before", "after"])
async def test_an_answer_that_is_lost_is_in_doubt_until_the_list_can_be_trusted(stage: str, tmp_path: Path) -> None:
    with sandbox(losing(stage)) as box:
        small(box)
        home = Home(tmp_path, box, day=TODAY)
        first = await home.account()
        asked = [e for e in box.truth()["log"] if e["kind"] == "refund"]
        assert len(asked) == 1  # not sent again in the run that heard nothing
        if stage == "before":
            assert (first.outcome, first.reason) == (Outcome.UNKNOWN, "unknown")
        else:
            assert first.outcome is Outcome.OK  # the list said that it had arrived
        second = await home.account()
        if stage == "before":
            assert second.outcome is Outcome.UNKNOWN  # nobody knows yet how soon this list shows what was sent
            second = await home.account(later=timedelta(hours=25))
        assert second.outcome is Outcome.OK, second.text
        assert applied(box) == wanted(box)


async def test_the_back_offices_word_counts_more_than_the_calendar(tmp_path: Path) -> None:
    with sandbox() as box:
        small(box)
        box.state.today = TODAY - timedelta(days=400)  # the back office's own calendar is far behind
        home = Home(tmp_path, box, day=TODAY)
        report = await home.account()
        early = next(a for a in report.actions if a.reason == "too_early")
        assert (report.outcome, early.result.value) == (Outcome.OK, "waiting")
        assert early.due_on == TODAY + timedelta(days=1)
        sent = len(box.truth()["log"])
        await home.account()
        assert len(box.truth()["log"]) == sent


async def test_an_application_that_was_rejected_waits_for_a_person(tmp_path: Path) -> None:
    with sandbox() as box:
        merchant = small(box)
        merchant.applications[0].status = "已驳回"
        report = await Home(tmp_path, box, day=TODAY).account()
        assert (report.outcome, report.reason) == (Outcome.NEEDS_HUMAN, "filing_rejected")
        assert applied(box) == wanted(box)


async def test_without_a_payee_nothing_is_applied_for(tmp_path: Path) -> None:
    with sandbox() as box:
        small(box)
        head, _, rest = box.merchants_toml().partition("[merchants.payee]")
        home = Home(tmp_path, box, day=TODAY, merchants=head + rest[rest.index("[[merchants.accounts]]") :])
        report = await home.account()
        assert (report.outcome, report.reason) == (Outcome.NEEDS_HUMAN, "missing_payee")
        assert {kind for kind, _ in applied(box)} == {"confirm"}


async def test_the_filing_page_need_not_be_known(tmp_path: Path) -> None:
    with sandbox() as box:
        merchant = small(box)
        merchant.applications.clear()  # the list is empty, and says so
        home = Home(tmp_path, box, day=TODAY)
        lines = home.config.read_text(encoding="utf-8").splitlines()
        home.config.write_text("\n".join(x for x in lines if not x.startswith("filing_url")), encoding="utf-8")
        home.extend("", box.merchants_toml())
        report = await home.account()
        assert report.outcome is Outcome.OK, report.text
        assert set(applied(box).values()) == {1}


async def test_our_account_is_set_though_the_form_opens_on_another_one(tmp_path: Path) -> None:
    with sandbox() as box:
        merchant = small(box)
        box.state.faults.habits = ("saved-account", "agree-first")
        report = await Home(tmp_path, box, day=TODAY).account()
        assert (report.outcome, report.reason) == (Outcome.OK, None), report.text
        assert applied(box) == wanted(box)
        (sent,) = (e["fields"] for e in box.truth()["log"] if e["kind"] == "refund")
        assert (sent["PayType"], sent["AccountId"]) == ("bank", "new")
        assert merchant.payee.account in sent.values()


async def test_a_choice_that_nobody_understands_stops_an_application(tmp_path: Path) -> None:
    with sandbox() as box:
        small(box)
        box.state.faults.habits = ("unknown-choice",)
        report = await Home(tmp_path, box, day=TODAY).account()
        assert report.reason == "choice_unclear", report.text
        assert report.text is not None
        assert "处理方式" in report.text.zh
        assert {kind for kind, _ in applied(box)} == {"confirm"}
        assert not [e for e in box.truth()["log"] if e["kind"] == "refund"]
