"""Runs as a sheet: a row for each account that a run looked at."""

from collections.abc import Iterable, Iterator

from agent.domain.errors import Outcome
from agent.domain.text import Text
from agent.exporting.orders import Names
from agent.exporting.sheet import Column, Kind, Row, Sheet
from agent.ledger import AccountRunEnd

RUNS = Sheet(
    Text("Runs", "运行记录"),
    (
        Column(Text("Run", "运行编号"), width=22),
        Column(Text("Started at (UTC+8)", "开始时间（北京时间）"), Kind.MOMENT, 20),
        Column(Text("Finished at (UTC+8)", "结束时间（北京时间）"), Kind.MOMENT, 20),
        Column(Text("Started by", "发起方式"), width=12),
        Column(Text("Dry run", "仅计划"), width=8),
        Column(Text("Merchant", "商家"), width=12),
        Column(Text("Name", "商家名称"), width=20),
        Column(Text("Platform", "平台"), width=10),
        Column(Text("Outcome", "结果"), width=14),
        Column(Text("Reason", "原因代码"), width=18),
        Column(Text("What was said", "说明"), width=60),
        Column(Text("Steps done", "完成步骤"), Kind.COUNT, 10),
        Column(Text("Steps failed or in doubt", "失败或不明步骤"), Kind.COUNT, 14),
        Column(Text("Recorded at (UTC+8)", "记录时间（北京时间）"), Kind.MOMENT, 20),
    ),
)
_OUTCOME = {
    Outcome.OK: Text("all well", "正常"),
    Outcome.FAILED: Text("failed", "失败"),
    Outcome.UNKNOWN: Text("in doubt", "结果不明"),
    Outcome.NEEDS_HUMAN: Text("waits for a person", "需人工处理"),
}
_YES, _NO = Text("yes", "是"), Text("no", "否")


def run_rows(ends: Iterable[AccountRunEnd], names: Names) -> Iterator[Row]:
    """Yield a row of RUNS for each end of an account's run."""
    for end in ends:
        yield (
            end.run_id,
            end.started_at,
            end.finished_at,
            end.started_by,
            _YES if end.dry_run else _NO,
            end.account.merchant_id,
            names.merchants.get(end.account.merchant_id),
            names.platform(end.account.platform),
            _OUTCOME[end.outcome],
            end.reason,
            end.message,
            end.done,
            end.in_trouble,
            end.recorded_at,
        )
