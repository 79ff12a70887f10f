"""Each look keeps what the pages look like, and a page that looks otherwise is told although it could be read."""

from pathlib import Path

from agent.domain.errors import Outcome
from agent.domain.page_shape import PageShape
from agent.ledger import UnitOfWork
from agent.sandbox import Sandbox
from tests.flows.home import Home


async def test_a_page_that_looks_otherwise_is_told_although_it_was_read(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        home = Home(tmp_path, box, day=box.state.today)
        first = await home.account(dry_run=True)
        assert first.outcome is Outcome.OK, first.text
        told: list[str] = []

        def put_another(tx: UnitOfWork) -> None:
            told.extend(each.text.en for each in tx.page_shapes.changed(home.clock().replace(year=2000)))
            shape = PageShape(("订单号", "旧列名"), (), (), (), None)
            tx.page_shapes.note("suning", "orders", shape, ())

        home.in_ledger(put_another)
        assert told == []  # the first look is compared with nothing
        again = await home.account(dry_run=True)
        assert again.outcome is Outcome.OK, again.text
        home.in_ledger(
            lambda tx: told.extend(e.text.en for e in tx.page_shapes.changed(home.clock().replace(year=2000)))
        )
        (change,) = told
        assert "heading gone: 旧列名" in change
        assert "the order list of suning" in change
