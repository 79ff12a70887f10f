"""Sets a date: in a native box, by typing, in a calendar that opens, on a wheel."""

import re
from datetime import date

from playwright.async_api import Error

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages.actions.calendar import find_sections, pick_day
from agent.pages.actions.picker_wheel import find_wheels, pick_on_wheel
from agent.pages.actions.select import Known, finish, open_box
from agent.pages.inference.fields import Field
from agent.pages.inference.readback import shown, shown_date
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

_SECONDS = 5.0
_OPENING_SECONDS = 2.5


async def set_date(page: LivePage, field: Field, day: date) -> None:
    """Leave the box showing that day, whatever it needs. Raise PageChanged if it takes none."""
    snapshot = await page.look()
    if shown_date(snapshot, field) == day:
        return
    if field.control.kind in ("date", "datetime-local"):
        await _set_native(page, field, day)
        return
    before = snapshot.ids()
    await open_box(page, field)
    snapshot = await page.settled(_OPENING_SECONDS, lambda v: _opened(v, before))
    if not _types(field) or not await _type_date(page, field, day, before):
        await _pick(page, field, day, before)


async def _set_native(page: LivePage, field: Field, day: date) -> None:
    element = await page.element(field.part, field.control)
    text = day.isoformat() if field.control.kind == "date" else f"{day.isoformat()}T00:00"
    await element.fill(text, timeout=5000)


def _types(field: Field) -> bool:
    return not field.control.readonly and not field.drawn and field.control.kind != "combobox"


def _opened(snapshot: PageSnapshot, before: Known) -> bool:
    return bool(find_sections(snapshot, before)) or find_wheels(snapshot, before) is not None


async def _type_date(page: LivePage, field: Field, day: date, before: Known) -> bool:
    """Type the date as the box has it. Never presses Enter, which would send a form that is not yet filled in."""
    sample = f"{field.control.attrs.get('placeholder', '')} {shown(await page.look(), field)}"
    text = day.strftime(_pattern(sample))
    await page.raw.keyboard.press("ControlOrMeta+A")
    await page.raw.keyboard.type(text)
    snapshot = await page.settled(_SECONDS)
    if _opened(snapshot, before):
        # An open calendar follows what is typed, but many take it only once the day is clicked.
        return await _pick_in_calendar(page, field, day, before, snapshot)
    return await _took(page, field, day, before)


async def _pick_in_calendar(page: LivePage, field: Field, day: date, before: Known, snapshot: PageSnapshot) -> bool:
    if not await pick_day(page, snapshot, before, day):
        await page.raw.keyboard.press("Tab")
    else:
        await finish(page, before)
    return await _took(page, field, day, before)


async def _took(page: LivePage, field: Field, day: date, before: Known) -> bool:
    """True if the box still shows the day once the focus has left it, and nothing is left open over the page."""
    try:
        await (await page.element(field.part, field.control)).evaluate("e => e.blur()")
    except Error:
        return False
    snapshot = await page.settled(_SECONDS)
    return shown_date(snapshot, field) == day and not _opened(snapshot, before)


def _pattern(sample: str) -> str:
    """The form of a date that a box shows or hints at: 2024/06/18, YYYY.MM.DD, 2024年06月18日; else 2024-06-18."""
    if re.search(r"[\dyY年]\s*年", sample) or re.search(r"年.*月", sample):
        return "%Y年%m月%d日"
    found = re.search(r"(?:\d{4}|y{4})([/.])(?:\d|m)", sample, re.IGNORECASE)
    return "%Y{0}%m{0}%d".format(found[1]) if found else "%Y-%m-%d"


async def _pick(page: LivePage, field: Field, day: date, before: Known) -> None:
    snapshot = await page.settled(_SECONDS)
    if not _opened(snapshot, before):
        await open_box(page, field)
        snapshot = await page.settled(_OPENING_SECONDS, lambda v: _opened(v, before))
    picked = await pick_day(page, snapshot, before, day) or await pick_on_wheel(page, before, day)
    if not picked:
        raise PageChanged(page.raw.url, Text(f"{field.label} takes no date", f"“{field.label}”无法选择日期"))
    await finish(page, before)
