"""Takes merchants' secrets out of text before it is stored: pages repeat what was typed into them."""

from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from agent.domain.merchants import Merchant
from agent.domain.redaction import Redactor


class Scrubber:
    """Knows the passwords, authenticator secrets and bank account numbers of some merchants."""

    def __init__(self, merchants: Sequence[Merchant]) -> None:
        """Take the secrets of `merchants` and all their accounts."""
        self._redactor = Redactor(whole_numbers=True)
        for merchant in merchants:
            if merchant.payee:
                self._redactor.add(merchant.payee.account.get_secret_value(), keep_ending=True)
            for secret in merchant.login_secrets():
                self._redactor.add(secret.get_secret_value())

    def clean(self, text: str) -> str:
        """Return `text` with passwords masked, and of a bank account number only the last four digits."""
        return self._redactor.mask(text)


def without_query(address: str) -> str:
    """A URL without its query, where sites put tokens; one inside the fragment (`#/list?…`) goes too."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", parts.fragment.partition("?")[0]))
