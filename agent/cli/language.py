"""Which language people are spoken to in: Simplified Chinese where the locale is a Chinese one, else English."""

import os

from agent.domain.text import Text


def chinese() -> bool:
    """Whether the locale for messages is Chinese. As in POSIX, the first of the three that is set decides."""
    settings = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((value for value in settings if value), "").lower().startswith("zh")


def say(text: Text) -> str:
    """The sentence in the reader's language."""
    return text.zh if chinese() else text.en


def pick(en: str, zh: str) -> str:
    """`say` for words that are written where they are used."""
    return zh if chinese() else en
