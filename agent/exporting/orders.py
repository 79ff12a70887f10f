"""Orders and refunds as sheets: a row for each order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from agent.domain.merchants import Payee
from agent.domain.orders import YUAN, FilingStatus
from agent.domain.stage import Stage
from agent.domain.text import Text
from agent.domain.wording import STAGE, STATUS
from agent.exporting.sheet import Column, Kind, Row, Sheet
from agent.ledger import KnownOrder

_MERCHANT = Column(Text("Merchant", "商家"), width=12)
_NAME = Column(Text("Name", "商家名称"), width=20)
_PLATFORM = Column(Text("Platform", "平台"), width=10)
_SHOP = Column(Text("Shop", "店铺"), width=20)
_NUMBER = Column(Text("Order number", "订单编号"), width=24)
_SERVICE = Column(Text("Service", "服务"), width=24)
_ORDERED = Column(Text("Ordered at (UTC+8)", "订购时间（北京时间）"), Kind.MOMENT, 20)
_AMOUNT = Column(Text("Amount", "金额"), Kind.MONEY, 12)
_CURRENCY = Column(Text("Currency", "币种"), width=8)
_STAGE = Column(Text("Stage", "进度"), width=20)
_DUE = Column(Text("Refund due on", "可申请日期"), Kind.DATE, 13)
_FILED = Column(Text("Filed on", "报备日期"), Kind.DATE, 13)
_REQUESTED = Column(Text("Refund requested at (UTC+8)", "申请返款时间（北京时间）"), Kind.MOMENT, 20)
_PAID = Column(Text("Paid out at (UTC+8)", "返款时间（北京时间）"), Kind.MOMENT, 20)

ORDERS = Sheet(
    Text("Orders", "订单"),
    (
        _MERCHANT,
        _NAME,
        _PLATFORM,
        _SHOP,
        _NUMBER,
        _SERVICE,
        Column(Text("Service code", "服务代码"), width=16),
        _ORDERED,
        _AMOUNT,
        _CURRENCY,
        Column(Text("Status on the platform", "平台状态"), width=14),
        _STAGE,
        _DUE,
        Column(Text("Filing", "报备状态"), width=14),
        _FILED,
        _REQUESTED,
        _PAID,
        Column(Text("Subscription ends at (UTC+8)", "订购到期（北京时间）"), Kind.MOMENT, 20),
        Column(Text("Seen last at (UTC+8)", "最近查看（北京时间）"), Kind.MOMENT, 20),
    ),
)
REFUNDS = Sheet(
    Text("Refunds", "返款"),
    (
        _MERCHANT,
        _NAME,
        _PLATFORM,
        _SHOP,
        _NUMBER,
        _ORDERED,
        _AMOUNT,
        _STAGE,
        _DUE,
        _FILED,
        _REQUESTED,
        _PAID,
        Column(Text("Days since the request", "申请后天数"), Kind.COUNT, 12),
        Column(Text("Payee's bank", "收款银行"), width=20),
        Column(Text("Payee", "收款户名"), width=24),
        Column(Text("Payee's account", "收款账号（后四位）"), width=14),
    ),
)
_FILING = {
    FilingStatus.FILED: Text("filed", "已报备"),
    FilingStatus.REFUNDABLE: Text("refund may be requested", "可申请返款"),
    FilingStatus.REQUESTED: Text("refund requested", "已申请返款"),
    FilingStatus.PAID_OUT: Text("paid out", "已返款"),
    FilingStatus.REJECTED: Text("rejected", "已驳回"),
}
# The refund can be asked for, was asked for, or has come.
_ABOUT_MONEY = {Stage.REFUNDABLE, Stage.REQUESTED, Stage.PAID_OUT}


@dataclass(frozen=True, slots=True)
class Names:
    """What merchants and platforms are called, by their ids, and where each merchant's refunds go."""

    merchants: Mapping[str, str]
    platforms: Mapping[str, str]
    payees: Mapping[str, Payee | None]

    def platform(self, platform: str) -> Text:
        """Return the id in English and the title in Chinese, as the platforms' titles are."""
        return Text(platform, self.platforms.get(platform, platform))


def order_rows(known: Iterable[KnownOrder], names: Names) -> Iterator[Row]:
    """Yield a row of ORDERS for each order."""
    for each in known:
        order = each.order
        yield (
            each.account.merchant_id,
            names.merchants.get(each.account.merchant_id),
            names.platform(each.account.platform),
            order.shop,
            order.order_no,
            order.service,
            order.service_code,
            order.ordered_at,
            order.amount,
            order.currency,
            STATUS[order.status],
            STAGE[each.stage],
            each.due_on,
            _FILING[each.filing_status] if each.filing_status else None,
            each.filed_on,
            each.requested_at,
            each.paid_out_at,
            order.expires_at,
            each.updated_at,
        )


def refund_rows(known: Iterable[KnownOrder], names: Names, today: date) -> Iterator[Row]:
    """Yield a row of REFUNDS for each order whose refund can be requested, was requested or was paid out."""
    for each in known:
        order = each.order
        if not order.ours or not (each.stage in _ABOUT_MONEY or each.requested_at):
            continue
        payee = names.payees.get(each.account.merchant_id)
        yield (
            each.account.merchant_id,
            names.merchants.get(each.account.merchant_id),
            names.platform(each.account.platform),
            order.shop,
            order.order_no,
            order.ordered_at,
            order.amount if order.currency == YUAN else None,
            STAGE[each.stage],
            each.due_on,
            each.filed_on,
            each.requested_at,
            each.paid_out_at,
            (today - each.requested_at.date()).days if each.requested_at and not each.paid_out_at else None,
            payee.bank if payee else None,
            payee.holder if payee else None,
            payee.masked if payee else None,
        )
