"""One sentence in the two languages that fankuan speaks, and the folding of text before it is compared."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for people. The command line picks the language; `str()` is the English one."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.en


def fold(text: str) -> str:
    """Text with its full-width forms narrowed and every blank taken out: 登 录 and 登录 become equal."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
