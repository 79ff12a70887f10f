"""`fankuan reconcile`, as an accountant calls it."""

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest

from agent.domain.orders import FilingStatus
from agent.ledger import Ledger
from tests.fixtures.ledgers import put_ledger
from tests.fixtures.statements import ACCOUNT, VENDOR, every_bank, put_text
from tests.ledger.support import ORDERED_AT, PLANTED, Clock, account, filing, merchant, order, settings
from tests.support.command import fankuan

A, B = "339181234567890", "339181234567891"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose ledger knows one requested refund of 62.80."""
    put_ledger(tmp_path / "var")
    ledger = Ledger.open(settings(tmp_path / "var"), Clock())
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m1")])
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(account("m1").key, [order(A), order(B)])
    with ledger.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(A, status=FilingStatus.REQUESTED)])
    ledger.close()
    return tmp_path


def test_a_statement_becomes_paid_orders_and_can_be_taken_back(home: Path) -> None:
    file = every_bank(home)["cmb"]
    file = file.rename(file.with_stem(f"{ACCOUNT}_202610"))  # as banks name them
    answer = fankuan(home, "reconcile", file, "--json")
    told = json.loads(answer.stdout)
    assert answer.returncode == 0
    assert told["schema"] == 1
    assert told["matched"] == [
        {"merchant": "m1", "platform": "taobao", "order_no": A, "amount": "62.80", "paid_on": "2026-10-15", "row": 7}
    ]
    assert (told["ambiguous"], told["unmatched"], told["others"]) == ([], [], 1)
    assert stage_of(home, A) == "paid_out"
    undone = fankuan(home, "reconcile", "--undo", told["batch"])
    assert (undone.returncode, undone.stdout) == (0, f"{told['batch']}: 1 payments taken back.\n")
    assert stage_of(home, A) == "requested"
    assert not any(secret in answer.stdout + answer.stderr for secret in PLANTED)
    kept = b"".join(path.read_bytes() for path in (home / "var").rglob("*") if path.is_file())
    assert A.encode() in kept
    assert not any(secret.encode() in kept for secret in PLANTED)


def test_it_is_told_what_was_recorded_and_that_a_dry_run_records_nothing(home: Path) -> None:
    file = every_bank(home)["cmb"]
    assert "Recorded" not in fankuan(home, "reconcile", file, "--dry-run").stdout
    assert "Recorded. Orders that are paid out now: 1." in fankuan(home, "reconcile", file).stdout


def stage_of(home: Path, number: str) -> str:
    listed = json.loads(fankuan(home, "orders", "--json").stdout)
    orders = listed["orders"] if isinstance(listed, dict) else listed
    return str(next(each["stage"] for each in orders if each["order_no"] == number))


def test_what_a_person_has_to_decide_is_told_with_how(home: Path) -> None:
    ledger = Ledger.open(settings(home / "var"), Clock())
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(B, status=FilingStatus.REQUESTED)])
    ledger.close()
    file = every_bank(home)["abc"]
    answer = fankuan(home, "reconcile", file, language="zh_CN.UTF-8")
    assert answer.returncode == 3
    assert f"第 4 行  2026-10-15 ¥62.80  可对应多笔订单：{A}, {B}（--pick 4=…）" in answer.stdout
    assert fankuan(home, "reconcile", file, "--pick", f"4={B}").returncode == 0
    assert [stage_of(home, A), stage_of(home, B)] == ["requested", "paid_out"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((), "Name a statement, or a batch with --undo."),
        (("--undo", "x", "--dry-run"), "--undo goes with --json alone."),
        (("--undo", "x"), "There is no batch x that could be taken back."),
        (("none.csv",), "none.csv: cannot be read"),
        (("cmb.xlsx", "--merchant", "m9"), "There is no merchant “m9”."),
        (("cmb.xlsx", "--mapping", "none.toml"), "none.toml: cannot be read"),
    ],
)
def test_what_is_wrong_is_told(home: Path, arguments: tuple[str, ...], text: str) -> None:
    every_bank(home)
    answer = fankuan(home, "reconcile", *arguments)
    assert answer.returncode == 2
    assert text in answer.stderr


def test_a_payment_that_fits_nothing_is_not_called_somebody_elses(home: Path) -> None:
    text = f"日期,收入,对方户名,账号\n20261015,1.00,{VENDOR},{ACCOUNT}\n"
    answer = fankuan(home, "reconcile", put_text(home / "b.csv", text, "gbk"))
    assert "no requested refund fits" in answer.stdout
    assert "other rows, none of" not in answer.stdout


def test_two_platforms_orders_of_one_number_are_told_apart_everywhere(home: Path) -> None:
    asked = FilingStatus.REQUESTED
    ledger = Ledger.open(settings(home / "var"), Clock())
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(account("m1", "jd").key, [order(A, ordered_at=ORDERED_AT - timedelta(days=60))])
        listed = [filing(A, platform=name, status=asked) for name in ("淘宝", "京东")]
        tx.filings.save("m1", listed, {"淘宝": {"taobao"}, "京东": {"jd"}})
    ledger.close()
    file = every_bank(home)["abc"]
    (undecided,) = json.loads(fankuan(home, "reconcile", file, "--json").stdout)["ambiguous"]
    assert [(each["platform"], each["order_no"]) for each in undecided["orders"]] == [("jd", A), ("taobao", A)]
    assert f"jd/{A}, taobao/{A} (--pick 4=…)" in fankuan(home, "reconcile", file).stdout
    assert fankuan(home, "reconcile", file, "--pick", f"4=jd/{A}").returncode == 0
    paid = {"taobao": "requested", "jd": "paid_out"}
    for words in (("orders", "show", A, "--json"), ("orders", "--json")):
        found = json.loads(fankuan(home, *words).stdout)["orders"]
        assert {each["platform"]: each["stage"] for each in found if each["order_no"] == A} == paid
    fankuan(home, "export", "refunds", "refunds.csv")
    with (home / "refunds.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = {row["Platform"]: row for row in csv.DictReader(lines)}
    assert [bool(rows[name]["Paid out at (UTC+8)"]) for name in ("taobao", "jd")] == [False, True]
