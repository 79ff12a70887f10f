"""The ways in which a person logs in: in a visible window, by scanning a code, or with the code of a message."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from loguru import logger

from agent.browser.storage_state import StorageState
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import UsageError
from agent.domain.orders import Order
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.flows.runs.attended import ManualLogin
from agent.flows.session.password_login import is_log_in
from agent.flows.session.shop_selection import choose_shop
from agent.pages.actions.qr import QrCode, find_qr, is_scanned, renew_qr, show_qr
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

# How long the picture of a code is offered to other processes; sites renew theirs every one to three minutes.
_QR_LASTS = timedelta(minutes=3)
_CODE_SECONDS = 30.0


class ByWindow:
    """In a window: nothing is typed or clicked. `ready` is called once the log-in page is open."""

    def __init__(self, ready: Callable[[LivePage], None]) -> None:
        self._ready = ready

    async def __call__(self, entrance: ManualLogin) -> list[Order]:
        self._ready(entrance.page)
        return await entrance.logged_in(_only_looking)


async def _only_looking(_: PageSnapshot) -> None: ...


class ByQr:
    """扫码: each code that the page shows is given to `draw`; one that is over is renewed."""

    def __init__(self, draw: Callable[[QrCode], None], scanned: Callable[[], None]) -> None:
        self._draw, self._scanned = draw, scanned
        self._shown: str | None = None
        self._told = False
        self._deadline = 0.0

    async def __call__(self, entrance: ManualLogin) -> list[Order]:
        self._deadline = time.monotonic() + _CODE_SECONDS

        async def look(snapshot: PageSnapshot) -> None:
            if is_log_in(snapshot) or self._shown is None:
                await self._look(entrance, snapshot)
            else:
                await choose_shop(entrance.page, entrance.site.title, entrance.opened.access.shop_name)

        return await entrance.logged_in(look)

    async def _look(self, entrance: ManualLogin, snapshot: PageSnapshot) -> None:
        page = entrance.page
        if is_scanned(snapshot):
            if not self._told:
                self._scanned()
            self._told = True
            return
        self._told = False
        with suppress(PageChanged):  # the page may move on, for somebody has logged in, while it is pressed
            if await renew_qr(page, snapshot):
                return
        code = await find_qr(page, snapshot)
        if code is None and self._shown is None and time.monotonic() > self._deadline:
            raise PageChanged(
                snapshot.address, Text("it shows no QR code that can be read", "页面上没有可识别的二维码")
            )
        if code is None:
            with suppress(PageChanged):
                await show_qr(page, snapshot, entrance.site.qr_switch or entrance.site.password_switch)
        elif code.payload != self._shown:
            self._shown = code.payload
            await self._ask(entrance, code)

    async def _ask(self, entrance: ManualLogin, code: QrCode) -> None:
        place = await entrance.opened.evidence.keep_picture("qr", code.picture)
        entrance.opened.handoff.show(ChallengeKind.QR, place, _QR_LASTS)
        logger.info("{}: a code to scan is shown", entrance.site.title)
        self._draw(code)


async def by_code(entrance: ManualLogin) -> list[Order]:
    """The password is typed as in every run; what the site sends then, a person is asked for."""
    session = entrance.opened.session()
    await entrance.read(session)
    return await entrance.prove(await StorageState.of(entrance.page.raw))


def has_screen() -> bool:
    """True if a window can be shown."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))


def check_screen(cure: Text | None = None) -> None:
    """Raise UsageError if no window can be shown; `cure` is what to do instead of what is said of log-ins."""
    if not has_screen():
        raise UsageError(_NO_SCREEN, cure or _LOG_IN_OTHERWISE)


_NO_SCREEN = Text("There is no screen for a window here.", "本机没有屏幕，无法显示窗口。")
_LOG_IN_OTHERWISE = Text(
    "Run this on a machine with one, on the same data directory or database; or log in with `--qr`, or with neither "
    "option by password and the code of a message.",
    "请在有屏幕的电脑上运行（使用同一数据目录或数据库），或用 --qr 扫码登录，或不加选项用密码加短信验证码登录。",
)
