"""How known orders are shown. The ledger's own values are built by hand: no run is needed for that."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from agent.cli.checks import Status, clock
from agent.cli.orders import document, show, sums
from agent.domain.accounts import AccountKey
from agent.domain.orders import SHANGHAI, FilingStatus, Order, OrderStatus
from agent.domain.stage import Stage
from agent.domain.wording import STAGE
from agent.ledger import KnownOrder
from tests.support.command import fankuan

NOON = datetime(2026, 9, 30, 12, 0, tzinfo=SHANGHAI)
NUMBER = "3391800000000000011"
ORDER = Order(NUMBER, NOON, "网店管家云端版", "FW-1", True, Decimal("62.8"), OrderStatus.COMPLETED, "锦绣店")
KNOWN = KnownOrder(
    account=AccountKey("m1", "taobao"),
    order=ORDER,
    stage=Stage.FILED,
    due_on=date(2026, 10, 13),
    filed_on=date(2026, 10, 1),
    filing_status=FilingStatus.FILED,
    requested_at=None,
    paid_out_at=None,
    updated_at=NOON,
    stage_when_due=Stage.REFUNDABLE,
)
FOREIGN = replace(KNOWN, order=replace(ORDER, order_no="77", ours=False, service="别家"), due_on=None)


def test_every_stage_has_words() -> None:
    assert set(STAGE) == set(Stage)


def test_one_order_as_json() -> None:
    assert document(KNOWN) == {
        "merchant": "m1",
        "platform": "taobao",
        "account": "m1/taobao",
        "order_no": NUMBER,
        "ordered_at": "2026-09-30T12:00:00+08:00",
        "service": "网店管家云端版",
        "service_code": "FW-1",
        "ours": True,
        "amount": "62.80",
        "currency": "CNY",
        "status": "completed",
        "expires_at": None,
        "expires_in_days": None,
        "renew_url": None,
        "shop": "锦绣店",
        "stage": "filed",
        "due_on": "2026-10-13",
        "filing_status": "filed",
        "filed_on": "2026-10-01",
        "requested_at": None,
        "paid_out_at": None,
        "updated_at": "2026-09-30T12:00:00+08:00",
        "removed": False,
    }


def test_others_orders_are_shown_only_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    show([KNOWN, FOREIGN], everyone=False)
    ours = capsys.readouterr().out
    assert NUMBER in ours
    assert "2026-10-13" in ours
    assert "  77  " not in ours
    assert "Not shown: 1 of other vendors (--all)." in ours
    show([KNOWN, FOREIGN], everyone=True)
    assert "  77  " in capsys.readouterr().out


def test_money_is_summed_by_stage_and_only_ours_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    dollars = replace(KNOWN, order=replace(ORDER, currency="USD"), stage=Stage.REQUESTED)
    assert sums([KNOWN, KNOWN, FOREIGN, dollars]) == ("filed, waiting ¥125.60 (2) · refund requested 62.80 USD (1)")
    assert sums([FOREIGN]) == ""


def test_a_clock_behind_the_ledger_is_a_problem() -> None:
    assert clock(NOON, KNOWN.updated_at).status is Status.OK
    assert clock(NOON - timedelta(hours=1), KNOWN.updated_at).status is Status.PROBLEM


@pytest.mark.parametrize("words", [("orders", "--json", "show", "77"), ("orders", "show", "77", "--json")])
def test_json_before_a_command_of_a_group_is_the_commands(tmp_path: Path, words: tuple[str, ...]) -> None:
    answer = fankuan(tmp_path, *words)
    assert (answer.returncode, json.loads(answer.stdout)["schema"]) == (2, 1)
    assert "77" in json.loads(answer.stdout)["error"]["message"]


@pytest.mark.parametrize(
    "words", [("orders", "--merchant", "m1", "show", "77"), ("sessions", "--json", "export", "sessions.bin")]
)
def test_options_that_a_command_of_a_group_does_not_have_are_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    answer = fankuan(tmp_path, *words)
    assert answer.returncode == 2
    assert "go behind its name" in answer.stderr or "No such option: --json" in answer.stderr
    assert not (tmp_path / "sessions.bin").exists()
