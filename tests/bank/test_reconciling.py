"""Statements against a real ledger: what becomes paid out, what is for a person, and how it is taken back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.bank.accounts import merchants_of, tail
from agent.bank.claims import of_known
from agent.bank.identity import may_be_same
from agent.bank.picks import parse_picks
from agent.bank.reconciling import Reconciled, Wanted, reconcile
from agent.domain.errors import UsageError
from agent.domain.merchants import Payee
from agent.domain.orders import Filing, FilingStatus
from agent.domain.payments import Doubt
from agent.domain.report import StepKind
from agent.domain.stage import Stage
from agent.importing.statement import read_statement
from agent.ledger import Ledger, known_orders, payments
from agent.settings import Settings
from tests.fixtures.ledgers import put_ledger
from tests.fixtures.statements import VENDOR, every_bank, put_text
from tests.ledger.support import NOW, Clock, account, filing, merchant, order, settings

A, B, C, D = "339181234567890", "339181234567891", "339181234567892", "339181234567893"
TODAY = NOW.date()
HEAD = "交易日期,收入金额,支出金额,账户余额,对方户名,本方账号\n"
MINE = merchant().payee
Run = Callable[..., Reconciled]


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    put_ledger(tmp_path / "var")
    return settings(tmp_path / "var")


@pytest.fixture
def ledger(config: Settings) -> Iterator[Ledger]:
    """A ledger whose merchant m1 has asked for the refunds of A (62.80) and B (88.00), but not for that of C."""
    made = Ledger.open(config, Clock())
    with made.begin() as tx:
        tx.merchants.save([merchant()])
        run = tx.runs.start(dry_run=False, started_by="test")
    asked = [filing(A, status=FilingStatus.REQUESTED), filing(B, amount=Decimal(88), status=FilingStatus.REQUESTED)]
    with made.begin(run_id=run) as tx:
        tx.orders.save(account().key, [order(A), order(B, amount=Decimal("88.00")), order(C)])
        tx.filings.save("m1", [*asked, filing(C)])
    yield made
    made.close()


@pytest.fixture
def run(config: Settings, ledger: Ledger) -> Run:
    def reconciled(file: Path, today: date = TODAY, *, dry_run: bool = False, **wanted: object) -> Reconciled:
        wanted["who"] = None if dry_run else "test"
        known = known_orders(ledger, lambda platform, day: date(2026, 10, 13))
        claims = of_known(known, config.bank.match_days)
        read = read_statement(file, {}, config.bank.payers)
        return reconcile(config, ledger, read, claims=claims, wanted=Wanted(**wanted), today=today)  # type: ignore[arg-type]

    return reconciled


@pytest.fixture
def statement(tmp_path: Path) -> Callable[..., Path]:
    """Write a statement of m1's account with these payments: (day, amount)."""
    number = MINE.account.get_secret_value() if MINE else ""

    def write(*paid: tuple[str, str], name: str = "bank.csv", balance: bool = True) -> Path:
        rows = [f"{day},{amount},,{n if balance else ''},{VENDOR},{number}\n" for n, (day, amount) in enumerate(paid)]
        return put_text(tmp_path / name, HEAD + "".join(rows), "gbk")

    return write


def stages(ledger: Ledger) -> dict[str | None, Stage]:
    return {known.order.order_no: known.stage for known in known_orders(ledger)}


def matched(found: Reconciled) -> list[tuple[int, str, str]]:
    return [(part.payment.row, part.claim.order_no, f"{part.amount:.2f}") for part in found.matches.matched]


@pytest.mark.parametrize("bank", ["cmb", "cmb person", "icbc", "icbc person", "ccb", "abc", "boc"])
def test_a_statement_of_every_bank_pays_the_refund(bank: str, tmp_path: Path, ledger: Ledger, run: Run) -> None:
    found = run(every_bank(tmp_path)[bank])
    assert [order_no for _, order_no, _ in matched(found)] == [A]
    assert stages(ledger) == {A: Stage.PAID_OUT, B: Stage.REQUESTED, C: Stage.FILED}
    paid = {known.order.order_no: known.paid_out_at for known in known_orders(ledger)}[A]
    assert paid is not None
    assert paid.date() == date(2026, 10, 15)


