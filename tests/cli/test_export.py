"""`fankuan export`, as an accountant calls it."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.merchants import Edition
from agent.domain.orders import FilingStatus
from agent.domain.report import AccountReport, Action, StepKind, StepResult
from agent.domain.text import Text
from agent.ledger import Ledger
from tests.fixtures.ledgers import put_ledger
from tests.ledger.support import PLANTED, Clock, account, filing, merchant, order, settings
from tests.support.command import fankuan

REQUESTED, WAITING, FOREIGN = "339181234567890", "339181234567891", "771"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose ledger knows two orders of ours and one of another vendor's."""
    put_ledger(tmp_path / "var")
    ledger = Ledger.open(settings(tmp_path / "var"), Clock())
    with ledger.begin() as tx:
        tx.merchants.save([replace(merchant(name), edition=Edition.ENTERPRISE) for name in ("m1", "m2")])
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    listed = [order(REQUESTED, shop="=HYPERLINK(1)"), order(WAITING), order(FOREIGN, ours=False, service="别家")]
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(account("m1").key, listed)
    with ledger.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(REQUESTED, status=FilingStatus.REQUESTED), filing(WAITING)])
    done = Action(StepKind.REQUEST_REFUND, REQUESTED, StepResult.DONE)
    ended = AccountReport(
        AccountKey("m1", "taobao"), Outcome.FAILED, "refused", Text("refused it", "拒绝"), actions=[done]
    )
    with ledger.begin(run_id=run) as tx:
        tx.runs.record(ended)
    with ledger.begin(run_id=run) as tx:
        tx.runs.finish()
    ledger.close()
    return tmp_path


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_orders_in_chinese(home: Path) -> None:
    text = fankuan(home, "export", "orders", "订单.xlsx", language="zh_CN.UTF-8")
    assert (text.returncode, text.stdout) == (0, "已导出 2 行：订单.xlsx\n")
    page = load_workbook(home / "订单.xlsx").active
    assert page is not None
    first, second = ({h.value: c for h, c in zip(page[1], row, strict=True)} for row in page.iter_rows(min_row=2))
    assert first["订单编号"].value == REQUESTED
    assert first["店铺"].data_type == "s"
    assert (first["平台"].value, first["进度"].value, second["进度"].value) == (
        "淘宝/天猫",
        "已申请返款",
        "已报备，等待期内",
    )
    assert first["金额"].value == 62.8


def test_orders_are_filtered(home: Path) -> None:
    for options, numbers in (
        ((), {REQUESTED, WAITING}),
        (("--all",), {REQUESTED, WAITING, FOREIGN}),
        (("--merchant", "m2"), set()),
        (("--merchant", "m1", "--platform", "taobao", "--stage", "requested"), {REQUESTED}),
        (("--account", "m1/taobao", "--stage", "requested"), {REQUESTED}),
        (("--account", "m1/jd"), set()),
        (("--problems",), set()),
        (("--due-within", "9000"), {WAITING}),
    ):
        assert fankuan(home, "export", "orders", "o.csv", *options).returncode == 0
        assert {row["Order number"].rstrip("\t") for row in rows_of(home / "o.csv")} == numbers, options


def test_refunds_name_the_payee_by_its_last_digits_alone(home: Path) -> None:
    assert fankuan(home, "export", "refunds", "r.csv").returncode == 0
    (row,) = rows_of(home / "r.csv")
    assert row["Payee's account"] == f"…{PLANTED[2][-4:]}"
    assert row["Amount"] == "62.80"
    assert row["Shop"] == "'=HYPERLINK(1)"
    assert not any(secret in (home / "r.csv").read_text(encoding="utf-8") for secret in PLANTED)


def test_runs_have_a_row_for_each_account(home: Path) -> None:
    assert fankuan(home, "export", "runs", "runs.csv", "--platform", "taobao").returncode == 0
    (row,) = rows_of(home / "runs.csv")
    assert (row["Outcome"], row["Reason"], row["What was said"]) == ("failed", "refused", "refused it")
    assert (row["Steps done"], row["Steps failed or in doubt"], row["Dry run"]) == ("1", "0", "no")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("orders", "orders.txt"), "has to end with .xlsx or .csv"),
        (("orders", "none/orders.csv"), "lies in a folder that does not exist"),
        (("orders", "o.csv", "--merchant", "m3"), "There is no merchant “m3”. See: fankuan merchants list"),
        (("runs", "o.csv", "--platform", "taobo"), "Did you mean “taobao”?"),
        (("runs", "o.csv", "--account", "m1/taobao/third"), "There is no account “m1/taobao/third”"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_written(home: Path, arguments: tuple[str, ...], text: str) -> None:
    before = {path.name for path in home.iterdir()}
    answer = fankuan(home, "export", *arguments)
    assert answer.returncode == 2
    assert text in answer.stderr
    assert {path.name for path in home.iterdir()} == before


def test_an_account_that_there_is_not_is_told_by_the_list_as_by_the_file(home: Path) -> None:
    answer = fankuan(home, "orders", "--account", "m1/taobao/third")
    assert (answer.returncode, "There is no account “m1/taobao/third”" in answer.stderr) == (2, True)


def test_the_money_of_who_was_removed_can_still_be_asked_for(home: Path) -> None:
    assert fankuan(home, "merchants", "remove", "m1").returncode == 0
    assert fankuan(home, "export", "refunds", "r.csv", "--merchant", "m1").returncode == 0
    assert [row["Order number"].rstrip("\t") for row in rows_of(home / "r.csv")] == [REQUESTED]


def test_the_audit_trail_tells_who_did_what(home: Path) -> None:
    assert fankuan(home, "merchants", "pause", "m2").returncode == 0
    assert fankuan(home, "export", "audit", "a.csv").returncode == 0
    acts = rows_of(home / "a.csv")
    assert acts
    assert acts[0]["Who"].startswith("cli:")
    assert "m2" in acts[0]["Target"]
