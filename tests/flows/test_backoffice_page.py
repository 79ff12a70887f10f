"""The back office is opened once for all accounts of a merchant, and nothing is done by what may be old."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from agent.console.board import Board
from agent.domain.accounts import AccountKey
from agent.domain.report import AccountReport
from agent.domain.schedule import DueReason
from agent.domain.text import Text
from agent.ledger import Lease, Ledger, known_orders
from agent.sandbox import Sandbox, leave_nothing_to_do
from agent.sandbox.core.model import Filing
from agent.sandbox.samples.trades import TRADES
from tests.flows.home import Home, Silent

SHOPS = [["weimob", "jd", "suning"]]


class Between(Silent):
    """Calls `then` when the first account has ended, or has begun."""

    def __init__(self, then: Callable[[], None], *, begun: bool = False) -> None:
        super().__init__()
        self.then, self.at_start, self.called = then, begun, False

    def account_started(self, account: AccountKey) -> None:
        self._call(wanted=self.at_start)

    def account_ended(self, report: AccountReport) -> None:
        self._call(wanted=not self.at_start)

    def _call(self, *, wanted: bool) -> None:
        if wanted and not self.called:
            self.called = True
            self.then()


class Told(Silent):
    """Keeps what is told of the stages."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[Text] = []

    def stage(self, account: AccountKey, text: Text) -> None:
        self.texts.append(text)


def asked_of_the_office(box: Sandbox) -> int:
    return sum(each.requests for each in box.state.sessions.values() if each.site == "backoffice")


async def test_three_accounts_with_nothing_to_do_cost_the_back_office_as_much_as_one(tmp_path: Path) -> None:
    with Sandbox(shops=SHOPS) as box:
        leave_nothing_to_do(box)
        home = Home(tmp_path, box)
        assert (await home.sync()).exit_status == 0
        asked = []
        for wanted in (["weimob"], ["weimob", "jd", "suning"]):
            before = asked_of_the_office(box)
            report = await home.sync(platforms=wanted)
            assert [a.outcome for a in report.accounts] == ["ok"] * len(wanted)
            asked.append(asked_of_the_office(box) - before)
        assert asked[0] == asked[1] > 0
        assert [login for login in [m.backoffice for m in box.state.merchants] if login.ok != 1] == []


async def test_what_is_done_in_the_back_office_is_told_of_the_account_that_is_worked_on(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]]) as box:
        leave_nothing_to_do(box)
        home, told = Home(tmp_path, box), Told()
        board = Board(home.clock, told)
        assert (await home.sync(progress=board)).exit_status == 0
        assert any("会员后台" in text.zh for text in told.texts)  # somebody logged in there
        assert board.working == []


async def test_what_a_person_files_meanwhile_is_not_filed_again(tmp_path: Path) -> None:
    with Sandbox(shops=SHOPS) as box:
        home = Home(tmp_path, box)
        (merchant,) = box.state.merchants
        merchant.edition = "enterprise"
        home.add(box.merchants_toml())
        wanted = box.truth()["expected"]["m1"]["file"]

        def by_hand() -> None:
            for shop in merchant.shops.values():
                for order in shop.orders:
                    if order.number in wanted and not any(f.order_no == order.number for f in merchant.filings):
                        merchant.filings.append(
                            Filing(
                                id=next(box.state.numbers) + 9000,
                                platform=TRADES[shop.platform].filing_name,
                                shop=shop.name,
                                order_no=order.number,
                                date=order.ordered_at.date().isoformat(),
                                amount=f"{order.amount:.2f}",
                            )
                        )

        first = await home.sync(progress=Between(by_hand), later=timedelta(minutes=1))
        assert [a.outcome for a in first.accounts] == ["ok"] * 3
        filed = [f.order_no for f in merchant.filings]
        assert sorted(filed) == sorted(set(filed))


async def test_an_office_that_was_left_in_trouble_is_opened_anew_for_the_next_account(tmp_path: Path) -> None:
    with Sandbox(shops=SHOPS) as box:
        leave_nothing_to_do(box)
        home = Home(tmp_path, box)
        (merchant,) = box.state.merchants
        merchant.shops["weimob"].login.password = "changed"
        report = await home.sync()
        assert {a.account.platform: a.reason for a in report.accounts} == {
            "weimob": "bad_password",
            "jd": None,
            "suning": None,
        }
        assert merchant.backoffice.ok == 1


async def test_a_log_in_that_is_corrected_while_the_merchant_is_worked_on_is_used_in_its_turn(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob", "jd"]]) as box:
        leave_nothing_to_do(box)
        (merchant,) = box.state.merchants
        right, login = box.merchants_toml(), merchant.shops["weimob"].login
        home = Home(tmp_path, box, merchants=right.replace(login.password, "mistyped"))
        report = await home.sync(progress=Between(lambda: home.add(right)), concurrency=1)
        assert {a.account.platform: a.reason for a in report.accounts} == {"jd": None, "weimob": None}
        assert (login.ok, login.bad) == (1, 0)


async def test_who_lost_the_lease_keeps_nothing_of_what_it_saw(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]]) as box:
        home = Home(tmp_path, box)

        def another() -> None:
            home.clock.skip(timedelta(seconds=16))
            home.in_ledger(lambda tx: taken.append(tx.leases.take("merchant/m1", "1", "elsewhere#")))

        taken: list[Lease | None] = []
        (report,) = (await home.sync(progress=Between(another, begun=True))).accounts
        assert taken[0] is not None
        assert report.reason == "taken_over"

        def look(ledger: Ledger) -> None:
            assert [*known_orders(ledger)] == []
            with ledger.read() as tx:
                assert {each.why for each in tx.schedule.all()} == {DueReason.NEW}
            with ledger.read() as tx:
                assert "weimob" not in {each.account.platform for each in tx.sessions.known()}

        home.with_ledger(look)
        assert box.truth()["log"] == []
