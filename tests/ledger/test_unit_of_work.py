"""Transactions: all of one happens or nothing, and one that reads writes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.domain.accounts import SiteId
from agent.domain.report import StepKind
from agent.ledger import Ledger, known_orders
from tests.ledger.support import account, order

TAOBAO = account().key


def test_what_fails_halfway_has_not_happened(ledger: Ledger, run: str) -> None:
    def half(stop: Exception) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO, [order("1")])
            tx.intents.begin(TAOBAO, StepKind.FILE, "1", {})
            raise stop

    with pytest.raises(RuntimeError, match="halfway"):
        half(RuntimeError("halfway"))
    assert [*known_orders(ledger)] == []
    with ledger.read() as tx:
        assert tx.intents.open_of(TAOBAO) == []


def test_a_transaction_that_reads_refuses_to_write(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError, match="begin one that writes"), ledger.read() as tx:
        tx.merchants.name_shop(TAOBAO, "别的店")
    with ledger.read() as tx:
        assert {each.shop for each in tx.merchants.find()[0].accounts} == {"旗舰店"}


def test_a_transaction_that_reads_refuses_a_statement_that_writes(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError, match="begin one that writes"), ledger.read() as tx:
        tx.ways.keep(SiteId("jd"), "cloud", "http://jd.test/", {})


def test_a_reading_transaction_sees_what_was_committed_alone(ledger: Ledger, reopen: Callable[[], Ledger]) -> None:
    with ledger.begin() as writing, reopen().read() as reading:
        writing.merchants.name_shop(TAOBAO, "新店")
        assert "新店" not in {each.shop for each in reading.merchants.find()[0].accounts}


def test_what_is_changed_is_kept_in_the_history_of_the_run(
    ledger: Ledger, run: str, history: Callable[..., Any]
) -> None:
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(TAOBAO, [order("1")])
        tx.runs.finish()
    assert [event for _, event, _ in history("orders")] == ["added"]
    assert [event for _, event, _ in history("runs")] == ["added", "changed"]
