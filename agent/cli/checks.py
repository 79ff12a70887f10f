"""What `fankuan doctor` looks at on this machine. Each check says what it found and, where needed, how to mend it."""

import shutil
import stat
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.words import RENEW_CALENDAR
from agent.domain.errors import UsageError
from agent.domain.page_shape import PageChange
from agent.domain.text import Text
from agent.vault import KEY_FILE, Vault

if TYPE_CHECKING:
    from agent.settings import EvidenceStoreSettings, Settings

PATIENCE = 20  # seconds for a program to say its version
LEAST_FREE = 1_000_000_000  # bytes
OLDEST_CLOCK = 2026  # this program did not exist before


class Status(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `cure` says what to do unless all is well."""

    check: str
    status: Status
    detail: Text
    cure: Text | None = None


def _output_of(command: Sequence[str | Path]) -> str | None:
    """What a program prints, or None if it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True, text=True, errors="replace")
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def browser(settings: "Settings") -> Check:
    """A Chromium that starts. On Windows asking for the version opens a window, so being there has to do."""
    from agent.browser import browser_version, find_browser

    cure = Text(
        "Install Chrome or Chromium (or run: playwright install chromium), or set FANKUAN_BROWSER__EXECUTABLE.",
        "请安装 Chrome 或 Chromium（或运行 playwright install chromium），也可设置 FANKUAN_BROWSER__EXECUTABLE。",
    )
    path = find_browser(settings.browser.executable, headless=settings.browser.headless)
    if path is None:
        return Check("browser", Status.PROBLEM, Text("no browser found", "未找到浏览器"), cure)
    version = path.name if sys.platform == "win32" else browser_version(path)
    if version is None:
        return Check("browser", Status.PROBLEM, Text(f"{path} does not start", f"{path} 无法启动"), cure)
    return Check("browser", Status.OK, Text(f"{version} ({path})", f"{version}（{path}）"))


def fonts() -> Check:
    """Chinese fonts; without them pages are read all the same, but pictures show boxes."""
    if sys.platform in {"darwin", "win32"}:
        return Check("fonts", Status.OK, Text("come with the system", "系统自带"))
    listed = _output_of(["fc-list", ":lang=zh", "family"]) if shutil.which("fc-list") else None
    if listed:
        families = len(set(listed.splitlines()))
        return Check("fonts", Status.OK, Text(f"{families} Chinese font families", f"{families} 个中文字体"))
    return Check(
        "fonts",
        Status.WARNING,
        Text("no Chinese font found: pictures show boxes instead of words", "未找到中文字体：截图中的汉字会显示为方框"),
        Text(
            "Debian, Ubuntu: apt-get install fontconfig fonts-noto-cjk",
            "Debian、Ubuntu：apt-get install fontconfig fonts-noto-cjk",
        ),
    )


def key(settings: "Settings") -> Check:
    """The key that seals passwords. A missing file is not made here: it may be a lost one."""
    path = settings.data_dir / KEY_FILE
    if settings.vault_key is None and not path.exists():
        made = Text(f"{path} does not exist", f"{path} 不存在")
        return Check("key", Status.WARNING, made, Text("It is made at first use.", "首次使用时会自动生成。"))
    try:
        Vault.of(settings)
    except UsageError as error:
        return Check("key", Status.PROBLEM, Text(str(path), str(path)), error.text)
    if settings.vault_key is not None:
        return Check("key", Status.OK, Text("from FANKUAN_VAULT_KEY", "来自 FANKUAN_VAULT_KEY"))
    mode = f"{stat.S_IMODE(path.stat().st_mode):04o}"
    return Check("key", Status.OK, Text(f"{path} (mode {mode})", f"{path}（权限 {mode}）"))


def evidence(named: "EvidenceStoreSettings") -> Check:
    """A bucket that takes an object and gives it back."""
    import asyncio

    from agent.evidence.store import Bucket

    bucket = Bucket.of(named)
    try:
        place = asyncio.run(bucket.put("fankuan-doctor", b"written by fankuan doctor"))
        bucket.get(place)
    except OSError as error:
        cure = Text(
            "Correct [evidence_store]: its url, endpoint_url and keys; the keys need the right to put and to get.",
            "请更正 [evidence_store] 的 url、endpoint_url 与密钥；密钥需要写入和读取权限。",
        )
        return Check("evidence", Status.PROBLEM, Text(str(error), str(error)), cure)
    return Check("evidence", Status.OK, Text(bucket.address, bucket.address))


