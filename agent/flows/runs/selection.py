"""The account that an operator names."""

from agent.domain.accounts import AccountKey
from agent.domain.errors import UsageError
from agent.domain.merchants import Account, Merchant
from agent.domain.text import Text
from agent.ledger import Ledger
from agent.settings import Settings, sites
from agent.sites import Site


def named_account(settings: Settings, ledger: Ledger, name: AccountKey) -> tuple[Merchant, Account, Site]:
    """The account of that name. Raises UsageError, naming those that are known, for any other."""
    merchant_id, platform = name.merchant_id, name.platform
    site = sites(settings).get(platform)
    if site is None:
        listed = ", ".join(sorted(sites(settings)))
        raise UsageError(
            Text(f"There is no platform “{platform}”.", f"没有平台“{platform}”。"),
            Text(f"Known: {listed}.", f"已有：{listed}。"),
        )
    with ledger.read() as tx:
        merchant = next(iter(tx.merchants.find([merchant_id])), None)
    if merchant is None:
        with ledger.read() as tx:
            listed = ", ".join(tx.merchants.ids()) or "-"
        raise UsageError(
            Text(f"There is no merchant “{merchant_id}”.", f"没有商家“{merchant_id}”。"),
            Text(f"Known: {listed}.", f"已有：{listed}。"),
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
    return merchant, account, site
