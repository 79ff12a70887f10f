"""What is said of a step that was sent and is in doubt: which one it is, what is not known, and what is to be done."""

from collections.abc import Iterable
from datetime import datetime

from agent.domain.doubt import Heard
from agent.domain.orders import SHANGHAI, Order
from agent.domain.plan import WRONGLY
from agent.domain.report import Action, StepKind
from agent.domain.text import Text
from agent.ledger import Intent

_KINDS = {
    StepKind.CONFIRM: Text("The confirmation", "确认"),
    StepKind.FILE: Text("The filing", "报备"),
    StepKind.REQUEST_REFUND: Text("The request for the refund", "返款申请"),
}
_PLACES = {
    StepKind.CONFIRM: Text("on the platform", "到平台"),
    StepKind.FILE: Text("in the back office", "到会员后台"),
    StepKind.REQUEST_REFUND: Text("in the back office", "到会员后台"),
}
_DOUBTS = {"unknown", "not_listed_yet", "not_listed", *WRONGLY.values()}


def in_doubt(intent: Intent, order: Order | None, text: str | None) -> Text:
    """It was begun, and neither the site nor its list says whether it was done."""
    name, when = _named(intent, order), _minute(intent.begun_at)
    answer = Text(f" (“{text}”)", f"（“{text}”）") if text else Text("", "")
    return Text(
        f"{name.en} was sent at {when}, and it is not known whether it was done{answer.en}. It is looked for again, "
        "and not sent again before it is certain that it was not.",
        f"{name.zh}已于 {when} 发出，结果不明{answer.zh}。之后会再次查看，确定未生效之前不会重复发送。",
    )


def not_listed_yet(intent: Intent, order: Order | None) -> Text:
    """The site took it, and its list does not show it yet."""
    name, when = _named(intent, order), _minute(intent.heard_at or intent.begun_at)
    return Text(
        f"{name.en} was accepted at {when}, and the list does not show it yet. Nothing has to be done: it is looked "
        "for again, and never sent a second time.",
        f"{name.zh}已于 {when} 被网站接受，但列表尚未显示。无需处理：之后会再次查看，不会重复发送。",
    )


def not_listed(intent: Intent, order: Order | None) -> Text:
    """It is missing for so long that a person has to look it up."""
    name, place, when = _named(intent, order), _PLACES[intent.kind], _minute(intent.heard_at or intent.begun_at)
    accepted = intent.heard is Heard.ACCEPTED
    fate = Text("was accepted", "被网站接受") if accepted else Text("was sent", "发出")
    return Text(
        f"{name.en} {fate.en} at {when}, and no list has shown it since. Look it up {place.en}; if it is not there, do "
        "it there by hand. The program does not send it again, and goes on once the list shows it.",
        f"{name.zh}已于 {when} {fate.zh}，但列表一直没有显示。请{place.zh}查询；若确实没有，请人工办理。"
        "程序不会重复发送，列表显示后会自动继续。",
    )


def went_wrong(intent: Intent, order: Order | None, difference: Text) -> Text:
    """The list shows something else than was meant."""
    name, place = _named(intent, order), _PLACES[intent.kind]
    return Text(
        f"{name.en} is not listed as it was meant ({difference.en}). No more of this kind is sent in this run: correct "
        f"it {place.en} by hand. The program does not send it again, and goes on once the list shows it right.",
        f"列表中的{name.zh}与应提交的内容不符（{difference.zh}）。本次运行不再发送同类操作，请{place.zh}人工更正。"
        "程序不会重复发送，列表更正后会自动继续。",
    )


def doubts(actions: Iterable[Action]) -> Text | None:
    """All that is in doubt in one account, each step by its name; None if nothing is."""
    told = [a.text for a in actions if a.reason in _DOUBTS and a.text is not None]
    return Text(" ".join(t.en for t in told), "".join(t.zh for t in told)) if told else None


def _named(intent: Intent, order: Order | None) -> Text:
    kind = _KINDS[intent.kind]
    number = order.order_no if order is not None else intent.order_key
    if order is not None and number is None:
        when = f"{order.ordered_at:%Y-%m-%d %H:%M:%S}"
        return Text(f"{kind.en} of the order of {when}", f"{when} 订单的{kind.zh}")
    return Text(f"{kind.en} of order {number}", f"订单 {number} 的{kind.zh}")


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