def test_the_same_file_twice_changes_nothing(ledger: Ledger, run: Run, statement: Callable[..., Path]) -> None:
    file = statement(("20261015", "62.80"))
    assert run(file).batch
    again = run(file)
    assert (again.batch, matched(again), [p.row for p in again.already]) == (None, [], [2])


def test_a_dry_run_records_nothing(ledger: Ledger, run: Run, statement: Callable[..., Path]) -> None:
    found = run(statement(("20261015", "62.80")), dry_run=True)
    assert (found.batch, matched(found)) == (None, [(2, A, "62.80")])
    assert stages(ledger)[A] is Stage.REQUESTED


def test_two_equal_payments_both_count(ledger: Ledger, run: Run, statement: Callable[..., Path]) -> None:
    with ledger.begin() as tx:
        record = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=record) as tx:
        tx.filings.save("m1", [filing(C, status=FilingStatus.REQUESTED)])
    file = statement(("20261015", "62.80"), ("20261015", "62.80"), balance=False)
    assert {order_no for _, order_no, _ in matched(run(file))} == {A, C}
    assert len(run(file).already) == 2


def test_another_export_that_tells_less_is_not_counted_again(
    ledger: Ledger, run: Run, statement: Callable[..., Path]
) -> None:
    run(statement(("20261015", "62.80")))
    with ledger.begin() as tx:
        record = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=record) as tx:
        tx.filings.save("m1", [filing(C, status=FilingStatus.REQUESTED)])
    found = run(statement(("20261015", "62.80"), name="less.csv", balance=False))
    assert [(u.payment.row, u.doubt) for u in found.matches.ambiguous] == [(2, Doubt.KNOWN)]
    assert stages(ledger)[C] is Stage.REQUESTED


def test_one_payment_for_all(ledger: Ledger, run: Run, statement: Callable[..., Path]) -> None:
    assert matched(run(statement(("20261015", "150.80")))) == [(2, A, "62.80"), (2, B, "88.00")]


def test_what_was_recorded_is_taken_back_by_its_batch(ledger: Ledger, run: Run, statement: Callable[..., Path]) -> None:
    file = statement(("20261015", "150.80"))
    batch = run(file).batch
    with ledger.begin() as tx:
        assert payments.undo(tx, batch or "") == 1
    assert stages(ledger) == {A: Stage.REQUESTED, B: Stage.REQUESTED, C: Stage.FILED}
    with pytest.raises(UsageError, match="no batch"), ledger.begin() as tx:
        payments.undo(tx, batch or "")
    assert run(file).batch  # and can be recorded anew


def listed(ledger: Ledger, seen: Filing) -> None:
    """The back office lists this filing now."""
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.filings.save("m1", [seen])


def test_what_the_back_office_calls_paid_stays_so(ledger: Ledger, run: Run, statement: Callable[..., Path]) -> None:
    batch = run(statement(("20261015", "62.80"))).batch
    listed(ledger, filing(A, status=FilingStatus.PAID_OUT))
    with ledger.begin() as tx:
        payments.undo(tx, batch or "")
    assert stages(ledger)[A] is Stage.PAID_OUT


def test_a_paid_refund_is_never_requested_again(ledger: Ledger, run: Run, statement: Callable[..., Path]) -> None:
    run(statement(("20261015", "62.80")))
    with ledger.read() as tx:
        assert (StepKind.REQUEST_REFUND, A) in tx.intents.happened(account().key)


def test_a_person_decides_which_order_is_meant(ledger: Ledger, run: Run, statement: Callable[..., Path]) -> None:
    listed(ledger, filing(C, status=FilingStatus.REQUESTED))
    file = statement(("20261015", "62.80"))
    (undecided,) = run(file).matches.ambiguous
    assert {claim.order_no for claim in undecided.claims} == {A, C}
    assert matched(run(file, picks=parse_picks([f"2={C}"]))) == [(2, C, "62.80")]


