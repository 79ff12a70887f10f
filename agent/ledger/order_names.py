"""What tells an order from all others: its number alone does not, for two platforms may give the same one."""

from typing import NamedTuple

# In the place of a platform's id: which one it is is not known, and the number alone tells the order.
UNKNOWN = ""


class OrderName(NamedTuple):
    """An order's merchant, its platform's id (UNKNOWN if it is not known) and its number."""

    merchant_id: str
    platform: str
    order_no: str

    @property
    def also(self) -> "OrderName":
        """The name under which it is known if nothing has told its platform."""
        return self._replace(platform=UNKNOWN)
