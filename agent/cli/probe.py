"""`fankuan probe`: is a site as it is declared? A visit that changes nothing."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.audit import note, who
from agent.cli.language import pick, say
from agent.cli.session import Json, account_key, complain, now, open_ledger, print_json, settings_of, start_log
from agent.cli.warnings import tell_risks
from agent.domain.probe import ProbeReport, Verdict

if TYPE_CHECKING:
    from agent.domain.accounts import AccountKey
    from agent.domain.redaction import Redactor
    from agent.ledger import Ledger
    from agent.settings import Settings

_STYLES = {Verdict.AS_DECLARED: "green", Verdict.DIFFERENT: "red", Verdict.NOT_SEEN: "dim"}


def probe(
    context: typer.Context,
    *,
    platform: Annotated[str, typer.Argument(help=pick("The platform's id, such as taobao.", "平台代号，如 taobao。"))],
    merchant: Annotated[str, typer.Option(metavar="ID", help=pick("Whose account.", "使用哪个商家的账号。"))],
    headed: Annotated[bool, typer.Option("--headed", help=pick("In a visible browser.", "使用可见的浏览器。"))] = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help=pick("Keep what was found, so that it counts from now on.", "保存探测到的内容，今后按此运行。"),
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare a platform and the back office with what is declared of them, and press nothing but menu entries."""
    settings = settings_of(context)
    start_log(settings)
    tell_risks(settings)
    with open_ledger(settings) as ledger:
        report = _visited(settings, ledger, account_key(f"{merchant}/{platform}"), headed=headed)
        redactor = _redactor(ledger, report)
        report = report.masked(redactor.mask)
        paths = _written(settings, report, redactor)
        if accept and report.found:
            paths = (*paths, _accepted(settings, ledger, report))
    _tell(report, as_json=as_json)
    if report.ended is not None:
        complain(f"{report.reason}: {say(report.ended.then(report.cure))}")
    for path in paths:
        complain(pick(f"Report: {path}", f"报告：{path}"))
    raise typer.Exit(report.exit_status)


def _visited(settings: "Settings", ledger: "Ledger", account: "AccountKey", *, headed: bool) -> ProbeReport:
    from agent.flows.runs.context import RunContext
    from agent.flows.runs.probe import run_probe

    run = RunContext(settings=settings, ledger=ledger, clock=now, started_by=who(), headed=headed)
    return asyncio.run(run_probe(run, account))


def _accepted(settings: "Settings", ledger: "Ledger", report: ProbeReport) -> str:
    """Keep what was found in a file that can be read and undone. Return its place."""
    from agent.settings.accepted import accept

    note(ledger, "accept", report.platform, keys=sorted(report.found))
    return str(accept(settings.data_dir, report.platform, report.found))


def _redactor(ledger: "Ledger", report: ProbeReport) -> "Redactor":
    """Masks everything that is registered of the merchant."""
    from agent.domain.redaction import Redactor

    redactor = Redactor()
    with ledger.read() as tx:
        registered = tx.merchants.find([report.merchant])
    for each in registered:
        for known in (*(s.get_secret_value() for s in each.secrets()), *each.names()):
            redactor.add(known)
    return redactor


def _written(settings: "Settings", report: ProbeReport, redactor: "Redactor") -> tuple[str, ...]:
    """The report as files, with everything masked that is registered of the merchant."""
    from agent.evidence.probe_report import write_report

    return tuple(str(path) for path in write_report(report, settings.data_dir / "probes", now(), redactor))


def _tell(report: ProbeReport, *, as_json: bool) -> None:
    from agent.cli.screen import answers, row, table

    if as_json:
        print_json(report.to_json())
        return
    made = table(pick("Part", "项目"), pick("Verdict", "结论"), pick("Declared", "预期"), pick("Seen", "实际"))
    words = {
        Verdict.AS_DECLARED: pick("as declared", "一致"),
        Verdict.DIFFERENT: pick("different", "不一致"),
        Verdict.NOT_SEEN: pick("not seen", "未见到"),
    }
    for part in report.parts:
        row(made, part.part, words[part.verdict], part.declared, part.seen, style=_STYLES[part.verdict])
    answers().print(made)
