"""The identity of an account: a merchant on a platform, and which of its shops there."""

import re
from dataclasses import dataclass
from typing import NewType, Self

# It becomes part of file names.
_LABEL = re.compile(r"[0-9A-Za-z-]{1,32}")

# The id of a site, `taobao` or `wdgj` (the back office), in settings, answers and the ledger; its title is for people.
SiteId = NewType("SiteId", str)


@dataclass(frozen=True, slots=True, order=True)
class AccountKey:
    """Names one account: `m1/taobao`, or `m1/taobao/second` if the merchant has several shops on that platform.

    `platform` is a platform's id, or the back office's, where each merchant has one account. `label` tells a
    merchant's accounts on one platform apart; the only one needs none.
    """

    merchant_id: str
    platform: str
    label: str = ""

    def __str__(self) -> str:
        """Return the written form, which `parse` reads."""
        return f"{self.merchant_id}/{self.local}"

    @property
    def local(self) -> str:
        """The written form beside the merchant's: `taobao` or `taobao/second`."""
        return f"{self.platform}/{self.label}" if self.label else self.platform

    @classmethod
    def parse(cls, written: str) -> Self:
        """Return the key that `written` names. Raise ValueError if it is not of the form `m1/taobao[/label]`."""
        merchant_id, _, rest = written.partition("/")
        platform, labelled, label = rest.partition("/")
        if not merchant_id or not platform or (labelled and not is_label(label)):
            raise ValueError(f"{written!r} is not an account: m1/taobao or m1/taobao/second")
        return cls(merchant_id, platform, label)


def is_label(text: str) -> bool:
    """Return whether `text` can be a label: letters, digits and `-`, 1 to 32 of them."""
    return _LABEL.fullmatch(text) is not None
