"""One consequential click: presses a button, agrees to the dialog that follows, and reports what came of it."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from playwright.async_api import Error, Frame, JSHandle

from agent.domain.errors import DialogDeclined, PageChanged
from agent.domain.text import Text, fold
from agent.pages import words
from agent.pages.condition import ListKind
from agent.pages.overlays import Dialog, decline_button, dialog_after
from agent.pages.pointer import click_at
from agent.pages.snapshot import Node
from agent.pages.traffic import Exchange, own_writes
from agent.pages.window import Part, View, Window

Picture = Callable[[str], Awaitable[None]]
Objects = Callable[[str], Text | None]
Still = Callable[[View], bool]
_DIALOG_SECONDS = 4.0
_ANSWER_SECONDS = 20.0
_MAX_DIALOGS = 3
_PAUSE = 0.05
# Whether something beside the box, and nothing that leads elsewhere, lies where the box does.
_IS_DRAWN = """box => {
  box.scrollIntoView({ block: "nearest" });
  const { left, top, width, height } = box.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  return hit !== null && hit !== box && box.parentElement.contains(hit) && hit.closest("a, button") === null;
}"""
_LONGEST = 60


@dataclass(slots=True)
class Answer:
    """What followed a press. `said` are the messages that appeared; `writes` what was sent, with its answers.

    `wire_agrees`: whether what was sent is what was meant; None if that was not compared.
    """

    view: View
    writes: list[Exchange] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    wire_agrees: bool | None = None

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
        if status is None and any(words.SUCCESS.search(t) and not words.FAILURE.search(t) for t in self.said):
            return None
        failed = next((t for t in self.said if words.FAILURE.search(t) and not words.SUCCESS.search(t)), None)
        return failed or (f"HTTP {status}" if status else None)


@dataclass(slots=True)
class Press:
    """The pressing of one button. `kind` is the list on the page, whose own buttons are no dialog's.

    `still` tells whether the page is as it was when the button was chosen. `objects` tells what speaks against agreeing
    to a dialog of these words, if anything does; one with words of `never` is not agreed to anyway.
    """

    window: Window
    kind: ListKind
    own_row: Node | None
    picture: Picture
    objects: Objects = lambda _: None
    still: Still = lambda _: True
    objection: Text | None = None
    never: re.Pattern[str] = words.PAYING
    seen: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    known: dict[Frame, frozenset[int]] = field(default_factory=dict)
    document: JSHandle | None = None
    agreed: bool = False
    mark: int = 0
    address: str = ""

    async def click(self, part: Part, node: Node) -> Answer:
        """Clicks `node` and agrees to the dialogs that follow; once something was sent nothing more is clicked.

        `picture` is called before each further click. Raises DialogDeclined where the page is not what it was, or a
        dialog was objected to, and nothing was sent; PageChanged where a click cannot be made. What a click that was
        made has done, only a look can tell.
        """
        window = self.window
        before = await window.look()
        if not self.still(before):
            raise DialogDeclined(window.page.url, _MOVED)
        self.known, self.seen = before.ids(), {n.text for n in before.texts()}
        self.address, self.document = part.shot.address, before.parts[0].registry
        window.traffic.work_begins()
        self.mark, asked = window.traffic.mark(), len(window.dialogs)
        window.agree_to = self._agrees_to
        try:
            await window.click(part, node)
            view = await self._follow()
        except Error:
            if window.left is window:
                raise
            view = before  # a tab that closes itself has done so with its answer
        finally:
            window.agree_to = lambda _: False
        if self.objection is not None:
            self._give_up(self.objection)
        return self._answer(view, window.dialogs[asked:])

    def _agrees_to(self, said: str) -> bool:
        """Whether to agree to a native dialog."""
        self.objection = self.objection or self._objects(said)
        self.agreed = self.agreed or self.objection is None
        return self.objection is None

    def _objects(self, said: str) -> Text | None:
        return _MONEY if self.never.search(fold(said)) else self.objects(said)

    def _give_up(self, why: Text) -> None:
        # Where something has been sent all the same, only a look can tell what came of it.
        sent = any(e.is_write for e in self.window.traffic.since(self.mark) if not self.window.traffic.is_noise(e))
        if why is not _MONEY or not sent:  # an offer that was declined may give way to what was asked for
            raise (PageChanged if sent else DialogDeclined)(self.window.page.url, why)

    def _answer(self, view: View, native: list[str]) -> Answer:
        dialogs = native + self.dialogs
        # A dialog's question (确认后不可撤销) is no answer; what a native one says can be.
        said = [t for t in self.said if not any(t in d for d in dialogs)]
        said += [d for d in native if _is_answer(d)]
        return Answer(view, self._writes(), said, dialogs)

    def _writes(self) -> list[Exchange]:
        return own_writes(self.window.traffic.since(self.mark), self.address)

    def _has_sent(self) -> bool:
        return any(not self.window.traffic.is_noise(w) for w in self._writes())

    async def _follow(self) -> View:
        for _ in range(_MAX_DIALOGS):
            view, dialog = await self._next_dialog()
            if dialog is None and self.said and self.window.traffic.resting and not view.loading:
                return view  # it has answered, and two looks have agreed on it already
            if dialog is None:
                break
            self.dialogs.append(dialog.text)
            objection = self._objects(dialog.text)
            self.objection = self.objection or objection
            self.known = {**self.known, **view.ids()}
            if objection is None:
                await self._agree(dialog)
                continue
            await self._decline(dialog)
            if objection is not _MONEY:
                break
        return await self._rest()

    async def _next_dialog(self) -> tuple[View, Dialog | None]:
        """Waits for a dialog, or for a sign that none comes: something was sent, or none came in time."""
        deadline = time.monotonic() + _DIALOG_SECONDS
        previous = 0
        while True:
            view = await self._look()
            sent = self._has_sent()
            # What another page asks is no dialog of this one, whatever of it floats.
            elsewhere = view.parts[0].registry is not self.document
            asks = not sent and not elsewhere
            dialog = dialog_after(view, self.known, self.kind, self.own_row, self.never) if asks else None
            steady = view.fingerprint == previous
            previous = view.fingerprint
            over = (sent and self.window.traffic.resting) or time.monotonic() > deadline
            if steady and (dialog is not None or over):
                return view, dialog
            await asyncio.sleep(_PAUSE)

    async def _agree(self, dialog: Dialog) -> None:
        window = self.window
        for tick in dialog.ticks:
            await self._tick(dialog, tick)
        part, agree = dialog.part, dialog.agree
        if agree is None:
            part, agree = _enabled(await window.settled(3.0), dialog)
        if agree is None:
            # After another dialog was agreed to, nobody knows whether that was all that the site waited for.
            raise (PageChanged if self.agreed else DialogDeclined)(window.page.url, _NO_WAY_ON)
        await self.picture("dialog")
        self.agreed = True
        await window.click(part, agree)

    async def _tick(self, dialog: Dialog, tick: Node) -> None:
        """Of a transparent box what is drawn in its place is clicked, which need not be its label (Semi)."""
        if tick.ghost and await (await self.window.element(dialog.part, tick)).evaluate(_IS_DRAWN):
            await click_at(self.window, dialog.part, tick)
        else:
            await self.window.click(dialog.part, tick)

    async def _decline(self, dialog: Dialog) -> None:
        await self.picture("dialog")
        button = decline_button(dialog)
        if button is None:
            await self.window.page.keyboard.press("Escape")
        else:
            await self.window.click(dialog.part, button)

    async def _rest(self) -> View:
        deadline = time.monotonic() + _ANSWER_SECONDS
        while True:
            view = await self._look()
            if self.window.traffic.resting or time.monotonic() > deadline:
                view = await self.window.settled(5.0)
                self._hear(view)
                return view
            await asyncio.sleep(_PAUSE)

    async def _look(self) -> View:
        view = await self.window.look()
        self._hear(view)
        return view

    def _hear(self, view: View) -> None:
        """Takes note of messages that come up; many are gone after three seconds."""
        for text in (n.text for n in view.texts()):
            if text not in self.seen and text not in self.said and len(text) <= _LONGEST and _is_answer(text):
                self.said.append(text)


_MONEY = Text("what followed the click asks for money; it was declined", "点击后出现的内容要求付款，已取消")
_NO_WAY_ON = Text("the dialog has no button to agree", "确认对话框没有可点的按钮")
_MOVED = Text("what was to be clicked changed right before the click", "点击前页面内容已发生变化")


def _is_answer(text: str) -> bool:
    return bool(words.SUCCESS.search(text) or words.FAILURE.search(text))


def _enabled(view: View, dialog: Dialog) -> tuple[Part, Node | None]:
    """The dialog's positive button once its boxes are ticked."""
    part = next((p for p in view.parts if p.frame is dialog.part.frame), dialog.part)
    root = part.shot.by_id(dialog.root.id)
    buttons = [n for n in part.shot.inside(root) if words.is_one_of(n.text, words.AGREE)] if root else []
    usable = (n for n in buttons if part.shot.worked_by(n) and not part.shot.is_disabled(n))
    return part, next(usable, None)
