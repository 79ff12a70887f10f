"""What a run leaves behind for people: pictures before and after every consequential click, and a record of each."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import unquote_plus

from playwright.async_api import Error

from agent.domain.merchants import Account, Merchant
from agent.ledger.scrub import spaced
from agent.pages.masking import picture, write_private
from agent.pages.press import Answer
from agent.pages.window import Window


class EvidenceBook(Protocol):
    """The part of the ledger that evidence is noted in."""

    def add_evidence(
        self, intent_id: int | None, run_id: str, path: Path, role: Literal["before", "after", "failure"], address: str
    ) -> None: ...


class Evidence:
    """The folder `screenshots/<run>/<merchant>-<platform>/` of one account."""

    def __init__(
        self, folder: Path, run_id: str, book: EvidenceBook, started_by: str, secrets: Collection[str]
    ) -> None:
        self.folder, self.run_id, self._book = folder, run_id, book
        self._started_by, self._secrets, self._count = started_by, secrets, 0
        self._patterns = [_pattern(s) for s in sorted(secrets, key=len, reverse=True) if s]

    def next_step(self, kind: str, order: str) -> str:
        """The beginning of the names of one step's pictures: 03-confirm-3391899276382420635."""
        self._count += 1
        return f"{self._count:02d}-{kind.replace('_', '-')}-{re.sub(r'[^0-9A-Za-z-]+', '_', order)[:40]}"

    async def take(self, window: Window, name: str, role: str, intent_id: int | None) -> str:
        """A picture of the window now; its path. A failure to take one stops the step: no click without evidence."""
        path = self.folder / f"{name}-{role}.png"
        await picture(window, path, self._secrets)
        noted: Literal["before", "after", "failure"] = "before"
        if role in ("after", "failure"):
            noted = "after" if role == "after" else "failure"
        self._book.add_evidence(intent_id, self.run_id, path, noted, window.page.url)
        return str(path)

    async def take_failure(self, window: Window, reason: str) -> tuple[str, ...]:
        """A picture of the page on which a run ended; none where the page is gone."""
        self._count += 1
        try:
            return (await self.take(window, f"{self._count:02d}-{reason.replace('_', '-')}", "failure", None),)
        except Error:
            return ()

    async def take_challenge(self, window: Window) -> str | None:
        """A picture of what a person is asked for; None where the page is gone."""
        return next(iter(await self.take_failure(window, "challenge")), None)

    def keep_picture(self, name: str, content: bytes) -> Path:
        """Writes a picture that was cut out of a page, readable for its owner alone."""
        self._count += 1
        path = self.folder / f"{self._count:02d}-{name}.png"
        write_private(path, content)
        return path

    def record(self, name: str, when: datetime, sent: dict[str, str], answer: Answer, pictures: Sequence[str]) -> None:
        """Adds a line to steps.jsonl: what was sent, to where, what the page answered, who started it."""
        line: dict[str, object] = {
            "step": name,
            "at": when.isoformat(timespec="seconds"),
            "started_by": self._started_by,
            "sent": sent,
            "requests": [{"method": w.method, "address": w.address, "status": w.status} for w in answer.writes],
            "asked": answer.dialogs,
            "answered": answer.said,
            "pictures": [Path(p).name for p in pictures],
        }
        path = self.folder / "steps.jsonl"
        path.touch(mode=0o600)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(_each_text(line, self._masked), ensure_ascii=False) + "\n")

    def _masked(self, text: str) -> str:
        """The text without secrets, also where it is an address that has them in its own spelling."""
        plain = unquote_plus(text)
        shown, spelled = text, plain
        for pattern in self._patterns:
            shown, spelled = pattern.sub("*****", shown), pattern.sub("*****", spelled)
        return shown if spelled == plain else spelled


def _pattern(secret: str) -> re.Pattern[str]:
    return spaced(secret) if secret.isdigit() else re.compile(re.escape(secret))


def _each_text(told: object, change: Callable[[str], str]) -> object:
    """The same with every text in it changed. To be used before JSON escapes quotes and backslashes in them."""
    if isinstance(told, str):
        return change(told)
    if isinstance(told, dict):
        return {name: _each_text(inner, change) for name, inner in told.items()}
    return [_each_text(inner, change) for inner in told] if isinstance(told, list) else told


def secrets_of(merchant: Merchant, account: Account) -> list[str]:
    """What must not be seen in a picture or a record of this account."""
    found = [merchant.backoffice.password]
    if account.login:
        found += [account.login.password, *([account.login.totp] if account.login.totp else [])]
    if merchant.payee:
        found.append(merchant.payee.account)
    return [s.get_secret_value() for s in found]
