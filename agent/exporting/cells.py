"""Text that a spreadsheet takes for text, and nothing else."""

import re

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection); full-width forms count, too.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
# From 12 digits on a spreadsheet shows 3.39E+17 instead of the number, and from 16 on it loses the last ones.
_LONG_NUMBER = re.compile(r"[0-9]{12,}|0[0-9]+")


def guarded(text: str) -> str:
    """Return the text as a CSV cell that cannot become a formula: one that begins like a formula gets a leading '."""
    return f"'{text}" if _FORMULA.match(text.lstrip(" \u3000\ufeff")) else text


def whole_digits(text: str) -> str:
    """Return a long number as a CSV cell of which a spreadsheet keeps every digit: a tab follows it."""
    return f"{text}\t" if _LONG_NUMBER.fullmatch(text) else text
