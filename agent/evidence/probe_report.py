"""The report of a probe as files that can be sent to somebody else (探测报告): one page with pictures, and JSON."""

import base64
import html
import json
from datetime import datetime
from pathlib import Path

from agent.domain.probe import Part, ProbeReport, Verdict
from agent.domain.redaction import Redactor

_VERDICTS = {
    Verdict.AS_DECLARED: ("as declared", "与声明一致", "#2e7d32"),
    Verdict.DIFFERENT: ("different", "不一致", "#c62828"),
    Verdict.NOT_SEEN: ("not seen", "未见到", "#757575"),
}
_STYLE = (
    "body{font:15px sans-serif;margin:24px}td,th{padding:6px 12px;border-bottom:1px solid #ddd;text-align:left}"
    "img{max-width:640px}"
)


def write_report(report: ProbeReport, folder: Path, at: datetime, redactor: Redactor) -> tuple[Path, Path]:
    """Write the page and the JSON, both without what `redactor` masks. Return where they are.

    The files are called after the platform and the moment, and not after the merchant.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{report.platform}-{at:%Y%m%d-%H%M%S}"
    page, data = folder / f"{name}.html", folder / f"{name}.json"
    told = {**report.to_json(), "merchant": "-"}
    data.write_text(redactor.mask(json.dumps(told, ensure_ascii=False, indent=2)), encoding="utf-8")
    page.write_text(_page(report, at, redactor), encoding="utf-8")
    return page, data


def _page(report: ProbeReport, at: datetime, redactor: Redactor) -> str:
    rows = "".join(_row(part, redactor) for part in report.parts)
    ended = f"<p>{html.escape(redactor.mask(str(report.ended)))}</p>" if report.ended is not None else ""
    title = f"fankuan probe {html.escape(report.platform)} {at:%Y-%m-%d %H:%M}"
    head = f"<!doctype html><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>{ended}"
    return f"{head}<table><tr><th>part<th>verdict 结论<th>declared 声明<th>seen 实际<th></tr>{rows}</table>\n"


def _row(part: Part, redactor: Redactor) -> str:
    en, zh, colour = _VERDICTS[part.verdict]
    cells = (html.escape(redactor.mask(text)) for text in (part.declared, part.seen))
    shown = base64.b64encode(part.picture).decode() if part.picture else ""
    picture = f'<img alt="" src="data:image/png;base64,{shown}">' if shown else ""
    verdict = f'<td style="color:{colour}">{en} {zh}'
    return f"<tr><td>{html.escape(part.part)}{verdict}<td>{'<td>'.join(cells)}<td>{picture}</tr>"