@pytest.mark.parametrize(
    ("pick", "text"),
    [
        ("2", "write ROW=ORDER"),
        ("9=1", "no payment that waits"),
        (f"2={B}", "¥62.80 was paid, the orders are ¥88.00"),
        ("2=77", "no refund of this order waits"),
    ],
)
def test_a_pick_that_cannot_be_meant_is_told(pick: str, text: str, run: Run, statement: Callable[..., Path]) -> None:
    with pytest.raises(UsageError, match=text):
        run(statement(("20261015", "62.80")), picks=parse_picks([pick]))


def test_what_was_taken_back_by_the_bank_pays_nothing(run: Run, statement: Callable[..., Path]) -> None:
    found = run(statement(("20261015", "62.80"), ("20261016", "-62.80")))
    assert {u.doubt for u in found.matches.unmatched} == {Doubt.REVERSED}
    assert not found.matches.matched


@pytest.mark.parametrize("again", [True, False])
def test_what_the_bank_takes_back_after_it_was_recorded_is_for_a_person(
    again: bool, ledger: Ledger, run: Run, statement: Callable[..., Path]
) -> None:
    """Whether the later statement shows the payment again or only that it was taken back."""
    batch = run(statement(("20261015", "62.80"))).batch
    paid = [("20261015", "62.80")] if again else []
    file = statement(*paid, ("20261016", "-62.80"), name="later.csv")
    found = run(file)
    assert [(u.payment.row, u.doubt) for u in found.matches.ambiguous] == [(2, Doubt.RECORDED)]
    with ledger.begin() as tx:
        payments.undo(tx, batch or "")
    assert not run(file).matches.ambiguous
    assert stages(ledger)[A] is Stage.REQUESTED


def beside(ledger: Ledger, payee: Payee) -> None:
    """A second merchant has asked for a refund of 62.80, too, under another number."""
    with ledger.begin() as tx:
        tx.merchants.save([replace(merchant("m2"), payee=payee)])
        record = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=record) as tx:
        tx.orders.save(account("m2").key, [order(D)])
        tx.filings.save("m2", [filing(D, status=FilingStatus.REQUESTED)])


def test_an_account_that_two_share_is_for_both_whoever_was_named(
    ledger: Ledger, run: Run, statement: Callable[..., Path]
) -> None:
    assert MINE is not None
    beside(ledger, MINE)
    (undecided,) = run(statement(("20261015", "62.80")), merchants=["m1"]).matches.ambiguous
    assert {claim.order_no for claim in undecided.claims} == {A, D}


def test_equal_payments_to_two_merchants_both_count_where_no_account_is_named(
    tmp_path: Path, ledger: Ledger, run: Run
) -> None:
    beside(ledger, Payee("招商银行", "别人", SecretStr("6228480000000002222")))
    file = put_text(tmp_path / "b.csv", f"日期,收入,对方户名\n20261015,62.80,{VENDOR}\n", "gbk")
    assert matched(run(file, merchants=["m1"])) == [(2, A, "62.80")]
    assert matched(run(file, merchants=["m2"])) == [(2, D, "62.80")]
    assert not matched(run(file, merchants=["m2"]))


def test_what_is_unpaid_for_long_is_overdue(run: Run, statement: Callable[..., Path]) -> None:
    file = statement(("20261015", "62.80"))
    assert run(file, TODAY + timedelta(days=30), dry_run=True).overdue == ()
    assert [c.order_no for c in run(file, TODAY + timedelta(days=31)).overdue] == [B]


def test_an_account_of_nobody_is_told(tmp_path: Path, run: Run) -> None:
    file = put_text(tmp_path / "b.csv", f"{HEAD}20261015,62.80,,1,{VENDOR},6217000000000000001\n", "gbk")
    with pytest.raises(UsageError, match=r"row 2: the account \(…0001\) is the payee of no merchant"):
        run(file)


def test_a_masked_account_is_that_of_whom_it_fits() -> None:
    payee = merchant().payee
    assert payee is not None
    number = payee.account.get_secret_value()
    for sign in (number, f"{number[:6]}****{number[-4:]}", f"{number[:4]}xxxx{number[-4:]}", f"***{number[-4:]}"):
        assert merchants_of(sign, "", {"m1": payee}) == {"m1"}, sign
    for sign in ("6217****8911", f"{number[:6]}****1", number[:-1]):
        assert not merchants_of(sign, payee.holder, {"m1": payee}), sign
    assert merchants_of("", payee.holder, {"m1": payee}) == {"m1"}
    assert (tail(number), tail("6228****8911"), tail("")) == (number[-4:], "8911", "")


