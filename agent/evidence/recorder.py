"""What a run leaves behind for people: pictures before and after every consequential click, and a record of each."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import unquote_plus

from playwright.async_api import Error

from agent.domain.accounts import AccountKey
from agent.domain.errors import AccountError, NoEvidence
from agent.domain.merchants import Account, Merchant
from agent.domain.orders import SHANGHAI
from agent.domain.redaction import Redactor
from agent.evidence.failure_note import FailureNote
from agent.evidence.store import Store, store_of
from agent.ledger import OWN_ROWS, Ledger, Picture
from agent.pages.actions.answer import Answer
from agent.pages.actions.focus import Focus
from agent.pages.actions.screenshots import picture
from agent.pages.inference.page_text import page_text
from agent.pages.live.page import LivePage
from agent.settings import Settings


@dataclass(frozen=True, slots=True)
class Worked:
    """What a step works on a page at a moment; `focus` is None if it is no row and no button."""

    at: datetime
    focus: Focus | None = None


class Evidence:
    """What one account leaves in one run: a folder `<run>/<merchant>-<platform>[-<label>]/`."""

    def __init__(
        self, store: Store, below: str, ledger: Ledger, *, run_id: str, started_by: str, secrets: Collection[str]
    ) -> None:
        self.run_id, self._store, self._below, self._ledger = run_id, store, below, ledger
        self._started_by, self.secrets, self._count = started_by, secrets, 0
        self._redactor = Redactor(whole_numbers=True)
        for secret in secrets:
            self._redactor.add(secret)
        self._lines: list[str] = []

    @classmethod
    def of(
        cls,
        settings: Settings,
        ledger: Ledger,
        merchant: Merchant,
        account: Account,
        *,
        run_id: str,
        started_by: str,
    ) -> "Evidence":
        """The evidence of this account, kept where the settings say."""
        below = f"{run_id}/{folder_of(account.key)}"
        secrets = secrets_of(merchant, account)
        return cls(store_of(settings), below, ledger, run_id=run_id, started_by=started_by, secrets=secrets)

    def next_step(self, kind: str, order: str) -> str:
        """The beginning of the names of one step's pictures: 03-confirm-3391899276382420635."""
        self._count += 1
        return f"{self._count:02d}-{kind.replace('_', '-')}-{re.sub(r'[^0-9A-Za-z-]+', '_', order)[:40]}"

    async def take(self, page: LivePage, name: str, role: str, intent_id: int | None, of: Worked | None = None) -> str:
        """Picture the window now, or what is worked in it, and return where the picture is kept.

        Raise NoEvidence if it cannot be kept, which stops the step: no click without evidence.
        """
        # What a person is asked for may be drawn on a canvas; on such a page nothing was typed but the log-in.
        content = await picture(
            page,
            self.secrets,
            opaque="challenge" not in name,
            focus=of.focus if of is not None else None,
            caption=self._caption(page, f"{name}-{role}", of) if of is not None else "",
        )
        place = await self._keep(f"{name}-{role}.png", content)
        noted: Literal["before", "after", "failure"] = "before"
        if role in ("after", "failure"):
            noted = "after" if role == "after" else "failure"
        self._note(intent_id, Picture(place, hashlib.sha256(content).hexdigest(), noted, page.raw.url))
        return place

    def _note(self, intent_id: int | None, kept: Picture) -> None:
        with self._ledger.begin(on=OWN_ROWS, run_id=self.run_id) as tx:
            tx.evidence.add(intent_id, kept)

    def _caption(self, page: LivePage, name: str, of: Worked) -> str:
        return f"{of.at.astimezone(SHANGHAI).isoformat(' ', 'seconds')}   {name}   {self._masked(page.raw.url)}"

    async def take_failure(self, page: LivePage, note: FailureNote) -> tuple[str, ...]:
        """A picture of the page on which a run ended, and all that is known of it as a text beside it.

        Without the picture if the page is gone; neither if it cannot be kept.
        """
        self._count += 1
        name = f"{self._count:02d}-{note.reason.replace('_', '-')}"
        picture = await self._picture_of(page, name)
        try:
            seen = page_text(await page.look(), self.secrets, self._redactor.mask) if picture else []
        except (Error, AccountError):
            seen = []
        content = note.rendered(self.run_id, page.traffic.exchanges, seen, self._masked).encode()
        try:
            place = await self._keep(f"{name}-failure.txt", content)
        except NoEvidence:
            return picture
        self._note(None, Picture(place, hashlib.sha256(content).hexdigest(), "failure", page.raw.url))
        return (*picture, place)

    async def take_challenge(self, page: LivePage) -> str | None:
        """A picture of what a person is asked for; None if there is none."""
        self._count += 1
        return next(iter(await self._picture_of(page, f"{self._count:02d}-challenge")), None)

    async def _picture_of(self, page: LivePage, name: str) -> tuple[str, ...]:
        try:
            return (await self.take(page, name, "failure", None),)
        except (Error, AccountError):
            return ()

    async def keep_picture(self, name: str, content: bytes) -> str:
        """Keep a picture that was cut out of a page; where it is. Raise NoEvidence."""
        self._count += 1
        return await self._keep(f"{self._count:02d}-{name}.png", content)

    async def keep_file(self, name: str, ending: str, content: bytes) -> str:
        """Keep what is no picture and holds no secret; where it is. Raise NoEvidence."""
        self._count += 1
        return await self._keep(f"{self._count:02d}-{name}.{ending}", content)

    async def record(
        self, name: str, when: datetime, sent: dict[str, str], answer: Answer, pictures: Sequence[str]
    ) -> None:
        """Add a line to steps.jsonl: what was sent, to where, what the page answered, who started it.

        Raise NoEvidence.
        """
        line: dict[str, object] = {
            "step": name,
            "at": when.isoformat(timespec="seconds"),
            "started_by": self._started_by,
            "sent": sent,
            "requests": [{"method": w.method, "address": w.address, "status": w.status} for w in answer.writes],
            "asked": answer.dialogs,
            "answered": answer.messages,
            "pictures": [re.split(r"[/\\]", p)[-1] for p in pictures],
        }
        self._lines.append(json.dumps(_each_text(line, self._masked), ensure_ascii=False) + "\n")
        await self._keep("steps.jsonl", "".join(self._lines).encode())

    async def _keep(self, name: str, content: bytes) -> str:
        try:
            return await self._store.put(f"{self._below}/{name}", content)
        except OSError as error:
            raise NoEvidence(error.strerror or str(error)) from error

    def _masked(self, text: str) -> str:
        """The text without secrets, also if it is an address in which one stands in groups: 5719+0000+0010+001."""
        plain = unquote_plus(text)
        spelled = self._redactor.mask(plain)
        return self._redactor.mask(text) if spelled == plain else spelled


def folder_of(account: AccountKey) -> str:
    """The name of the account's folder, which no other's has: m1/taobao/jd is not m1-taobao/jd."""
    return str(account).replace("-", "=").replace("/", "-")


def _each_text(told: object, change: Callable[[str], str]) -> object:
    """The same with every text in it changed. To be used before JSON escapes quotes and backslashes in them."""
    if isinstance(told, str):
        return change(told)
    if isinstance(told, dict):
        return {name: _each_text(inner, change) for name, inner in told.items()}
    return [_each_text(inner, change) for inner in told] if isinstance(told, list) else told


def secrets_of(merchant: Merchant, account: Account) -> list[str]:
    """What must not be seen in a picture or a record of this account."""
    return [s.get_secret_value() for s in replace(merchant, accounts=(account,)).secrets()]
