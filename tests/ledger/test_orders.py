"""Orders and filings: recognised when they come again, with a history of what changed and of nothing else."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import StatementError

from agent.domain.accounts import AccountKey
from agent.domain.orders import SHANGHAI, FilingStatus, Order, OrderStatus
from agent.domain.report import StepKind, StepResult
from agent.domain.stage import Stage
from agent.ledger import KnownOrder, Ledger, known_orders
from tests.ledger.support import NOW, ORDERED_AT, Clock, account, filing, merchant, order

History = Callable[[str], list[tuple[str, str, dict[str, Any]]]]
TAOBAO = account()


def known(ledger: Ledger, merchant_id: str | None = None) -> list[Order]:
    return [k.order for k in known_orders(ledger) if merchant_id in (None, k.account.merchant_id)]


def only(ledger: Ledger) -> KnownOrder:
    (one,) = known_orders(ledger)
    return one


class TestOrders:
    @pytest.mark.parametrize(
        "seen",
        [
            order(),
            order(None),
            order("0007", amount=Decimal("0.00"), service_code="FW_GOODS-1", shop=None, ours=False),
            order(amount=Decimal("99999999.99"), currency="USD", expires_at=ORDERED_AT + timedelta(days=365)),
            order("9" * 40, status=OrderStatus.REFUNDING),
        ],
    )
    def test_come_back_as_they_were_seen(self, ledger: Ledger, run: str, seen: Order) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [seen])
        assert known(ledger) == [seen]
        assert str(known(ledger)[0].amount) == str(seen.amount)

    def test_times_come_back_in_shanghai(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order(ordered_at=datetime(2026, 9, 30, 16, 30, tzinfo=UTC))])
        assert known(ledger)[0].ordered_at.isoformat() == "2026-10-01T00:30:00+08:00"
        assert only(ledger).updated_at.tzinfo is SHANGHAI

    @pytest.mark.parametrize("wrong", [{"amount": Decimal("1.005")}, {"ordered_at": ORDERED_AT.replace(tzinfo=None)}])
    def test_nothing_is_rounded_or_guessed(self, ledger: Ledger, run: str, wrong: dict[str, object]) -> None:
        with pytest.raises(StatementError), ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1"), order("2", **wrong)])
        assert known(ledger) == []

    def test_another_account_or_merchant_may_have_the_same_number(self, ledger: Ledger, run: str) -> None:
        with ledger.begin() as tx:
            tx.merchants.save([merchant("m2")])
        for where in (TAOBAO, account("m1", "jd"), account("m2")):
            with ledger.begin(run_id=run) as tx:
                tx.orders.save(where.key, [order()])
        assert [(k.account.merchant_id, k.account.platform) for k in known_orders(ledger)] == [
            ("m1", "jd"), ("m1", "taobao"), ("m2", "taobao"),
        ]  # fmt: skip
        assert len(known(ledger, "m2")) == 1
        assert known(ledger, "nobody") == []

    def test_of_one_account_are_listed_by_time(self, ledger: Ledger, run: str) -> None:
        seen = [order(str(n), ordered_at=ORDERED_AT + timedelta(hours=n % 7)) for n in range(20)]
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, seen)
        times = [o.ordered_at for o in known(ledger)]
        assert times == sorted(times)

    def test_those_that_the_page_no_longer_shows_stay(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1")])
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [])
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("2")])
        assert {o.order_no for o in known(ledger)} == {"1", "2"}

    def test_a_second_look_makes_no_history(self, ledger: Ledger, run: str, history: History) -> None:
        for _ in range(2):
            with ledger.begin(run_id=run) as tx:
                tx.orders.save(TAOBAO.key, [order("1"), order(None), order("2")])
        assert len(history("orders")) == 3

    def test_history_tells_what_changed(self, ledger: Ledger, run: str, history: History) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order()])
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order(status=OrderStatus.CLOSED, amount=Decimal("50.00"))])
        key, event, changes = history("orders")[1]
        assert key.startswith("m1/taobao/339181234567890/")
        assert event == "changed"
        assert changes["status"] == ["completed", "closed"]
        assert changes["amount"] == ["62.80", "50.00"]


class TestRecognition:
    def test_a_number_that_appears_belongs_to_the_order_known_without_it(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order(None)])
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1")])
        assert [o.order_no for o in known(ledger)] == ["1"]

    def test_a_number_that_a_stale_page_hides_again_is_kept(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1")])
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order(None)])
        assert [(o.order_no, o.status) for o in known(ledger)] == [("1", OrderStatus.AWAITING_CONFIRMATION)]

    def test_a_twin_with_a_number_does_not_take_the_place_of_a_hidden_one(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order(None)])
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1"), order(None)])
        assert sorted(o.order_no or "-" for o in known(ledger)) == ["-", "1"]
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1"), order("2")])
        assert sorted(o.order_no or "-" for o in known(ledger)) == ["1", "2"]

    def test_a_row_that_is_drawn_twice_is_one_order(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1"), order("1")])
        assert len(known(ledger)) == 1

    def test_similar_orders_are_different(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order(None)])
        others = [
            order("1", ordered_at=ORDERED_AT + timedelta(seconds=1)),
            order("2", amount=Decimal("62.81")),
            order("3", service="网店管家云端版"),
        ]
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, others)
        assert sorted(o.order_no or "-" for o in known(ledger)) == ["-", "1", "2", "3"]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
    @given(data=st.data())
    def test_orders_confirmed_in_any_order_are_neither_lost_nor_doubled(
        self, ledger: Ledger, run: str, data: st.DataObject
    ) -> None:
        with ledger.read() as tx:
            name = f"p{len(tx.merchants.find())}"
        with ledger.begin() as tx:
            tx.merchants.save([merchant(name)])
        # Twins on purpose: some share service, time and amount.
        born = [
            ORDERED_AT + timedelta(minutes=data.draw(st.integers(0, 2))) for _ in range(data.draw(st.integers(1, 5)))
        ]
        confirmed: set[int] = set()
        for _ in range(4):
            page = [order(str(n) if n in confirmed else None, ordered_at=at) for n, at in enumerate(born)]
            with ledger.begin(run_id=run) as tx:
                tx.orders.save(account(name).key, data.draw(st.permutations(page)))
            assert Counter(o.key for o in known(ledger, name)) == Counter(o.key for o in page)
            confirmed |= data.draw(st.sets(st.integers(0, len(born) - 1)))


class TestFilings:
    def test_make_an_order_filed(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order()])
        assert (only(ledger).stage, only(ledger).filed_on) == (Stage.CONFIRMED, None)
        with ledger.begin(run_id=run) as tx:
            tx.filings.save("m1", [filing()])
        found = only(ledger)
        assert (found.stage, found.filed_on, found.filing_status) == (Stage.FILED, NOW.date(), FilingStatus.FILED)

    def test_that_were_refunded_before_they_were_first_seen_have_no_day(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order()])
            tx.filings.save("m1", [filing(status=FilingStatus.PAID_OUT)])
        assert (only(ledger).stage, only(ledger).filed_on) == (Stage.PAID_OUT, None)

    def test_keep_the_day_on_which_they_were_first_seen(self, ledger: Ledger, run: str, clock: Clock) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order()])
        with ledger.begin(run_id=run) as tx:
            tx.filings.save("m1", [filing()])
        clock.now += timedelta(days=9)
        with ledger.begin(run_id=run) as tx:
            tx.filings.save("m1", [filing(status=FilingStatus.REFUNDABLE, offered=True)])
        assert (only(ledger).stage, only(ledger).filed_on) == (Stage.REFUNDABLE, NOW.date())

    def test_of_two_the_one_that_got_furthest_counts(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order()])
        both = [filing(status=FilingStatus.PAID_OUT), filing(status=FilingStatus.REJECTED)]
        for listed in (both, both[::-1], both):
            with ledger.begin(run_id=run) as tx:
                tx.filings.save("m1", listed)
            assert only(ledger).filing_status is FilingStatus.PAID_OUT

    def test_a_second_look_makes_no_history(self, ledger: Ledger, run: str, history: History) -> None:
        listed = [filing("1"), filing("1"), filing("2", platform=None), filing("3", ordered_on=None, amount=None)]
        for _ in range(2):
            with ledger.begin(run_id=run) as tx:
                tx.filings.save("m1", listed)
        assert [key for key, *_ in history("filings")] == ["m1/1/淘宝", "m1/1/淘宝", "m1/2", "m1/3/淘宝"]

    def test_one_is_the_same_where_the_list_leaves_out_the_platform(
        self, ledger: Ledger, run: str, history: History
    ) -> None:
        for platform in (None, "淘宝", None):
            with ledger.begin(run_id=run) as tx:
                tx.filings.save("m1", [filing(platform=platform)])
        assert [(event, changes.get("platform_name")) for _, event, changes in history("filings")] == [
            ("added", None),
            ("changed", [None, "淘宝"]),
        ]

    def test_of_another_merchant_do_not_count(self, ledger: Ledger, run: str) -> None:
        with ledger.begin() as tx:
            tx.merchants.save([merchant("m2")])
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order()])
        with ledger.begin(run_id=run) as tx:
            tx.filings.save("m2", [filing()])
        assert only(ledger).stage is Stage.CONFIRMED


class TestRefunds:
    def test_the_back_office_says_too_early(self, ledger: Ledger, clock: Clock) -> None:
        with ledger.begin() as tx:
            tx.refunds.note_too_early(TAOBAO.key, "1", "未到申请时间")
        clock.now = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
        with ledger.begin() as tx:
            tx.refunds.note_too_early(TAOBAO.key, "2", "未到申请时间")
        with ledger.read() as tx:
            assert tx.refunds.waits(AccountKey("m1", "taobao")) == {"1": date(2026, 11, 23), "2": date(2026, 11, 24)}
        with ledger.read() as tx:
            assert tx.refunds.waits(AccountKey("m1", "jd")) == tx.refunds.waits(AccountKey("m2", "taobao")) == {}

    def test_the_last_refusal_counts(self, ledger: Ledger, clock: Clock) -> None:
        with ledger.begin() as tx:
            tx.refunds.note_too_early(TAOBAO.key, "1", "x")
        clock.now += timedelta(days=3)
        with ledger.begin() as tx:
            tx.refunds.note_too_early(TAOBAO.key, "1", "y")
        with ledger.read() as tx:
            assert tx.refunds.waits(AccountKey("m1", "taobao")) == {"1": date(2026, 11, 26)}

    @pytest.mark.parametrize("result", [StepResult.DONE, StepResult.ALREADY])
    def test_a_request_that_happened_ends_the_wait(self, ledger: Ledger, run: str, result: StepResult) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1")])
        with ledger.begin() as tx:
            tx.refunds.note_too_early(TAOBAO.key, "1", "x")
        with ledger.begin(run_id=run) as tx:
            tx.intents.close(tx.intents.begin(TAOBAO.key, StepKind.REQUEST_REFUND, "1", {}), result, None)
        with ledger.read() as tx:
            assert tx.refunds.waits(AccountKey("m1", "taobao")) == {}
        assert only(ledger).requested_at is not None

    def test_a_request_that_failed_does_not(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1")])
        with ledger.begin() as tx:
            tx.refunds.note_too_early(TAOBAO.key, "1", "x")
        with ledger.begin(run_id=run) as tx:
            tx.intents.close(tx.intents.begin(TAOBAO.key, StepKind.REQUEST_REFUND, "1", {}), StepResult.FAILED, None)
        with ledger.read() as tx:
            assert list(tx.refunds.waits(AccountKey("m1", "taobao"))) == ["1"]
        assert only(ledger).requested_at is None

    def test_the_list_of_filings_tells_of_requests_and_payments(self, ledger: Ledger, run: str, clock: Clock) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1")])
        with ledger.begin(run_id=run) as tx:
            tx.filings.save("m1", [filing("1", status=FilingStatus.REQUESTED)])
        requested = only(ledger).requested_at
        assert (only(ledger).stage, only(ledger).paid_out_at) == (Stage.REQUESTED, None)
        clock.now += timedelta(days=5)
        with ledger.begin(run_id=run) as tx:
            tx.filings.save("m1", [filing("1", status=FilingStatus.PAID_OUT)])
        paid = only(ledger).paid_out_at
        assert only(ledger).stage is Stage.PAID_OUT
        assert only(ledger).requested_at == requested
        assert requested is not None
        assert paid is not None
        assert paid - requested >= timedelta(days=5)


class TestKnownOrders:
    def test_due_dates_are_asked_for_by_platform_and_day_in_shanghai(self, ledger: Ledger, run: str) -> None:
        asked: list[tuple[str, date]] = []

        def due_on(platform: str, ordered_on: date) -> date:
            asked.append((platform, ordered_on))
            return date(2026, 12, 31)

        late = order("1", ordered_at=datetime(2026, 9, 30, 16, 30, tzinfo=UTC))
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [late, order("2", ours=False)])
        with ledger.begin(run_id=run) as tx:
            tx.filings.save("m1", [filing("1", offered=True)])
        found = {k.order.order_no: k for k in known_orders(ledger, due_on=due_on)}
        assert asked == [("taobao", date(2026, 10, 1))]
        assert (found["1"].due_on, found["1"].stage) == (date(2026, 12, 31), Stage.FILED)
        assert (found["2"].due_on, found["2"].stage) == (None, Stage.NOT_OURS)

    @pytest.mark.parametrize("key", ["number", "birth"])
    def test_an_open_intent_leaves_an_order_in_doubt(self, ledger: Ledger, run: str, key: str) -> None:
        seen = order("1")
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [seen])
        with ledger.begin(run_id=run) as tx:
            opened = tx.intents.begin(TAOBAO.key, StepKind.FILE, seen.key if key == "number" else seen.natural_key, {})
        assert only(ledger).stage is Stage.UNKNOWN
        with ledger.begin() as tx:
            tx.intents.close(opened, StepResult.DONE, None)
        assert only(ledger).stage is Stage.CONFIRMED

    def test_a_missing_payee_needs_a_person(self, ledger: Ledger, run: str) -> None:
        with ledger.begin() as tx:
            tx.merchants.save([replace(merchant("m2"), payee=None)])
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(account("m2").key, [order("1")])
        with ledger.begin(run_id=run) as tx:
            tx.filings.save("m2", [filing("1", offered=True)])
        assert only(ledger).stage is Stage.NEEDS_PERSON
        with ledger.begin() as tx:
            tx.merchants.save([merchant("m2")])
        assert only(ledger).stage is Stage.REFUNDABLE


class TestOverview:
    def test_knows_when_an_order_was_last_seen(self, ledger: Ledger, run: str, clock: Clock) -> None:
        with ledger.read() as tx:
            assert tx.orders.last_seen_at() is None
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order("1")])
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(account("m1", "jd").key, [])
        with ledger.read() as tx:
            assert only(ledger).updated_at == tx.orders.last_seen_at()

    def test_of_many_merchants_takes_no_more_questions_than_of_one(self, ledger: Ledger, run: str) -> None:
        asked: list[str] = []
        event.listen(ledger._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(account().key, [order("1")])
        asked.clear()
        assert len([*known_orders(ledger)]) == 1
        of_one = len(asked)
        for name in ("m2", "m3", "m4"):
            with ledger.begin() as tx:
                tx.merchants.save([merchant(name)])
            with ledger.begin(run_id=run) as tx:
                tx.orders.save(account(name).key, [order(name[1:])])
        asked.clear()
        assert [k.account.merchant_id for k in known_orders(ledger)] == ["m1", "m2", "m3", "m4"]
        assert len(asked) == of_one
        assert [k.account.merchant_id for k in known_orders(ledger, of=["m3", "nobody", "m1"])] == ["m1", "m3"]

    def test_of_more_merchants_than_are_read_at_once_is_of_all_of_them(
        self, ledger: Ledger, run: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("agent.ledger.long_reads._MERCHANTS_AT_ONCE", 2)
        for name in ("m2", "m3", "m4"):
            with ledger.begin() as tx:
                tx.merchants.save([merchant(name)])
            with ledger.begin(run_id=run) as tx:
                tx.orders.save(account(name).key, [order(name[1:])])
        assert [k.account.merchant_id for k in known_orders(ledger)] == ["m2", "m3", "m4"]