def test_two_exports_of_one_payment_may_be_the_same() -> None:
    full = "8911|2026-10-15|62.80|1062.80|F1#1"
    assert may_be_same(full, "8911|2026-10-15|62.80||F1#1")
    assert may_be_same(full, "|2026-10-15|62.80|1062.80|#1")
    assert not may_be_same(full, "8911|2026-10-15|62.80|2000.00|F1#1")
    assert not may_be_same(full, "8911|2026-10-16|62.80||#1")
    assert not may_be_same(full, "8911|2026-10-15|62.80|1062.80|F1#2")  # a true second one


CALLED = {"淘宝": {"taobao"}, "京东": {"jd"}}


def requested(ledger: Ledger, *seen: Filing) -> None:
    """An order of the number A stands on jd, too, and these filings are listed."""
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(account(platform="jd").key, [order(A)])
        tx.filings.save("m1", seen, CALLED)


def by_platform(ledger: Ledger) -> dict[str, Stage]:
    known = [each for each in known_orders(ledger) if each.order.order_no == A]
    return {each.account.platform: each.stage for each in known}


def test_of_two_platforms_orders_of_one_number_that_which_was_requested_is_paid(
    ledger: Ledger, run: Run, statement: Callable[..., Path]
) -> None:
    ours = filing(A, status=FilingStatus.REQUESTED)
    requested(ledger, ours, filing(A, platform="京东"))
    batch = run(statement(("20261015", "62.80"))).batch
    assert by_platform(ledger) == {"taobao": Stage.PAID_OUT, "jd": Stage.FILED}
    with ledger.read() as tx:
        assert (StepKind.REQUEST_REFUND, A) in tx.intents.happened(account().key)
        assert (StepKind.REQUEST_REFUND, A) not in tx.intents.happened(account(platform="jd").key)
    requested(ledger, ours, filing(A, platform="京东", status=FilingStatus.PAID_OUT))
    with ledger.begin() as tx:
        payments.undo(tx, batch or "")
    assert by_platform(ledger) == {"taobao": Stage.REQUESTED, "jd": Stage.PAID_OUT}


def test_of_two_refunds_of_one_number_a_person_says_which(
    ledger: Ledger, run: Run, statement: Callable[..., Path]
) -> None:
    asked = [filing(A, platform=name, status=FilingStatus.REQUESTED) for name in ("淘宝", "京东")]
    requested(ledger, *asked)
    file = statement(("20261015", "62.80"))
    (undecided,) = run(file).matches.ambiguous
    assert [c.name_among(undecided.claims) for c in undecided.claims] == [f"jd/{A}", f"taobao/{A}"]
    with pytest.raises(UsageError, match=f"say which one: taobao/{A}, jd/{A}|say which one: jd/{A}, taobao/{A}"):
        run(file, picks=parse_picks([f"2={A}"]))
    first = run(file, picks=parse_picks([f"2=jd/{A}"])).batch
    assert by_platform(ledger) == {"taobao": Stage.REQUESTED, "jd": Stage.PAID_OUT}
    run(statement(("20261016", "62.80"), name="next.csv"))
    assert set(by_platform(ledger).values()) == {Stage.PAID_OUT}
    with ledger.begin() as tx:
        payments.undo(tx, first or "")
    assert by_platform(ledger) == {"taobao": Stage.PAID_OUT, "jd": Stage.REQUESTED}


def test_an_order_that_two_log_ins_of_one_shop_list_is_one_refund(
    ledger: Ledger, run: Run, statement: Callable[..., Path]
) -> None:
    with ledger.begin() as tx:
        tx.merchants.save([replace(merchant(), accounts=(account(), account(label="second")))])
        record = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=record) as tx:
        tx.orders.save(account(label="second").key, [order(A)])
    assert matched(run(statement(("20261015", "62.80")))) == [(2, A, "62.80")]
