"""Takes merchants' secrets out of text before it is stored: pages repeat what was typed into them."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from agent.domain.merchants import Merchant

MASK = "****"


class Scrubber:
    """Knows the passwords, authenticator secrets and bank account numbers of some merchants."""

    def __init__(self, merchants: Sequence[Merchant]) -> None:
        """Takes the secrets of `merchants` and all their accounts."""
        self._passwords = [_word(p) for p in _revealed(s for m in merchants for s in m.login_secrets())]
        payees = [m.payee for m in merchants if m.payee]
        self._numbers = [(spaced(n), MASK + n[-4:]) for n in _revealed(payee.account for payee in payees)]

    def clean(self, text: str) -> str:
        """`text` with passwords masked, and of a bank account number only the last four digits."""
        for number, masked in self._numbers:
            text = number.sub(masked, text)
        for password in self._passwords:
            text = password.sub(MASK, text)
        return text


def without_query(address: str) -> str:
    """A URL without its query, where sites put tokens; one inside the fragment (`#/list?…`) goes too."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", parts.fragment.partition("?")[0]))


def _revealed(secrets: Iterable[SecretStr]) -> list[str]:
    return sorted({s.get_secret_value() for s in secrets if s.get_secret_value()}, key=len, reverse=True)


def _word(password: str) -> re.Pattern[str]:
    # A weak password such as 123456 also stands inside order numbers, which must stay whole.
    return re.compile(rf"(?<![0-9A-Za-z]){re.escape(password)}(?![0-9A-Za-z])")


def spaced(number: str) -> re.Pattern[str]:
    """Finds a number also where blanks or hyphens stand between its digits, and not inside a longer one."""
    return re.compile(r"(?<!\d)" + r"[\s-]*".join(number) + r"(?!\d)")
