"""The sync on sites that misbehave: what cannot be read stops it, what fails is finished by the next run."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.domain.errors import Outcome
from agent.domain.report import AccountReport, StepResult
from agent.flows.runs.stops import kept_stop
from agent.settings import load_settings
from tests.fixtures.market import Faults, Market, Post
from tests.fixtures.market.faults import WriteFault
from tests.flows.home import Home, applied, assert_finished, assert_nothing_twice, changed, filed_here, quiet

LAYOUT = "table-pages"  # page numbers, native dialogs, plain forms; the other layouts have their test


LISTS = (
    "table-pages",
    "tabs",
    "cards-infinite",
    "virtual",
)


def results(report: AccountReport, kind: str) -> list[str]:
    return [a.result.value for a in report.actions if a.kind.value == kind]


def assert_pictured(report: AccountReport) -> None:
    """There is a picture of the page on which it ended."""
    assert report.evidence
    assert all(Path(p).stat().st_size > 1000 for p in report.evidence)


# nothing is clicked


@pytest.mark.parametrize(
    ("faults", "missing"),
    [
        ({"drop_column": "status"}, "status"),
        ({"drop_column": "order_no"}, "order_no"),
        ({"duplicate_number": True}, "two rows"),
        ({"json_differs": True}, ""),
        ({"wrong_total": True}, "states 15 rows but only 8"),
        ({"empty_without_sign": True}, "no sign of being empty"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
async def test_a_list_that_cannot_be_read_is_told_with_a_picture(
    faults: dict[str, Any], missing: str, tmp_path: Path
) -> None:
    with Market(LAYOUT, orders=8, faults=Faults(**faults)) as market:
        home = Home(tmp_path, market)
        report = await home.sync()
        (account,) = report.accounts
        assert (account.outcome, account.reason, report.exit_status) == (Outcome.FAILED, "page_changed", 1)
        assert account.text is not None
        assert market.orders_url in account.text.en
        assert missing in account.text.en
        assert_pictured(account)
        assert quiet(market)


@pytest.mark.parametrize(
    ("faults", "word"),
    [({"unknown_status": "待评价"}, "待评价"), ({"blank_number": True}, "order_no")],
    ids=["state", "number"],
)
async def test_an_order_that_is_not_understood_is_left_alone_and_the_others_are_done(
    faults: dict[str, Any], word: str, tmp_path: Path
) -> None:
    with Market(LAYOUT, orders=8, faults=Faults(**faults)) as market:
        home = Home(tmp_path, market)
        account = await home.account()
        assert (account.outcome, account.reason) == (Outcome.FAILED, "page_changed")
        assert account.text is not None
        assert word in account.text.en
        assert_pictured(account)
        (row,) = account.unread
        assert (row.foreign, len(account.orders)) == (False, 7)
        assert [a.kind for a in account.actions if a.result is StepResult.DONE]
        assert_nothing_twice(market)
        touched = {number for _, number in applied(market)}
        assert touched
        assert touched <= {order.order_no for order in account.orders}
        stop = kept_stop(home.settings.data_dir, str(account.account))
        assert stop is not None
        assert stop.rows == account.unread


async def test_another_vendors_order_that_is_not_understood_is_told_and_passed_over(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=8) as market:
        theirs = next(order for order in market.state.orders if not order.ours)
        theirs.status = theirs.initial_status = "待评价"
        account = await Home(tmp_path, market).account()
        assert (account.outcome, account.reason) == (Outcome.OK, None)
        assert [(row.foreign, row.order_no) for row in account.unread] == [(True, theirs.order_no)]
        assert len(account.orders) == 7
        assert_nothing_twice(market)
        assert applied(market)


async def test_an_unknown_state_that_the_settings_name_is_understood(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=8, faults=Faults(unknown_status="已受理")) as market:
        home = Home(tmp_path, market)
        words = market.settings_toml().replace("[[platforms]]", '[[platforms]]\nstatuses = { "已受理" = "completed" }')
        home.config.write_text(f'data_dir = "var"\n{words}', encoding="utf-8")
        home.settings = load_settings(home.config)
        account = await home.account()
        assert (account.outcome, account.unread, len(account.orders)) == (Outcome.OK, (), 8)


@pytest.mark.parametrize("layout", LISTS)
async def test_an_honest_emptiness_is_no_failure(layout: str, tmp_path: Path) -> None:
    with Market(layout, orders=8, faults=Faults(empty=True)) as market:
        account = await Home(tmp_path, market).account()
        assert (account.outcome, account.orders, account.actions) == (Outcome.OK, [], [])
        assert quiet(market)


@pytest.mark.parametrize("layout", ["table-pages", "cards-infinite"], ids=["plain form", "script"])
async def test_a_wrong_password_is_tried_once(layout: str, tmp_path: Path) -> None:
    with Market(layout, orders=8) as market:
        home = Home(tmp_path, market, merchants=market.merchants_toml(password="guess-123"))
        report = await home.sync()
        (account,) = report.accounts
        assert (account.outcome, account.reason, report.exit_status) == (Outcome.FAILED, "bad_password", 1)
        assert market.truth()["logins"] == {"ok": 0, "bad": 1}
        assert quiet(market)


async def test_the_back_offices_wrong_password_is_tried_once_for_all_accounts(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=8) as back_office, Market("tabs", orders=8) as other:
        second = other.settings_toml("second").partition("[[platforms]]")[2]
        good = 'username = "demo"\npassword = "demo-pass"\n'
        merchants = back_office.merchants_toml().replace(good, good.replace("demo-pass", "guess-123"), 1)
        home = Home(tmp_path, back_office, merchants=merchants)
        home.extend(f"[[platforms]]{second}", f'{merchants}[[merchants.accounts]]\nplatform = "second"\n{good}')
        report = await home.sync()
        assert [a.reason for a in report.accounts] == ["bad_password", "bad_password"]
        assert back_office.truth()["logins"]["bad"] == 1
        assert quiet(back_office)
        assert quiet(other)


@pytest.mark.parametrize("layout", ["table-pages", "split-header"], ids=["native", "drawn"])
async def test_a_question_about_another_order_is_not_agreed_to(layout: str, tmp_path: Path) -> None:
    with Market(layout, orders=8, faults=Faults(asks_for_another=True)) as market:
        home = Home(tmp_path, market)
        for _ in range(2):
            account = await home.account()
            assert (account.outcome, account.reason) == (Outcome.FAILED, "page_changed")
            assert account.text is not None
            assert "the dialog speaks of 339" in account.text.en
            assert results(account, "confirm")[0] == "failed"
            assert "unknown" not in results(account, "confirm")
            assert_pictured(account)
        assert quiet(market)


async def test_another_shop_is_not_touched(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=8) as market:
        home = Home(tmp_path, market, merchants=market.merchants_toml(shop="别家旗舰店"))
        account = await home.account()
        assert (account.outcome, account.reason) == (Outcome.FAILED, "wrong_shop")
        assert account.text is not None
        assert "别家旗舰店" in account.text.en
        assert_pictured(account)
        assert quiet(market)


async def test_a_dry_run_plans_and_sends_nothing_but_the_log_ins(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=8, refundable=True) as market:
        before = market.truth()
        account = await Home(tmp_path, market).account(dry_run=True)
        assert account.outcome is Outcome.OK
        assert market.truth() == before | {"logins": {"ok": 2, "bad": 0}}
        assert {a.result.value for a in account.actions} <= {"planned", "waiting", "already"}
        awaited = [a.order_no for a in account.actions if a.kind.value == "confirm"]
        assert awaited == before["should_confirm"]
        assert results(account, "request_refund").count("planned") == 1


# a person is needed


async def test_without_a_payee_everything_but_the_refund_is_done(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=8, refundable=True) as market:
        head, _, rest = market.merchants_toml().partition("[merchants.payee]")
        home = Home(tmp_path, market, merchants=head + rest[rest.index("[[merchants.accounts]]") :])
        report = await home.sync()
        (account,) = report.accounts
        assert (account.outcome, account.reason) == (Outcome.NEEDS_HUMAN, "missing_payee")
        assert report.exit_status == 3
        assert changed(market) == market.truth()["should_confirm"]
        assert filed_here(market)
        assert "request_refund" not in {kind for kind, _ in applied(market)}


# a success that is none


@pytest.mark.parametrize("fault", ["confirm_does_nothing", "optimistic"])
async def test_what_the_site_claims_is_not_believed(fault: str, tmp_path: Path) -> None:
    with Market("tabs", orders=8, faults=Faults(**{fault: True})) as market:  # type: ignore[arg-type]
        report = await Home(tmp_path, market).sync()
        (account,) = report.accounts
        assert changed(market) == []
        assert set(results(account, "confirm")) <= {"failed", "unknown"}
        assert account.outcome in (Outcome.FAILED, Outcome.UNKNOWN)
        assert report.exit_status == 1
        confirmed = market.truth()["should_confirm"]
        assert not {f["order_no"] for f in filed_here(market)} & set(confirmed)


async def test_an_order_that_is_gone_after_its_click_is_in_doubt(tmp_path: Path) -> None:
    def vanish(post: Post, stage: str) -> None:
        if (post.kind, stage) == ("confirm", "after"):
            market.state.orders[:] = [o for o in market.state.orders if o.order_no != post.order_no]

    with Market(LAYOUT, orders=8, faults=Faults(on_post=vanish)) as market:
        wanted = market.truth()["should_confirm"]
        account = await Home(tmp_path, market).account()
        assert account.outcome is Outcome.UNKNOWN
        assert [(a.order_no, a.result.value) for a in account.actions if a.kind.value == "confirm"] == [
            (number, "unknown") for number in wanted
        ]


async def test_what_was_filed_and_is_no_longer_listed_is_not_filed_again(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=8) as market:
        home = Home(tmp_path, market)
        assert (await home.account()).outcome is Outcome.OK
        sent = len(market.truth()["log"])
        market.state.filings.clear()
        account = await home.account()
        assert (account.outcome, account.reason) == (Outcome.NEEDS_HUMAN, "filing_vanished")
        assert len(market.truth()["log"]) == sent


# what fails is finished


async def test_reads_that_fail_are_read_again(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=8, refundable=True, faults=Faults(fail_reads=5, slow=True)) as market:
        home = Home(tmp_path, market)
        account = await home.account()
        if account.outcome is not Outcome.OK:
            account = await home.account()
        assert account.outcome is Outcome.OK, account.text
        assert_finished(market)


async def test_writes_that_fail_or_whose_answer_is_lost_happen_once(tmp_path: Path) -> None:
    # With the seed 5 the first two are confirmations, the others filings: each is lost, or fails, in both its stages.
    faults: dict[int, WriteFault] = {1: "drop-after", 2: "500-before", 3: "drop-before", 4: "500-after"}
    with Market("tabs", orders=8, seed=5, refundable=True, faults=Faults(fail_writes=faults)) as market:
        home = Home(tmp_path, market)
        first = await home.account()
        assert_nothing_twice(market)
        assert first.outcome in (Outcome.OK, Outcome.UNKNOWN), first.text
        lost = {o for o in results(first, "confirm") + results(first, "file") if o == "failed"}
        assert not lost
        sent = len(market.truth()["log"])
        second = await home.account()
        assert second.reason == "unknown"  # no list has shown yet how soon it shows such a step
        assert len(market.truth()["log"]) == sent
        third = await home.account(later=timedelta(hours=25))
        assert third.outcome is Outcome.OK, (third.text, third.actions)
        assert_finished(market)


async def test_what_is_in_doubt_is_told_by_its_name(tmp_path: Path) -> None:
    with Market("tabs", orders=8, seed=5, refundable=True, faults=Faults(fail_writes={2: "500-before"})) as market:
        account = await Home(tmp_path, market).account()
        (doubt,) = (a for a in account.actions if a.result.value == "unknown")
        assert account.text is not None
        assert f"The filing of order {doubt.order_no} was sent" in account.text.en


async def test_a_step_that_failed_is_tried_again_once_the_list_shows_another_of_its_kind(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=12, seed=3, faults=Faults(fail_writes={1: "500-before"})) as market:
        assert len(market.truth()["should_confirm"]) > 1
        account = await Home(tmp_path, market).account()
        assert account.outcome is Outcome.OK, (account.text, account.actions)
        assert_finished(market)


# lists that lag behind


async def test_what_was_accepted_and_is_not_listed_is_not_sent_again(tmp_path: Path) -> None:
    with Market("tabs", orders=12, seed=3, faults=Faults(lag=1000)) as market:
        home = Home(tmp_path, market)
        await home.account()
        once = applied(market)
        account = await home.account()
        assert (account.outcome, account.reason) == (Outcome.UNKNOWN, "not_listed_yet")
        assert applied(market) == once
        assert account.text is not None
        assert f"order {filed_here(market)[0]['order_no']} was accepted" in account.text.en
        account = await home.account(later=timedelta(days=3), dry_run=True)
        assert (account.outcome, account.reason) == (Outcome.NEEDS_HUMAN, "not_listed")
        assert applied(market) == once


async def test_a_list_that_shows_it_a_little_later_is_looked_at_again(tmp_path: Path) -> None:
    with Market("tabs", orders=8, seed=5, faults=Faults(lag=1)) as market:
        account = await Home(tmp_path, market).account()
        assert account.outcome is Outcome.OK, account.text
        assert_finished(market)


async def test_what_was_done_and_answered_with_an_error_is_not_done_again_before_the_list_can_be_trusted(
    tmp_path: Path,
) -> None:
    with Market("tabs", orders=8, seed=5, faults=Faults(lag=1000, fail_writes={1: "500-after"})) as market:
        home = Home(tmp_path, market)
        for _ in range(2):
            account = await home.account()
            assert "unknown" in {a.reason for a in account.actions}
        assert_nothing_twice(market)
        assert Counter(p["kind"] for p in market.truth()["log"])["confirm"] == 1


async def test_a_number_that_arrives_rounded_is_filed_once_and_told(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=12, seed=3, faults=Faults(rounds_numbers=True)) as market:
        home = Home(tmp_path, market)
        assert len([o for o in market.truth()["orders"] if o["ours"] and o["status"] == "交易成功"]) > 1
        for outcome in (Outcome.FAILED, Outcome.NEEDS_HUMAN):
            account = await home.account()
            (wrong,) = filed_here(market)
            assert (account.outcome, account.reason) == (outcome, "filed_wrongly")
            assert account.text is not None
            assert f"{wrong['order_no']} is shown" in account.text.en
            assert "failed" not in results(account, "confirm")


async def test_a_row_that_was_drawn_without_its_button_is_looked_for_on_a_page_loaded_anew(tmp_path: Path) -> None:
    with Market("tabs", orders=5, faults=Faults(bare_at_first=True)) as market:
        account = await Home(tmp_path, market).account()
        assert account.outcome is Outcome.OK, account.text
        assert_finished(market)


async def test_sessions_that_end_midway_are_renewed(tmp_path: Path) -> None:
    with Market("tabs", orders=8, refundable=True, faults=Faults(expire_session_after=25)) as market:
        home = Home(tmp_path, market)
        account = await home.account()
        assert_nothing_twice(market)
        if account.outcome is not Outcome.OK:
            account = await home.account()
        assert account.outcome is Outcome.OK, account.text
        assert_finished(market)
        assert market.truth()["logins"]["bad"] == 0


async def test_a_session_that_ends_before_the_list_was_read_once_is_renewed_where_a_part_of_it_was_seen(
    tmp_path: Path,
) -> None:
    asked = 0

    def lose(path: str) -> int | None:
        nonlocal asked
        asked += path == "/api/orders"
        if path != "/api/orders" or asked != 3:  # the first page twice: where the log-in leads, and opened anew
            return None
        market.state.end_sessions()
        return 500

    with Market(LAYOUT, orders=25, faults=Faults(on_read=lose)) as market:
        account = await Home(tmp_path, market).account(dry_run=True)
        assert (account.outcome, len(account.orders)) == (Outcome.OK, 25), account.text
        assert asked > 3
        assert market.truth()["logins"]["bad"] == 0


@pytest.mark.parametrize(("shown", "log_ins"), [(0, 1), (2, 3)], ids=["nothing is seen", "the first page is seen"])
async def test_a_site_that_ends_each_session_is_not_logged_in_to_over_and_over(
    tmp_path: Path, shown: int, log_ins: int
) -> None:
    asked = Counter[int]()

    def lose(path: str) -> int | None:
        session = market.state.logins["ok"]
        asked[session] += path == "/api/orders"
        if path != "/api/orders" or asked[session] <= shown:
            return None
        market.state.end_sessions()
        return 500

    with Market(LAYOUT, orders=25, faults=Faults(on_read=lose)) as market:
        account = await Home(tmp_path, market).account(dry_run=True)
        assert account.reason == "session_expired"
        assert market.truth()["logins"] == {"ok": log_ins, "bad": 0}
