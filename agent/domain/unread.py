"""Rows of a list that are not understood: whose they are, and which of their words nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain.text import Text


@dataclass(frozen=True, slots=True)
class RowGap:
    """A value of a row that is not understood: its field, what the page shows there, and a sentence about it."""

    field: str
    shown: str
    text: Text


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row with values that are not understood.

    `order_no` is whole, or None if it is not among what could be read. `name` is the service of an order, the platform
    of a filing, as the page shows it. `foreign`: the row is surely another vendor's.
    """

    order_no: str | None
    name: str
    gaps: tuple[RowGap, ...]
    foreign: bool = False

    @property
    def key(self) -> str:
        """Tell the row from others of its list."""
        return self.order_no or "|".join((self.name, *(f"{gap.field}={gap.shown}" for gap in self.gaps)))


_MOST = 5


def gaps_in(rows: Sequence[UnreadRow]) -> Text:
    """All that is not understood, each unknown word once."""
    told = {(gap.field, gap.shown): gap.text for row in rows for gap in row.gaps}
    first, more = list(told.values())[:_MOST], max(0, len(told) - _MOST)
    en, zh = "; ".join(t.en for t in first), "；".join(t.zh for t in first)
    return Text(f"{en}; and {more} more", f"{zh}；另有 {more} 处") if more else Text(en, zh)


def stopped_alone(rows: Sequence[UnreadRow]) -> Text:
    """The sentence for an account of which some rows were left alone."""
    what, count = gaps_in(rows), len(rows)
    return Text(
        f"{count} row(s) are not understood and were left alone: {what.en}. The other orders were worked.",
        f"有 {count} 行无法识别，已跳过：{what.zh}。其余订单照常处理。",
    )


def teach(account: str) -> Text:
    """What to do about it."""
    return Text(
        f"Compare the page with the picture, and add its words to the settings (`fankuan explain {account}`).",
        f"请对照截图核对页面，并把其中的词加入设置：`fankuan explain {account}` 会列出要添加的内容。",
    )
