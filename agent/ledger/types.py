"""How times and money are stored, the same in SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, DateTime, Dialect
from sqlalchemy.types import TypeDecorator

from agent.domain.orders import SHANGHAI


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC and given back in Asia/Shanghai."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn `value` to UTC. Raise ValueError for one without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in Asia/Shanghai. SQLite keeps no zone: what it gives is UTC."""
        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(SHANGHAI)


class Money(TypeDecorator[Decimal]):
    """An amount in yuan (or another currency's unit), stored as a whole number of hundredths (分)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Hundredths. Raise ValueError if `value` is finer than that: nothing is rounded away."""
        if value is None:
            return None
        hundredths = value * 100
        if not hundredths.is_finite() or hundredths != hundredths.to_integral_value():
            raise ValueError(f"{value} is not a whole number of hundredths")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """The amount with two decimals."""
        return None if value is None else Decimal(value).scaleb(-2)
