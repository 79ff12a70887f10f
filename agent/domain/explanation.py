"""Which settings would teach the reader the words at which it stopped: lines to add, for a person to complete."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.domain.orders import OrderStatus
from agent.domain.text import Text
from agent.domain.unread import UnreadRow

_CHOICES = ", ".join(OrderStatus)


@dataclass(frozen=True, slots=True)
class Stop:
    """What was not understood of an account's pages.

    `columns` are fields without a column, `headings` the headings that name nothing known; `rows` those that were not
    understood, also other vendors'. `text` is the sentence of the run.
    """

    platform: str
    text: Text
    rows: tuple[UnreadRow, ...] = ()
    columns: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


def lines_to_add(stop: Stop, *, built_in: bool) -> list[Text]:
    """The lines of the settings file, with what a person has to decide as a comment; nothing if none would help."""
    found = [*_statuses(stop.rows), *_headings(stop), *_number(stop.rows)]
    head = Text(f"[sites.{stop.platform}]", f"[sites.{stop.platform}]")
    if not built_in:
        head = Text(
            f'# into the [[platforms]] table with id = "{stop.platform}":',
            f'# 加到 id = "{stop.platform}" 的 [[platforms]] 表中：',
        )
    return [head, *found] if found else []


def _statuses(rows: Sequence[UnreadRow]) -> Iterator[Text]:
    words = _shown(rows, "status")
    if words:
        pairs = ", ".join(f'{_quoted(word)} = "?"' for word in words)
        yield Text(
            f"statuses = {{ {pairs} }}  # in place of ?: {_CHOICES}",
            f"statuses = {{ {pairs} }}  # 把 ? 换成：{_CHOICES}",
        )


def _headings(stop: Stop) -> Iterator[Text]:
    if not stop.columns or not stop.headings:
        return
    if len(stop.columns) == len(stop.headings) == 1:
        line = f"headings = {{ {stop.columns[0]} = [{_quoted(stop.headings[0])}] }}"
        yield Text(line, line)
        return
    pairs = ", ".join(f'{name} = ["?"]' for name in stop.columns)
    among = ", ".join(map(_quoted, stop.headings))
    yield Text(f"headings = {{ {pairs} }}  # in place of ?: {among}", f"headings = {{ {pairs} }}  # 把 ? 换成：{among}")


def _number(rows: Sequence[UnreadRow]) -> Iterator[Text]:
    numbers = [word for word in _shown(rows, "order_no") if re.fullmatch(r"[0-9A-Za-z-]{8,40}", word)]
    if numbers:
        digits = "[0-9]" if all(n.isdigit() for n in numbers) else "[0-9A-Za-z-]"
        low, high = min(map(len, numbers)), max(map(len, numbers))
        line = f"number = '{digits}{{{low}}}'" if low == high else f"number = '{digits}{{{low},{high}}}'"
        yield Text(f"{line}  # if these are whole order numbers", f"{line}  # 如果这些是完整的订单编号")


def beyond_settings(rows: Sequence[UnreadRow]) -> list[Text]:
    """What is not understood and no setting can say: an amount, a time, a service that may be ours."""
    told = {
        (gap.field, gap.shown): gap.text for row in rows for gap in row.gaps if gap.field not in ("status", "order_no")
    }
    return list(told.values())


def _shown(rows: Sequence[UnreadRow], field: str) -> list[str]:
    return list(dict.fromkeys(gap.shown for row in rows for gap in row.gaps if gap.field == field and gap.shown))


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)
