"""Whose account a statement is of: it names the account in full, masked, by its holder, or not at all."""

import re
from collections.abc import Mapping

from agent.domain.merchants import Payee
from agent.domain.text import fold

_TAIL = 4


def merchants_of(account: str, holder: str, payees: Mapping[str, Payee]) -> frozenset[str]:
    """Return the merchants whose payee it may be. An account number decides; without one the holder's name does."""
    sign = re.sub(r"[x•＊]", "*", re.sub(r"[^0-9x•＊*]", "", account.lower()))
    if sign:
        return frozenset(m for m, payee in payees.items() if _may_be(sign, payee.account.get_secret_value()))
    return frozenset(m for m, payee in payees.items() if holder and fold(payee.holder) == fold(holder))


def tail(account: str) -> str:
    """Return the last four digits, which every export of an account shows."""
    digits = re.sub(r"[^0-9]", "", account.rpartition("*")[2])
    return digits[-_TAIL:] if len(digits) >= _TAIL else ""


def _may_be(sign: str, account: str) -> bool:
    if "*" not in sign:
        return sign == account
    head, _, rest = sign.partition("*")
    end = rest.rpartition("*")[2]
    return len(end) >= _TAIL and account.startswith(head) and account.endswith(end)
