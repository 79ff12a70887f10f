"""What a merchants file changes of what is registered: compared, told, saved."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.audit import noted
from agent.cli.language import pick, say
from agent.cli.session import complain, open_ledger
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.domain.merchant_changes import Change
    from agent.domain.merchants import Account, Merchant
    from agent.ledger import Ledger, UnitOfWork
    from agent.settings import Settings


def _read(settings: "Settings", file: Path, ledger: "Ledger") -> "list[Merchant]":
    """What the file holds; what is to be told of it goes to standard error."""
    from agent.domain.merchant_changes import replaced
    from agent.importing import read_merchants
    from agent.log import hide
    from agent.settings import sites

    known = sites(settings)
    gone = [name for name, site in known.items() if site.gone]
    with ledger.read() as tx:
        read = read_merchants(file, {name: site.title for name, site in known.items()}, gone, tx.merchants.find)
    for merchant in read.merchants:
        hide(*merchant.secrets())
    for sentence in read.notes:
        complain(say(sentence))
    with ledger.read() as tx:
        registered = {m.id: m for m in tx.merchants.find([m.id for m in read.merchants])}
    if other := replaced(registered, read.merchants):
        raise _would_replace(other)
    return read.merchants


def _would_replace(accounts: "list[Account]") -> UsageError:
    names = ", ".join(f"{a.key} ({a.login.username if a.login else '-'})" for a in accounts)
    first = accounts[0].key
    return UsageError(
        Text(
            f"The file has another user name for {names}. Nothing was imported. If it is a second shop, give it a "
            f"`label` in the file; if the user has changed: fankuan accounts edit {first} username=NAME password=-",
            f"文件中 {names} 的用户名与已登记的不同，未导入任何内容。若是第二家店铺，请在文件中填写 label（账号标签）；"
            f"若是用户名变更：fankuan accounts edit {first} username=新用户名 password=-",
        )
    )


def register(settings: "Settings", file: Path) -> str:
    """Read the file and save what it holds; return what changed, in words."""
    from agent.domain.merchant_changes import changes

    with open_ledger(settings) as ledger:
        found = _read(settings, file, ledger)
        with ledger.begin() as tx:
            known = _registered(tx, found)
            note_payees(tx, known, found)
            counts = tx.merchants.save(found)
            noted(tx, "merchants_import", file.name, merchants=len(found))
    told = [f"{change.name}: {_told(change)}" for change in changes(known, found) if change.fields and not change.new]
    summary = pick(
        f"Merchants: {counts.merchants_added} added, {counts.merchants_updated} updated. "
        f"Accounts: {counts.accounts_added} added, {counts.accounts_updated} updated.",
        f"商家：新增 {counts.merchants_added}，更新 {counts.merchants_updated}。"
        f"账号：新增 {counts.accounts_added}，更新 {counts.accounts_updated}。",
    )
    return "\n".join([summary, *told])


def compare(settings: "Settings", file: Path) -> str:
    """What importing the file would change, one line a merchant and account: fields by name, and no secret."""
    from agent.domain.merchant_changes import changes

    with open_ledger(settings) as ledger:
        found = _read(settings, file, ledger)
        with ledger.read() as tx:
            known = _registered(tx, found)
    _tell_payees(known, found)
    lines = [f"{change.name}: {_told(change)}" for change in changes(known, found)]
    return "\n".join([*lines, pick("Nothing was saved.", "未保存任何内容。")])


def note_payees(tx: "UnitOfWork", known: "Mapping[str, Merchant]", wanted: "Sequence[Merchant]") -> None:
    """Tell each payee that is replaced by another, and add it to the audit trail: the money goes elsewhere then."""
    from agent.domain.merchant_changes import new_payees

    for merchant, before, after in new_payees(known, wanted):
        noted(tx, "payee_change", merchant, before=before.shown, after=after.shown)
    _tell_payees(known, wanted)


def _tell_payees(known: "Mapping[str, Merchant]", wanted: "Sequence[Merchant]") -> None:
    from agent.domain.merchant_changes import new_payees

    for merchant, before, after in new_payees(known, wanted):
        complain(
            pick(
                f"WARNING: {merchant}: its refunds go to another payee: {before.shown} → {after.shown}. If nobody "
                f"meant that, put the old one back: fankuan merchants edit {merchant} payee.account=-",
                f"警告：{merchant} 的返款改为打入另一收款账户：{before.shown} → {after.shown}。"
                f"如非本意，请改回：fankuan merchants edit {merchant} payee.account=-",
            )
        )


def _registered(tx: "UnitOfWork", found: "Iterable[Merchant]") -> "dict[str, Merchant]":
    ids = [merchant.id for merchant in found]
    return {merchant.id: merchant for merchant in tx.merchants.find(ids)} if ids else {}


def _told(change: "Change") -> str:
    if change.new:
        return pick("new", "新增")
    fields = ", ".join(change.fields)
    return pick(f"changes {fields}", f"变更 {fields}") if fields else pick("unchanged", "无变化")
