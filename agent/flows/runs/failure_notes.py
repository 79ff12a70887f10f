"""What is told of a page on which a run ended: what was looked for there, and what stands there instead."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from playwright.async_api import Error

from agent.domain.accounts import AccountKey
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, PageStuck, WayNotFound
from agent.domain.page_errors import CellUnread, ColumnsMissing, NothingRead, PageChanged
from agent.domain.plan import PARTIAL
from agent.domain.report import AccountReport, partly_read
from agent.domain.text import Text
from agent.evidence.failure_note import FailureNote
from agent.flows.runs.observer import Observer
from agent.flows.session.session import Session
from agent.flows.steps.lookup import order_list_of
from agent.pages.inference.list_kind import FILINGS, ListKind
from agent.pages.inference.located_list import find_list
from agent.pages.inference.page_shape import shape_of
from agent.pages.inference.page_state import page_state
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

_DIALOGS = 3
_ORDERS, _FILINGS = Text("the order list", "订单列表"), Text("the list of filings", "报备列表")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page was to be, and show: a list of that kind. `own` are names of the account, left out of what is told.

    `command` repeats the run, and `at` is the moment of the failure.
    """

    account: AccountKey
    page: Text
    kind: ListKind
    own: Iterable[str]
    command: str
    at: datetime


async def keep_failure(
    observer: Observer, at: Session, error: AccountError, told: Text | None = None
) -> tuple[str, ...]:
    """Picture the page of a session on which an account's run ended, and tell all about it; where both are kept."""
    note = await failure_note(at.page, error, _list_wanted(observer, at), told)
    return await observer.job.evidence.take_failure(at.page, note)


async def keep_partial(observer: Observer, at: Session, report: AccountReport) -> tuple[str, ...]:
    """The same of a list that could only be read in part, as the report of the account tells."""
    missed = [_bilingual(gap.missing) for gap in report.partial]
    wanted, snapshot = _list_wanted(observer, at), await _last_look(at.page)
    note = _note(at.page, wanted, (PARTIAL, partly_read(report.partial)), missed, _standing(snapshot, wanted))
    return await observer.job.evidence.take_failure(at.page, note)


def _list_wanted(observer: Observer, at: Session) -> Wanted:
    job, on_platform = observer.job, at is observer.platform_session
    return Wanted(
        account=job.account.key,
        page=_ORDERS if on_platform else _FILINGS,
        kind=order_list_of(job.site) if on_platform else FILINGS,
        own=[*job.merchant.names()],
        command=_sync_again(job.account.key, dry_run=job.run.dry_run),
        at=job.run.clock(),
    )


def _sync_again(account: AccountKey, *, dry_run: bool) -> str:
    how = "--headed --dry-run" if dry_run else "--headed --step"
    return f"fankuan sync --account {shlex.quote(str(account))} {how}"


async def failure_note(page: LivePage, error: AccountError, wanted: Wanted, told: Text | None = None) -> FailureNote:
    """Return the note on a page that ended a run with an error; `told` is its sentence, if it has one of its own.

    A page that cannot be looked at any more has nothing to tell.
    """
    snapshot = None if isinstance(error, PageStuck) else await _last_look(page)
    found = [*_met(error), *_standing(snapshot, wanted), *_asked(page.dialogs)]
    return _note(page, wanted, (error.reason, told or explained(error).text), _missed(error), found)


def _note(
    page: LivePage, wanted: Wanted, why: tuple[str, Text], missed: Iterable[str], found: Iterable[str]
) -> FailureNote:
    reason, told = why
    return FailureNote(
        at=wanted.at,
        account=wanted.account,
        reason=reason,
        told=told,
        address=page.raw.url,
        wanted=[_bilingual(wanted.page), *missed],
        found=[*found],
        command=wanted.command,
    )


async def _last_look(page: LivePage) -> PageSnapshot | None:
    """The page as it is; None of one that cannot be looked at any more."""
    try:
        return None if page.raw.is_closed() else await page.look()
    except (Error, AccountError):
        return None


def _bilingual(text: Text) -> str:
    return f"{text.en} {text.zh}"


def _missed(error: AccountError) -> Iterator[str]:
    """What the error says that it has looked for."""
    match error:
        case ColumnsMissing():
            yield f"columns 列: {', '.join(error.fields)}"
        case CellUnread():
            yield f"field 字段: {error.field}"
        case NothingRead():
            yield f"fields 字段: {', '.join(dict.fromkeys(gap.field for row in error.rows for gap in row.gaps))}"
        case WayNotFound():
            yield _bilingual(error.page)
        case PageChanged():
            yield _bilingual(error.missing)


def _met(error: AccountError) -> Iterator[str]:
    """What the error says that it has found in its place."""
    match error:
        case ColumnsMissing():
            yield f"headings without a meaning 未识别的列名: {_words(error.unknown)}"
        case CellUnread():
            yield f"shows 显示: {_words([error.shown])}"
        case NothingRead():
            yield f"shows 显示: {_words(dict.fromkeys(gap.shown for row in error.rows for gap in row.gaps))}"
        case WayNotFound():
            yield f"entries that were followed 走过的菜单: {_words(error.tried)}"


def _standing(snapshot: PageSnapshot | None, wanted: Wanted) -> Iterator[str]:
    """What the page is, and what its list calls its parts."""
    if snapshot is None:
        return
    yield f"page 页面: {page_state(snapshot, wanted.kind).value}, “{snapshot.parts[0].shot.title}”"
    shape, located = shape_of(snapshot, wanted.kind, wanted.own), find_list(snapshot, wanted.kind)
    if located is not None:
        yield f"rows 行数: {len(located.parsed.rows)}"
    if shape is not None:
        yield f"headings 列名: {_words(shape.headings)}"
        yield f"statuses 状态: {_words(shape.statuses)}"
        yield f"buttons 按钮: {_words(shape.buttons)}"
        yield f"paging 翻页: {shape.pager or '-'}"


def _asked(dialogs: Sequence[str]) -> Iterator[str]:
    yield from (f"dialog 弹窗: {_words([text])}" for text in dialogs[-_DIALOGS:])


def _words(words: Iterable[str]) -> str:
    return "、".join(f"“{word}”" for word in words) or "-"
