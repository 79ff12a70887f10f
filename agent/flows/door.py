"""The way of an account into a site."""

from dataclasses import dataclass

from agent.domain.errors import NoLogin
from agent.domain.merchants import Account, Credentials
from agent.sites import Site


@dataclass(frozen=True, slots=True)
class Door:
    """How one account gets into a site.

    `switch` is what leads to the form where nothing with words does: see Site.password_switch. `shop` is the one to
    choose where the log-in leads to several.
    """

    site: str
    login_url: str
    credentials: Credentials
    switch: str | None = None
    shop: str | None = None


def door_of(site: Site, account: Account) -> Door:
    """The way of an account into its platform. Raises NoLogin where none is registered."""
    if account.login is None:
        raise NoLogin(site.title)
    return Door(site.title, site.login_url, account.login, site.password_switch, account.shop)
