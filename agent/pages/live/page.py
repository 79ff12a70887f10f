"""One browser page with its frames: looks at it, waits until it rests, and works what a look has found."""

import asyncio
import json
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from importlib.resources import files
from typing import Any

from playwright.async_api import Dialog, ElementHandle, Error, Frame, JSHandle, Page, Response
from playwright.async_api import TimeoutError as PlaywrightTimeout

from agent.browser import ended, is_over
from agent.domain.errors import PageStuck
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.pages.inference.restless import Restless
from agent.pages.live import rest
from agent.pages.live.leaving import forget_question
from agent.pages.live.network import Traffic
from agent.pages.live.resource_blocking import ResourceBlocker
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot

_SCRIPTS = files("agent.pages")
_SNAPSHOT, _STIRRED = (_SCRIPTS.joinpath(f"{n}.js").read_text(encoding="utf-8") for n in ("snapshot", "stirred"))
# The script is kept in the document: to send and compile it for each look would take a third of the time.
_REGISTRY = f"""() => ({{
  ids: new WeakMap(), elements: new Map(), last: 0, told: null, version: 0, watch: ({_STIRRED})(), read: {_SNAPSHOT},
}})"""
_READ = "([registry, known, anew]) => registry.read([registry, known, anew])"
_PAUSE, _PAUSES = 0.05, 5
# How long a page at rest is waited for before it is looked at all the same, and one that is being drawn.
_WAITS, _CALM = 0.5, 0.2
_PATIENCE = 30.0
_STILL = 6.0
_CLICK_MS = 4000
_OPEN_MS, _LOAD_MS, _LATE_MS = 30000, 10000, 1000
# How many looks must agree on a page that shows that it is busy; and on one of a site whose pages never get ready.
_BUSY_LOOKS, _LATE_LOOKS = 40, 8
# What is said where a page was just about to go elsewhere, or to load itself anew.
_CROSSED = ("interrupted by another navigation", "ERR_ABORTED", "frame was detached")
_LOOK_SECONDS = 20.0
_RESTLESS_SECONDS = 60.0
_MOST_FRAMES = 60
_GROWTH_SECONDS = 1.0
_ELEMENTS = "() => document.getElementsByTagName('*').length"
# The smallest frames that a person reads. A captcha that is not asked for keeps the size that browsers give a frame,
# 300 x 150; one that is shown needs more.
_FRAME = (200, 100)
_CAPTCHA = (280, 180)
# What asks for a person lies on top, and no further to the side than the window reaches.
_CAN_BE_SEEN = """(frame, [width, height, asks]) => {
  let { left, top, right, bottom } = frame.getBoundingClientRect(), opacity = 1, fixed = false;
  for (let el = frame; el; el = el.parentElement) {
    const style = getComputedStyle(el), box = el.getBoundingClientRect();
    opacity *= parseFloat(style.opacity);
    if (el !== frame && el !== document.body && el !== document.documentElement && !fixed) {
      if (style.overflowX !== "visible") { left = Math.max(left, box.left); right = Math.min(right, box.right); }
      if (style.overflowY !== "visible") { top = Math.max(top, box.top); bottom = Math.min(bottom, box.bottom); }
    }
    fixed = fixed || style.position === "fixed";
  }
  if (asks) {
    const end = fixed ? innerHeight : document.documentElement.scrollHeight - scrollY;
    [left, right] = [Math.max(left, 0), Math.min(right, innerWidth)];
    [top, bottom] = [Math.max(top, fixed ? 0 : -scrollY), Math.min(bottom, end)];
  }
  const x = (left + right) / 2, y = (top + bottom) / 2, inside = y >= 0 && y < innerHeight;
  const large = right - left >= width && bottom - top >= height;
  const seen = large && opacity > 0.05 && right + scrollX > 0 && bottom + scrollY > 0;
  return seen && (!asks || !inside || document.elementFromPoint(x, y) === frame);
}"""


# What an element says, a line for each block in it, as a person reads it; without the elements of `left_out`.
_LINES = """(registry, [id, leftOut]) => {
  const out = new Set(leftOut.map(one => registry.elements.get(one)?.deref()));
  const lines = [""];
  const walk = el => {
    if (out.has(el) || el.tagName === "BUTTON" || el.getAttribute("role") === "button") return;
    const style = getComputedStyle(el);
    if (style.display === "none" || style.visibility !== "visible") return;
    const inline = style.display.startsWith("inline") || style.display === "contents";
    if (!inline) lines.push("");
    for (const child of el.tagName === "SLOT" ? el.assignedNodes() : (el.shadowRoot ?? el).childNodes) {
      if (child.nodeType === Node.TEXT_NODE) lines[lines.length - 1] += child.data;
      else if (child.tagName === "BR") lines.push("");
      else if (child.nodeType === Node.ELEMENT_NODE && !["SCRIPT", "STYLE"].includes(child.tagName)) walk(child);
    }
    if (!inline) lines.push("");
  };
  const root = registry.elements.get(id)?.deref();
  if (root) walk(root);
  return lines.map(line => line.trim()).filter(line => line);
}"""


