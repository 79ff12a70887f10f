"""What a run of `fankuan sync` tells: the values behind its JSON answer and its tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from agent.domain.accounts import AccountKey
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, Outcome
from agent.domain.orders import Order
from agent.domain.reasons import LOOK, explain
from agent.domain.text import Text
from agent.domain.unread import UnreadRow

Say = Callable[[Text], str]


class StepKind(StrEnum):
    """The consequential clicks: 确认, 报备, 申请返款."""

    CONFIRM = "confirm"
    FILE = "file"
    REQUEST_REFUND = "request_refund"


class StepResult(StrEnum):
    """How a step ended. `already`: a look showed that an earlier run, or a person, had done it."""

    DONE = "done"
    ALREADY = "already"
    PLANNED = "planned"
    WAITING = "waiting"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sending:
    """What a filing or a request would send. `shop` is None if nothing names it, `payee` the account's last digits."""

    shop: str | None
    payee: str | None
    ordered_on: date
    amount: Decimal

    @property
    def text(self) -> Text:
        """All of it in one line."""
        shop, payee, amount = self.shop or "?", self.payee or "?", f"¥{self.amount:.2f}"
        return Text(
            f"shop {shop}, payee {payee}, date {self.ordered_on}, {amount}",
            f"店铺 {shop}，收款账号 {payee}，订购日期 {self.ordered_on}，金额 {amount}",
        )


@dataclass(frozen=True, slots=True)
class Action:
    """One line of an account's report. `evidence` are paths of pictures; `due_on` is a date in Asia/Shanghai.

    `sends` is what a step that is planned, or waits for its shop, would send.
    """

    kind: StepKind
    order_no: str | None
    result: StepResult
    due_on: date | None = None
    reason: str | None = None
    text: Text | None = None
    evidence: tuple[str, ...] = ()
    cure: Text | None = None
    sends: Sending | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing of a list: `listed` is orders or filings."""

    listed: str
    missing: Text


@dataclass(slots=True)
class AccountReport:
    """What happened to one account (merchant x platform). `whole`: its list was read, not its first page alone.

    `partial` are the lists that could not be read to their end, `unread` the rows that were not understood.
    `error` is what ended it.
    """

    account: AccountKey
    outcome: Outcome = Outcome.OK
    reason: str | None = None
    text: Text | None = None
    orders: list[Order] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    evidence: tuple[str, ...] = ()
    whole: bool = True
    partial: tuple[Gap, ...] = ()
    unread: tuple[UnreadRow, ...] = ()
    cure: Text | None = None
    error: AccountError | None = field(default=None, repr=False, compare=False)

    @property
    def exit_status(self) -> int:
        """What a command about this account alone ends with."""
        return _exit_status({self.outcome})

    def end_with(self, error: AccountError) -> None:
        """End as the error says."""
        told = explained(error)
        self.error = error
        self.outcome, self.reason, self.text, self.cure = error.outcome, error.reason, told.message, told.cure


_LISTS = {"orders": Text("orders", "订单"), "filings": Text("filings", "报备")}


def partly_read(gaps: Sequence[Gap]) -> Text:
    """The sentence for an account of which a list could not be read to its end."""
    en = "; ".join(f"{_LISTS[g.listed].en}: {g.missing.en}" for g in gaps)
    zh = "；".join(f"{_LISTS[g.listed].zh}：{g.missing.zh}" for g in gaps)
    return Text(
        f"Only a part of a list could be read ({en}). What was read has been worked, and nothing was concluded from "
        "what is missing.",
        f"列表只读到一部分（{zh}）。已读到的部分照常处理，未读到的不作任何判断。",
    )


WIDEST_VIEW = Text(
    "Look at that page (`fankuan sync --headed`), and choose its widest view if the site keeps that.",
    "请用 `fankuan sync --headed` 查看该页面；若网站会记住筛选条件，请先改为显示全部。",
)


@dataclass(slots=True)
class RunReport:
    """The answer of one `fankuan sync`."""

    run_id: str
    started_at: datetime
    finished_at: datetime
    dry_run: bool
    accounts: list[AccountReport]

    @property
    def exit_status(self) -> int:
        """0 all well, 1 an account failed or is in doubt, 3 an account waits for a person and none failed."""
        return _exit_status({a.outcome for a in self.accounts})

    def to_json(self, say: Say = str) -> dict[str, Any]:
        """The document that `fankuan sync --json` prints; its keys are a public promise.

        `say` gives sentences in the reader's language.
        """
        return {
            "run_id": self.run_id,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "finished_at": self.finished_at.isoformat(timespec="seconds"),
            "dry_run": self.dry_run,
            "accounts": [_account(a, say) for a in self.accounts],
        }


@dataclass(slots=True)
class AuthorizationReport:
    """The answer of one `fankuan reauthorize`. `until` is the end as the page said last, `before` as it said first."""

    account: AccountKey
    outcome: Outcome = Outcome.OK
    reason: str | None = None
    text: Text | None = None
    application: str | None = None
    shop: str | None = None
    permissions: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    before: date | None = None
    until: date | None = None
    pressed: bool = False
    evidence: tuple[str, ...] = ()
    cure: Text | None = None

    @property
    def exit_status(self) -> int:
        """As a run's."""
        return _exit_status({self.outcome})

    def end(self, outcome: Outcome, reason: str | None, text: Text | None = None, cure: Text | None = None) -> None:
        """Note how it ended."""
        self.outcome, self.reason, self.text, self.cure = outcome, reason, text, cure

    def end_with(self, error: AccountError) -> None:
        """End as the error says."""
        told = explained(error)
        self.end(error.outcome, error.reason, told.message, told.cure)

    def to_json(self, say: Say = str) -> dict[str, Any]:
        """The document that `fankuan reauthorize --json` prints; its keys are a public promise."""
        why = None if self.outcome is Outcome.OK else explain(self)
        return {
            "merchant": self.account.merchant_id,
            "platform": self.account.platform,
            "account": str(self.account),
            "outcome": self.outcome.value,
            "reason": self.reason,
            "message": say(why.message) if why else None,
            "cure": say(why.cure or LOOK) if why else None,
            "application": self.application,
            "authorized_until_before": self.before.isoformat() if self.before else None,
            "authorized_until": self.until.isoformat() if self.until else None,
            "pressed": self.pressed,
            "evidence": list(self.evidence),
        }


