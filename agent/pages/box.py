"""A rectangle on a page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in CSS pixels, measured from the top left of the window."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def cx(self) -> float:
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        return self.y + self.h / 2

    def holds(self, x: float, y: float) -> bool:
        """True if the point lies inside."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom

    def overlap_x(self, other: "Box") -> float:
        """Width in pixels that both share."""
        return min(self.right, other.right) - max(self.x, other.x)

    def overlap_y(self, other: "Box") -> float:
        """Height in pixels that both share."""
        return min(self.bottom, other.bottom) - max(self.y, other.y)