def disks(settings: "Settings") -> Check:
    """The free space where the ledger and the log are, or where the pictures go if there is less."""
    folders = [settings.data_dir] if settings.evidence_store else [settings.data_dir, settings.evidence_dir]
    there = [_existing(folder) for folder in folders]
    free, folder = min((shutil.disk_usage(each).free, each) for each in there)
    return disk(folder, free)


def _existing(folder: Path) -> Path:
    """The folder, or where it would be made."""
    with suppress(PermissionError):
        if folder.is_dir():
            return folder
    return _existing(folder.parent)


def disk(folder: Path, free: int) -> Check:
    """Whether the `free` bytes of the disk of `folder` are enough for some days of work."""
    detail = Text(f"{free / 1e9:,.1f} GB free ({folder})", f"剩余 {free / 1e9:,.1f} GB（{folder}）")
    if free >= LEAST_FREE:
        return Check("disk", Status.OK, detail)
    cure = Text(
        "Free some space; `fankuan evidence prune --dry-run` shows what is kept too long. "
        "Without evidence nothing is clicked.",
        "请清理磁盘；`fankuan evidence prune --dry-run` 可查看超过保留期限的内容。无法保存凭证时程序不会点击。",
    )
    return Check("disk", Status.PROBLEM, detail, cure)


def page(change: PageChange) -> Check:
    """A page that is no longer as it was; it could be read, so nothing is wrong yet."""
    cure = Text(
        "Compare the site with what is declared: fankuan probe PLATFORM --merchant ID.",
        "请探测网站是否与声明一致：fankuan probe PLATFORM --merchant ID。",
    )
    return Check("page", Status.WARNING, change.text, cure)


def clock(now: datetime, written: datetime | None) -> Check:
    """Due dates hang on today's date, so a clock that was set back behind what was `written` must be noticed."""
    newest = written or now
    here = f"{now:%Y-%m-%d %H:%M %z}"
    if now.tzinfo is not None and now.year >= OLDEST_CLOCK and newest <= now + timedelta(minutes=5):
        return Check("clock", Status.OK, Text(here, here))
    return Check(
        "clock",
        Status.PROBLEM,
        Text(
            f"it is {here}, but the ledger was written at {newest:%Y-%m-%d %H:%M %z}",
            f"当前为 {here}，而台账写于 {newest:%Y-%m-%d %H:%M %z}",
        ),
        Text("Set the system's clock, best by NTP.", "请校准系统时间，建议使用 NTP。"),
    )


def calendar(settings: "Settings", now: datetime) -> Check:
    """Until when public holidays are announced. Next year's notice comes in November: only then it is missed."""
    days = settings.work_calendar
    last = days.known_until(now.year)
    detail = Text(f"public holidays are known until the end of {last}", f"已知节假日安排至 {last} 年底")
    newer = Text(f"{RENEW_CALENDAR.en} Due dates beyond are cautious.", f"{RENEW_CALENDAR.zh}此后的日期按稳妥估计。")
    if last is None or last < now.year:
        return Check("calendar", Status.PROBLEM, detail, newer)
    if short := [day for year in range(now.year, last + 1) for day in days.left_out(year)]:
        return Check("calendar", Status.WARNING, detail, _left_out(short))
    due_soon = last == now.year and now.month >= 11
    return Check("calendar", Status.WARNING if due_soon else Status.OK, detail, newer if due_soon else None)


def _left_out(days: Sequence[date]) -> Text:
    named = ", ".join(day.isoformat() for day in days)
    return Text(
        f"[calendar] in the settings says nothing of {named}, which are holidays by law: copy the whole notice.",
        f"设置中的 [calendar] 未提到法定节假日 {named}，请完整抄录通知。",
    )
