"""How the work on one account ends: as it should, in trouble on a site, or with a page that had to be ended."""

from pathlib import Path

from playwright.async_api import Error

from agent.browser import ended
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, PageStuck, RunStopped
from agent.domain.page_errors import NothingRead
from agent.domain.plan import PARTIAL
from agent.domain.report import AccountReport
from agent.domain.text import Text
from agent.flows.runs.account_run import AccountRun
from agent.flows.runs.failure_notes import keep_failure, keep_partial
from agent.flows.runs.stops import keep_stop, stop_of
from agent.flows.session.session import stopped
from agent.flows.steps.not_listed import doubts


async def worked_to_its_end(work: AccountRun, data_dir: Path) -> AccountReport:
    """Run the work; return its report, also if it ends in trouble, with a picture of that."""
    observer = work.observer
    try:
        report = await work.run()
        await _keep_what_is_missing(work, report)
        _keep_stop(work, report, None, data_dir)
        return report
    except AccountError as error:
        await work.in_trouble(error)
        report = work.report()
        end_with(report, error)
        if work.trouble is not None:
            _name_challenge(report, work.trouble.asked)
            report.evidence = work.trouble.pictures
        _keep_stop(work, report, error, data_dir)
        return report
    except Error as error:
        report, ended = work.report(), _stuck(work, error) or stopped(error)
        end_with(report, ended)
        if observer.at is not None:
            report.evidence = await keep_failure(observer, observer.at, ended)
        return report


async def keep_unexpected(work: AccountRun, report: AccountReport) -> None:
    """Picture the page on which a mistake of ours has ended the account's run, if it is open still."""
    at = work.observer.at
    if isinstance(report.error, RunStopped) and not report.evidence and at is not None and not at.page.raw.is_closed():
        report.evidence = await keep_failure(work.observer, at, report.error)


async def _keep_what_is_missing(work: AccountRun, report: AccountReport) -> None:
    """Picture the list of which rows were not understood, or of which there is more than could be read."""
    observer, own = work.observer, tuple(row for row in report.unread if not row.foreign)
    session = observer.platform_session or observer.at
    if own and session is not None:
        report.evidence = await keep_failure(observer, session, NothingRead(session.page.raw.url, own), report.text)
    elif report.reason == PARTIAL and session is not None and any(gap.listed == "orders" for gap in report.partial):
        report.evidence = await keep_partial(observer, session, report)


def _name_challenge(report: AccountReport, number: int | None) -> None:
    """Put the number under which a person is asked into what is told to do."""
    if number is not None and report.cure is not None:
        en, zh = report.cure.en, report.cure.zh
        report.cure = Text(en.replace("answer ID", f"answer {number}"), zh.replace("answer 编号", f"answer {number}"))


def _keep_stop(work: AccountRun, report: AccountReport, error: AccountError | None, data_dir: Path) -> None:
    job = work.job
    if (stop := stop_of(report, job.site.id, error)) is not None:
        keep_stop(data_dir, str(job.account.key), stop)


def _stuck(work: AccountRun, error: Error) -> PageStuck | None:
    """What is to be told where one of the account's pages had to be ended, whichever call was cut short by that."""
    pages = [s.page.raw for s in work.observer.sessions]
    return next(filter(None, [*map(ended, pages), *(ended(page, error) for page in pages)]), None)


def end_with(report: AccountReport, error: AccountError) -> None:
    """End the report with an error; what was sent and is in doubt is told all the same."""
    report.end_with(error)
    report.text = explained(error).message.then(doubts(report.actions))
