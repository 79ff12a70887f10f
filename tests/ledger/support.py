"""Merchants, orders and a clock for the tests of the ledger."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.merchants import Account, Credentials, Edition, Merchant, Payee
from agent.domain.orders import SHANGHAI, Filing, FilingStatus, Order, OrderStatus
from agent.settings import Settings

NOW = datetime(2026, 11, 23, 12, 45, 1, tzinfo=SHANGHAI)
ORDERED_AT = datetime(2026, 9, 30, 21, 39, 35, tzinfo=SHANGHAI)
PLANTED = ("Shop-Secr3t-密码", "Back/0ffice+Secr3t=", "6228480012345678911")


@dataclass
class Clock:
    """Gives a second more at every look."""

    now: datetime = NOW
    step: timedelta = field(default_factory=lambda: timedelta(seconds=1))

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


def settings(folder: Path, **more: object) -> Settings:
    return Settings(data_dir=folder, **more)  # type: ignore[arg-type]


def account(merchant: str = "m1", platform: str = "taobao", **more: str | None) -> Account:
    return Account(
        AccountKey(merchant, platform, more.get("label") or ""),
        Credentials("shop-user", SecretStr(PLANTED[0])),
        shop=more.get("shop", "旗舰店"),
    )


def merchant(name: str = "m1", platforms: tuple[str, ...] = ("taobao", "jd")) -> Merchant:
    return Merchant(
        id=name,
        name="锦绣家居",
        edition=Edition.CLOUD,
        backoffice=Credentials("back-user", SecretStr(PLANTED[1])),
        payee=Payee("招商银行杭州分行", "杭州锦绣家居有限公司", SecretStr(PLANTED[2])),
        accounts=tuple(account(name, p) for p in sorted(platforms)),
    )


def order(number: str | None = "339181234567890", **changes: object) -> Order:
    made = Order(
        order_no=number,
        ordered_at=ORDERED_AT,
        service="网店管家J系列",
        service_code=None,
        ours=True,
        amount=Decimal("62.80"),
        status=OrderStatus.COMPLETED if number else OrderStatus.AWAITING_CONFIRMATION,
        shop="旗舰店",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def filing(number: str = "339181234567890", **changes: object) -> Filing:
    made = Filing(
        order_no=number,
        platform="淘宝",
        shop="旗舰店",
        ordered_on=ORDERED_AT.date(),
        amount=Decimal("62.80"),
        status=FilingStatus.FILED,
        offered=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]
