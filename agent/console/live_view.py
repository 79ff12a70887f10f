"""One page that somebody has open in the console: what it shows, and what the person does in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from loguru import logger
from playwright.async_api import Error
from pydantic import BaseModel, Field, FiniteFloat

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.text import Text
from agent.pages.actions.screencast import Screencast, screencast
from agent.pages.live.hand import Hand
from agent.pages.live.page import LivePage

_UNWATCHED = timedelta(minutes=1)
_WIDTH, _HEIGHT = 1280, 800
_ALLOWED_SECONDS = 5.0
_PICTURE_SECONDS = 1.0
Portion = Annotated[FiniteFloat, Field(ge=0, le=1)]
Key = Literal["Enter", "Tab", "Backspace", "Delete", "Escape", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]


class Input(BaseModel):
    """Something that the person did: where, as a part of the window's width and height; or a key, or some text."""

    kind: Literal["move", "down", "up", "wheel", "key", "text"]
    x: Portion = 0
    y: Portion = 0
    wheel: Annotated[FiniteFloat, Field(ge=-5000, le=5000)] = 0
    key: Key | None = None
    text: Annotated[str, Field(max_length=200)] = ""


class State(StrEnum):
    """How far an opened page is."""

    OPENING = "opening"
    BUSY = "busy"
    YOURS = "yours"
    TAKEN_BACK = "taken_back"
    LOGGED_IN = "logged_in"
    ENDED = "ended"


@dataclass(eq=False)
class LiveView:
    """A page that `who` has opened; `told` is how it ended. `until` and what `clock` gives are aware moments."""

    id: str
    who: str
    account: AccountKey
    until: datetime
    clock: Callable[[], datetime]
    state: State = State.OPENING
    asked: ChallengeKind | None = None
    told: Text | None = None
    task: "asyncio.Task[None] | None" = field(default=None, repr=False)
    _hand: Hand | None = None
    _cast: Screencast | None = None
    _leaving: bool = False
    _seen_at: datetime | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)
    _typed: bool = False

    def __post_init__(self) -> None:
        self._seen_at = self.clock()

    @property
    def runs(self) -> bool:
        """True until it has ended."""
        return self.state not in (State.LOGGED_IN, State.ENDED)

    # what the log-in does with it

    @asynccontextmanager
    async def showing(self, page: LivePage, secrets: Collection[str]) -> AsyncIterator[None]:
        """Show the page for as long as the block lasts."""
        await page.raw.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
        async with screencast(page.raw, secrets) as cast:
            self._hand, self._cast = Hand(page.raw, secrets), cast
            self._become(State.OPENING)
            try:
                yield
            finally:
                self._hand = self._cast = None

    def waits(self) -> bool:
        """Note that something else works on the merchant. Return True to wait for its end."""
        self._become(State.BUSY)
        return not self.left() and self.clock() < self.until

    def hand_over(self, kind: ChallengeKind) -> None:
        """Let the person work in the page."""
        self.asked = kind
        self._become(State.YOURS)

    def takes_back(self) -> bool:
        """Return True, once, if the person has said that it is done. If it is not, the page is theirs again."""
        if self.state is not State.TAKEN_BACK:
            return False
        self._become(State.YOURS)
        return True

    def left(self) -> bool:
        """Return True if its end was asked for, or nobody has looked for a minute."""
        return self._leaving or (self._seen_at is not None and self.clock() - self._seen_at > _UNWATCHED)

    def end(self, state: State, told: Text | None) -> None:
        """Note how it ended."""
        self.told = told
        self._become(state)

    # what the person does with it

    def leave(self) -> None:
        """Ask for its end."""
        self._leaving = True

    def hand_back(self) -> None:
        """Say that what was asked for is done."""
        if self.state is State.YOURS:
            self._become(State.TAKEN_BACK)

    async def pictures(self, allowed: Callable[[], Awaitable[bool]]) -> AsyncIterator[bytes | None]:
        """Yield each new picture, and None whenever something else has changed; until it has ended.

        It ends for who is not `allowed` to look any more, too, which is asked every few seconds.
        """
        shown, checked, loop = 0, 0.0, asyncio.get_running_loop()
        while self.runs:
            if loop.time() - checked > _ALLOWED_SECONDS:
                if not await allowed():
                    return
                checked = loop.time()
            self._seen_at = self.clock()
            if (cast := self._cast) is not None and cast.number != shown:
                shown = cast.number
                yield cast.jpeg
            elif await self._has_changed(cast):
                yield None
        yield None

    async def _has_changed(self, cast: Screencast | None) -> bool:
        """Wait for whatever comes next. Return True if it is no picture."""
        changed = asyncio.ensure_future(self._changed.wait())
        renewed = [asyncio.ensure_future(cast.renewed.wait())] if cast is not None else []
        waiting = [changed, *renewed]
        try:
            done, _ = await asyncio.wait(waiting, timeout=_PICTURE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:  # also when who looked has gone
            for each in waiting:
                each.cancel()
        return changed in done

    async def act(self, done: Sequence[Input]) -> list[str]:
        """Do in the page what the person did, in that order, and return what was pressed; nothing of what was typed.

        Return nothing, and do nothing, unless the page is the person's by now.
        """
        pressed: list[str] = []
        async with self._one_by_one:
            for each in done:
                if self._hand is not None and self.state is State.YOURS:
                    pressed += self._told(each, await _did(self._hand, each))
        return pressed

    def _told(self, done: Input, pressed: list[str]) -> list[str]:
        """What is told of it. That something was typed is told once: how often says how long it was."""
        if done.kind == "move":
            return []
        again, self._typed = self._typed, done.kind == "text"
        return [] if again and self._typed else pressed

    def _become(self, state: State) -> None:
        if self.state is not state or state is State.OPENING:
            self.state = state
            self._changed.set()
            self._changed = asyncio.Event()


async def _did(hand: Hand, done: Input) -> list[str]:
    """Do it, and say what is to be told of it."""
    x, y = done.x * _WIDTH, done.y * _HEIGHT
    place = f"{round(x)},{round(y)}"
    try:
        match done.kind:
            case "move":
                await hand.move(x, y)
            case "down":
                name = await hand.down(x, y)
                return [f"down {place} {name}".rstrip()]
            case "up":
                await hand.up(x, y)
                return [f"up {place}"]
            case "wheel":
                await hand.wheel(done.wheel)
            case "key" if done.key:
                await hand.press(done.key)
                return [done.key]
            case "text":
                await hand.type(done.text)
                return ["(typed)"]
    except Error as error:  # the page went on meanwhile
        logger.debug("a live view: {}", error.message.splitlines()[0][:120])
    return []
