"""Which language people are spoken to in: as the settings say, else Simplified Chinese if the locale is Chinese."""

import os
import sys
import tomllib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import cast, get_args

from agent.cli.system_language import system_language
from agent.domain.text import Language, Text

_chosen: list[Language] = []


def choose(language: Language | None) -> None:
    """Speak this language from now on; None leaves it to the locale."""
    _chosen[:] = [language] if language else []


def spoken() -> Language:
    """The language that people are spoken to in."""
    return _chosen[0] if _chosen else _locale()


def chinese() -> bool:
    """Return whether people are spoken to in Chinese."""
    return spoken() == "zh"


def say(text: Text) -> str:
    """The sentence in the reader's language."""
    return text.spoken(spoken())


def pick(en: str, zh: str) -> str:
    """`say` for words that are written where they are used."""
    return zh if chinese() else en


def choose_early(arguments: Sequence[str]) -> None:
    """Speak the language that the settings name before they are read as a whole: help and wrong usage come first."""
    named = os.environ.get("FANKUAN_LANGUAGE") or _in_file(_settings_file(arguments))
    choose(cast("Language", named) if named in get_args(Language) else None)


def _locale() -> Language:
    return "zh" if system_language(os.environ).lower().startswith("zh") else "en"


def _settings_file(arguments: Sequence[str]) -> str | None:
    for name, value in pairwise([*arguments, ""]):
        if name == "--config" or name.startswith("--config="):
            return name.partition("=")[2] or value
    return os.environ.get("FANKUAN_CONFIG")


def _in_file(path: str | None) -> object:
    """What the file says; what is wrong with it is told when it is read as a whole."""
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig")).get("language") if path else None
    except (OSError, ValueError):
        return None


choose_early(sys.argv[1:])
