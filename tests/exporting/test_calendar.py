"""A calendar file is what RFC 5545 asks for, whatever stands in it."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.exporting.calendar import Day, calendar_file, escaped, folded

NOW = datetime(2026, 11, 23, 4, 45, tzinfo=UTC)
_LINE = re.compile(r"(?P<name>[A-Z-]+)(?P<parameters>(?:;[A-Z-]+=[A-Z0-9-]+)*):(?P<value>.*)")
_VALUE = re.compile(r"(?:[^\\;,\x00-\x1f\x7f]|\\[\\;,nN])*")
Part = tuple[str, str]


def parsed(text: str) -> list[list[Part]]:
    """Return the events of a calendar; fail for anything that the standard does not allow."""
    assert text.endswith("\r\n")
    raw = text.encode().split(b"\r\n")[:-1]
    assert all(0 < len(line) <= 75 and b"\r" not in line and b"\n" not in line for line in raw)
    [line.decode() for line in raw]  # no character is cut in two
    lines = re.sub(r"\r\n ", "", text).split("\r\n")[:-1]
    parts = [match for line in lines if (match := _LINE.fullmatch(line))]
    assert len(parts) == len(lines)
    told = [(part["name"] + part["parameters"], part["value"]) for part in parts]
    assert told[0] == ("BEGIN", "VCALENDAR")
    assert told[-1] == ("END", "VCALENDAR")
    assert {("VERSION", "2.0")} <= set(told)
    assert [name for name, _ in told].count("PRODID") == 1
    return [*events(told)]


def events(told: list[Part]) -> list[list[Part]]:
    starts = [at for at, part in enumerate(told) if part == ("BEGIN", "VEVENT")]
    ends = [at for at, part in enumerate(told) if part == ("END", "VEVENT")]
    assert len(starts) == len(ends)
    assert all(a < b for a, b in zip(starts, ends, strict=True))
    found = [told[a + 1 : b] for a, b in zip(starts, ends, strict=True)]
    for event in found:
        names = [name for name, _ in event]
        assert {"UID", "DTSTAMP", "DTSTART;VALUE=DATE"} <= set(names)
        assert len(names) == len(set(names))
        assert all(_VALUE.fullmatch(value) for name, value in event if name in ("UID", "SUMMARY", "DESCRIPTION"))
    assert len({dict(event)["UID"] for event in found}) == len(found)
    return found


def plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def test_a_day_is_a_whole_day() -> None:
    day = Day("due-2026-12-31@fankuan", date(2026, 12, 31), "¥1,234.50; 5 单", "详见“款项”\n第二行")
    (event,) = parsed(calendar_file("返款到期", [day], NOW))
    assert dict(event) == {
        "UID": "due-2026-12-31@fankuan",
        "DTSTAMP": "20261123T044500Z",
        "DTSTART;VALUE=DATE": "20261231",
        "DTEND;VALUE=DATE": "20270101",
        "SUMMARY": "¥1\\,234.50\\; 5 单",
        "DESCRIPTION": "详见“款项”\\n第二行",
        "TRANSP": "TRANSPARENT",
    }


def test_a_calendar_without_days_is_one_too() -> None:
    assert parsed(calendar_file("返款到期", [], NOW)) == []


@given(st.lists(st.text(max_size=300), max_size=4))
def test_whatever_stands_in_it_comes_out_again(texts: list[str]) -> None:
    texts = [text.encode(errors="ignore").decode() for text in texts]
    days = [Day(f"{n}@fankuan", date(2026, 11, 23), text, text) for n, text in enumerate(texts)]
    for text, event in zip(texts, parsed(calendar_file("x", days, NOW)), strict=True):
        drawn = re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", "", re.sub(r"\r\n?", "\n", text))
        assert plain(dict(event)["SUMMARY"]) == drawn


@pytest.mark.parametrize("length", [74, 75, 76, 148, 149, 150, 1000])
def test_lines_are_folded_at_75_octets(length: int) -> None:
    for letter in ("x", "返", "😀"):
        pieces = folded(letter * length).split("\r\n ")
        assert "".join(pieces) == letter * length
        assert all(len(piece.encode()) <= (75 if not n else 74) for n, piece in enumerate(pieces))


def test_no_text_makes_a_line_of_its_own() -> None:
    assert "\n" not in escaped("a\r\nBEGIN:VALARM\nb")
