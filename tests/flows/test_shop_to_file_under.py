"""The shop that is filed: never the merchant's name if there are several shops, and shown before anything is sent."""

from pathlib import Path

from agent.domain.errors import Outcome
from agent.domain.report import AccountReport, Action, StepKind
from tests.fixtures.market import Faults, Market
from tests.flows.home import Home, filed_here, quiet

LAYOUT = "table-pages"
SECOND = '[[merchants.accounts]]\nplatform = "market"\nlabel = "second"\nusername = "demo"\npassword = "demo-pass"\n'


def filings(account: AccountReport) -> list[Action]:
    return [action for action in account.actions if action.kind is StepKind.FILE and action.sends is not None]


async def test_of_several_shops_none_is_filed_under_the_merchants_name(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=8, faults=Faults(drop_column="shop")) as market:
        home = Home(tmp_path, market, merchants=market.merchants_toml() + SECOND)
        first, second = (await home.sync(dry_run=True)).accounts
        for account in (first, second):
            assert (account.outcome, account.reason) == (Outcome.NEEDS_HUMAN, "shop_unknown")
            assert {a.reason for a in filings(account)} == {"shop_unknown"}
            assert {a.sends.shop for a in filings(account) if a.sends} == {None}
        home.add(market.merchants_toml().replace('edition = "cloud"', 'edition = "cloud"\nfile_as = "锦绣总店"'))
        first, _ = (await home.sync(dry_run=True)).accounts
        (sends, *_) = [a.sends for a in filings(first)]
        assert sends is not None
        assert (sends.shop, sends.payee) == ("锦绣总店", "…0001")
        assert quiet(market)


async def test_the_only_shop_is_shown_with_what_would_be_filed(tmp_path: Path) -> None:
    with Market(LAYOUT, orders=8, faults=Faults(drop_column="shop")) as market:
        account = await Home(tmp_path, market).account(dry_run=True)
        assert account.outcome is Outcome.OK
        assert {a.sends.shop for a in filings(account) if a.sends} == {"锦绣家居"}
        assert "店铺 锦绣家居，收款账号 …0001" in filings(account)[0].sends.text.zh  # type: ignore[union-attr]
        assert quiet(market)


async def test_a_filing_that_is_listed_under_another_shop_than_was_sent_is_told(tmp_path: Path) -> None:
    faults = Faults(drop_column="shop", files_under="老周五金")
    with Market(LAYOUT, orders=8, faults=faults) as market:
        account = await Home(tmp_path, market).account()
        assert (account.outcome, account.reason) == (Outcome.FAILED, "filed_wrongly")
        assert account.text is not None
        assert "锦绣家居 was meant, 老周五金 is shown" in account.text.en
        assert len(filed_here(market)) == 1
