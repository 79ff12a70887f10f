"""Calendars: which month is shown, which cell is the day, and which arrow brings a month nearer."""

from datetime import date
from typing import Any, cast

import pytest
from playwright.async_api import Frame, JSHandle

from agent.pages.actions.calendar import Turner
from agent.pages.inference.month_grid import Section, find_sections, month_of
from agent.pages.snapshot import Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot

Raw = dict[str, Any]


def node(raw: list[Raw], parent: int, text: str, x: float, y: float, w: float = 30, **extra: object) -> int:
    """Adds an element to a hand-made snapshot, and says where it stands."""
    box = [x, y, w, extra.pop("h", 24)]
    raw.append(
        {
            "id": len(raw) + 1,
            "parent": parent,
            "tag": "div",
            "box": box,
            "textBox": box if text else None,
            "text": text,
            "shown": True,
            "ghost": False,
            "attrs": {},
            "kind": None,
            "value": None,
            "filled": None,
            "checked": None,
            "clickable": False,
            "disabled": False,
            "readonly": False,
            "size": 14,
            "bold": False,
            "top": True,
            "afloat": False,
            "scrolls": False,
            "clips": False,
            "content": 0,
            "spins": False,
            "options": None,
            "chosen": None,
        }
        | extra
    )
    return len(raw) - 1


def view_of(raw: list[Raw]) -> PageSnapshot:
    shot = Snapshot.load(
        {
            "address": "http://a.test/",
            "title": "",
            "ready": "complete",
            "width": 2000,
            "height": 1800,
            "scrollTop": 0,
            "scrollHeight": 1800,
            "clientHeight": 1800,
            "nodes": raw,
        }
    )
    return PageSnapshot((FrameSnapshot(cast("Frame", object()), shot, cast("JSHandle", object())),))


def month(raw: list[Raw], heading: str, first: int, length: int, top: float = 0, arrows: int = 4) -> None:
    """A panel of six weeks that begin on a Sunday; `first` is the column of the first day."""
    panel = node(raw, 0, "", 0, top, w=300, h=300)
    node(raw, panel, heading, 120, top, w=60)
    for place in range(arrows):
        x = place * 30 if place < arrows / 2 else 180 + place * 30
        node(raw, panel, "", x, top, clickable=True)
    for column, name in enumerate("日一二三四五六"):
        node(raw, panel, name, column * 40, top + 30)
    for cell in range(42):
        number = cell - first + 1
        shown = number if 1 <= number <= length else (30 + number if number < 1 else number - length)
        node(raw, panel, str(shown), cell % 7 * 40, top + 60 + cell // 7 * 30)


def calendar(heading: str, first: int = 6, length: int = 30) -> list[Section]:
    raw: list[Raw] = []
    node(raw, -1, "", 0, 0, w=2000, h=1800)
    month(raw, heading, first, length)
    return find_sections(view_of(raw), {})


@pytest.mark.parametrize(
    "words",
    [
        "2024年6月",
        "2024 年 6 月",
        "2024-06",
        "2024/6",
        "June 2024",
        "Jun 2024",
        "六月 2024",
        "2024 年 六月",
        "6月 2024",
    ],
)
def test_month_is_read_in_every_spelling(words: str) -> None:
    assert month_of(words.replace(" ", "")) == 2024 * 12 + 5


@pytest.mark.parametrize("words", ["2024", "6月", "2024-06-18", "2024年13月", "共2024条", "13800002024"])
def test_other_words_are_no_month(words: str) -> None:
    assert month_of(words) is None


def test_days_of_the_neighbouring_months_are_passed_over() -> None:
    (section,) = calendar("2024年6月")
    for number in (1, 7, 24, 30):
        cell = section.day(number)
        assert cell is not None
        assert cell.text == str(number)
        place = number + 5  # six days of May stand before
        assert (cell.box.x, cell.box.y) == (place % 7 * 40, 60 + place // 7 * 30)
    assert section.day(31) is None


def test_months_below_one_another_are_told_apart() -> None:
    raw: list[Raw] = []
    node(raw, -1, "", 0, 0, w=2000, h=1800)
    month(raw, "2024年5月", 3, 31)
    month(raw, "2024年6月", 6, 30, top=320)
    may, june = find_sections(view_of(raw), {})
    assert (may.months % 12 + 1, june.months % 12 + 1) == (5, 6)
    eighteenth = june.day(18)
    assert eighteenth is not None
    assert eighteenth.box.y > 320


def test_what_was_there_before_is_no_calendar() -> None:
    raw: list[Raw] = []
    node(raw, -1, "", 0, 0, w=2000, h=1800)
    month(raw, "2024年6月", 6, 30)
    snapshot = view_of(raw)
    assert find_sections(snapshot, snapshot.ids()) == []


@pytest.mark.parametrize(
    ("effects", "presses"),
    [
        ((-12, -1, 1, 12), 7),  # years outside, months inside
        ((-1, 1, -12, 12), 60),  # arrows around the month, then around the year
        ((-1, 0, 1), 60),  # a button 今天 in the middle
        ((0, -1, 1), 60),  # a list of years before the arrows of months
    ],
)
def test_arrows_are_learned_by_pressing_them(effects: tuple[int, ...], presses: int) -> None:
    """Reaches June 2024 from November 2026, whatever the arrows do."""
    raw: list[Raw] = []
    node(raw, -1, "", 0, 0, w=2000, h=1800)
    month(raw, "2026年11月", 0, 30, arrows=len(effects))
    (start,) = find_sections(view_of(raw), {})
    wanted = date(2024, 6, 18).year * 12 + 5
    turner, months = Turner(wanted), start.months
    for _ in range(presses):
        turner.learn(months)
        if months == wanted:
            break
        arrow = turner.next(Section(start.part, months, start.days, start.arrows, start.label))
        assert arrow is not None
        months += effects[[a.id for a in start.arrows].index(arrow.id)]
    assert months == wanted
