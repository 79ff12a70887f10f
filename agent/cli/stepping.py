"""`fankuan sync --step`: asks the person at the terminal, and in the page's corner, before each consequential click."""

import asyncio
import sys
import threading
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING

from agent.cli.language import pick, say
from agent.cli.session import complain
from agent.domain.errors import UsageError
from agent.domain.orders import SHANGHAI
from agent.domain.text import Text
from agent.domain.wording import DOING

if TYPE_CHECKING:
    from agent.flows.steps.oversight import AboutToClick, Decision

_KEYS = {"g": "go_on", "s": "skip_step", "o": "skip_order", "q": "stop"}


def check_stepping(*, headed: bool, as_json: bool) -> None:
    """Raise UsageError unless somebody sees the window and can answer."""
    if not headed:
        raise UsageError(
            Text("--step shows in a window what is about to be clicked.", "--step 会在窗口中标出即将点击的位置。"),
            Text("Add --headed.", "请加上 --headed。"),
        )
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            Text("--step asks on a terminal, and there is none.", "--step 需要在终端中询问，此处没有终端。"),
            Text(
                "Run it on a terminal, without --json, and without input or messages led elsewhere.",
                "请在终端中运行，不加 --json，也不要重定向输入或提示信息。",
            ),
        )


class Stepper:
    """Decides on each click as the person says. `stopped` once that was to stop."""

    def __init__(self) -> None:
        self.stopped = False
        self._lines: asyncio.Queue[str] | None = None

    async def decide(self, click: "AboutToClick") -> "Decision":
        """Outline the button, say why, and wait for a key or one of the buttons in the page."""
        from agent.flows.steps.oversight import Decision
        from agent.pages.live.panel import panel

        lines, typed = self._reason(click), self._typed()
        complain("\n".join([*lines, f"  {_choices()}"]))
        buttons = [(decision.value, say(_LABELS[decision.value])) for decision in Decision]
        async with panel(click.page, await click.focus.boxes(), lines, buttons) as pressed:
            decision = Decision(await _first(pressed, _key(typed)))
        complain(say(_LABELS[decision.value]))
        self.stopped |= decision is Decision.STOP
        return decision

    @staticmethod
    def _reason(click: "AboutToClick") -> Sequence[str]:
        order = click.order
        number = order.order_no or "-"
        day = f"{order.ordered_at.astimezone(SHANGHAI):%Y-%m-%d}"
        return (
            pick(
                f"{click.account}: {say(DOING[click.kind])} {number}",
                f"{click.account}：{say(DOING[click.kind])} {number}",
            ),
            f"{order.service} · {day} · {order.amount:.2f} {order.currency}",
            pick(f"About to press “{click.button}”.", f"即将点击“{click.button}”。"),
        )

    def _typed(self) -> "asyncio.Queue[str]":
        """The lines that are typed from now on."""
        if self._lines is None:
            self._lines = asyncio.Queue()
            # A thread of its own: nobody may ever press a key, and that must not keep the process from ending.
            read = threading.Thread(target=_read, args=(asyncio.get_running_loop(), self._lines), daemon=True)
            read.start()
        while not self._lines.empty():
            self._lines.get_nowait()
        return self._lines


def _read(loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[str]") -> None:
    for line in sys.stdin:
        if loop.is_closed():
            return
        loop.call_soon_threadsafe(lines.put_nowait, line)


async def _key(typed: "asyncio.Queue[str]") -> str:
    while True:
        said = (await typed.get()).strip().lower()
        if (word := _KEYS.get(said[:1])) is not None:
            return word
        complain(_choices())


async def _first(pressed: "asyncio.Future[str]", key: "Coroutine[None, None, str]") -> str:
    """Whichever comes first."""
    asked = asyncio.ensure_future(key)
    try:
        done, _ = await asyncio.wait([pressed, asked], return_when=asyncio.FIRST_COMPLETED)
    finally:
        asked.cancel()
    return next(iter(done)).result()


def _choices() -> str:
    return pick(
        "[g] go on   [s] skip this step   [o] skip this order   [q] stop",
        "[g] 继续   [s] 跳过此步   [o] 跳过此订单   [q] 停止",
    )


_LABELS = {
    "go_on": Text("Go on", "继续"),
    "skip_step": Text("Skip this step", "跳过此步"),
    "skip_order": Text("Skip this order", "跳过此订单"),
    "stop": Text("Stop", "停止"),
}
