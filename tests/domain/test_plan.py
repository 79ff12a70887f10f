"""The plan: examples, and what holds for every history that can be made up."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.orders import SHANGHAI, Filing, FilingStatus, Order, OrderStatus
from agent.domain.plan import NEEDS_PERSON, Situation, Step, plan
from agent.domain.report import StepKind, StepResult

TODAY = date(2026, 6, 30)
OLD, NEW = datetime(2026, 5, 4, 12, tzinfo=SHANGHAI), datetime(2026, 6, 29, 12, tzinfo=SHANGHAI)
ORDER = Order("3391", OLD, "网店管家J系列", None, True, Decimal("62.80"), OrderStatus.COMPLETED)
FILING = Filing("3391", "淘宝", "店", OLD.date(), Decimal("62.80"), FilingStatus.FILED, offered=True)
AWAITING = replace(ORDER, order_no=None, status=OrderStatus.AWAITING_CONFIRMATION)
CONFIRM, FILE, REFUND = StepKind.CONFIRM, StepKind.FILE, StepKind.REQUEST_REFUND
PLANNED, WAITING, ALREADY = StepResult.PLANNED, StepResult.WAITING, StepResult.ALREADY


def in_a_week(day: date) -> date:
    return day + timedelta(days=7)


def never_published(day: date) -> date | None:
    return None


SITUATION = Situation([], [], TODAY, in_a_week, has_payee=True)
DIRECT = replace(SITUATION, direct=True)
APPLICATION = replace(FILING, status=FilingStatus.REQUESTED, offered=False)


def steps(order: Order, *filings: Filing, situation: Situation = SITUATION) -> list[Step]:
    return plan(replace(situation, orders=[order], filings=filings))


def brief(found: list[Step]) -> list[tuple[StepKind, StepResult]]:
    return [(s.kind, s.result) for s in found]


# examples


def test_what_was_filed_once_and_is_no_longer_listed_is_for_a_person_to_look_at() -> None:
    (gone,) = steps(ORDER, situation=replace(SITUATION, filed_before=frozenset({ORDER.order_no or ""})))
    assert (gone.kind, gone.result, gone.reason) == (FILE, WAITING, "filing_vanished")
    (gone,) = steps(ORDER, situation=replace(DIRECT, filed_before=frozenset({ORDER.order_no or ""})))
    assert (gone.kind, gone.result, gone.reason) == (REFUND, WAITING, "filing_vanished")


def test_what_is_not_on_a_list_that_was_read_in_part_is_not_sent() -> None:
    for situation, kind in ((SITUATION, FILE), (DIRECT, REFUND)):
        part = replace(situation, filings_whole=False, filed_before=frozenset({ORDER.order_no or ""}))
        (waits,) = steps(ORDER, situation=part)
        assert (waits.kind, waits.result, waits.reason) == (kind, WAITING, "partial")


def test_what_is_on_a_list_that_was_read_in_part_goes_on() -> None:
    part = replace(SITUATION, filings_whole=False)
    assert steps(ORDER, FILING, situation=part) == steps(ORDER, FILING)
    assert brief(steps(AWAITING, situation=part))[0] == (CONFIRM, PLANNED)


def test_another_vendors_order_has_no_steps() -> None:
    for status in OrderStatus:
        assert steps(replace(ORDER, ours=False, status=status), FILING) == []


@pytest.mark.parametrize("status", [OrderStatus.UNPAID, OrderStatus.CLOSED, OrderStatus.REFUNDING])
def test_nothing_is_done_for_what_is_not_paid_or_taken_back(status: OrderStatus) -> None:
    assert steps(replace(ORDER, status=status)) == []


def test_an_order_that_awaits_it_is_confirmed_now_and_filed_only_then() -> None:
    confirm, file, refund = steps(AWAITING)
    assert (confirm.kind, confirm.doable) == (CONFIRM, True)
    assert (file.kind, file.result, file.doable) == (FILE, PLANNED, False)
    assert (refund.kind, refund.result, refund.due_on) == (REFUND, WAITING, date(2026, 5, 11))


def test_a_confirmed_order_is_filed() -> None:
    assert brief(steps(ORDER)) == [(FILE, PLANNED), (REFUND, WAITING)]


def test_an_order_in_another_currency_is_left_to_a_person_to_file() -> None:
    dollars = replace(ORDER, currency="USD")
    file, refund = steps(dollars)
    assert (file.kind, file.result, file.reason, file.doable) == (FILE, WAITING, "foreign_currency", False)
    assert (refund.kind, refund.result) == (REFUND, WAITING)
    assert file.reason in NEEDS_PERSON
    assert brief(steps(replace(dollars, status=OrderStatus.AWAITING_CONFIRMATION)))[0] == (CONFIRM, PLANNED)


def test_what_a_person_has_filed_in_yuan_for_another_currency_is_requested() -> None:
    assert brief(steps(replace(ORDER, currency="USD"), replace(FILING, amount=Decimal("450.00")))) == [
        (FILE, ALREADY),
        (REFUND, PLANNED),
    ]


def test_the_number_has_to_be_the_very_same() -> None:
    assert brief(steps(ORDER, replace(FILING, order_no="33910"))) == [(FILE, PLANNED), (REFUND, WAITING)]


def test_a_gift_is_not_filed() -> None:
    assert steps(replace(ORDER, amount=Decimal("0.00"))) == []


def test_the_refund_of_a_filed_order_is_requested_once_it_is_due() -> None:
    assert brief(steps(ORDER, FILING)) == [(FILE, ALREADY), (REFUND, PLANNED)]


def test_it_waits_until_then() -> None:
    new = replace(ORDER, ordered_at=NEW)
    _, refund = steps(new, replace(FILING, ordered_on=NEW.date()))
    assert (refund.result, refund.due_on, refund.reason) == (WAITING, date(2026, 7, 6), None)


def test_it_is_due_on_the_day_itself_and_not_the_day_before() -> None:
    for age, result in ((7, PLANNED), (6, WAITING)):
        day = datetime(2026, 6, 30, 23, 59, tzinfo=SHANGHAI) - timedelta(days=age)
        found = steps(replace(ORDER, ordered_at=day), replace(FILING, ordered_on=day.date()))
        assert brief(found)[-1] == (REFUND, result)


def test_the_back_offices_offer_counts_more_than_the_calendar() -> None:
    new = replace(ORDER, ordered_at=NEW)
    offered = replace(FILING, ordered_on=NEW.date(), status=FilingStatus.REFUNDABLE)
    assert brief(steps(new, offered))[-1] == (REFUND, PLANNED)


def test_without_a_published_period_the_offer_alone_decides() -> None:
    situation = replace(SITUATION, due=never_published)
    assert brief(steps(ORDER, FILING, situation=situation))[-1] == (REFUND, PLANNED)
    assert brief(steps(ORDER, replace(FILING, offered=False), situation=situation))[-1] == (REFUND, WAITING)


def test_after_a_refusal_as_too_early_it_is_asked_again_the_next_day() -> None:
    for refused_on, result, reason in ((TODAY, WAITING, "too_early"), (TODAY - timedelta(days=1), PLANNED, None)):
        *_, refund = steps(ORDER, FILING, situation=replace(SITUATION, refused_early={"3391": refused_on}))
        assert (refund.result, refund.reason) == (result, reason)
    *_, refund = steps(ORDER, FILING, situation=replace(SITUATION, refused_early={"3391": TODAY}))
    assert refund.due_on == TODAY + timedelta(days=1)


def test_without_a_payee_a_person_is_asked() -> None:
    *_, refund = steps(ORDER, FILING, situation=replace(SITUATION, has_payee=False))
    assert (refund.result, refund.reason) == (WAITING, "missing_payee")


@pytest.mark.parametrize("wrong", [{"ordered_on": date(2026, 5, 5)}, {"amount": Decimal("62.08")}])
def test_a_filing_that_differs_from_its_order_is_a_persons(wrong: dict[str, object]) -> None:
    *_, refund = steps(ORDER, replace(FILING, **wrong))  # type: ignore[arg-type]
    assert (refund.result, refund.reason) == (WAITING, "filing_differs")


def test_a_filing_without_its_date_can_be_mended_and_is_no_difference() -> None:
    assert brief(steps(ORDER, replace(FILING, ordered_on=None)))[-1] == (REFUND, PLANNED)


def test_a_rejected_filing_is_a_persons_and_is_not_filed_again() -> None:
    file, refund = steps(ORDER, replace(FILING, status=FilingStatus.REJECTED))
    assert file.result is ALREADY
    assert (refund.result, refund.reason) == (WAITING, "filing_rejected")


@pytest.mark.parametrize("status", [FilingStatus.REQUESTED, FilingStatus.PAID_OUT])
def test_of_two_filings_the_one_that_is_furthest_counts(status: FilingStatus) -> None:
    twins = [FILING, replace(FILING, status=status, offered=False)]
    for filings in (twins, twins[::-1]):
        assert brief(steps(ORDER, *filings)) == [(FILE, ALREADY), (REFUND, ALREADY)]


def test_the_refund_of_a_filed_order_waits_for_its_confirmation() -> None:
    filed_early = replace(AWAITING, order_no="3391")
    found = [(s.kind, s.doable) for s in steps(filed_early, FILING)]
    assert found == [(CONFIRM, True), (FILE, False), (REFUND, False)]


def test_what_was_sent_and_is_not_listed_waits_and_so_does_what_follows() -> None:
    sent = replace(SITUATION, pending=frozenset({(FILE, "3391")}))
    file, refund = steps(ORDER, situation=sent)
    assert (file.result, file.reason) == (WAITING, "not_listed_yet")
    assert not refund.doable
    (confirm, *rest) = steps(
        AWAITING, situation=replace(SITUATION, pending=frozenset({(CONFIRM, AWAITING.natural_key)}))
    )
    assert (confirm.result, confirm.reason) == (WAITING, "not_listed_yet")
    assert not any(s.doable for s in rest)


@pytest.mark.parametrize(("order", "filing", "kind"), [(AWAITING, None, CONFIRM), (ORDER, FILING, REFUND)])
def test_what_was_done_and_is_shown_as_not_done_is_a_persons(order: Order, filing: Filing | None, kind: object) -> None:
    done = replace(SITUATION, happened=frozenset({(CONFIRM, AWAITING.natural_key), (REFUND, "3391")}))
    step = next(s for s in steps(order, *([filing] if filing else []), situation=done) if s.kind is kind)
    assert (step.result, step.reason) == (WAITING, "undone")
    assert step.reason in NEEDS_PERSON


def test_of_two_that_cannot_be_told_apart_the_second_is_confirmed_after_the_first() -> None:
    twins = replace(SITUATION, orders=[ORDER, AWAITING], happened=frozenset({(CONFIRM, AWAITING.natural_key)}))
    assert [s.order for s in plan(twins) if s.kind is CONFIRM and s.doable] == [AWAITING]


def test_nothing_of_a_kind_that_is_held_is_sent() -> None:
    held = replace(SITUATION, held={FILE: "held_back"})
    file, _ = steps(ORDER, situation=held)
    assert (file.kind, file.doable, file.reason) == (FILE, False, "held_back")
    assert steps(ORDER, FILING, situation=held)[-1].doable


# examples of the way without a filing


def test_what_is_due_is_applied_for_and_nothing_is_filed() -> None:
    (apply,) = steps(ORDER, situation=DIRECT)
    assert (apply.kind, apply.doable, apply.filing, apply.due_on) == (REFUND, True, None, date(2026, 5, 11))


def test_an_application_waits_for_its_day() -> None:
    for age, result in ((7, PLANNED), (6, WAITING)):
        day = datetime(2026, 6, 30, 0, 1, tzinfo=SHANGHAI) - timedelta(days=age)
        assert brief(steps(replace(ORDER, ordered_at=day), situation=DIRECT)) == [(REFUND, result)]


def test_without_a_published_period_it_is_applied_for_at_once() -> None:
    new = replace(ORDER, ordered_at=NEW)
    assert brief(steps(new, situation=replace(DIRECT, due=never_published))) == [(REFUND, PLANNED)]


def test_an_application_that_was_too_early_is_made_again_the_next_day() -> None:
    for refused_on, result, reason in ((TODAY, WAITING, "too_early"), (TODAY - timedelta(days=1), PLANNED, None)):
        (apply,) = steps(ORDER, situation=replace(DIRECT, refused_early={"3391": refused_on}))
        assert (apply.result, apply.reason) == (result, reason)


def test_the_application_follows_the_confirmation() -> None:
    found = [(s.kind, s.result, s.doable) for s in steps(AWAITING, situation=DIRECT)]
    assert found == [(CONFIRM, PLANNED, True), (REFUND, PLANNED, False)]


def test_nothing_is_applied_for_without_a_payee_or_for_a_gift() -> None:
    (apply,) = steps(ORDER, situation=replace(DIRECT, has_payee=False))
    assert (apply.result, apply.reason) == (WAITING, "missing_payee")
    assert steps(replace(ORDER, amount=Decimal("0.00")), situation=DIRECT) == []


@pytest.mark.parametrize(
    "status", [s for s in FilingStatus if s not in (FilingStatus.REJECTED, FilingStatus.REFUNDABLE)]
)
def test_what_is_listed_has_been_applied_for_whatever_its_state(status: FilingStatus) -> None:
    assert brief(steps(ORDER, replace(APPLICATION, status=status), situation=DIRECT)) == [(REFUND, ALREADY)]


def test_what_is_listed_as_yet_to_be_applied_for_waits() -> None:
    listed = replace(APPLICATION, status=FilingStatus.REFUNDABLE)
    assert brief(steps(ORDER, listed, situation=DIRECT)) == [(REFUND, WAITING)]


def test_a_rejected_application_is_a_persons() -> None:
    (apply,) = steps(ORDER, replace(APPLICATION, status=FilingStatus.REJECTED), situation=DIRECT)
    assert (apply.result, apply.reason) == (WAITING, "filing_rejected")


def test_a_row_that_still_offers_it_is_asked_for_there() -> None:
    (apply,) = steps(ORDER, FILING, situation=DIRECT)
    assert (apply.result, apply.filing) == (PLANNED, FILING)


# properties

_days = st.dates(date(2026, 1, 1), TODAY)
_amounts = st.decimals(0, 200, places=2)


@st.composite
def orders(draw: st.DrawFn) -> list[Order]:
    numbers = draw(st.lists(st.integers(10**7, 10**7 + 40), max_size=6, unique=True))
    return [draw(_order(str(n), place)) for place, n in enumerate(numbers)]


@st.composite
def _order(draw: st.DrawFn, number: str, place: int) -> Order:
    status = draw(st.sampled_from(OrderStatus))
    shown = status is OrderStatus.COMPLETED or draw(st.booleans())
    day = draw(_days)
    when = datetime(day.year, day.month, day.day, 9, place, tzinfo=SHANGHAI)
    return Order(number if shown else None, when, "服务", None, draw(st.booleans()), draw(_amounts), status)


@st.composite
def _filing(draw: st.DrawFn, listed: list[Order]) -> Filing:
    order = draw(st.sampled_from(listed)) if listed else None
    number = (order.order_no if order else None) or str(draw(st.integers(10**7, 10**7 + 40)))
    right = order is not None and draw(st.booleans())
    return Filing(
        order_no=number,
        platform="淘宝",
        shop=None,
        ordered_on=order.ordered_at.date() if order and right else draw(st.none() | _days),
        amount=order.amount if order and right else draw(st.none() | _amounts),
        status=draw(st.sampled_from(FilingStatus)),
        offered=draw(st.booleans()),
    )


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    listed = draw(orders())
    numbers = [o.order_no for o in listed if o.order_no]
    return Situation(
        orders=listed,
        filings=draw(st.lists(_filing(listed), max_size=6)),
        today=TODAY,
        due=draw(st.sampled_from([in_a_week, never_published])),
        has_payee=draw(st.booleans()),
        refused_early=draw(st.dictionaries(st.sampled_from(numbers), _days)) if numbers else {},
        direct=draw(st.booleans()),
    )


def filings_of(situation: Situation, order: Order) -> list[Filing]:
    return [f for f in situation.filings if f.order_no == order.order_no]


@given(situations())
def test_only_orders_of_ours_have_steps(situation: Situation) -> None:
    assert all(s.order.ours and s.order in situation.orders for s in plan(situation))


@given(situations())
def test_each_kind_of_step_is_there_once_for_an_order(situation: Situation) -> None:
    assert all(n == 1 for n in Counter((s.kind, s.order) for s in plan(situation)).values())


@given(situations())
def test_only_what_awaits_confirmation_is_confirmed(situation: Situation) -> None:
    wanted = [o for o in situation.orders if o.ours and o.status is OrderStatus.AWAITING_CONFIRMATION]
    assert [s.order for s in plan(situation) if s.kind is CONFIRM] == wanted


@given(situations())
def test_exactly_what_is_confirmed_paid_and_not_filed_is_filed(situation: Situation) -> None:
    done = [o for o in situation.orders if o.ours and o.status is OrderStatus.COMPLETED and o.amount > 0]
    wanted = [] if situation.direct else [o for o in done if not filings_of(situation, o)]
    assert [s.order for s in plan(situation) if s.kind is FILE and s.doable] == wanted


@given(situations())
def test_a_refund_is_requested_only_where_everything_speaks_for_it(situation: Situation) -> None:
    for step in plan(situation):
        if step.kind is not REFUND or not step.doable:
            continue
        order, filing = step.order, step.filing
        assert situation.has_payee
        assert order.status is OrderStatus.COMPLETED
        due = situation.due(order.ordered_at.date())
        is_due = due is None or due <= TODAY
        assert situation.refused_early.get(order.order_no or "", date.min) < TODAY
        states = {f.status for f in filings_of(situation, order)}
        assert not states & {FilingStatus.REQUESTED, FilingStatus.PAID_OUT}
        if filing is None:
            assert situation.direct
            assert is_due
            assert order.amount > 0
            assert not states
            continue
        assert filing.offered
        assert filing.order_no == order.order_no
        assert filing.ordered_on in (None, order.ordered_at.date())
        assert filing.amount in (None, order.amount)
        assert is_due or filing.status is FilingStatus.REFUNDABLE


@given(situations())
def test_exactly_what_is_confirmed_paid_due_and_not_listed_is_applied_for(situation: Situation) -> None:
    done = [o for o in situation.orders if o.ours and o.status is OrderStatus.COMPLETED and o.amount > 0]
    due = [o for o in done if (day := situation.due(o.ordered_at.date())) is None or day <= TODAY]
    due = [o for o in due if situation.refused_early.get(o.order_no or "", date.min) < TODAY]
    wanted = [o for o in due if situation.direct and situation.has_payee and not filings_of(situation, o)]
    found = [s.order for s in plan(situation) if s.kind is REFUND and s.doable and s.filing is None]
    assert found == wanted


@given(situations(), st.data())
def test_nothing_that_was_sent_is_sent_again(situation: Situation, data: st.DataObject) -> None:
    doable = [s for s in plan(situation) if s.doable]
    sent = data.draw(st.lists(st.sampled_from(doable), unique_by=id)) if doable else []
    names = frozenset((s.kind, s.order.key) for s in sent)
    again = [s for s in plan(replace(situation, pending=names)) if s.doable]
    assert again == [s for s in doable if (s.kind, s.order.key) not in names]


@given(situations())
def test_the_same_situation_has_the_same_plan(situation: Situation) -> None:
    assert plan(situation) == plan(situation)


@given(situations(), st.randoms())
def test_neither_the_place_of_an_order_nor_of_another_ones_filing_matters(situation: Situation, chance: object) -> None:
    listed = list(situation.orders)
    chance.shuffle(listed)  # type: ignore[attr-defined]
    filings = [*situation.filings]
    grouped = {f.order_no: [g for g in filings if g.order_no == f.order_no] for f in reversed(filings)}
    other = replace(situation, orders=listed, filings=[g for group in grouped.values() for g in group])
    alone = [s for o in listed for s in plan(replace(situation, orders=[o]))]
    assert plan(other) == alone


class Sites:
    """The sites in small: what each step does there, and how often it was done."""

    def __init__(self, situation: Situation) -> None:
        self.now = situation
        self.done: Counter[tuple[StepKind, Order]] = Counter()
        self._new_numbers = 0

    def do(self, step: Step) -> None:
        first = replace(step.order, order_no=None, status=OrderStatus.UNPAID)
        self.done[step.kind, first] += 1
        if step.kind is CONFIRM:
            self._new_numbers += 1
            number = step.order.order_no or f"9{self._new_numbers:08d}"
            confirmed = replace(step.order, order_no=number, status=OrderStatus.COMPLETED)
            kept = [confirmed if o == step.order else o for o in self.now.orders]
            self.now = replace(self.now, orders=kept)
        elif step.kind is FILE:
            self._add(step.order, FilingStatus.FILED)
        elif step.filing is None:
            self._add(step.order, FilingStatus.REQUESTED)
        else:
            requested = [
                replace(f, status=FilingStatus.REQUESTED, offered=False) if f is step.filing else f
                for f in self.now.filings
            ]
            self.now = replace(self.now, filings=requested)

    def _add(self, order: Order, status: FilingStatus) -> None:
        offered = status is FilingStatus.FILED
        made = Filing(order.order_no or "", "淘宝", None, order.ordered_at.date(), order.amount, status, offered)
        self.now = replace(self.now, filings=[*self.now.filings, made])


@given(situations(), st.randoms())
def test_step_by_step_it_comes_to_rest_with_nothing_done_twice_and_nothing_forgotten(
    situation: Situation, chance: object
) -> None:
    sites = Sites(situation)
    for _ in range(3 * len(situation.orders) + 1):
        doable = [s for s in plan(sites.now) if s.doable]
        if not doable:
            break
        sites.do(chance.choice(doable))  # type: ignore[attr-defined]
    assert [s for s in plan(sites.now) if s.doable] == []
    assert set(sites.done.values()) <= {1}
    ours = [o for o in sites.now.orders if o.ours]
    assert not [o for o in ours if o.status is OrderStatus.AWAITING_CONFIRMATION]
    if not situation.direct:
        filed = {f.order_no for f in sites.now.filings}
        assert {o.order_no for o in ours if o.status is OrderStatus.COMPLETED and o.amount > 0} <= filed
    assert [o for o in sites.now.orders if not o.ours] == [o for o in situation.orders if not o.ours]


NAMELESS = replace(SITUATION, shop_known=False)


def test_a_filing_without_a_known_shop_waits_for_a_person() -> None:
    file, _ = steps(replace(ORDER, shop=None), situation=NAMELESS)
    assert (file.kind, file.result, file.reason) == (FILE, WAITING, "shop_unknown")
    assert "shop_unknown" in NEEDS_PERSON
    (apply,) = steps(replace(ORDER, shop=None), situation=replace(DIRECT, shop_known=False))
    assert (apply.result, apply.reason) == (WAITING, "shop_unknown")


def test_an_order_that_names_its_shop_is_filed_whatever_else_does() -> None:
    file, _ = steps(replace(ORDER, shop="锦绣家居旗舰店"), situation=NAMELESS)
    assert file.result is PLANNED


def test_what_waits_for_a_shop_is_confirmed_all_the_same() -> None:
    confirm, file, _ = steps(replace(AWAITING, shop=None), situation=NAMELESS)
    assert (confirm.kind, confirm.result) == (CONFIRM, PLANNED)
    assert (file.result, file.reason) == (WAITING, "shop_unknown")


def test_a_filing_that_is_not_understood_stops_the_steps_of_its_order_alone() -> None:
    other = replace(ORDER, order_no="3392")
    situation = replace(SITUATION, unread_filings=frozenset({"3391"}))
    mine, _, theirs, _ = [s for each in (ORDER, other) for s in steps(each, situation=situation)]
    assert (mine.result, mine.reason) == (WAITING, "page_changed")
    assert theirs.result is PLANNED


def test_an_order_without_a_number_waits_beside_one_that_is_not_understood() -> None:
    confirm, *_ = steps(replace(AWAITING, order_no=None), situation=replace(SITUATION, unread_unnumbered=True))
    assert (confirm.result, confirm.reason) == (WAITING, "page_changed")
    confirm, *_ = steps(replace(AWAITING, order_no="3391"), situation=replace(SITUATION, unread_unnumbered=True))
    assert confirm.result is PLANNED
