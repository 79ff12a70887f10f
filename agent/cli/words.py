"""What the values of a run are called in the two languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from agent.cli.language import pick, say
from agent.domain.accounts import AccountKey
from agent.domain.reasons import Ended, explain
from agent.domain.report import Action, StepKind, StepResult
from agent.domain.text import Text
from agent.domain.wording import DOING, STEP, account_text, platform_text
from agent.log import redact

if TYPE_CHECKING:
    from agent.settings import Settings

RENEW_CALENDAR = Text(
    "Update: pip install -U holidays; or list the notice's days in the settings under [calendar].",
    "请更新：pip install -U holidays；也可把通知中的日期写入设置的 [calendar]。",
)
_DONE = {
    StepKind.CONFIRM: Text("confirmed", "已确认"),
    StepKind.FILE: Text("filed", "已报备"),
    StepKind.REQUEST_REFUND: Text("refund requested", "已申请返款"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What merchants and platforms are called, by their ids."""

    merchants: Mapping[str, str]
    platforms: Mapping[str, str]


def money(amount: Decimal, currency: str = "CNY") -> str:
    """¥1,234.50, or the currency's code if it is not yuan."""
    return f"¥{amount:,.2f}" if currency == "CNY" else f"{amount:,.2f} {currency}"


def titles_of(settings: "Settings") -> dict[str, str]:
    """What the platforms are called, and the back office, by their ids."""
    from agent.settings import sites
    from agent.sites.wdgj import ID, WDGJ

    return {name: site.title for name, site in sites(settings).items()} | {ID: WDGJ.title}


def removed_mark(removed: bool) -> str:
    """Stand behind what nobody works on any more."""
    return pick(" (removed)", "（已移除）") if removed else ""


def account_name(account: AccountKey, titles: Mapping[str, str]) -> str:
    """An account as it is written, or in Chinese by merchant and title: “m1 淘宝”."""
    return say(account_text(account, titles))


def platform_name(account: AccountKey, titles: Mapping[str, str]) -> str:
    """An account's platform, in Chinese by its title, with the label that tells two shops there apart."""
    return say(platform_text(account, titles))


def orders(count: int) -> str:
    """How many orders."""
    return pick(f"{count} order{'' if count == 1 else 's'}", f"{count} 单")


def minute(moment: datetime) -> str:
    """A moment as orders show it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def step(action: Action) -> str:
    """What became of one step: “✓ filed”, “waits until 2026-10-13”, “✗ confirm: …”."""
    name, done = say(STEP[action.kind]), say(_DONE[action.kind])
    match action.result:
        case StepResult.DONE:
            return f"✓ {done}"
        case StepResult.ALREADY:
            return pick(f"= {done} before", f"= 此前{done}")
        case StepResult.PLANNED:
            return pick(f"› would {name}", f"› 将{name}")
        case StepResult.WAITING:
            return _waiting(action, name)
        case StepResult.FAILED | StepResult.UNKNOWN:
            return _trouble(action, say(DOING[action.kind]))


def why(ended: Ended) -> str:
    """Why a step or an account ended as it did, and what to do; empty if there is no reason.

    Pages repeat what was typed into them, so what they said is told without secrets.
    """
    told = explain(ended)
    return redact(say(told.text)) if told else ""


def because(ended: Ended) -> str:
    """`why` with the colon before it; empty if there is no reason."""
    return _after_colon(why(ended))


def _matter(action: Action) -> str:
    """What is the matter with a step, to stand in a narrow column: what to do is told of the account."""
    told = explain(action)
    return _after_colon(redact(say(told.message))) if told else ""


def _after_colon(sentence: str) -> str:
    return pick(f": {sentence}", f"：{sentence}") if sentence else ""


def _waiting(action: Action, name: str) -> str:
    until = pick(f" until {action.due_on}", f"至 {action.due_on} ") if action.due_on else ""
    tail = _matter(action)
    return pick(f"… waits{until} to {name}{tail}", f"… 等待{until}{name}{tail}")


def _trouble(action: Action, doing: str) -> str:
    tail = _matter(action)
    if action.result is StepResult.FAILED:
        return pick(f"✗ {doing} failed{tail}", f"✗ {doing}失败{tail}")
    return pick(f"? {doing}: in doubt, the next run looks again{tail}", f"? {doing}结果不明，下次运行会再查看{tail}")
