"""The last page of each account that was not understood: kept in `data_dir/explain`, for `fankuan explain`."""

import json
from functools import partial
from pathlib import Path

from agent.domain.explanation import Stop
from agent.domain.page_errors import ColumnsMissing, NothingRead, PageChanged
from agent.domain.report import AccountReport
from agent.domain.text import Text
from agent.domain.unread import RowGap, UnreadRow
from agent.files import write_whole
from agent.log import redact


def stop_of(report: AccountReport, platform: str, error: Exception | None) -> Stop | None:
    """What of the account's pages was not understood; None if all was."""
    text = report.text or Text("", "")
    match error:
        case ColumnsMissing():
            return Stop(platform, text, columns=error.fields, headings=error.unknown)
        case NothingRead():
            return Stop(platform, text, error.rows)
        case PageChanged():
            return Stop(platform, text, report.unread)
        case _:
            return Stop(platform, text, report.unread) if report.unread else None


def keep_stop(data_dir: Path, account: str, stop: Stop) -> None:
    """Write down what was not understood, in place of what was kept before; a page may repeat secrets."""
    path = _path(data_dir, account)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    told = json.dumps(_document(stop), ensure_ascii=False, indent=1)
    write_whole(path, partial(Path.write_text, data=told, encoding="utf-8"))


def forget_stop(data_dir: Path, account: str) -> None:
    """Keep what was not understood of an account no longer."""
    _path(data_dir, account).unlink(missing_ok=True)


def kept_stop(data_dir: Path, account: str) -> Stop | None:
    """What was not understood last; None if nothing was kept."""
    try:
        told = json.loads(_path(data_dir, account).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    rows = tuple(
        UnreadRow(
            row["order_no"],
            row["name"],
            tuple(RowGap(gap["field"], gap["said"], Text(*gap["text"])) for gap in row["gaps"]),
            row["foreign"],
        )
        for row in told["rows"]
    )
    return Stop(told["platform"], Text(*told["text"]), rows, tuple(told["columns"]), tuple(told["headings"]))


def _path(data_dir: Path, account: str) -> Path:
    return data_dir / "explain" / f"{account.replace('/', '@')}.json"


def _document(stop: Stop) -> dict[str, object]:
    rows = [
        {
            "order_no": row.order_no,
            "name": redact(row.name),
            "foreign": row.foreign,
            "gaps": [{"field": g.field, "said": redact(g.shown), "text": _both(g.text)} for g in row.gaps],
        }
        for row in stop.rows
    ]
    return {
        "platform": stop.platform,
        "text": _both(stop.text),
        "rows": rows,
        "columns": stop.columns,
        "headings": [redact(word) for word in stop.headings],
    }


def _both(text: Text) -> list[str]:
    return [redact(text.en), redact(text.zh)]
