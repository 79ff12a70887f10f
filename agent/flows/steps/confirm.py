"""确认: tells the platform that the service was received. Only ours, only while it awaits confirmation."""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from agent.domain.orders import Order, OrderStatus
from agent.domain.page_errors import CellUnread, NoButton, PageChanged, PageMoved
from agent.domain.text import Text
from agent.flows.session.session import Session
from agent.flows.steps.attempt import StepAttempt
from agent.flows.steps.lookup import order_list_of, rules_of
from agent.flows.steps.order_page import Before
from agent.flows.steps.page_that_asks import Asked, confirm_there, sent_of
from agent.flows.steps.row_lookup import find_row, not_own, own_row, same_row
from agent.flows.steps.step import StepClick, StepExecutor
from agent.flows.steps.way_to_confirm import way_to_confirm
from agent.pages import vocabulary
from agent.pages.inference.buttons import can_be_clicked
from agent.pages.inference.claims import contradiction
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.order_facts import Meant
from agent.pages.inference.overlays import appeared
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.records import OrderRules, button, natural_key_of
from agent.pages.inference.row_proof import Lasting
from agent.pages.inference.row_ticks import no_other_ticks
from agent.pages.inference.unread_rows import read_order
from agent.pages.live.network import Exchange
from agent.pages.live.tabs import tabs_of
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot
from agent.sites import Site

Found = tuple[FrameSnapshot, Node, LocatedList, Row]


@dataclass(frozen=True, slots=True)
class _Words:
    """What a site calls the parts of its order list, and what its button for 确认 may say."""

    kind: ListKind
    confirm: tuple[str, ...]

    @classmethod
    def of(cls, site: Site) -> "_Words":
        return cls(order_list_of(site), (*vocabulary.CONFIRM, *site.confirm_words))


async def confirm(
    session: Session, site: Site, order: Order, orders: Sequence[Order], executor: StepExecutor
) -> StepAttempt:
    """Click 确认 in the order's row, or where the row leads to, and agree to what asks. `orders` are all of the list.

    Once more from the start if the page went on by itself before any click. Raise PageChanged, before any click, if no
    button is known to be the order's, and DialogDeclined if what asks is not about the order.
    """
    meant = Meant(order, orders, site.services, site.statuses, session.access.shop_name)
    words = _Words.of(site)
    try:
        return await _Confirmation(session, site.order_list, meant, rules_of(site), words).run(executor)
    except PageMoved:
        await session.page.settled()
        return await _Confirmation(session, site.order_list, meant, rules_of(site), words).run(executor)


@dataclass(frozen=True, slots=True)
class _Confirmation:
    """The confirmation of one order of the list at `address`."""

    session: Session
    address: str
    meant: Meant
    rules: OrderRules
    words: _Words

    async def run(self, executor: StepExecutor) -> StepAttempt:
        try:
            found = await _found(self.session, self.address, self._find)
        except NoButton:
            return await self._elsewhere(executor)
        return await self._in_row(found, executor)

    async def _elsewhere(self, executor: StepExecutor) -> StepAttempt:
        """Confirm it where its row leads to."""
        async with way_to_confirm(self.session, self.address, self.meant, self._find_row) as place:
            return await confirm_there(place, self.meant, executor)

    async def _in_row(self, found: Found, executor: StepExecutor) -> StepAttempt:
        part, node, located, row = found
        page, order = self.session.page, self.meant.order
        own = row.root if part.frame is located.part.frame else None
        begun = await executor.begin(page, sent_of(order), (part, node), own)
        async with tabs_of(page) as tabs:
            asked = Asked(self.session, Before.of(located, row.root), self.meant, tabs)
            click = StepClick(
                page,
                part,
                node,
                self.words.kind,
                own_row=row.root,
                lasting=Lasting.of(located.part.shot, row) if own is not None else None,
                objects=lambda text: contradiction(text, order, self.meant.names),
                still=lambda snapshot: self._stands(snapshot, row, node),
                heard=lambda a: replace(a, wire_agrees=True) if names(a.writes, order.order_no) else a,
                onward=asked.elsewhere,
            )
            answer = await executor.press(begun, click)
        return begun.clicked(answer)

    def _is_it(self, row: Row, address: str) -> bool:
        read = read_order(row, address, self.rules)
        if not isinstance(read, Order):
            return False
        return read.key == self.meant.order.key and read.ours and read.status is OrderStatus.AWAITING_CONFIRMATION

    def _may_be_it(self, row: Row, address: str) -> bool:
        try:
            return natural_key_of(row, address, self.rules) == self.meant.order.natural_key
        except CellUnread:
            return False  # what is meant was understood when the list was read

    async def _find_row(self) -> tuple[LocatedList, Row]:
        """The order's row. Raise PageChanged if other rows are ticked: 确认 may be done to them, too."""
        located, row = await find_row(self.session, self.address, self.words.kind, self._may_be_it, self._is_it)
        no_other_ticks(located, row)
        return located, row

    async def _find(self) -> Found:
        """The row with its button. Raise PageChanged if it is another one by the time the button shows."""
        located, row = await self._find_row()
        part, node, located, row = await _button(self.session, located, row, self.words)
        if not self._is_it(row, located.snapshot.address):
            raise PageChanged(self.address, Text("the row changed while it was read", "读取时该行发生了变化"))
        return part, node, located, row

    def _stands(self, snapshot: PageSnapshot, row: Row, node: Node) -> bool:
        """True if the button still stands in the order's row. What a menu holds stands in none: its opener does."""
        inside = any(n.id == node.id for n in row.nodes)
        now = own_row(snapshot, self.words.kind, row, node) if inside else same_row(snapshot, self.words.kind, row)
        located = find_list(snapshot, self.words.kind)
        if now is not None and located is not None:
            no_other_ticks(located, now)
        return now is not None and self._is_it(now, snapshot.address)


