"""The reply to one dialog: agreed to if all in it is about the step, its boxes set first; else declined."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from agent.domain.page_errors import DialogDeclined, PageChanged
from agent.domain.text import Text, fold
from agent.pages import message_words
from agent.pages.inference.dialogs import Matter, declined, is_plain, judge, shortened
from agent.pages.inference.overlays import Dialog, again, decline_button
from agent.pages.inference.questions import (
    Tick,
    agree_buttons,
    counts,
    note_button,
    pieces_of,
    ticks_in,
    unknown_control,
    usable,
)
from agent.pages.live.page import LivePage
from agent.pages.live.pointer import click_at
from agent.pages.live.scroll_into_view import bring
from agent.pages.snapshot import Node
from agent.pages.view import PageSnapshot

Picture = Callable[[str], Awaitable[None]]
_MOST_CHANGES = 4
_PAUSE = 0.05
# A button that is switched off is waited for while its number falls.
_OFF_SECONDS, _COUNT_SECONDS, _COUNT_STEP_SECONDS = 3.0, 65.0, 4.0
# Whether something beside the box, and nothing that leads elsewhere, lies where the box does.
_IS_DRAWN = """box => {
  box.scrollIntoView({ block: "nearest" });
  const { left, top, width, height } = box.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  return hit !== null && hit !== box && box.parentElement.contains(hit) && hit.closest("a, button") === null;
}"""
_REMEMBERS = re.compile(r"不再(提示|提醒|显示|询问|弹出)")
_NO_WAY_ON = Text("the dialog has no button to agree", "确认对话框没有可点的按钮")
_MOVED = Text("what was to be clicked changed right before the click", "点击前页面内容已发生变化")


@dataclass(slots=True)
class Reply:
    """The replies to the dialogs of one press. `look` gives the page as it is now.

    `foreign` is why one of them was not agreed to, `agreed` true once one was.
    """

    page: LivePage
    matter: Matter
    picture: Picture
    look: Callable[[], Awaitable[PageSnapshot]]
    foreign: Text | None = None
    agreed: bool = False
    drawn: set[int] = field(default_factory=set)

    def foreign_in(self, text: str, pieces: list[str]) -> Text | None:
        """Why a dialog with these words is none of the step, None if it is the step's."""
        verdict = judge(pieces, self.matter)
        # 确定吗 is asked of the click, unless something else was asked before it.
        is_ours = verdict.of_step or (verdict.of_click and self.foreign is None)
        if is_ours and not verdict.foreign:
            return None
        return _asks_for_money(text) if message_words.PAYING.search(fold(text)) else declined(text, verdict.words)

    async def agree(self, dialog: Dialog) -> Text | None:
        """Press what agrees to a dialog, if all in it is about the step; else why not.

        What the dialog says is looked at again for as long as it changes, last of all after its picture was taken.
        """
        for _ in range(_MOST_CHANGES):
            if (why := await self._against(dialog)) or (why := await self._set_ticks(dialog)):
                return why
            now, ready = await self._ready(dialog)
            if not _has_changed(dialog, now):
                await bring(self.page, now.part, ready)
                await self.picture("dialog")
                now = self._still_there(await self.look(), dialog)
            button = usable(now, self.matter)
            if button is not None and not _has_changed(dialog, now):
                self.agreed = True
                await self.page.click(now.part, button)
                return None
            dialog = now
        return declined(dialog.text, "")

    def _still_there(self, snapshot: PageSnapshot, dialog: Dialog) -> Dialog:
        now = again(snapshot, dialog)
        if now is None:
            raise (PageChanged if self.agreed else DialogDeclined)(self.page.raw.url, _MOVED)
        return now

    async def _against(self, dialog: Dialog) -> Text | None:
        """Why a dialog as it stands is not to be agreed to, its boxes aside."""
        pieces = [n.text for n in pieces_of(dialog)]
        why = self.foreign_in(dialog.text, pieces)
        if why is not None:
            lines = await self.page.lines(dialog.part, dialog.root, _left_out(dialog, self.matter))
            if not Counter(fold("".join(pieces))) - Counter(fold("".join(lines))):  # nothing of it is left out
                why = self.foreign_in(dialog.text, lines)
        if why is None and (control := unknown_control(dialog)) is not None:
            why = declined(dialog.text, control)
        if why is None and not agree_buttons(dialog, self.matter) and not _waits(dialog):
            why = declined(dialog.text, "")
        return why

    async def _set_ticks(self, dialog: Dialog) -> Text | None:
        """Unticks what is not about the step and ticks what is; why not, if a box does not do as it is told."""
        wrong = [t for t in ticks_in(dialog) if t.ticked != self._wanted(t)]
        if _waits(dialog) and not ticks_in(dialog) and dialog.root.id not in self.drawn:
            nodes = (*pieces_of(dialog), *dialog.buttons)
            drawn = next((n for n in nodes if self._is_understanding(n.text)), None)
            if drawn is not None:
                self.drawn.add(dialog.root.id)
                await self.page.click(dialog.part, drawn)
        for tick in wrong:
            await self._tick(dialog, tick.node)
        if not wrong:
            return None
        now = again(await self.page.settled(3.0), dialog)
        left = [t for t in ticks_in(now) if t.ticked != self._wanted(t)] if now is not None else wrong
        if any(not t.ticked for t in left):
            raise self._no_way_on()
        return declined(dialog.text, left[0].label) if left else None

    def _wanted(self, tick: Tick) -> bool:
        """Whether a box is to be ticked: one that says 我已知晓 of the step, and no other. One with 不再提示 may be."""
        if _REMEMBERS.search(fold(tick.label)):
            return tick.ticked
        return self._is_understanding(tick.label)

    def _is_understanding(self, label: str) -> bool:
        return message_words.UNDERSTOOD.search(fold(label)) is not None and is_plain(label, self.matter)

    async def _ready(self, dialog: Dialog) -> tuple[Dialog, Node]:
        """The dialog with its button once that can be pressed; one that counts down is waited for."""
        latest = time.monotonic() + _COUNT_SECONDS
        deadline, counted = time.monotonic() + _OFF_SECONDS, counts(dialog)
        now: Dialog | None = dialog
        while now is not None:
            if (button := usable(now, self.matter)) is not None:
                return now, button
            if (count := counts(now)) != counted:
                counted, deadline = count, min(latest, time.monotonic() + _COUNT_STEP_SECONDS)
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(_PAUSE)
            now = again(await self.look(), dialog)
        raise self._no_way_on()

    def _no_way_on(self) -> PageChanged:
        # After another dialog was agreed to, nobody knows whether that was all that the site waited for.
        return (PageChanged if self.agreed else DialogDeclined)(self.page.raw.url, _NO_WAY_ON)

    async def _tick(self, dialog: Dialog, tick: Node) -> None:
        """Of a transparent box what is drawn in its place is clicked, which need not be its label (Semi)."""
        if tick.ghost and await (await self.page.element(dialog.part, tick)).evaluate(_IS_DRAWN):
            await click_at(self.page, dialog.part, tick)
        else:
            await self.page.click(dialog.part, tick)

    async def close(self, dialog: Dialog) -> None:
        """Take note of what only tells."""
        plain = not judge([n.text for n in pieces_of(dialog)], self.matter).foreign
        note = note_button(dialog) if plain else None
        if note is None:
            await self.decline(dialog)
        else:
            await self.page.click(dialog.part, note)

    async def decline(self, dialog: Dialog) -> None:
        await self.picture("dialog")
        now = again(await self.look(), dialog) or dialog
        button = decline_button(now)
        if button is None:
            await self.page.raw.keyboard.press("Escape")
        else:
            await self.page.click(now.part, button)


def _asks_for_money(text: str) -> Text:
    short = shortened(text)
    return Text(
        f"what followed the click asks for money (“{short}”); it was declined",
        f"点击后出现的内容要求付款（“{short}”），已取消",
    )


def _has_changed(before: Dialog, now: Dialog) -> bool:
    """True if a dialog says or holds anything else than it did, its buttons aside."""
    return _content(before) != _content(now)


def _content(dialog: Dialog) -> tuple[object, ...]:
    pieces = tuple(fold(n.text) for n in pieces_of(dialog))
    ticks = tuple((fold(t.label), t.ticked) for t in ticks_in(dialog))
    return pieces, ticks, unknown_control(dialog)


def _waits(dialog: Dialog) -> bool:
    """True if a button of it is switched off: it may come to agree."""
    return any(dialog.part.shot.is_disabled(b) for b in dialog.buttons)


def _left_out(dialog: Dialog, matter: Matter) -> list[int]:
    """The ids of what is no sentence: the buttons, and the words of the boxes."""
    boxed = [n for tick in ticks_in(dialog) for n in tick.words]
    return [n.id for n in (*dialog.buttons, *agree_buttons(dialog, matter), *boxed)]
