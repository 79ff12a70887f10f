"""One sentence in the two languages that fankuan speaks, and the folding of text before it is compared."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Language = Literal["zh", "en"]
_ENDS = (*".!?:;…。！？：；", "")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for people. The command line picks the language; `str()` is the English one."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.en

    def then(self, other: "Text | None") -> "Text":
        """This sentence, and the other one after it; a full stop that is missing is put between them."""
        if other is None:
            return self
        en, zh = (text if text[-1:] in _ENDS else text + stop for text, stop in ((self.en, "."), (self.zh, "。")))
        return Text(f"{en} {other.en}", f"{zh}{other.zh}")

    def spoken(self, language: Language) -> str:
        """The sentence in that language."""
        return self.zh if language == "zh" else self.en


# What is drawn as nothing: controls, places to break, joiners, marks of direction, tags, selectors of variants and
# fillers. Not the format characters of Arabic and its like that are drawn.
_INVISIBLE = re.compile(
    "[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f"
    "\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a"
    "\\U000e0000-\\U000e0fff]"
)


def visible(text: str) -> str:
    """Text without the characters that are drawn as nothing, such as U+200B, U+00AD and U+FEFF."""
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text)


# A page's few hundred texts are compared tens of thousands of times.
@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Text with full-width forms narrowed, blanks and what is invisible taken out: 登 录 and 登录 become equal."""
    return "".join(unicodedata.normalize("NFKC", visible(text)).split())
