"""One consequential click: presses a button, agrees to the dialogs that are about it, and reports what came of it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NoReturn
from urllib.parse import urlsplit

from playwright.async_api import Error

from agent.domain.page_errors import DialogDeclined, PageChanged, PageMoved
from agent.domain.text import Text
from agent.pages import message_words
from agent.pages.actions.answer import Answer, is_answer
from agent.pages.actions.answered_dialogs import AnsweredDialogs
from agent.pages.actions.dialog_reply import Picture, Reply
from agent.pages.actions.messages import LONGEST, Messages
from agent.pages.inference.dialogs import Matter, shortened
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.overlays import Dialog
from agent.pages.inference.questions import is_notice
from agent.pages.inference.row_proof import Lasting, said_by
from agent.pages.live.network import Exchange, own_writes
from agent.pages.live.page import LivePage
from agent.pages.live.row_guard import RowGuard
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

Objects = Callable[[str], Text | None]
Still = Callable[[PageSnapshot], bool]
# What comes in the place of a question that was declined comes at once, or once the page has asked for it.
_DIALOG_SECONDS, _DECLINED_SECONDS = 4.0, 2.0
_ANSWER_SECONDS = 20.0
_MAX_DIALOGS = 6
# How long the page must be still; and how long news of it is waited for before it is looked at all the same.
_PAUSE, _NEWS_SECONDS = 0.05, 0.25
_MOST_CELLS = 30
# What a cell of the order's own row may hold besides the order: an offer, which is no fact of it.
_OFFERS = re.compile(
    rf"{message_words.BUYING.pattern}|开通|赠|试用|授权|保险|会员|自动|免密|优惠|特惠|\d元|[¥￥]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ConfirmedClick:
    """What is ordered: the press of one button, and assent to the dialogs about it.

    `kind` is the list on the page, whose own buttons are no dialog's, and `own_row` the row that is worked. `lasting`
    is what it says, if it stands in the button's frame: by the click it must still say so. A dialog is agreed to only
    if all that it says is about `matter`; what is about something else is declined, and what was asked for may follow
    it. `still` tells whether the page is as it was when the button was chosen. `objects` tells what in a dialog's words
    is not true of the order: then nothing further is done. `picture` is called before each further click.
    """

    page: LivePage
    kind: ListKind
    own_row: Node | None
    picture: Picture
    matter: Matter
    objects: Objects = lambda _: None
    still: Still = lambda _: True
    lasting: Lasting | None = None

    async def click(self, part: FrameSnapshot, node: Node) -> Answer:
        """Click `node` once. Raise as ClickAttempt.click."""
        return await ClickAttempt(self).click(part, node)


@dataclass(slots=True)
class ClickAttempt:
    """What has happened since one ConfirmedClick was begun."""

    order: ConfirmedClick
    objection: Text | None = None
    messages: Messages = field(default_factory=Messages)
    cursor: int = 0
    address: str = ""
    latest: PageSnapshot | None = None
    layers: AnsweredDialogs = field(init=False)
    reply: Reply = field(init=False)

    def __post_init__(self) -> None:
        self.reply = Reply(self.page, self.order.matter, self.order.picture, self._look)

    @property
    def page(self) -> LivePage:
        return self.order.page

    async def click(self, part: FrameSnapshot, node: Node) -> Answer:
        """Click `node` and agree to the dialogs that follow; once something was sent nothing more is clicked.

        Raise DialogDeclined if the page is not what it was, or a dialog was objected to, and nothing was sent;
        PageChanged if a click cannot be made. What a click that was made has done, only a look can tell.
        """
        guard = _guard(self.order, part, node)
        try:
            return await self._click(guard, part, node)
        finally:
            await guard.lift()

    async def _click(self, guard: RowGuard, part: FrameSnapshot, node: Node) -> Answer:
        page = self.page
        before = await self._proven(guard)
        self._note_before(before, part)
        page.traffic.work_begins()
        self.cursor, asked = page.traffic.cursor(), len(page.dialogs)
        snapshot = await self._clicked(before, guard)
        self._check_objections()
        return self._answer(snapshot, page.dialogs[asked:])

    async def _proven(self, guard: RowGuard) -> PageSnapshot:
        """The last look before the click. What it proves is guarded from before it was made."""
        if await guard.arm():
            before = await self.page.look(anew=True)
            if self.order.still(before):
                return before
        raise PageMoved(self.page.raw.url, _MOVED)

    def _note_before(self, before: PageSnapshot, part: FrameSnapshot) -> None:
        order = self.order
        self.layers = AnsweredDialogs.since(before, order.kind, order.own_row)
        self.messages.seen = {n.text for n in before.texts()}
        self.address, self.latest = part.shot.address, before
        self.reply.matter = _with_row(order.matter, part, order.own_row)

    async def _clicked(self, before: PageSnapshot, guard: RowGuard) -> PageSnapshot:
        """The page once the click and its dialogs are over."""
        page = self.page
        page.agree_to = self._agrees_to
        try:
            await self._check_it_is_there(guard.part, guard.node)
            await page.click(guard.part, guard.node)
            if await guard.lift():
                await self._was_held_back()
            return await self._follow()
        except Error:
            if page.left is page:
                raise
            return before  # a tab that closes itself has done so with its answer
        finally:
            page.agree_to = lambda _: False

    async def _was_held_back(self) -> NoReturn:
        """Raise PageMoved: no click reached the page. PageChanged if what went before it has sent something."""
        await self._rest()
        if sent := self._sent():
            raise PageChanged(self.page.raw.url, _and_sent(_MOVED, sent))
        raise PageMoved(self.page.raw.url, _MOVED)

    async def answer_to_what_came_after(self) -> Answer | None:
        """The answer to what the page has sent by itself since the click; None if it sent nothing."""
        if not self.address or not self._has_sent():
            return None
        return self._answer(await self._rest(), [])

    async def _check_it_is_there(self, part: FrameSnapshot, node: Node) -> None:
        """Raise PageMoved if the page was replaced since it was looked at: nothing was clicked."""
        try:
            await self.page.element(part, node)
        except PageChanged as error:
            raise PageMoved(self.page.raw.url, error.missing) from error

    def _agrees_to(self, text: str) -> bool:
        """Whether to agree to a native dialog."""
        if self.objection is not None:
            return False
        self.objection = self.order.objects(text)
        foreign = self.reply.foreign_in(text, text.splitlines())
        agrees = self.objection is None and foreign is None
        self.reply.foreign = self.reply.foreign or foreign
        self.reply.agreed = self.reply.agreed or agrees
        return agrees

    def _check_objections(self) -> None:
        """Raise DialogDeclined if a dialog was not agreed to and nothing was sent.

        Where something has been sent all the same, only a look can tell what came of it: PageChanged, if that dialog
        was about another order. An offer that was declined gave way to what was asked for.
        """
        sent = self._sent()
        address = self.page.raw.url
        if self.objection is not None and sent:
            raise PageChanged(address, _and_sent(self.objection, sent))
        if (why := self.objection or self.reply.foreign) is not None and not sent:
            raise DialogDeclined(address, why)

    def _answer(self, snapshot: PageSnapshot, native: list[str]) -> Answer:
        dialogs = native + self.layers.texts
        # A dialog's question (确认后不可撤销) is no answer; what a native one says can be.
        texts = [t for t in self.messages.texts if not any(t in d for d in dialogs)]
        texts += [d for d in native if is_answer(d)]
        return Answer(snapshot, self._writes(), texts, dialogs)

    def _sent(self) -> list[Exchange]:
        traffic = self.page.traffic
        return [e for e in traffic.since(self.cursor) if e.is_write and not traffic.is_noise(e)]

    def _writes(self) -> list[Exchange]:
        sent = own_writes(self.page.traffic.since(self.cursor), self.address)
        return [w for w in sent if not self.page.traffic.is_noise(w)]

    def _has_sent(self) -> bool:
        return bool(self._writes())

    async def _follow(self) -> PageSnapshot:
        for _ in range(_MAX_DIALOGS):
            snapshot, dialog = await self._next_dialog()
            if dialog is None and self.messages.texts and self.page.traffic.resting and not snapshot.loading:
                return snapshot  # it has answered, and two looks have agreed on it already
            if dialog is None or self.objection is not None:
                break
            self.layers.note(snapshot, dialog)
            if not await self._deal_with(dialog):
                break
        return await self._rest()

    async def _next_dialog(self) -> tuple[PageSnapshot, Dialog | None]:
        """Wait for a dialog, or for a sign that none comes: something was sent, or none came in time."""
        deadline = time.monotonic() + (_DIALOG_SECONDS if self.reply.foreign is None else _DECLINED_SECONDS)
        previous: PageSnapshot | None = None
        if self.latest is not None:
            await self.page.calms(self.latest)  # what a click brings glides in
        while True:
            snapshot = await self._look()
            steady = self.page.same(previous, snapshot) or await self.page.stays(snapshot, _PAUSE)
            sent = self._has_sent()
            dialog = None if sent else self.layers.next_in(snapshot, self.reply.matter)
            late = time.monotonic() - deadline
            previous = snapshot
            waits = self.reply.foreign is not None and not self.page.traffic.resting
            over = (sent and self.page.traffic.resting) or (late > 0 and not waits)
            if (steady and (dialog is not None or over)) or late > _DIALOG_SECONDS:
                return snapshot, dialog
            await self.page.news(snapshot, _NEWS_SECONDS)

    # one dialog

    async def _deal_with(self, dialog: Dialog) -> bool:
        """Answer a dialog; false if nothing further is to be clicked."""
        self.objection = self.order.objects(dialog.text)
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
        snapshot = self.latest or await self._look()
        while not self.page.traffic.resting and time.monotonic() < deadline:
            await self.page.news(snapshot, _NEWS_SECONDS)
            snapshot = await self._look()
        snapshot = await self.page.settled(5.0)
        self.messages.hear(snapshot)
        return snapshot

    async def _look(self) -> PageSnapshot:
        self.latest = await self.page.look()
        self.messages.hear(self.latest)
        return self.latest


_MOVED = Text("what was to be clicked changed right before the click", "点击前页面内容已发生变化")


def _guard(order: ConfirmedClick, part: FrameSnapshot, node: Node) -> RowGuard:
    """What must hold of a button at the moment in which it is pressed."""
    row, lasting = order.own_row, order.lasting
    if lasting is None and row is not None and _is_of(part, row):
        lasting = Lasting.named(part.shot, row, order.matter.numbers)
    return RowGuard(part, node, lasting, said_by(node))


def _is_of(part: FrameSnapshot, row: Node) -> bool:
    return row.index < len(part.shot.nodes) and part.shot.nodes[row.index] is row


def _with_row(matter: Matter, part: FrameSnapshot, row: Node | None) -> Matter:
    """The matter with what the order's own row shows, so that a dialog may repeat it; nothing that offers anything."""
    if row is None or not _is_of(part, row):
        return matter
    shown = [n for n in part.shot.inside(row) if n.text and part.shot.worked_by(n) is None]
    if len(shown) > _MOST_CELLS:
        return matter  # it is no row but a page, which holds more than the order
    cells = {n.text for n in shown if len(n.text) < LONGEST and not _OFFERS.search(n.folded)}
    return replace(matter, names=matter.names | cells)


def _and_sent(why: Text, sent: list[Exchange]) -> Text:
    """An objection with what was sent all the same."""
    what = shortened(", ".join(f"{e.method} {urlsplit(e.address).path}" for e in sent))
    return Text(f"{why.en}; by then this had been sent: {what}", f"{why.zh}；在此之前页面已发出：{what}")
