"""What people are told, as plain values: each notice has a key, and whoever was told that key is not told it again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum, auto

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.orders import YUAN
from agent.domain.page_shape import PageChange
from agent.domain.reasons import LOOK, Explanation, explain
from agent.domain.stage import Stage
from agent.domain.text import Text
from agent.domain.wording import account_text, platform_text
from agent.flows.runs.ending import Expiring
from agent.ledger import KnownChallenge, KnownOrder, KnownSession, LastRun, Streak

# How many failures in a row are told; how long before its deadline a challenge is told once more; after how many days
# a request that brought no money is overdue; how old news may be to be told at all.
FAILURES = 3
REMIND = timedelta(minutes=3)
OVERDUE = timedelta(days=30)
RECENT = timedelta(days=7)

# What platforms and the back office are called, by their ids.
Titles = Mapping[str, str]


class Kind(IntEnum):
    """What a notice is about: what stands first is told first."""

    WAITING = auto()
    FAILING = auto()
    REFUND = auto()
    LAPSING = auto()
    ENDING = auto()
    CHANGED = auto()
    DIGEST = auto()


@dataclass(frozen=True, slots=True)
class Notice:
    """One line for one merchant's people; `merchant` is None for what concerns all."""

    kind: Kind
    key: str
    merchant: str | None
    text: Text
    picture: str | None = None

    @property
    def size(self) -> int:
        """Bytes of its line in a message, in the longer of both languages, and of its picture's place."""
        words = max((self.text.en, self.text.zh), key=lambda text: len(text.encode()))
        return len(f"{self.merchant}: {words}\n{self.picture or ''}\n".encode())


def _joined(account: AccountKey) -> str:
    return str(account).replace("/", ":")  # what people were told is kept under such keys


def challenges(waiting: Iterable[KnownChallenge], titles: Titles, now: datetime) -> Iterator[Notice]:
    """Each challenge once, and once more shortly before its deadline."""
    for each in waiting:
        place, cure = account_text(each.account, titles), f"fankuan answer {each.id}"
        words = f" ({each.message})" if each.message else ""
        text = Text(
            f"{place.en} waits for a person: {each.kind.text.en}{words}. {cure}",
            f"{place.zh} 需要人工验证：{each.kind.text.zh}{words}。处理：{cure}",
        )
        yield Notice(Kind.WAITING, f"challenge:{each.id}", each.account.merchant_id, text, each.picture)
        if each.deadline is not None and each.deadline - REMIND <= now < each.deadline:
            until = f"{each.deadline:%H:%M}"
            again = Text(f"{text.en} (until {until})", f"{text.zh}（截止 {until}）")
            key = f"reminder:{each.id}:{each.asked_at.isoformat()}"
            yield Notice(Kind.WAITING, key, each.account.merchant_id, again, each.picture)


def page_changes(changed: Iterable[PageChange]) -> Iterator[Notice]:
    """Each page of a site that is no longer as it was, once a change."""
    for each in changed:
        yield Notice(Kind.CHANGED, f"page:{each.site_id}:{each.page}:{each.at.isoformat()}", None, each.text)


def failures(streaks: Iterable[Streak], titles: Titles) -> Iterator[Notice]:
    """Each account that failed several times in a row: once a streak, not each time."""
    for each in streaks:
        if each.length >= FAILURES:
            place = account_text(each.account, titles)
            why = explain(each) or Explanation(Text("no reason is known.", "原因不明。"))
            told = why.message.then(why.cure or LOOK)
            at = f" {each.evidence[0]}" if each.evidence else ""
            text = Text(
                f"{place.en} failed {each.length} times in a row: {told.en}{at}",
                f"{place.zh} 已连续失败 {each.length} 次：{told.zh}{at}",
            )
            yield Notice(Kind.FAILING, f"failing:{each.account}:{each.since}", each.account.merchant_id, text)


