"""Where nothing has changed, a look ends on the first page; it never ends there when something is to be done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.domain.orders import OrderStatus
from agent.domain.report import AccountReport, StepKind, StepResult
from agent.flows.steps.quick_check import proves_unchanged
from tests.fixtures.market import Market
from tests.fixtures.market.data import AWAITING, COMPLETED, FILED, REFUNDABLE, UNPAID, filing_of
from tests.fixtures.market.faults import Faults
from tests.flows.home import Home
from tests.ledger.support import order as listed

DAY, WHOLE = timedelta(days=1), [1, 2, 3]
PICTURES = Faults(pictures=True)


class Looks:
    """A market whose orders of ours are all settled and filed, and the pages that each further look asks it for.

    But for the newest `unfiled` ones, and the one at `unpaid` among ours, if that is given.
    """

    def __init__(self, folder: Path, market: Market, *, unfiled: int = 0, unpaid: int | None = None) -> None:
        self.market = market
        ours = [order for order in market.state.orders if order.ours]
        for order in ours:
            order.status = COMPLETED
        if unpaid is not None:
            ours.pop(unpaid).status = UNPAID
        others = [f for f in market.state.filings if f.order_no not in {o.order_no for o in ours}]
        market.state.filings[:] = [*(filing_of(o, f"f{o.id}", FILED) for o in ours[unfiled:]), *others]
        self.home = Home(folder, market)

    async def settle(self) -> None:
        """Sees that nothing is left to do."""
        await self.look(brief=False)

    async def look(self, *, later: timedelta = DAY, brief: bool = True) -> tuple[list[int], AccountReport]:
        asked = self.market.state.pages_asked
        before = len(asked)
        report = await self.home.account(later=later, brief=brief)
        assert report.outcome is Outcome.OK, report.text
        return asked[before:], report

    async def pages(self, **wanted: timedelta | bool) -> list[int]:
        return (await self.look(**wanted))[0]  # type: ignore[arg-type]


async def test_a_look_at_what_has_not_changed_ends_on_the_first_page(tmp_path: Path) -> None:
    with Market("table-pages") as market:
        looks = Looks(tmp_path, market, unfiled=1)
        for _ in range(2):  # files what is to be filed; after that the site is given time, and read whole once more
            assert {*await looks.pages()} == {*WHOLE}
        assert await looks.pages() == [1]
        pages, brief = await looks.look()
        assert pages == [1]
        _, whole = await looks.look(brief=False)
        assert {*brief.orders} == {*whole.orders}
        assert {(a.kind, a.order_no, a.result) for a in brief.actions} == {
            (a.kind, a.order_no, a.result) for a in whole.actions
        }


async def test_the_whole_list_is_read_once_in_four_days(tmp_path: Path) -> None:
    with Market("table-pages") as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        assert [await looks.pages() for _ in range(6)] == [[1], [1], [1], WHOLE, [1], [1]]


async def test_what_may_still_change_on_the_first_page_is_seen_there(tmp_path: Path) -> None:
    with Market("table-pages") as market:
        looks = Looks(tmp_path, market, unpaid=0)
        await looks.settle()
        assert await looks.pages() == [1]
        next(order for order in market.state.orders if order.status == UNPAID).status = AWAITING
        pages, report = await looks.look()
        assert pages[:3] == WHOLE
        assert StepKind.CONFIRM in {a.kind for a in report.actions if a.result is StepResult.DONE}


async def test_what_may_still_change_on_another_page_is_looked_for_there(tmp_path: Path) -> None:
    with Market("table-pages") as market:
        looks = Looks(tmp_path, market, unpaid=-1)
        await looks.settle()
        assert await looks.pages() == WHOLE


def test_two_orders_alike_are_not_proven_by_one_of_them() -> None:
    unpaid = replace(listed(None), status=OrderStatus.UNPAID)
    settled = listed("1")
    assert proves_unchanged([unpaid, unpaid], {3}, [unpaid, unpaid, settled])
    assert not proves_unchanged([unpaid, settled], {3}, [unpaid, unpaid, settled])
    assert not proves_unchanged([], {1}, [settled])


async def test_a_list_of_one_page_that_has_not_changed_is_loaded_once(tmp_path: Path) -> None:
    with Market("table-pages", orders=6, faults=PICTURES) as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        market.state.drawn_with.clear()
        assert await looks.pages() == [1]
        assert "/orders" not in market.state.drawn_with


async def test_a_list_of_one_page_that_leaves_out_what_it_was_sent_is_not_believed(tmp_path: Path) -> None:
    with Market("table-pages", orders=6) as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        one_more(market)
        market.state.overlooked.add(market.state.orders[-1].id)
        report = await looks.home.account(later=DAY, brief=True)
        assert (report.outcome, report.reason) == (Outcome.FAILED, "page_changed")


async def test_a_second_page_is_read_though_the_count_is_that_of_the_first(tmp_path: Path) -> None:
    with Market("table-pages", orders=8, faults=PICTURES) as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        market.state.stated = 8
        one_more(market)
        pages, report = await looks.look()
        assert {*pages} == {1, 2}
        assert market.state.orders[-1].order_no in {order.order_no for order in report.orders}
        assert "/orders" in market.state.drawn_with


def confirmed_no_more(market: Market) -> None:
    next(order for order in market.state.orders[:10] if order.ours).status = AWAITING


def one_more(market: Market) -> None:
    last = market.state.orders[-1]
    market.state.orders.append(replace(last, id="kx", order_no="3391000000000000001", ours=False, service="打单发货宝"))


def another_amount(market: Market) -> None:
    market.state.orders[0].amount = "1.00"


@pytest.mark.parametrize("change", [confirmed_no_more, one_more, another_amount])
async def test_a_change_that_the_first_page_shows_leads_to_the_others(
    change: Callable[[Market], None], tmp_path: Path
) -> None:
    with Market("table-pages") as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        assert await looks.pages() == [1]
        change(market)
        assert {*await looks.pages()} >= {*WHOLE}


async def test_before_anything_is_done_the_list_is_read_whole(tmp_path: Path) -> None:
    with Market("table-pages") as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        filing = market.state.filings[0]
        filing.status = REFUNDABLE
        pages, report = await looks.look(later=timedelta(days=2))
        done = [a.order_no for a in report.actions if a.result is StepResult.DONE]
        assert filing.order_no in done
        assert {a.kind for a in report.actions if a.result is StepResult.DONE} == {StepKind.REQUEST_REFUND}
        assert pages[:4] == [1, *WHOLE]


async def test_what_somebody_asked_for_is_read_whole(tmp_path: Path) -> None:
    with Market("table-pages") as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        looks.home.in_ledger(lambda tx: tx.schedule.at_once("m1"))
        assert await looks.pages() == WHOLE


async def test_what_the_settings_have_come_to_call_ours_is_looked_for_on_all_pages(tmp_path: Path) -> None:
    with Market("table-pages") as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        foreign = next(order.service for order in market.state.orders if not order.ours)
        config = looks.home.config.read_text(encoding="utf-8")
        looks.home.config.write_text(config.replace("services = [", f'services = ["{foreign}", '), encoding="utf-8")
        looks.home.extend("", market.merchants_toml())
        assert {*await looks.pages()} >= {*WHOLE}


async def test_a_brief_look_at_a_platform_asks_for_no_picture_and_no_font(tmp_path: Path) -> None:
    with Market("table-pages", faults=PICTURES) as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        assert "/orders" in market.state.drawn_with
        market.state.drawn_with.clear()
        assert await looks.pages() == [1]
        assert "/orders" not in market.state.drawn_with


@pytest.mark.parametrize("change", [confirmed_no_more, one_more, another_amount])
async def test_a_list_that_has_changed_is_read_with_all_of_its_pictures(
    change: Callable[[Market], None], tmp_path: Path
) -> None:
    with Market("table-pages", faults=PICTURES) as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        change(market)
        market.state.drawn_with.clear()
        pages = await looks.pages()
        assert "/orders" in market.state.drawn_with
        assert pages[-3:] == WHOLE


async def test_what_is_worked_is_read_with_all_of_its_pictures_before(tmp_path: Path) -> None:
    with Market("table-pages", faults=PICTURES) as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        market.state.filings[0].status = REFUNDABLE
        market.state.drawn_with.clear()
        _, report = await looks.look(later=timedelta(days=2))
        assert [a.kind for a in report.actions if a.result is StepResult.DONE] == [StepKind.REQUEST_REFUND]
        assert {*market.state.drawn_with} == {"/filing", "/orders"}


async def test_what_cannot_be_read_is_looked_at_once_more_with_all_of_its_pictures(tmp_path: Path) -> None:
    with Market("table-pages", faults=PICTURES) as market:
        looks = Looks(tmp_path, market)
        await looks.settle()
        market.state.drawn_with.clear()
        next(order for order in market.state.orders if order.ours and order.status == COMPLETED).status = "待评价"
        report = await looks.home.account(later=DAY, brief=True)
        assert (report.outcome, report.reason) == (Outcome.FAILED, "page_changed")
        assert "/orders" in market.state.drawn_with
