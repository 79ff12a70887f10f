"""The answer of a run: its exit status and the document that it prints."""

from datetime import date, datetime
from decimal import Decimal
from itertools import product

import pytest

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI, Order, OrderStatus
from agent.domain.report import AccountReport, Action, RunReport, StepKind, StepResult

START = datetime(2026, 6, 30, 9, 0, 0, 123456, tzinfo=SHANGHAI)


def run(*outcomes: Outcome) -> RunReport:
    return RunReport("r1", START, START, False, [AccountReport(AccountKey("m1", "taobao"), o) for o in outcomes])


@pytest.mark.parametrize("outcomes", [p for n in range(3) for p in product(Outcome, repeat=n)])
def test_the_exit_status_follows_the_worst_account(outcomes: tuple[Outcome, ...]) -> None:
    if Outcome.FAILED in outcomes or Outcome.UNKNOWN in outcomes:
        expected = 1
    else:
        expected = 3 if Outcome.NEEDS_HUMAN in outcomes else 0
    assert run(*outcomes).exit_status == expected


def test_the_document_keeps_its_shape() -> None:
    order = Order(
        "3391899276382420635",
        datetime(2024, 6, 18, 21, 39, 35, tzinfo=SHANGHAI),
        "网店管家J系列",
        None,
        True,
        Decimal("62.8"),
        OrderStatus.COMPLETED,
    )
    hidden = Order(
        None, START, "网店管家", "FW_GOODS-1", True, Decimal(5), OrderStatus.AWAITING_CONFIRMATION, expires_at=START
    )
    account = AccountReport(AccountKey("m1", "antd5"), orders=[order, hidden])
    account.actions = [
        Action(
            StepKind.REQUEST_REFUND,
            order.order_no,
            StepResult.WAITING,
            date(2024, 6, 25),
            "too_early",
            None,
            ("a.png",),
        )
    ]
    document = RunReport("r1", START, START, True, [account]).to_json()
    assert document == {
        "run_id": "r1",
        "started_at": "2026-06-30T09:00:00+08:00",
        "finished_at": "2026-06-30T09:00:00+08:00",
        "dry_run": True,
        "accounts": [
            {
                "merchant": "m1",
                "platform": "antd5",
                "account": "m1/antd5",
                "outcome": "ok",
                "reason": None,
                "message": None,
                "cure": None,
                "evidence": ["a.png"],
                "orders": [
                    {
                        "order_no": "3391899276382420635",
                        "ordered_at": "2024-06-18T21:39:35+08:00",
                        "service": "网店管家J系列",
                        "service_code": None,
                        "ours": True,
                        "amount": "62.80",
                        "currency": "CNY",
                        "status": "completed",
                        "expires_at": None,
                    },
                    {
                        "order_no": None,
                        "ordered_at": "2026-06-30T09:00:00+08:00",
                        "service": "网店管家",
                        "service_code": "FW_GOODS-1",
                        "ours": True,
                        "amount": "5.00",
                        "currency": "CNY",
                        "status": "awaiting_confirmation",
                        "expires_at": "2026-06-30T09:00:00+08:00",
                    },
                ],
                "actions": [
                    {
                        "kind": "request_refund",
                        "order_no": "3391899276382420635",
                        "result": "waiting",
                        "due_on": "2024-06-25",
                        "reason": "too_early",
                        "evidence": ["a.png"],
                        "sends": None,
                    }
                ],
                "partial": None,
                "unread": [],
            }
        ],
    }
