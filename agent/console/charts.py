"""Charts drawn on the server as SVG. Each stands beside the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_WIDTH, _HEIGHT, _FOOT, _LEFT = 640, 190, 22, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of a chart; `color` is a number of the sheet's colours, `title` what a pointer is told."""

    x: float
    y: float
    width: float
    height: float
    color: int
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word of a chart, in the middle of `x`."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template draws."""

    width: int
    height: int
    base: float
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]


def columns(groups: Sequence[tuple[str, Sequence[tuple[str, int, Decimal]]]]) -> Chart:
    """Return groups of columns side by side: each group has a word, each column a title, a colour and an amount."""
    largest = max((amount for _, bars in groups for _, _, amount in bars), default=Decimal(0))
    base, room = _HEIGHT - _FOOT, _HEIGHT - _FOOT - 12
    step = (_WIDTH - 2 * _LEFT) / max(len(groups), 1)
    bars, labels = [], []
    for number, (word, values) in enumerate(groups):
        left = _LEFT + number * step
        wide = step * 0.8 / max(len(values), 1)
        labels.append(Label(round(left + step / 2, 1), _HEIGHT - 6, word))
        for place, (title, color, amount) in enumerate(values):
            high = round(float(amount / largest) * room, 1) if largest else 0.0
            bars.append(
                Bar(round(left + step * 0.1 + place * wide, 1), base - high, round(wide - 1, 1), high, color, title)
            )
    return Chart(_WIDTH, _HEIGHT, base, tuple(bars), tuple(labels))


def band(values: Sequence[tuple[str, int, Decimal]]) -> Chart:
    """Return one band of parts side by side, as wide as their amounts are large."""
    whole = sum((amount for _, _, amount in values), Decimal(0))
    bars, left = [], 0.0
    for title, color, amount in values:
        wide = float(amount / whole) * _WIDTH if whole else 0.0
        if wide:
            bars.append(Bar(round(left, 1), 0, round(max(wide - 1, 0.5), 1), 26, color, title))
        left += wide
    return Chart(_WIDTH, 26, 26, tuple(bars), ())
