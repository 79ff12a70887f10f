"""What tells a payment from all others, so that the same one counts once, whichever file shows it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from agent.bank.accounts import tail
from agent.importing.statement_rows import Entry


def identified(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Yield each entry with its identity: account, day, amount, balance, serial number, place among equals."""
    seen: Counter[str] = Counter()
    for entry in entries:
        balance = "" if entry.balance is None else f"{entry.balance:.2f}"
        alike = "|".join((tail(entry.account), entry.day.isoformat(), f"{entry.amount:.2f}", balance, entry.serial))
        seen[alike] += 1
        yield entry, f"{alike}#{seen[alike]}"


def may_be_same(one: str, other: str) -> bool:
    """True for two identities that may be of one payment, of which another export tells less."""
    mine, theirs = (identity.rpartition("#")[0].split("|", 4) for identity in (one, other))
    agree = all(a == b or not a or not b for a, b in zip(mine, theirs, strict=True))
    return mine != theirs and mine[1:3] == theirs[1:3] and agree
