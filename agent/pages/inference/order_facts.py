"""What a part of a page says of an order, and whether that is the order that is meant."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from agent.domain.orders import Order, OrderStatus
from agent.domain.shop_names import ShopName
from agent.domain.text import Text, fold
from agent.pages import vocabulary
from agent.pages.inference.claims import contradiction, same_time
from agent.pages.inference.labels import beside, labels_in
from agent.pages.inference.parsed_list import Cell, Row
from agent.pages.inference.services import service_of
from agent.pages.inference.torn_numbers import is_torn
from agent.pages.snapshot import Node
from agent.pages.values import completes, cut_number, moments_in, numbers_in, price

_FIELDS = {name: text for name, text in vocabulary.ORDER_FIELDS.items() if name not in {"action", "amount_fen"}}
# Where a page shows both, what was paid counts, and the other may be the price before a discount.
_PAID = re.compile(r"(实付金额|实付款|支付金额|付款金额|实际支付|实付)(\(元\))?[:：]?$")
_CLOCK = re.compile(r"\d{1,2}[:：]\d{2}")
_SHORTEST_BARE_LABEL = 3
# Numbers that are as long as an order's, and are none.
_OTHER_NUMBER = re.compile(
    r"子订单|子单|交易|流水|支付|付款|电话|热线|手机|客服|QQ|账号|帐号|发票|税号|运单|编码|代码", re.IGNORECASE
)
_PRICE = re.compile(r"[¥￥]\s*\d[\d,]*(?:\.\d+)?(?![\d.]*\s*/)|\d[\d,]*(?:\.\d+)?元(?!\s*/)")


@dataclass(frozen=True, slots=True)
class Meant:
    """The order that is meant, and what it must not be mistaken for.

    `listed` are all orders of the list, this one too. `services` are ours, `statuses` the site's own words for states.
    `shop` is the one whose orders these are, None if nothing names it. `asked` is true if the row's own 确认 led to the
    page: then it need not say that it is about an order.
    """

    order: Order
    listed: Sequence[Order]
    services: Collection[str] = ()
    statuses: Mapping[str, OrderStatus] = field(default_factory=dict)
    shop: ShopName | None = None
    asked: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The services that the list names."""
        return frozenset(o.service for o in self.listed)

    @property
    def has_twin(self) -> bool:
        """True if another order that waits, too, differs in nothing that is shown."""
        return sum(o.key == self.order.key for o in self.waiting) > 1

    @property
    def waiting(self) -> list[Order]:
        return [o for o in self.listed if o.status is OrderStatus.AWAITING_CONFIRMATION]


@dataclass(frozen=True, slots=True)
class Facts:
    """What some elements say. `values` are those that carry a label, by field; `paid` what is said to be paid."""

    texts: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    paid: tuple[str, ...] = ()

    def of(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())


def facts_of(nodes: Sequence[Node]) -> Facts:
    """What the elements say, in document order."""
    values: dict[str, list[str]] = {}
    paid = []
    for name, value, before in _labelled([n for n in nodes if n.text]):
        values.setdefault(name, []).append(value)
        if name == "amount" and _PAID.search(fold(before)):
            paid.append(value)
    texts = tuple(n.text for n in nodes if n.text)
    return Facts(texts, {name: tuple(text) for name, text in values.items()}, tuple(paid))


def _labelled(texts: list[Node]) -> Iterator[tuple[str, str, str]]:
    """Each field that is named, with its value and the words before that."""
    for node in texts:
        for name, value in labels_in(node.text, _FIELDS):
            if name not in _FIELDS:
                continue
            if value:
                yield name, value, node.text.partition(value)[0]
            elif _is_label(node.text) and (found := beside(node, texts, _FIELDS)):
                yield name, found.text, node.text


def _is_label(text: str) -> bool:
    """True for 订单状态 and 状态：, but not for 状态 or 服务 alone, which many things are called."""
    return text.rstrip().endswith((":", "：")) or len(vocabulary.heading(text)) >= _SHORTEST_BARE_LABEL


def conflict(facts: Facts, meant: Meant) -> Text | None:
    """What these elements say that is not true of the order; None if they say nothing of the kind."""
    order = meant.order
    found = (
        _other_number(facts, meant)
        or _other_service(facts, meant)
        or _other_time(facts, order.ordered_at)
        or _other_amount(facts, order)
        or _other_state(facts, meant)
        or _other_shop(facts, meant)
    )
    if found is None:
        return contradiction(" ".join(facts.texts), order, meant.names)
    return Text(
        f"it shows {found}, which is not this order's",
        f"其中显示的是 {found}，与本订单不符",
    )


def identifies(facts: Facts, meant: Meant) -> bool:
    """True if these elements say enough to tell the order from every other one of the list.

    That is its number; without one its service with its time or its amount, if they fit no other order that waits. The
    page of a service that is for sale shows its name and its price, too: an amount counts beside the order's state.
    """
    if shows_number(facts, meant.order):
        return True
    if not _names_service(facts, meant.order):
        return False
    time = _shows_time(facts, meant.order.ordered_at)
    amount = _shows_amount(facts, meant.order) and (time or meant.asked or bool(facts.of("status")))
    if not (time or amount):
        return False
    alike = [o for o in meant.waiting if fold(o.service) == fold(meant.order.service)]
    alike = [o for o in alike if not time or _shows_time(facts, o.ordered_at)]
    return len([o for o in alike if not amount or _shows_amount(facts, o)]) == 1


