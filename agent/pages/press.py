"""One consequential click: presses a button, agrees to the dialog that follows, and reports what came of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from playwright.async_api import Frame

from agent.domain.errors import PageChanged
from agent.domain.text import Text
from agent.pages import words
from agent.pages.condition import ListKind
from agent.pages.once import sent_once
from agent.pages.overlays import Dialog, dialog_after
from agent.pages.snapshot import Node
from agent.pages.traffic import Exchange
from agent.pages.window import Part, View, Window

Picture = Callable[[str], Awaitable[None]]
_DIALOG_SECONDS = 4.0
_ANSWER_SECONDS = 20.0
_MAX_DIALOGS = 3
_PAUSE = 0.08


@dataclass(slots=True)
class Answer:
    """What followed a press. `said` are the messages that appeared; `writes` what was sent, with its answers."""

    view: View
    writes: list[Exchange] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        """True where something was sent and no answer came."""
        return any(w.lost or w.status is None for w in self.writes)

    @property
    def refused(self) -> str | None:
        """The words of a refusal, else its status, where the site answered that it did not do it."""
        failed = next((t for t in self.said if words.FAILURE.search(t) and not words.SUCCESS.search(t)), None)
        status = next((w.status for w in self.writes if (w.status or 0) >= 400), None)  # noqa: PLR2004
        return failed or (f"HTTP {status}" if status else None)

    @property
    def logged_out(self) -> bool:
        return any(w.status == 401 for w in self.writes)  # noqa: PLR2004


async def press(
    window: Window, part: Part, node: Node, kind: ListKind, own_row: Node | None, picture: Picture
) -> Answer:
    """Clicks `node` and agrees to the dialogs that follow. `picture` is called before each further click.

    `kind` is the list on the page, whose own buttons are no dialog's. Once something was sent nothing more is clicked.

    A click that could not be made raises PageChanged; once it was made, nothing is raised for what follows, since then
    only a look can tell what happened.
    """
    before_view = await window.look()
    before, seen = before_view.ids(), {n.text for n in before_view.texts()}
    mark, asked = window.traffic.mark(), len(window.dialogs)
    window.agree_to = lambda said: not words.BUYING.search(said)
    try:
        async with sent_once(window.page):
            await window.click(part, node)
            answer = await _follow(window, before, kind, own_row, picture, mark, seen)
    finally:
        window.agree_to = lambda _: False
    answer.writes = [e for e in window.traffic.since(mark) if e.is_write]
    answer.dialogs = window.dialogs[asked:] + answer.dialogs
    # A dialog's question (确认后不可撤销) is no answer.
    answer.said = [t for t in answer.said if not any(t in d for d in answer.dialogs)]
    answer.said += [d for d in window.dialogs[asked:] if words.SUCCESS.search(d) or words.FAILURE.search(d)]
    return answer


async def _follow(
    window: Window,
    before: dict[Frame, frozenset[int]],
    kind: ListKind,
    own_row: Node | None,
    picture: Picture,
    mark: int,
    seen: set[str],
) -> Answer:
    said: list[str] = []
    dialogs: list[str] = []
    known = dict(before)
    for _ in range(_MAX_DIALOGS):
        view, dialog = await _next_dialog(window, known, kind, own_row, mark, said, seen)
        if dialog is None:
            break
        dialogs.append(dialog.text)
        known = {**known, **view.ids()}
        await _agree(window, dialog, picture)
    view = await _rest(window, said, seen)
    return Answer(view, said=said, dialogs=dialogs)


async def _next_dialog(
    window: Window,
    known: dict[Frame, frozenset[int]],
    kind: ListKind,
    own_row: Node | None,
    mark: int,
    said: list[str],
    seen: set[str],
) -> tuple[View, Dialog | None]:
    """Waits for a dialog, or for a sign that none comes: something was sent, or a message appeared."""
    deadline = time.monotonic() + _DIALOG_SECONDS
    previous = 0
    while True:
        view = await window.look()
        _hear(view, said, seen)
        sent = any(e.is_write for e in window.traffic.since(mark))
        dialog = None if sent else dialog_after(view, known, kind, own_row)
        steady = view.fingerprint == previous
        previous = view.fingerprint
        if dialog is not None and steady:
            return view, dialog
        over = (sent and window.traffic.resting) or time.monotonic() > deadline
        if dialog is None and steady and over:
            return view, None
        await asyncio.sleep(_PAUSE)


async def _agree(window: Window, dialog: Dialog, picture: Picture) -> None:
    agree = dialog.agree
    part = dialog.part
    for tick in dialog.ticks:
        await window.click(part, tick)
    if agree is None:
        view = await window.settled(3.0)
        part = next(p for p in view.parts if p.frame is dialog.part.frame)
        root = part.shot.by_id(dialog.root.id)
        buttons = [n for n in part.shot.inside(root) if words.is_one_of(n.text, words.AGREE)] if root else []
        agree = next((n for n in buttons if part.shot.worked_by(n) and not part.shot.is_disabled(n)), None)
    if agree is None:
        raise PageChanged(window.page.url, Text("the dialog has no button to agree", "确认对话框没有可点的按钮"))
    await picture("dialog")
    await window.click(part, agree)


async def _rest(window: Window, said: list[str], seen: set[str]) -> View:
    deadline = time.monotonic() + _ANSWER_SECONDS
    while True:
        view = await window.look()
        _hear(view, said, seen)
        if window.traffic.resting or time.monotonic() > deadline:
            view = await window.settled(5.0)
            _hear(view, said, seen)
            return view
        await asyncio.sleep(_PAUSE)


def _hear(view: View, said: list[str], seen: set[str]) -> None:
    for node in view.texts():
        text = node.text
        if text in seen or len(text) > 60 or text in said:  # noqa: PLR2004
            continue
        if words.SUCCESS.search(text) or words.FAILURE.search(text):
            said.append(text)
