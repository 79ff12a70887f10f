"""What is kept as text beside the picture of a page on which a run ended in trouble."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.domain.accounts import AccountKey
from agent.domain.addresses import tokens_out, without_tokens
from agent.domain.orders import SHANGHAI
from agent.domain.text import Text
from agent.pages.live.network import Exchange

_REQUESTS = 50


@dataclass(frozen=True, slots=True)
class FailureNote:
    """Where and why a run ended for an account. `wanted` was looked for there, `found` was met.

    `told` is the sentence with its cure, `command` what repeats the run for this account alone in a visible browser.
    """

    at: datetime
    account: AccountKey
    reason: str
    told: Text
    address: str
    wanted: Sequence[str]
    found: Sequence[str]
    command: str

    def rendered(
        self, run_id: str, exchanges: Sequence[Exchange], seen: Sequence[str], mask: Callable[[str], str]
    ) -> str:
        """Return the text: the facts, the last 50 requests, and what was `seen` of the page, masked already."""
        told = [
            *self._facts(run_id),
            "",
            f"== {_title(Text(f'the last {_REQUESTS} requests', f'最近 {_REQUESTS} 个请求'))}",
            *_requests(exchanges),
            "",
        ]
        page = f"== {_title(Text('the page: role, words, box', '页面：角色、文字、位置'))}"
        return "\n".join([*map(mask, told), page, *(seen or ["-"]), ""])

    def _facts(self, run_id: str) -> list[str]:
        facts = [
            (Text("account", "账号"), [str(self.account)]),
            (Text("run", "运行"), [run_id]),
            (Text("at", "时间"), [self.at.astimezone(SHANGHAI).isoformat(" ", "seconds")]),
            (Text("reason", "原因"), [self.reason]),
            (Text("message", "说明"), [self.told.en, self.told.zh]),
            (Text("address", "网址"), [without_tokens(self.address)]),
            (Text("looked for", "应有"), self.wanted),
            (Text("found instead", "实有"), self.found),
            (Text("repeat", "重现"), [self.command]),
        ]
        return [f"{_title(name)}: {word}" for name, words in facts for word in [*map(tokens_out, words)] or ["-"]]


def _title(name: Text) -> str:
    return f"{name.en} {name.zh}"


def _requests(exchanges: Sequence[Exchange]) -> list[str]:
    """A line each, the oldest first: how long before, method, status, milliseconds and address."""
    now, told = time.monotonic(), [e for e in exchanges if e.is_told][-_REQUESTS:]
    return [_request(each, now - each.started) for each in told] or ["-"]


def _request(each: Exchange, ago: float) -> str:
    status = "lost" if each.lost else str(each.status or "-")
    took = "-" if each.took is None else f"{each.took * 1000:.0f} ms"
    return f"-{ago:.1f} s  {each.method}  {status}  {took}  {without_tokens(each.address)}"
