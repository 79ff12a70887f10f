"""Days as a calendar file (RFC 5545), which calendar programs subscribe to."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LONGEST = 75  # octets of a line, without its end


@dataclass(frozen=True, slots=True)
class Day:
    """What a whole day is for; `id` tells it from all others and stays the same as it changes."""

    id: str
    on: date
    summary: str
    description: str


def calendar_file(name: str, days: Iterable[Day], now: datetime) -> str:
    """Return a calendar of that name. `now` is the aware moment at which it is made."""
    return "".join(f"{folded(line)}\r\n" for line in _lines(name, days, f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"))


def _lines(name: str, days: Iterable[Day], made: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fankuan//due dates//EN", "CALSCALE:GREGORIAN")
    yield from (f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H")
    for day in days:
        yield from ("BEGIN:VEVENT", f"UID:{escaped(day.id)}", f"DTSTAMP:{made}")
        yield f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}"
        yield from (f"SUMMARY:{escaped(day.summary)}", f"DESCRIPTION:{escaped(day.description)}")
        yield from ("TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def escaped(text: str) -> str:
    """Return a text as a value: a line break in it is written, not made; other controls are left out."""
    plain = re.sub(r"\r\n?|\n", "\n", text)
    plain = re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", "", plain)
    return re.sub(r"([\\;,])", r"\\\1", plain).replace("\n", "\\n")


def folded(line: str) -> str:
    """Return a line in pieces of at most 75 octets, none of which ends within a character."""
    pieces, room = [""], _LONGEST
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append("")
            room = _LONGEST - 1  # a blank begins each further piece
        pieces[-1] += letter
        room -= size
    return "\r\n ".join(pieces)
