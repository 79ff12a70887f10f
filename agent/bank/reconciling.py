"""One statement against the refunds that were requested: read, match, and record what is sure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from agent.bank.accounts import merchants_of, tail
from agent.bank.identity import identified, may_be_same
from agent.bank.picks import Picks, picked
from agent.domain.errors import UsageError
from agent.domain.merchants import masked_number
from agent.domain.payments import Allocation, Claim, Doubt, Matches, Payment, Undecided
from agent.domain.reconcile import match
from agent.domain.text import Text
from agent.importing.statement import Statement
from agent.importing.statement_rows import Entry
from agent.ledger import Ledger, UnitOfWork, payments
from agent.log import redact
from agent.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for: merchants, and which payment is for which orders.

    `who` records it, as the audit trail names them; if it is nobody, nothing is recorded.
    """

    merchants: Sequence[str] = ()
    picks: Picks = field(default_factory=dict)
    who: str | None = None

    @property
    def dry_run(self) -> bool:
        """True if nothing is recorded."""
        return self.who is None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What came of a statement. `already` are payments that were recorded before, `others` rows of somebody else.

    `batch` takes all that was recorded back; None if nothing was. `overdue` are refunds that should have been paid.
    """

    batch: str | None
    matches: Matches
    already: tuple[Payment, ...]
    overdue: tuple[Claim, ...]
    others: int


def reconcile(
    settings: Settings,
    ledger: Ledger,
    statement: Statement,
    *,
    claims: Iterable[Claim],
    wanted: Wanted,
    today: date,
) -> Reconciled:
    """Match the statement's payments to refunds, and mark those that are sure as paid out.

    `claims` are those of all merchants: what is named may share its account. `today` is the date in Asia/Shanghai.
    Raise UsageError if the statement is of nobody's account, or a pick cannot be meant.
    """
    incoming, pairs, backs = _without_reversed([*_payments(ledger, statement, wanted)])
    # Two accounts may be two log-ins of one shop: its order is listed twice, and is one refund.
    claims = [*{claim.names: claim for claim in claims}.values()]
    with ledger.read() as tx:
        recorded = payments.identities(tx, _days([*incoming, *pairs]))
        late = [back for back in backs if payments.may_take_back(tx, back)]
    late += [p for p in pairs if p.identity in recorded]
    told = [Undecided(p, Doubt.RECORDED) for p in late]
    reversed_ = [Undecided(p, Doubt.REVERSED) for p in (*pairs, *backs) if p not in late]
    already = tuple(p for p in incoming if p.identity in recorded)
    fresh = [p for p in incoming if p.identity not in recorded]
    doubtful = [p for p in fresh if any(may_be_same(p.identity, one) for one in recorded)]
    chosen = picked(wanted.picks, fresh, claims)
    taken, spent = {a.payment for a in chosen}, {a.claim for a in chosen}
    free = [p for p in fresh if p not in taken and p not in doubtful]
    found = match(free, [c for c in claims if c not in spent])
    told += [Undecided(p, Doubt.KNOWN) for p in doubtful if p not in taken]
    matches = Matches(
        tuple(sorted((*chosen, *found.matched), key=lambda a: (a.payment.row, a.claim.order_no, a.claim.names))),
        tuple(sorted((*found.ambiguous, *told), key=lambda u: u.payment.row)),
        tuple(sorted((*found.unmatched, *reversed_), key=lambda u: u.payment.row)),
    )
    paid = {allocation.claim for allocation in matches.matched}
    asked = [c for c in claims if not wanted.merchants or c.merchant in wanted.merchants]
    overdue = tuple(c for c in asked if c not in paid and _is_overdue(settings, c, today))
    batch = None
    if wanted.who is not None and matches.matched:
        with ledger.begin() as tx:
            batch = record(tx, statement, matches.matched, wanted.who)
    return Reconciled(batch, matches, already, overdue, statement.others)


def record(
    tx: UnitOfWork, statement: Statement, matched: Sequence[Allocation], who: str, address: str | None = None
) -> str:
    """Mark what was matched as paid out, with who did it in the audit trail, and return the batch's id.

    Raise UsageError if one of them was paid out or recorded meanwhile.
    """
    file = redact(statement.file.name)  # banks name their files by the account
    batch = payments.record(tx, file, statement.sha256, matched)
    details = {"file": file, "payments": len({part.payment for part in matched})}
    tx.audit.note(who, "reconcile", batch, details=details, address=address)
    return batch


def _payments(ledger: Ledger, statement: Statement, wanted: Wanted) -> Iterator[Payment]:
    with ledger.read() as tx:
        payees = tx.merchants.payees()
    numbers = {name: payee.account.get_secret_value() for name, payee in payees.items()}
    meant = {number for name, number in numbers.items() if not wanted.merchants or name in wanted.merchants}
    # What comes to an account may be for any merchant that shares it, whichever of them was named.
    named = frozenset(name for name, number in numbers.items() if number in meant)
    owned: list[tuple[Entry, frozenset[str]]] = []
    for entry in statement.entries:
        of = merchants_of(entry.account, entry.holder, payees) & named
        if not of and not entry.account and not entry.holder and len(meant) == 1:
            of = named
        if not of:
            raise _nobodys(statement.file, entry.row, entry.account)
        # Without its account a payment would be the same as another merchant's of that day and amount.
        owned.append((replace(entry, account=tail(entry.account) or _tail_of({numbers[m] for m in of})), of))
    for (entry, identity), (_, of) in zip(identified(e for e, _ in owned), owned, strict=True):
        yield Payment(entry.row, entry.day, entry.amount, of, identity)


def _tail_of(numbers: Collection[str]) -> str:
    return tail(*numbers) if len(numbers) == 1 else ""


def _without_reversed(found: Sequence[Payment]) -> tuple[list[Payment], list[Payment], list[Payment]]:
    """Return the payments that stay, those taken back with what took them back, and what takes back none of them."""
    stay, pairs, backs = [p for p in found if p.amount > 0], [], []
    for back in (p for p in found if p.amount < 0):
        taken = next((p for p in reversed(stay) if _takes_back(back, p)), None)
        if taken is None:
            backs.append(back)
        else:
            stay.remove(taken)
            pairs += [back, taken]
    return stay, pairs, backs


def _takes_back(back: Payment, payment: Payment) -> bool:
    same = payment.amount == -back.amount and payment.merchants == back.merchants
    return same and payment.paid_on <= back.paid_on


def _is_overdue(settings: Settings, claim: Claim, today: date) -> bool:
    return (today - claim.requested_on).days > settings.bank.overdue_days


def _days(found: Sequence[Payment]) -> set[date]:
    return {payment.paid_on for payment in found}


def _nobodys(file: Path, row: int, account: str) -> UsageError:
    shown = masked_number(account) if account else "-"
    return UsageError(
        Text(
            f"{file}: row {row}: the account ({shown}) is the payee of no merchant, or the statement does not name it. "
            "Nothing was recorded. Name the merchant with --merchant, or correct its payee.",
            f"{file}：第 {row} 行：账号（{shown}）不是任何商家的收款账户，或对账单未写明账号。未登记任何内容。"
            "请用 --merchant 指定商家，或更正其收款账户。",
        )
    )
