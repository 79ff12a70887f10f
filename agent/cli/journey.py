"""One order's journey: what is known of it, each step that was begun, and the evidence of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.cli.language import pick, say
from agent.domain.errors import UsageError
from agent.domain.text import Text

if TYPE_CHECKING:
    from agent.ledger import Ledger
    from agent.ledger.journeys import Attempt, Journey
    from agent.settings import Settings


@dataclass(frozen=True, slots=True)
class Shown:
    """A journey, and where the pictures of its steps are kept, by their ids."""

    journey: "Journey"
    places: dict[int, str]


def of(settings: "Settings", ledger: "Ledger", number: str) -> list[Shown]:
    """Return the orders of that number. Raise UsageError if none is known."""
    from agent.cli.due import due_dates
    from agent.ledger.journeys import journeys, picture_place
    from agent.settings import backoffice

    with ledger.read() as tx:
        found = journeys(tx, number, due_dates(settings), backoffice(settings).direct)
        shown = []
        for each in found:
            ids = [picture for attempt in each.attempts for picture in attempt.pictures.values()]
            places = {one: place for one in ids if (place := picture_place(tx, one))}
            shown.append(Shown(each, places))
    if not shown:
        raise UsageError(
            Text(f"No order {number} is known.", f"没有订单 {number} 的记录。"),
            Text(
                "See `fankuan orders`, or look again: fankuan sync", "请查看 `fankuan orders`，或重新查看：fankuan sync"
            ),
        )
    return shown


def document(shown: Shown) -> dict[str, Any]:
    """Return one order as `--json` prints it."""
    from agent.cli.orders import document as order
    from agent.cli.orders import iso

    journey = shown.journey
    return {
        **order(journey.known),
        "too_early_on": iso(journey.too_early_on),
        "steps": [_step(each, shown.places) for each in journey.attempts],
    }


def _step(attempt: "Attempt", places: dict[int, str]) -> dict[str, Any]:
    from agent.cli.orders import iso
    from agent.cli.session import plain

    text = attempt.message
    return {
        "kind": attempt.kind,
        "result": attempt.result,
        "begun_at": iso(attempt.begun_at),
        "closed_at": iso(attempt.closed_at),
        "run_id": attempt.run_id,
        "started_by": attempt.started_by,
        "sent": dict(attempt.sent),
        "answered": attempt.heard,
        "said": plain(Text(text, text)) if text else None,
        "evidence": [places[one] for one in attempt.pictures.values() if one in places],
    }


def show(found: Sequence[Shown]) -> None:
    """Print each journey, a line an event."""
    from agent.cli.screen import answers, line

    console = answers()
    for each in found:
        for text, style in _lines(each):
            line(console, text, style)


def _lines(shown: Shown) -> list[tuple[str, str]]:
    from agent.cli.words import minute, money
    from agent.domain.wording import STAGE, STATUS

    journey, order = shown.journey, shown.journey.known.order
    known = journey.known
    title = f"{order.order_no} · {known.account} · {money(order.amount, order.currency)} · {say(STAGE[known.stage])}"
    facts = [
        (pick("ordered", "订购"), f"{minute(order.ordered_at)} {order.service}"),
        (pick("status", "平台状态"), say(STATUS[order.status])),
        (pick("shop", "店铺"), order.shop),
        (pick("due", "可申请日"), str(known.due_on) if known.due_on else None),
        (pick("filed", "报备"), str(known.filed_on) if known.filed_on else None),
        (pick("too early", "提示过早"), str(journey.too_early_on) if journey.too_early_on else None),
        (pick("requested", "申请返款"), minute(known.requested_at) if known.requested_at else None),
        (pick("paid out", "已返款"), minute(known.paid_out_at) if known.paid_out_at else None),
    ]
    told = [(f"  {name}{pick(': ', '：')}{value}", "") for name, value in facts if value]
    return [
        (title, "bold cyan"),
        *told,
        *(each for attempt in journey.attempts for each in _event(attempt, shown.places)),
    ]


def _event(attempt: "Attempt", places: dict[int, str]) -> list[tuple[str, str]]:
    from agent.cli.words import minute
    from agent.domain.report import StepKind, StepResult
    from agent.domain.wording import RESULT, STEP
    from agent.log import redact

    kinds, results = {each.value: each for each in StepKind}, {each.value: each for each in StepResult}
    name = say(STEP[kinds[attempt.kind]]) if attempt.kind in kinds else attempt.kind
    ended = say(RESULT[results[attempt.result]]) if attempt.result in results else pick("not known yet", "结果未知")
    text = f" · {redact(attempt.message)}" if attempt.message else ""
    head = f"  {minute(attempt.begun_at)} {name}{pick(': ', '：')}{ended}{text}"
    who = pick(
        f"    run {attempt.run_id}, by {attempt.started_by}", f"    运行 {attempt.run_id}，由 {attempt.started_by} 发起"
    )
    pictures = [(f"    {places[one]}", "") for one in attempt.pictures.values() if one in places]
    return [(head, ""), (who, "dim"), *pictures]
