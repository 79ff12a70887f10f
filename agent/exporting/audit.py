"""The audit trail as a sheet: a row for each act."""

import json
from collections.abc import Iterable, Iterator

from agent.domain.text import Text
from agent.exporting.sheet import Column, Kind, Row, Sheet
from agent.ledger.audit import AuditEntry

AUDIT = Sheet(
    Text("Audit trail", "操作记录"),
    (
        Column(Text("Number", "序号"), Kind.COUNT, 10),
        Column(Text("At (UTC+8)", "时间（北京时间）"), Kind.MOMENT, 20),
        Column(Text("Who", "操作者"), width=28),
        Column(Text("Action", "操作"), width=20),
        Column(Text("Target", "对象"), width=28),
        Column(Text("Details", "详情"), width=60),
        Column(Text("Address", "来源地址"), width=18),
    ),
)


def audit_rows(entries: Iterable[AuditEntry]) -> Iterator[Row]:
    """Yield a row of AUDIT for each act."""
    for entry in entries:
        details = json.dumps(dict(entry.details), ensure_ascii=False) if entry.details else None
        yield entry.id, entry.at, entry.who, entry.action, entry.target, details, entry.address