def shows_number(facts: Facts, order: Order) -> bool:
    """True if the order's number stands there, whole."""
    return order.order_no is not None and order.order_no in _numbers(facts)


def is_surely_an_order(facts: Facts, order: Order) -> bool:
    """True if the order's number or its time stands there, which no page that sells shows."""
    return shows_number(facts, order) or _shows_time(facts, order.ordered_at)


def mentions_other(text: str, meant: Meant) -> str | None:
    """Another service that the text is the name of, or an amount in it that is not the order's."""
    own = fold(meant.order.service)
    others = {fold(s) for s in (*meant.names, *meant.services)} - {own}
    if fold(text) in others:
        return f"“{text}”"
    return next((p for p in _PRICE.findall(text) if not _is_amount(p, meant.order)), None)


def _numbers(facts: Facts) -> set[str]:
    """The whole numbers that stand in no doubt."""
    return {n for text in facts.texts for n in numbers_in(text) if not is_torn(text, n)}


def _other_number(facts: Facts, meant: Meant) -> str | None:
    own = meant.order.order_no
    known = {o.order_no for o in meant.listed if o.order_no and o.order_no != own}
    labelled = {n for value in facts.of("order_no") for n in numbers_in(value)}
    strange = next((n for n in sorted(labelled) if n in known or (own and n != own)), None)
    if strange or (own is None and len(labelled) > 1):
        return strange or min(labelled)
    if own is not None and (cut := _other_cut(facts, own)):
        return cut
    for text in facts.texts:
        for number in numbers_in(text):
            alike = own is not None and len(number) == len(own) and number != own
            if number in known or (alike and not _OTHER_NUMBER.search(text)):
                return number
            if number == own and is_torn(text, number):
                return text
    return None


def _other_cut(facts: Facts, own: str) -> str | None:
    """A shortened number that cannot be the order's."""
    shortened = [value for value in facts.of("order_no") if not numbers_in(value)]
    return next((v for v in shortened if (cut := cut_number(v)) and not completes(cut, own)), None)


def _other_service(facts: Facts, meant: Meant) -> str | None:
    own = meant.order.service
    for text in facts.of("service"):
        name, code = _parted(text)
        if fold(name) != fold(own) and fold(text) != fold(own):
            return f"“{text}”"
        if code is not None and not _is_own_code(code, meant):
            return code
    return next((c for c in facts.of("service_code") if not _is_own_code(c, meant)), None)


def _parted(text: str) -> tuple[str, str | None]:
    """Name and code of what stands behind 服务名称."""
    cell = Cell([], text)
    found = service_of(Row(None, {"service": cell}, [], None))  # type: ignore[arg-type]
    return (found.name, found.code) if found else (text, None)


def _is_own_code(code: str, meant: Meant) -> bool:
    return fold(code) in {fold(c) for c in (meant.order.service_code, *meant.services) if c}


def _other_time(facts: Facts, known: datetime) -> str | None:
    for text in facts.of("ordered_at"):
        shown = moments_in(text)
        if shown and not any(_agrees(when, text, known) for when in shown):
            return text
    return None


def _agrees(shown: datetime, text: str, known: datetime) -> bool:
    if not _CLOCK.search(text):
        return shown.date() == known.date()
    return same_time(shown, known)


def _shows_time(facts: Facts, known: datetime) -> bool:
    bare = [text for text in facts.texts if not labels_in(text, _FIELDS)]
    return any(_agrees(when, text, known) for text in (*facts.of("ordered_at"), *bare) for when in moments_in(text))


def _other_amount(facts: Facts, order: Order) -> str | None:
    stated = [value for value in facts.paid or facts.of("amount") if _amount(value, order.currency) is not None]
    return next((value for value in stated if not _is_amount(value, order)), None)


def _amount(text: str, currency: str) -> tuple[Decimal, str] | None:
    try:
        return price(text, currency)
    except ValueError:
        return None


def _is_amount(text: str, order: Order) -> bool:
    return _amount(text, order.currency) == (order.amount, order.currency)


def _shows_amount(facts: Facts, order: Order) -> bool:
    priced = [p for text in facts.texts for p in _PRICE.findall(text)]
    return any(_is_amount(words, order) for words in (*facts.of("amount"), *priced))


def _names_service(facts: Facts, order: Order) -> bool:
    own = fold(order.service)
    named = any(own in (fold(words), fold(_parted(words)[0])) for words in facts.of("service"))
    return named or any(fold(text) == own for text in facts.texts)


def _other_state(facts: Facts, meant: Meant) -> str | None:
    for text in facts.of("status"):
        folded = fold(text)
        own = [w for w, state in meant.statuses.items() if state is OrderStatus.AWAITING_CONFIRMATION]
        waits = (*vocabulary.ORDER_STATUS[OrderStatus.AWAITING_CONFIRMATION], *own)
        if folded and not any(folded.startswith(fold(word)) for word in waits):
            return f"“{text}”"
    return None


def _other_shop(facts: Facts, meant: Meant) -> str | None:
    listed, own = meant.order.shop, meant.shop
    for text in facts.of("shop"):
        same = fold(text) == fold(listed) if listed else own is None or own.is_drawn_as(text)
        if not same:
            return text
    return None
