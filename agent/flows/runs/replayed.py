"""What a replay finds, as it is kept in expected.json and compared with it."""

from collections.abc import Sequence
from typing import Any

from agent.domain.orders import Filing, Order
from agent.domain.plan import Step
from agent.domain.text import Text


def differences(expected: dict[str, Any], found: dict[str, Any]) -> list[Text]:
    """What a replay found otherwise than was approved, a sentence for each row."""
    told = []
    for part, rows in found.items():
        before = expected.get(part)
        if isinstance(rows, list) and isinstance(before, list):
            told += [Text(f"{part}: gone: {_line(r)}", f"{part}：缺少：{_line(r)}") for r in _without(before, rows)]
            told += [Text(f"{part}: new: {_line(r)}", f"{part}：多出：{_line(r)}") for r in _without(rows, before)]
            if not told and before != rows:
                told.append(Text(f"{part}: in another order", f"{part}：顺序不同"))
        elif before != rows:
            told.append(Text(f"{part}: {before} → {rows}", f"{part}：{before} → {rows}"))
    return told


def _without(rows: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    left, gone = [*others], []
    for row in rows:
        if row in left:
            left.remove(row)
        else:
            gone.append(row)
    return gone


def _line(row: object) -> str:
    return " · ".join(str(value) for value in row.values() if value is not None) if isinstance(row, dict) else str(row)


def order_to_json(order: Order) -> dict[str, Any]:
    """An order as it is compared."""
    return {
        "order_no": order.order_no,
        "ordered_at": order.ordered_at.isoformat(),
        "service": order.service,
        "service_code": order.service_code,
        "ours": order.ours,
        "amount": f"{order.amount:.2f}",
        "currency": order.currency,
        "status": order.status.value,
        "shop": order.shop,
        "expires_at": order.expires_at.isoformat() if order.expires_at else None,
    }


def filing_to_json(filing: Filing) -> dict[str, Any]:
    """A filing, likewise."""
    return {
        "order_no": filing.order_no,
        "platform": filing.platform,
        "shop": filing.shop,
        "ordered_on": filing.ordered_on.isoformat() if filing.ordered_on else None,
        "amount": f"{filing.amount:.2f}" if filing.amount is not None else None,
        "status": filing.status.value,
        "offered": filing.offered,
    }


def step_to_json(step: Step) -> dict[str, Any]:
    """A step of the plan, likewise."""
    return {
        "kind": step.kind.value,
        "order_no": step.order.order_no,
        "result": step.result.value,
        "due_on": step.due_on.isoformat() if step.due_on else None,
        "reason": step.reason,
    }
