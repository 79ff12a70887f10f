"""What is read from the sites: orders of a service market (服务订单) and filings of the back office (报备)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from agent.domain.text import fold

SHANGHAI = ZoneInfo("Asia/Shanghai")
YUAN = "CNY"


class OrderStatus(StrEnum):
    """Where an order stands on its platform: 待付款, 待确认, 交易成功, 已关闭, 退款中."""

    UNPAID = "unpaid"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    COMPLETED = "completed"
    CLOSED = "closed"
    REFUNDING = "refunding"


class FilingStatus(StrEnum):
    """Where a filing stands in the back office: 报备中, 可申请, 已申请, 已返款, 已驳回."""

    FILED = "filed"
    REFUNDABLE = "refundable"
    REQUESTED = "requested"
    PAID_OUT = "paid_out"
    REJECTED = "rejected"

    @property
    def progress(self) -> int:
        """How far a filing got: of several filings of one order the one that got furthest counts."""
        return -1 if self is FilingStatus.REJECTED else list(FilingStatus).index(self)


@dataclass(frozen=True, slots=True)
class Order:
    """One row of a platform's order list.

    `order_no` is whole, or None if the platform hides it until the order is confirmed. `ordered_at` and
    `expires_at` are aware, Asia/Shanghai. `amount` is in `currency`. `shop` is None if the row names none.
    """

    order_no: str | None
    ordered_at: datetime
    service: str
    service_code: str | None
    ours: bool
    amount: Decimal
    status: OrderStatus
    shop: str | None = None
    expires_at: datetime | None = None
    currency: str = YUAN

    @property
    def natural_key(self) -> str:
        """Recognises an order before and after its number is shown: service, time and amount do not change."""
        return f"{fold(self.service)}|{self.ordered_at.isoformat()}|{self.amount:.2f}"

    @property
    def key(self) -> str:
        """The order number if it is shown, else the natural key."""
        return self.order_no or self.natural_key


@dataclass(frozen=True, slots=True)
class Filing:
    """One row of the back office's list of filings, or of applications if there are no filings.

    `platform` is the back office's own name of it. `ordered_on` is None if the date was left out, which makes
    申请返款 silently do nothing. `offered` is true if the row offers 申请返款 (or 申请退款) now.
    """

    order_no: str
    platform: str | None
    shop: str | None
    ordered_on: date | None
    amount: Decimal | None
    status: FilingStatus
    offered: bool


def is_application(listed: Filing) -> bool:
    """True for a row under 订购返款 that was applied for: it neither offers that nor says that it will (可申请)."""
    return not listed.offered and listed.status is not FilingStatus.REFUNDABLE


def is_ours(service: str, code: str | None, services: Iterable[str]) -> bool:
    """True if a service's code is in `services`, or its exact name if it shows none; blanks and full-width forms aside.

    A name beside a code that is not in `services` is another vendor's: anybody can give a service that name.
    """
    return fold(service if code is None else code) in {fold(s) for s in services}
