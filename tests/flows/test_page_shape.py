"""Each look keeps what the pages look like, and a page that looks otherwise is told although it could be read."""

import sqlite3
from contextlib import closing
from pathlib import Path

from agent.domain.accounts import SiteId
from agent.domain.errors import Outcome
from agent.domain.page_shape import PageShape
from agent.domain.report import StepResult
from agent.ledger import UnitOfWork
from agent.sandbox import Sandbox
from tests.flows.home import Home


def changed(home: Home) -> list[str]:
    told: list[str] = []

    def look(tx: UnitOfWork) -> None:
        told.extend(each.text.en for each in tx.page_shapes.changed(home.clock().replace(year=2000)))

    home.in_ledger(look)
    return told


async def test_a_page_that_looks_otherwise_is_told_although_it_was_read(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        home = Home(tmp_path, box, day=box.state.today)
        earlier = PageShape(("订单号", "旧列名"), (), (), (), None)
        home.in_ledger(lambda tx: tx.page_shapes.note(SiteId("suning"), "orders", earlier, ()))
        first = await home.account(dry_run=True)
        assert first.outcome is Outcome.OK, first.text
        (change,) = changed(home)  # the back office's page was never seen before: it is compared with nothing
        assert "heading gone: 旧列名" in change
        assert "the order list of suning" in change
        again = await home.account(dry_run=True)
        assert again.outcome is Outcome.OK, again.text
        assert changed(home) == [change]


async def test_a_shape_that_cannot_be_kept_holds_up_nothing(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        home = Home(tmp_path, box, day=box.state.today)
        with closing(sqlite3.connect(home.settings.data_dir / "ledger.sqlite3")) as ledger:
            ledger.execute("DROP TABLE page_shapes")
        report = await home.account()
        assert report.outcome is Outcome.OK, report.text
        assert any(action.result is StepResult.DONE for action in report.actions)