class LivePage:
    """Owns the listeners of one page. Native dialogs are refused unless `agree_to` says otherwise."""

    def __init__(
        self, page: Page, allows: Callable[[str], bool] = lambda _: True, opener: "LivePage | None" = None
    ) -> None:
        """`allows` is true for the addresses that the page can reach at all. `opener` is what opened it as a tab."""
        self.raw, self.allows, self.opener = page, allows, opener
        self.traffic = Traffic(page, allows)
        self.blocker = ResourceBlocker(page)
        self.agree_to: Callable[[str], bool] = lambda _: False
        self.dialogs: list[str] = []
        self._registries: dict[Frame, JSHandle] = {}
        self._seen: dict[Frame, tuple[int, FrameSnapshot]] = {}
        self._unseen: set[Frame] = set()  # frames that a person does not see, by the latest look
        self._restless: dict[Frame, Restless] = {}
        self._late = False  # a page did not get ready
        self._waited = 0.0  # for a page that did not come to rest since
        page.on("dialog", self._dialog)

    @property
    def left(self) -> "LivePage":
        """This window, or the one that opened it if it has closed itself."""
        gone = self.opener is not None and self.raw.is_closed() and not self.opener.raw.is_closed()
        return self.opener if self.opener is not None and gone else self

    async def _dialog(self, dialog: Dialog) -> None:
        # A page is left when it is to be left: what it would lose is nothing that is wanted.
        leaves = dialog.type == "beforeunload"
        if not leaves:
            self.dialogs.append(dialog.message)
        agrees = leaves or dialog.type == "alert" or (dialog.type == "confirm" and self.agree_to(dialog.message))
        with suppress(Error):  # the page went, and the question with it
            await (dialog.accept() if agrees else dialog.dismiss())

    async def open(self, address: str) -> Response | None:
        """Load a page anew, by GET. Never reload(): after a form was posted that would send it a second time.

        What a page waits for without end, such as a picture that does not come, is not waited for, least of all the
        second time: looks tell whether it is ready.
        """
        if self.raw.url.split("#")[0] == address.split("#", maxsplit=1)[0]:
            # A browser does not load a page again where only what stands behind # differs.
            await self._goto("about:blank")
        self.traffic.worked()
        before, self.blocker.degraded = self.blocker.degraded, False
        try:
            answer = await self._goto(address)
        except Error:
            self.blocker.degraded |= before  # the document from before may still be there
            raise
        try:
            await self.raw.wait_for_load_state(timeout=_LATE_MS if self._late else _LOAD_MS)
        except PlaywrightTimeout:
            self._late = True
        return answer

    async def _goto(self, address: str) -> Response | None:
        """Go there, once more if the page went elsewhere by itself at that moment."""
        try:
            return await self._went(address)
        except Error as error:
            if not any(word in error.message for word in _CROSSED):
                raise
        return await self._went(address)

    async def _went(self, address: str) -> Response | None:
        if self.raw.url != "about:blank":
            await forget_question(self.raw)
        return await self.raw.goto(address, timeout=_OPEN_MS, wait_until="commit")

    async def look(self, *, anew: bool = False) -> PageSnapshot:
        """The page as it is now. A document that is just being replaced is looked at again.

        With `anew` also if the page gives no sign that anything in it has changed: what follows is of consequence.

        Raise PageStuck for a page that cannot be looked at: it was ended, or one document follows on another.
        """
        deadline = time.monotonic() + _LOOK_SECONDS
        while time.monotonic() < deadline:
            try:
                parts = await self._parts(anew)
            except Error as error:
                if is_over(error) and (stuck := ended(self.raw, error)):
                    raise stuck from error
                raise
            if parts and parts[0].frame is self.raw.main_frame:
                return PageSnapshot(tuple(parts))
            await asyncio.sleep(_PAUSE)
        raise PageStuck(self.raw.url, f"it could not be looked at for {_LOOK_SECONDS:.0f} s")

    async def _parts(self, anew: bool) -> list[FrameSnapshot]:
        parts: list[FrameSnapshot] = []
        seen, unseen = {self.raw.main_frame}, set[Frame]()
        if len(self.raw.frames) > _MOST_FRAMES:
            raise PageChanged(self.raw.url, _TOO_MANY_FRAMES)
        for frame in self.raw.frames:
            if frame is not self.raw.main_frame:
                if frame.parent_frame not in seen or not await _is_seen(frame):
                    unseen.add(frame)
                    continue
                seen.add(frame)
            part = await self._part(frame, anew)
            if part:
                parts.append(part)
        self._unseen = unseen
        return parts

    async def _part(self, frame: Frame, anew: bool) -> FrameSnapshot | None:
        for _ in range(2):
            try:
                registry = self._registries.get(frame) or await frame.evaluate_handle(_REGISTRY)
                self._registries[frame] = registry
                return await self._read(frame, registry, anew)
            except Error as error:
                self._registries.pop(frame, None)
                self._seen.pop(frame, None)
                if is_over(error):
                    raise
        return None

    async def _read(self, frame: Frame, registry: JSHandle, anew: bool) -> FrameSnapshot:
        """A frame as it is now: the very part that was read before, if nothing has changed."""
        version, part = self._seen.get(frame, (0, None))
        told = await frame.evaluate(_READ, [registry, version, anew])
        if told is None and part is not None:
            return part
        version, raw = told
        if raw is None:
            await self._check_growth(frame)
            raise PageChanged(self.raw.url, _TOO_LARGE)
        part = FrameSnapshot(frame, Snapshot.load(json.loads(raw)), registry)
        self._seen[frame] = version, part
        return part

    async def _check_growth(self, frame: Frame) -> None:
        """Raise PageStuck, the page closed, if a document grows while nobody works it: it would take all memory."""
        before = await frame.evaluate(_ELEMENTS)
        await asyncio.sleep(_GROWTH_SECONDS)
        if await frame.evaluate(_ELEMENTS) > before:
            with suppress(Error):
                await self.raw.close()
            raise PageStuck(self.raw.url, "it grows without end")

    async def still(self) -> dict[Frame, int] | None:
        """Equal at two moments if nothing stirred on the page between them; None if something has, or nobody can say.

        Of what a closed shadow tree does nobody can say, nor of what happens in frames that are not looked at.
        """
        fingerprints: dict[Frame, int] = {}
        for frame in self.raw.frames:
            registry = self._registries.get(frame)
            fingerprint = await registry.evaluate("registry => registry.watch.still()") if registry else None
            if fingerprint is None:
                return None
            fingerprints[frame] = fingerprint
        return fingerprints

    async def settled(
        self,
        patience: float = _PATIENCE,
        until: Callable[[PageSnapshot], bool] | None = None,
        *,
        calm: float = _PAUSE,
    ) -> PageSnapshot:
        """The page once it is at rest, nothing is under way and nothing spins; after `patience` seconds as it is.

        It is at rest if it says itself that nothing stirs for `calm` seconds, or if two looks agree. With `until` that
        also has to be true of the page, which is given up if nothing moves for six seconds. Raise PageStuck once a
        minute was spent on a page that has not come to rest since.
        """
        began = moved = time.monotonic()
        deadline = began + patience
        previous, steady = None, 0
        while True:
            snapshot = await self.look()
            steady = steady + 1 if self.same(previous, snapshot) else 0
            previous = snapshot
            if not steady and not snapshot.loading and await self.stays(snapshot, calm):
                steady = 1  # another look would show the same
            enough = 1 if not snapshot.loading else _LATE_LOOKS if self._late else _BUSY_LOOKS
            quiet = steady >= enough and self.traffic.resting
            moved = moved if quiet else time.monotonic()
            over = time.monotonic() > deadline or time.monotonic() - moved > _STILL
            if (quiet and (until is None or until(snapshot))) or over:
                self._late |= snapshot.loading and not snapshot.parts[0].shot.ready
                self._note(quiet, time.monotonic() - began)
                return snapshot
            await self._pause(snapshot, quiet=quiet, left=deadline - time.monotonic())

    def _note(self, quiet: bool, seconds: float) -> None:
        self._waited = 0.0 if quiet else self._waited + seconds
        if self._waited > _RESTLESS_SECONDS:
            raise PageStuck(self.raw.url, "it does not come to rest")

    def same(self, before: PageSnapshot | None, now: PageSnapshot) -> bool:
        """True if a person sees the same in both looks, apart from a small part of the page that is never at rest."""
        if before is None:
            return False
        if before.fingerprint == now.fingerprint:
            self._restless.clear()
            return True
        if [p.frame for p in before.parts] != [p.frame for p in now.parts]:
            return False
        pairs = zip(before.parts, now.parts, strict=True)
        each = [self._restless.setdefault(b.frame, Restless()).same(b.shot, a.shot) for b, a in pairs]
        return all(each)

    async def stays(self, snapshot: PageSnapshot, seconds: float) -> bool:
        """Return whether nothing has stirred since the latest look, nor does for so long, as the page itself says.

        False as soon as something stirs, and if nobody can say: a frame came, or could not be looked at.
        """
        known = self._unseen | {part.frame for part in snapshot.parts}
        latest = all(self._seen.get(part.frame, (0, None))[1] is part for part in snapshot.parts)
        return latest and known == {*self.raw.frames} and await rest.stays(snapshot, seconds)

    async def news(self, snapshot: PageSnapshot, seconds: float) -> None:
        """Wait until another look is worth it: something has stirred and calmed down, or the traffic has moved.

        No longer than `seconds`, and not for a page that does not calm down.
        """
        either: set[asyncio.Future[Any]] = {
            self.traffic.moved(),
            asyncio.ensure_future(self.stays(snapshot, seconds)),
        }
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in either:
                each.cancel()
        await self.calms(snapshot)

    async def calms(self, snapshot: PageSnapshot) -> None:
        """Wait a moment, and a little longer while something stirs in what was looked at."""
        await asyncio.gather(asyncio.sleep(_PAUSE), rest.calms(snapshot, _PAUSE, _CALM))

    async def _pause(self, snapshot: PageSnapshot, *, quiet: bool, left: float) -> None:
        """Wait until another look is worth it: something stirs, an answer has come, or what is drawn calms down."""
        if quiet and await self.stays(snapshot, max(0.0, min(_WAITS, left))):
            return
        for _ in range(_PAUSES):
            await asyncio.sleep(_PAUSE)
            if self.traffic.resting:
                break
        if not quiet and not snapshot.loading:
            await rest.calms(snapshot, _PAUSE, _CALM)

    async def element(self, part: FrameSnapshot, node: Node) -> ElementHandle:
        """The element behind a node. Raise PageChanged if the page has thrown it away, or was loaded anew."""
        try:
            handle = await part.registry.evaluate_handle("(r, id) => r.elements.get(id)?.deref() ?? null", node.id)
        except Error as error:
            if is_over(error):
                raise
            raise self._gone(node) from None  # the document that was looked at went, and the registry with it
        element = handle.as_element()
        if element is None:
            raise self._gone(node)
        return element

    async def click(self, part: FrameSnapshot, node: Node) -> None:
        """Click what a look has found, where a person would. Raise PageChanged if a click cannot reach it."""
        try:
            self.traffic.worked()
            # Without no_wait_after the time for a slow answer to the click would count as time in which it failed.
            await (await self.element(part, node)).click(timeout=_CLICK_MS, no_wait_after=True)
        except Error as error:
            if is_over(error):
                raise
            raise self._gone(node) from None

    async def lines(self, part: FrameSnapshot, node: Node, left_out: Collection[int]) -> list[str]:
        """What a node says, a line for each block, without what has these ids; empty if it is gone."""
        try:
            return list(await part.registry.evaluate(_LINES, [node.id, list(left_out)]))
        except Error as error:
            if is_over(error):
                raise
            return []

    async def hover(self, part: FrameSnapshot, node: Node) -> None:
        """Move the pointer onto a node; without effect if it cannot be reached."""
        try:
            await (await self.element(part, node)).hover(timeout=_CLICK_MS)
        except Error as error:
            if is_over(error):
                raise

    def _gone(self, node: Node) -> PageChanged:
        text = node.text or node.name or node.tag
        return PageChanged(self.raw.url, Text(f"“{text}” cannot be clicked", f"“{text}”无法点击"))


_TOO_LARGE = Text("it holds too much to be looked at", "页面内容过多，无法完整查看")
_TOO_MANY_FRAMES = Text("it consists of too many frames", "页面包含过多框架（iframe）")


async def _is_seen(frame: Frame) -> bool:
    """True if a person sees the frame: captcha frames that sites always keep are small, transparent or far away."""
    asks = "captcha" in frame.url or "punish" in frame.url
    width, height = _CAPTCHA if asks else _FRAME
    try:
        element = await frame.frame_element()
        box = await element.bounding_box()
        if box is None or box["width"] < width or box["height"] < height or not await element.is_visible():
            return False
        return bool(await element.evaluate(_CAN_BE_SEEN, [width, height, asks]))
    except Error:
        return False
