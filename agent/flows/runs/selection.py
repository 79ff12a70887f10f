"""The accounts that an operator names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.domain.accounts import AccountKey
from agent.domain.errors import UsageError
from agent.domain.merchants import Account, Merchant
from agent.domain.text import Text
from agent.ledger import Ledger
from agent.settings import Settings, sites
from agent.settings.problems import instead_of
from agent.sites import Site

# Whose accounts are to be worked on, each with its site.
SelectedAccounts = list[tuple[Merchant, list[tuple[Account, Site]]]]


@dataclass(frozen=True, slots=True)
class Selection:
    """The accounts that a run is for; of a list that is empty, all of that kind."""

    merchants: Sequence[str] = ()
    platforms: Sequence[str] = ()
    accounts: Sequence[AccountKey] = ()

    def holds(self, account: Account) -> bool:
        """True for an account that is selected, if its merchant is."""
        by_platform = not self.platforms or account.key.platform in self.platforms
        return by_platform and (not self.accounts or account.key in self.accounts)


@dataclass(frozen=True, slots=True)
class Named:
    """An account that an operator named, with whose it is, and the site it is on."""

    merchant: Merchant
    account: Account
    site: Site


def named_account(settings: Settings, ledger: Ledger, name: AccountKey) -> Named:
    """The account of that name. Raise UsageError, naming those that are known, for any other."""
    merchant_id, platform = name.merchant_id, name.platform
    site = sites(settings).get(platform)
    if site is None:
        raise UsageError(
            Text(f"There is no platform “{platform}”.", f"没有平台“{platform}”。"),
            instead_of(platform, sites(settings)),
        )
    with ledger.read() as tx:
        merchant = next(iter(tx.merchants.find([merchant_id])), None)
    if merchant is None:
        with ledger.read() as tx:
            known = tx.merchants.ids()
        raise UsageError(
            Text(f"There is no merchant “{merchant_id}”.", f"没有商家“{merchant_id}”。"),
            instead_of(merchant_id, known),
        )
    account = next((a for a in merchant.accounts if a.key == name), None)
    if account is None:
        listed = ", ".join(str(a.key) for a in merchant.accounts) or "-"
        raise UsageError(
            Text(
                f"There is no account {name}.",
                f"没有账号 {name}。",
            ),
            Text(
                f"Merchant {merchant_id} has: {listed}. Add it: fankuan merchants import FILE",
                f"商家 {merchant_id} 已有：{listed}。请导入：fankuan merchants import 文件",
            ),
        )
    return Named(merchant, account, site)


def selected(ledger: Ledger, known: Mapping[str, Site], selection: Selection) -> SelectedAccounts:
    """The selected accounts of each merchant, with their sites. Raise UsageError for an id that is not known."""
    wanted = selection.accounts
    ids = selection.merchants or sorted({name.merchant_id for name in wanted})
    with ledger.read() as tx:
        registered = tx.merchants.find(ids)
    if {m.id for m in registered} < set(ids):
        with ledger.read() as tx:
            everyone = {*tx.merchants.ids()}
        check_known("merchant", "商家", ids, everyone)
    check_known("platform", "平台", selection.platforms, set(known))
    check_known("account", "账号", [str(name) for name in wanted], {str(a.key) for m in registered for a in m.accounts})
    found = [(m, [a for a in m.accounts if selection.holds(a)]) for m in registered]
    check_known("platform", "平台", [a.key.platform for _, accounts in found for a in accounts], set(known))
    return [(m, [(a, known[a.key.platform]) for a in accounts]) for m, accounts in found if accounts]


def without_paused(work: SelectedAccounts) -> tuple[SelectedAccounts, list[Account]]:
    """What is to be worked on, and the accounts that are paused, alone or with their merchant."""
    paused = [account for merchant, found in work for account, _ in found if account.paused or merchant.paused]
    active = [(m, [(a, site) for a, site in found if a not in paused]) for m, found in work]
    return [(m, found) for m, found in active if found], paused


def check_known(en: str, zh: str, wanted: Sequence[str], known: set[str]) -> None:
    """Raise UsageError for one of the `wanted` that is not `known`."""
    for name in wanted:
        if name not in known:
            raise UsageError(Text(f"There is no {en} “{name}”.", f"没有{zh}“{name}”。"), instead_of(name, known))
