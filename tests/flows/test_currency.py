"""A platform whose amounts are not in yuan, and pages that say so or say otherwise."""

from pathlib import Path

from agent.domain.errors import Outcome
from tests.fixtures.market import Market
from tests.flows.home import Home, assert_nothing_twice, changed, filed_here


class Abroad:
    """The market, with a currency in its settings."""

    def __init__(self, market: Market, currency: str) -> None:
        self.market, self.currency = market, currency

    def settings_toml(self) -> str:
        return f'{self.market.settings_toml()}currency = "{self.currency}"\n'

    def merchants_toml(self) -> str:
        return self.market.merchants_toml()


async def test_amounts_without_a_sign_are_in_the_platforms_currency_and_not_filed_as_yuan(tmp_path: Path) -> None:
    with Market("table-pages", orders=8) as market:
        account = await Home(tmp_path, Abroad(market, "USD")).account()
        assert {o.currency for o in account.orders} == {"USD"}
        assert (account.outcome, account.reason) == (Outcome.NEEDS_HUMAN, "foreign_currency")
        assert changed(market) == market.truth()["should_confirm"]
        assert filed_here(market) == []
        assert_nothing_twice(market)


async def test_the_sign_on_the_page_counts_more_than_the_settings(tmp_path: Path) -> None:
    with Market("tabs", orders=8) as market:
        account = await Home(tmp_path, Abroad(market, "USD")).account(dry_run=True)
        assert {o.currency for o in account.orders} == {"CNY"}
        assert {a.reason for a in account.actions} == {None}
