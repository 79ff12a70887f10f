"""One consequential click: presses a button, agrees to the dialogs that are about it, and reports what came of it."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from playwright.async_api import Error, Frame, JSHandle

from agent.domain.errors import DialogDeclined, PageChanged, PageMoved
from agent.domain.text import Text, fold
from agent.pages import vocabulary
from agent.pages.actions.dialog_reply import Picture, Reply
from agent.pages.inference.declarations import asks_to_declare
from agent.pages.inference.dialogs import Matter, shortened
from agent.pages.inference.overlays import Dialog, dialog_after
from agent.pages.inference.page_state import ListKind
from agent.pages.inference.questions import (
    is_notice,
    pieces_of,
)
from agent.pages.live.network import Exchange, own_writes
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

Objects = Callable[[str], Text | None]
Still = Callable[[PageSnapshot], bool]
# What comes in the place of a question that was declined comes at once, or once the page has asked for it.
_DIALOG_SECONDS, _DECLINED_SECONDS = 4.0, 2.0
_ANSWER_SECONDS = 20.0
_MAX_DIALOGS = 6
_PAUSE = 0.05
_LONGEST, _MOST_CELLS = 60, 30
# What a cell of the order's own row may hold besides the order: an offer, which is no fact of it.
_OFFERS = re.compile(
    rf"{vocabulary.BUYING.pattern}|开通|赠|试用|授权|保险|会员|自动|免密|优惠|特惠|\d元|[¥￥]", re.IGNORECASE
)


@dataclass(slots=True)
class Answer:
    """What followed a press. `said` are the messages that appeared; `writes` what was sent, with its answers.

    `wire_agrees` is true if all that was meant was found in what was sent, false if anything differs, None if that
    cannot be told; `off` says what differs.
    """

    view: PageSnapshot
    writes: list[Exchange] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    wire_agrees: bool | None = None
    off: Text | None = None

    @property
    def lost(self) -> bool:
        """True where something was sent and no answer came."""
        return any(w.lost or w.status is None for w in self.writes)

    @property
    def refused(self) -> str | None:
        """The words of a refusal, else its status, where the site answered that it did not do it.

        A form that was accepted and emptied complains of its empty boxes (请选择平台) beside its 添加成功.
        """
        status = next((w.status for w in self.writes if (w.status or 0) >= 400), None)
        if status is None and any(vocabulary.SUCCESS.search(t) and not vocabulary.FAILURE.search(t) for t in self.said):
            return None
        failed = next((t for t in self.said if vocabulary.FAILURE.search(t) and not vocabulary.SUCCESS.search(t)), None)
        return failed or (f"HTTP {status}" if status else None)


@dataclass(slots=True)
class ConfirmedClick:
    """The pressing of one button. `kind` is the list on the page, whose own buttons are no dialog's.

    A dialog is agreed to only if all that it says is about `matter`. `still` tells whether the page is as it was when
    the button was chosen. `objects` tells what in a dialog's words is not true of the order: then nothing further is
    done. What is about something else is declined, and what was asked for may follow it.
    """

    window: LivePage
    kind: ListKind
    own_row: Node | None
    picture: Picture
    matter: Matter
    objects: Objects = lambda _: None
    still: Still = lambda _: True
    objection: Text | None = None
    answered: dict[int, frozenset[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    known: dict[Frame, frozenset[int]] = field(default_factory=dict)
    document: JSHandle | None = None
    mark: int = 0
    address: str = ""
    reply: Reply = field(init=False)

    def __post_init__(self) -> None:
        self.reply = Reply(self.window, self.matter, self.picture, self._look)

    async def click(self, part: FrameSnapshot, node: Node) -> Answer:
        """Clicks `node` and agrees to the dialogs that follow; once something was sent nothing more is clicked.

        `picture` is called before each further click. Raises DialogDeclined where the page is not what it was, or a
        dialog was objected to, and nothing was sent; PageChanged where a click cannot be made. What a click that was
        made has done, only a look can tell.
        """
        window = self.window
        before = await window.look(anew=True)
        if not self.still(before):
            raise PageMoved(window.page.url, _MOVED)
        self.known, self.seen = before.ids(), {n.text for n in before.texts()}
        self.address, self.document = part.shot.address, before.parts[0].registry
        self.reply.matter = _with_row(self.matter, part, self.own_row)
        window.traffic.work_begins()
        self.mark, asked = window.traffic.mark(), len(window.dialogs)
        window.agree_to = self._agrees_to
        try:
            await self._check_it_is_there(part, node)
            await window.click(part, node)
            view = await self._follow()
        except Error:
            if window.left is window:
                raise
            view = before  # a tab that closes itself has done so with its answer
        finally:
            window.agree_to = lambda _: False
        self._check_objections()
        return self._answer(view, window.dialogs[asked:])

    async def answer_to_what_came_after(self) -> Answer | None:
        """The answer to what the page has sent by itself since the click; None if it sent nothing."""
        return self._answer(await self._rest(), []) if self._has_sent() else None

    async def _check_it_is_there(self, part: FrameSnapshot, node: Node) -> None:
        """Raises PageMoved where the page was replaced since it was looked at: nothing was clicked."""
        try:
            await self.window.element(part, node)
        except PageChanged as error:
            raise PageMoved(self.window.page.url, error.missing) from error

    def _agrees_to(self, said: str) -> bool:
        """Whether to agree to a native dialog."""
        if self.objection is not None:
            return False
        self.objection = self.objects(said)
        foreign = self.reply.foreign_in(said, said.splitlines())
        agrees = self.objection is None and foreign is None
        self.reply.foreign = self.reply.foreign or foreign
        self.reply.agreed = self.reply.agreed or agrees
        return agrees

    def _check_objections(self) -> None:
        """Raises DialogDeclined where a dialog was not agreed to and nothing was sent.

        Where something has been sent all the same, only a look can tell what came of it: PageChanged, if that dialog
        was about another order. An offer that was declined gave way to what was asked for.
        """
        sent = [e for e in self.window.traffic.since(self.mark) if e.is_write and not self.window.traffic.is_noise(e)]
        address = self.window.page.url
        if self.objection is not None and sent:
            raise PageChanged(address, _and_sent(self.objection, sent))
        if (why := self.objection or self.reply.foreign) is not None and not sent:
            raise DialogDeclined(address, why)

    def _answer(self, view: PageSnapshot, native: list[str]) -> Answer:
        dialogs = native + self.dialogs
        # A dialog's question (确认后不可撤销) is no answer; what a native one says can be.
        said = [t for t in self.said if not any(t in d for d in dialogs)]
        said += [d for d in native if _is_answer(d)]
        return Answer(view, self._writes(), said, dialogs)

    def _writes(self) -> list[Exchange]:
        sent = own_writes(self.window.traffic.since(self.mark), self.address)
        return [w for w in sent if not self.window.traffic.is_noise(w)]

    def _has_sent(self) -> bool:
        return bool(self._writes())

    async def _follow(self) -> PageSnapshot:
        for _ in range(_MAX_DIALOGS):
            view, dialog = await self._next_dialog()
            if dialog is None and self.said and self.window.traffic.resting and not view.loading:
                return view  # it has answered, and two looks have agreed on it already
            if dialog is None or self.objection is not None:
                break
            self.dialogs.append(dialog.text)
            self.known = {**self.known, **view.ids()}
            self.answered[dialog.root.id] = _said_in(dialog)
            if not await self._deal_with(dialog):
                break
        return await self._rest()

    async def _next_dialog(self) -> tuple[PageSnapshot, Dialog | None]:
        """Waits for a dialog, or for a sign that none comes: something was sent, or none came in time."""
        deadline = time.monotonic() + (_DIALOG_SECONDS if self.reply.foreign is None else _DECLINED_SECONDS)
        previous: PageSnapshot | None = None
        while True:
            view = await self._look()
            sent = self._has_sent()
            # What another page asks is no dialog of this one, whatever of it floats.
            elsewhere = view.parts[0].registry is not self.document
            dialog = None if sent or elsewhere else self._dialog_in(view)
            late = time.monotonic() - deadline
            steady = self.window.same(previous, view)
            previous = view
            waits = self.reply.foreign is not None and not self.window.traffic.resting
            over = (sent and self.window.traffic.resting) or (late > 0 and not waits)
            if (steady and (dialog is not None or over)) or late > _DIALOG_SECONDS:
                return view, dialog
            await asyncio.sleep(_PAUSE)

    def _dialog_in(self, view: PageSnapshot) -> Dialog | None:
        """What asks now: a new layer, or one that was answered and says something else since."""
        known = {frame: ids - self._renewed(view, frame) for frame, ids in self.known.items()}
        dialog = dialog_after(view, known, self.kind, self.own_row, self._unchanged(view))
        if dialog is None or (is_notice(dialog, self.reply.matter) and any(map(_is_answer, _said_in(dialog)))):
            return None
        return dialog

    def _renewed(self, view: PageSnapshot, frame: Frame) -> set[int]:
        """The ids inside of layers that were answered: a kit shows the next question in the same ones."""
        shot = next((p.shot for p in view.parts if p.frame is frame), None)
        roots = [shot.by_id(root) for root in self.answered] if shot is not None else []
        return {n.id for root in roots if root is not None and shot is not None for n in shot.inside(root)}

    def _unchanged(self, view: PageSnapshot) -> set[int]:
        """The answered layers that still say anything of what they said."""
        shots = [p.shot for p in view.parts]
        found = set()
        for root_id, said in self.answered.items():
            nodes = [(s, s.by_id(root_id)) for s in shots]
            now = {fold(n.text) for s, root in nodes if root is not None for n in s.inside(root) if n.text}
            if not now or now & said:
                found.add(root_id)
        return found

    # one dialog

    async def _deal_with(self, dialog: Dialog) -> bool:
        """Answers a dialog; false where nothing further is to be clicked."""
        self.objection = self.objects(dialog.text)
        if self.objection is not None:
            await self.reply.decline(dialog)
            return False
        if is_notice(dialog, self.reply.matter):
            await self.reply.close(dialog)
            return True
        why = await self.reply.agree(dialog)
        if why is not None:
            self.reply.foreign = self.reply.foreign or why
            await self.reply.decline(dialog)
        return True

    async def _rest(self) -> PageSnapshot:
        deadline = time.monotonic() + _ANSWER_SECONDS
        while True:
            view = await self._look()
            if self.window.traffic.resting or time.monotonic() > deadline:
                view = await self.window.settled(5.0)
                self._hear(view)
                return view
            await asyncio.sleep(_PAUSE)

    async def _look(self) -> PageSnapshot:
        view = await self.window.look()
        self._hear(view)
        return view

    def _hear(self, view: PageSnapshot) -> None:
        """Takes note of messages that come up; many are gone after three seconds."""
        for text in (n.text for n in view.texts()):
            new = text not in self.seen and text not in self.said and len(text) <= _LONGEST
            if new and (_is_answer(text) or asks_to_declare(text)):
                self.said.append(text)


_MOVED = Text("what was to be clicked changed right before the click", "点击前页面内容已发生变化")


def _is_answer(text: str) -> bool:
    return vocabulary.SUCCESS.search(text) is not None or vocabulary.FAILURE.search(text) is not None


def _said_in(dialog: Dialog) -> frozenset[str]:
    """The sentences of a dialog, without the titles that all of a kit's dialogs have."""
    return frozenset(fold(n.text) for n in pieces_of(dialog)) - {"提示", "温馨提示", "确认", "操作提示"}


def _with_row(matter: Matter, part: FrameSnapshot, row: Node | None) -> Matter:
    """The matter with what the order's own row shows, so that a dialog may repeat it; nothing that offers anything."""
    if row is None or row.index >= len(part.shot.nodes) or part.shot.nodes[row.index] is not row:
        return matter
    shown = [n for n in part.shot.inside(row) if n.text and part.shot.worked_by(n) is None]
    if len(shown) > _MOST_CELLS:
        return matter  # it is no row but a page, which holds more than the order
    cells = {n.text for n in shown if len(n.text) < _LONGEST and not _OFFERS.search(n.folded)}
    return replace(matter, names=matter.names | cells)


def _and_sent(why: Text, sent: list[Exchange]) -> Text:
    """An objection with what was sent all the same."""
    what = shortened(", ".join(f"{e.method} {urlsplit(e.address).path}" for e in sent))
    return Text(f"{why.en}; by then this had been sent: {what}", f"{why.zh}；在此之前页面已发出：{what}")