def refunds(known: Iterable[KnownOrder], titles: Titles, now: datetime) -> Iterator[Notice]:
    """Each refund as it becomes requestable, is requested, is paid or is overdue; not those of who has left."""
    for each in known:
        news = None if each.removed else _news(each, now)
        if news is not None:
            word, text = news
            name = each.order.order_no or each.order.key
            place = platform_text(each.account, titles)
            money = f"{each.order.currency} {each.order.amount:.2f}"
            yield Notice(
                Kind.REFUND,
                f"{word}:{_joined(each.account)}:{name}",
                each.account.merchant_id,
                Text(
                    f"{place.en} {name} ({money}): {text.en}",
                    f"{place.zh} {name}（{money}）：{text.zh}",
                ),
            )


def _news(each: KnownOrder, now: datetime) -> tuple[str, Text] | None:
    if each.stage is Stage.PAID_OUT and each.paid_out_at and now - each.paid_out_at < RECENT:
        return "paid", Text("paid out", "已返款")
    if each.stage is Stage.REQUESTED and each.requested_at:
        if now - each.requested_at > OVERDUE:
            return "overdue", Text(f"requested {each.requested_at:%Y-%m-%d}, not paid", "申请已久，仍未返款")
        if now - each.requested_at < RECENT:
            return "requested", Text("the refund was requested", "已申请返款")
    if each.stage is Stage.REFUNDABLE:
        return "refundable", Text("the refund can be requested", "可申请返款")
    return None


def sessions(known: Iterable[KnownSession], titles: Titles, now: datetime) -> Iterator[Notice]:
    """Each session that is expected to end within a day, so that somebody logs in before a night run fails."""
    for each in known:
        if each.expected_end is not None and each.expected_end - now < timedelta(days=1):
            cure = f"fankuan login {each.account.local} --merchant {each.account.merchant_id}"
            place = account_text(each.account, titles)
            text = Text(
                f"{place.en}: the session may end on {each.expected_end:%Y-%m-%d %H:%M}. {cure}",
                f"{place.zh}：登录态预计 {each.expected_end:%Y-%m-%d %H:%M} 失效。请运行：{cure}",
            )
            key = f"lapsing:{_joined(each.account)}:{each.issued_at.isoformat()}"
            yield Notice(Kind.LAPSING, key, each.account.merchant_id, text)


def endings(expiring: Iterable[Expiring], titles: Titles) -> Iterator[Notice]:
    """Each subscription and authorisation that ends within 30 days."""
    for each in expiring:
        what = each.service or "authorisation"
        link = f" {each.url}" if each.url else ""
        place = platform_text(each.account, titles)
        text = Text(
            f"{place.en}: {what} ends on {each.ends_on}.{link}",
            f"{place.zh}：{each.service or '授权'} 将于 {each.ends_on} 到期。{link}",
        )
        key = f"ends:{_joined(each.account)}:{each.order_key or '-'}:{each.ends_on}"
        yield Notice(Kind.ENDING, key, each.account.merchant_id, text)


def digest_key(day: date) -> str:
    """The key of a day's digest."""
    return f"digest:{day}"


def digest(runs: Sequence[LastRun], known: Iterable[KnownOrder], today: date) -> Notice:
    """The day in one line: how the accounts stand, and the yuan that are on their way."""
    counts = Counter(run.outcome for run in runs)
    requested = (k.order for k in known if k.stage is Stage.REQUESTED and k.order.currency == YUAN)
    asked = sum((order.amount for order in requested), Decimal(0))
    ok, failed = counts[Outcome.OK], counts[Outcome.FAILED] + counts[Outcome.UNKNOWN]
    waits = counts[Outcome.NEEDS_HUMAN]
    return Notice(
        Kind.DIGEST,
        digest_key(today),
        None,
        Text(
            f"{today}: {ok} accounts well, {failed} failed, {waits} wait for a person; "
            f"¥{asked:.2f} requested, not paid",
            f"{today}：正常 {ok} 个账号，失败 {failed} 个，待人工 {waits} 个；已申请未到账 {asked:.2f} 元",
        ),
    )