def _exit_status(outcomes: set[Outcome]) -> int:
    if outcomes & {Outcome.FAILED, Outcome.UNKNOWN}:
        return 1
    return 3 if Outcome.NEEDS_HUMAN in outcomes else 0


def _account(report: AccountReport, say: Say) -> dict[str, Any]:
    why = None if report.outcome is Outcome.OK else explain(report)
    return {
        "merchant": report.account.merchant_id,
        "platform": report.account.platform,
        "account": str(report.account),
        "outcome": report.outcome.value,
        "reason": report.reason,
        "message": say(why.message) if why else None,
        "cure": say(why.cure or LOOK) if why else None,
        "evidence": [*report.evidence, *(place for action in report.actions for place in action.evidence)],
        "orders": [_order(o) for o in report.orders],
        "actions": [_action(a) for a in report.actions],
        "partial": [{"list": g.listed, "missing": g.missing.en} for g in report.partial] or None,
        "unread": [_unread(row) for row in report.unread],
    }


def _unread(row: UnreadRow) -> dict[str, Any]:
    gaps = [{"field": gap.field, "shows": gap.shown} for gap in row.gaps]
    return {"order_no": row.order_no, "name": row.name, "ours": False if row.foreign else None, "not_understood": gaps}


def _order(order: Order) -> dict[str, Any]:
    return {
        "order_no": order.order_no,
        "ordered_at": order.ordered_at.isoformat(timespec="seconds"),
        "service": order.service,
        "service_code": order.service_code,
        "ours": order.ours,
        "amount": f"{order.amount:.2f}",
        "currency": order.currency,
        "status": order.status.value,
        "expires_at": order.expires_at.isoformat(timespec="seconds") if order.expires_at else None,
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "kind": action.kind.value,
        "order_no": action.order_no,
        "result": action.result.value,
        "due_on": action.due_on.isoformat() if action.due_on else None,
        "reason": action.reason,
        "evidence": list(action.evidence),
        "sends": _sends(action.sends),
    }


def _sends(sends: Sending | None) -> dict[str, Any] | None:
    if sends is None:
        return None
    day, amount = sends.ordered_on.isoformat(), f"{sends.amount:.2f}"
    return {"shop": sends.shop, "payee": sends.payee, "ordered_on": day, "amount": amount}