def names(writes: Iterable[Exchange], number: str | None) -> bool:
    """True if all that was sent went to addresses that name that order and no other number of its length."""
    found = [re.findall(r"\d+", urlsplit(w.address).path + urlsplit(w.address).query) for w in writes]
    alike = [{n for n in numbers if len(n) == len(number or "")} for numbers in found]
    return number is not None and bool(alike) and all(each == {number} for each in alike)


async def _found(session: Session, address: str, find: Callable[[], Awaitable[Found]]) -> Found:
    """What `find` gives, if need be on a page that is loaded anew: kits lay out a table wrongly now and then."""
    try:
        return await find()
    except PageChanged:
        await session.open(address)
        return await find()


async def _button(
    session: Session, located: LocatedList, row: Row, words: _Words
) -> tuple[FrameSnapshot, Node, LocatedList, Row]:
    """The row's 确认: shown at once, once the pointer is on the row, or behind 更多."""
    if node := button(row, words.confirm):
        return located.part, node, located, row
    page = session.page
    await page.hover(located.part, next((n for n in row.nodes if n.text and n.top), row.root))
    snapshot = await page.settled(3.0)
    hovered, again = find_list(snapshot, words.kind), same_row(snapshot, words.kind, row)
    if hovered is None or again is None:
        raise _no_button(session)
    if node := button(again, words.confirm):
        return hovered.part, node, hovered, again
    more = button(again, vocabulary.MORE_ACTIONS)
    if more is None:
        raise _no_button(session)
    if own_row(snapshot, words.kind, row, more) is None:
        raise not_own(session.page.raw.url, more.text)
    part, node = await _in_menu(session, hovered, again, more, words)
    return part, node, hovered, again


async def _in_menu(
    session: Session, located: LocatedList, row: Row, more: Node, words: _Words
) -> tuple[FrameSnapshot, Node]:
    """The 确认 of the menu that 更多 opens, by pointing at it or by a click.

    What stands in other rows never counts: a list that was drawn anew shows their buttons as new ones.
    """
    page = session.page
    before = located.snapshot.ids()
    for open_menu in (page.hover, page.click):
        await open_menu(located.part, more)
        snapshot = await page.settled(3.0)
        for part in snapshot.parts:
            for node in appeared(part, before):
                if vocabulary.is_one_of(node.text, words.confirm) and _is_free(snapshot, part, node, row, words.kind):
                    return part, node
    raise _no_button(session)


def _is_free(snapshot: PageSnapshot, part: FrameSnapshot, node: Node, row: Row, kind: ListKind) -> bool:
    """True for what can be pressed and stands in no row of the list as it is drawn now, save `row` itself."""
    located = find_list(snapshot, kind)
    rows = [r.root for r in located.parsed.rows] if located and located.part.frame is part.frame else []
    others = [r for r in rows if r.id != row.root.id]
    return can_be_clicked(part.shot, node) and not any(part.shot.holds(r, node) for r in others)


def _no_button(session: Session) -> NoButton:
    return NoButton(session.page.raw.url)
