"""One sentence in the two languages that fankuan speaks, and the folding of text before it is compared."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for people. The command line picks the language; `str()` is the English one."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.en


# A page's few hundred texts are compared tens of thousands of times.
@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Text with its full-width forms narrowed and every blank taken out: 登 录 and 登录 become equal."""
    return "".join(unicodedata.normalize("NFKC", text).split())
