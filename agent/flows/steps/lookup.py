"""Looks up what the sites hold now: the orders of a platform, the filings of the back office."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial

from loguru import logger

from agent.domain.orders import SHANGHAI, Filing, Order, OrderStatus
from agent.domain.page_errors import PageChanged
from agent.domain.shop_names import ShopName
from agent.domain.text import Text, fold
from agent.domain.unread import UnreadRow
from agent.flows.session.session import Incomplete, Session
from agent.flows.steps.quick_check import proves_unchanged
from agent.flows.steps.shop_identity import ShopSigns, ShownShop
from agent.pages.actions.arrival import close_promotions, covering
from agent.pages.actions.horizontal_scroll import is_narrow
from agent.pages.actions.hover import make_stated, make_whole
from agent.pages.actions.list_arrival import OpenedList
from agent.pages.actions.list_pieces import each_page
from agent.pages.actions.list_reader import RowReading, read_all
from agent.pages.actions.paging import LoggedOut
from agent.pages.inference.list_checks import FILING_NEEDS, ORDER_NEEDS, no_loose_words
from agent.pages.inference.list_kind import FILINGS, ORDERS, ListKind
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.page_state import PageState, page_state
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.records import OrderRules
from agent.pages.inference.row_proof import proves_own
from agent.pages.inference.stated_total import Listed
from agent.pages.inference.unread_rows import parted, read_filing, read_order
from agent.pages.live.network import logged_out
from agent.pages.live.page import LivePage
from agent.pages.live.scroll_into_view import bring
from agent.pages.snapshot import Node
from agent.pages.view import PageSnapshot
from agent.sites import Site


def rules_of(site: Site, now: datetime | None = None) -> OrderRules:
    """How the site's orders are read; `now` is the moment of the look, if it was an earlier one."""
    moment = now or datetime.now(SHANGHAI)
    return OrderRules(site.services, site.number_after_confirm, site.number, site.statuses, site.currency, moment)


def order_list_of(site: Site) -> ListKind:
    """The order list as the site calls its parts."""
    return ORDERS.with_words(site.headings, site.statuses, site.empty_words)


async def look_up_orders(
    session: Session, site: Site, shop: str | None, known: list[Order] | None = None, *, now: datetime | None = None
) -> Listed[Order]:
    """All orders that the platform lists now, other vendors' too, in the order of the page, and what is missing.

    Rows that are not understood are in `unread`. If the first page proves that these are still the `known` ones, they
    are given as they are. `now` is the moment of the look, if it was an earlier one. Raise NothingRead if no row is
    understood, WrongShop if the page turns out to be another shop's than `shop`.
    """
    own = ShopName(shop, site.shop_aliases, session.access.credentials.username) if shop is not None else None
    return await session.reading(lambda: _OrderReading(session, site, own, known, now).read())


@dataclass(slots=True)
class _OrderReading:
    """One reading of a platform's order list. `unchanged` once it proves that these are still the `known` ones."""

    session: Session
    site: Site
    own: ShopName | None
    known: list[Order] | None
    now: datetime | None = None
    unchanged: bool = False

    async def read(self) -> Listed[Order]:
        session, site = self.session, self.site
        signs = ShopSigns(self.own) if self.own else None
        cursor, rules = await session.open(site.order_list), rules_of(site, self.now)
        opened = OpenedList(session.page, order_list_of(site), site.title, cursor)
        shown = ShownShop()
        parse, watch = partial(read_order, rules=rules), partial(_watch, session, signs, shown)
        reading = RowReading(ORDER_NEEDS, parse, lambda o: o.key, watch=watch, enough=self._is_enough)
        orders = _understood(await read_all(opened, reading), site.order_list)
        known = self._still(orders)
        if known is None and session.page.blocker.degraded:
            raise Incomplete  # a pager or a challenge may be one of the pictures
        if signs is not None:
            signs.add_view(await session.page.look(), ())
            signs.check(orders)
        _check_steps(site, orders)
        _tell_unknown_codes(site, orders)
        _tell_unread(site.title, orders.unread)
        orders.shop = shown.name
        return orders if known is None else Listed(known, known=True, shop=shown.name)

    def _is_enough(self, found: Sequence[Order | UnreadRow], stated: set[int]) -> bool:
        orders = [o for o in found if isinstance(o, Order)]
        understood = len(orders) == len(found)
        self.unchanged = self.known is not None and understood and proves_unchanged(orders, stated, self.known)
        return self.unchanged

    def _still(self, orders: Sequence[Order]) -> list[Order] | None:
        """The known ones if they still hold; other pages may have come after all."""
        return self.known if self.known is not None and self.unchanged and {*orders} <= {*self.known} else None


def _understood(listed: Listed[Order | UnreadRow], address: str) -> Listed[Order]:
    """The orders of a list, with the rows that are not understood beside them."""
    orders, unread = parted(listed, address)
    return Listed(orders, listed.missing, unread=unread)


def _watch(session: Session, signs: ShopSigns | None, shown: ShownShop, located: LocatedList) -> None:
    _note_rows(session, located)
    shown.add(located)
    if signs is not None:
        signs.add(located)


def _note_rows(session: Session, located: LocatedList) -> None:
    if located.listing.rows:
        session.note_inside()


def _tell_unknown_codes(site: Site, orders: Sequence[Order]) -> None:
    """A service of our name with a code that is not in `services` is taken for another vendor's, but not silently."""
    names = {fold(s) for s in site.services}
    for code in sorted({o.service_code for o in orders if not o.ours and o.service_code and fold(o.service) in names}):
        logger.warning("{}: {} has the name of ours; if it is ours, add it to `services`", site.title, code)


def _check_steps(site: Site, orders: Sequence[Order]) -> None:
    """Raise PageChanged if an order waits for a step that the platform is not known to have."""
    if not site.confirms and any(o.ours and o.status is OrderStatus.AWAITING_CONFIRMATION for o in orders):
        raise PageChanged(
            site.order_list,
            Text("an order waits for 确认, which is not known here", "有订单待确认，但该平台没有已知的确认步骤"),
        )


def _tell_unread(title: str, rows: Sequence[UnreadRow]) -> None:
    """A row of another vendor's that is not understood is passed over, but not silently."""
    for row in rows:
        if row.foreign:
            logger.warning("{}: passed over, another vendor's: {}", title, "; ".join(gap.text.en for gap in row.gaps))


async def look_up_filings(session: Session, address: str) -> Listed[Filing]:
    """All filings that the back office lists now, of duplicates each one, and what is missing.

    Rows that are not understood are in `unread`. Raise NothingRead if that is all of them.
    """

    async def read() -> Listed[Filing]:
        cursor = await session.open(address)
        watch = partial(_note_rows, session)
        reading = RowReading(FILING_NEEDS, read_filing, lambda f: f.order_no or "", unique=False, watch=watch)
        listed = await read_all(OpenedList(session.page, FILINGS, session.title, cursor), reading)
        filings, unread = parted(listed, address)
        return Listed(filings, listed.missing, unread=unread)

    return await session.reading(read)


async def arrive_at(session: Session, address: str, kind: ListKind) -> PageSnapshot:
    """Open a page and return it once a list or a sign of emptiness is drawn, or as it is without one.

    Raise LoggedOut if the site asks for a log-in in its place.
    """
    cursor = await session.open(address)
    drawn = await session.page.settled(_LIST_SECONDS, lambda s: page_state(s, kind) is not PageState.NOTHING)
    snapshot = await close_promotions(session.page, drawn)
    if page_state(snapshot, kind) is PageState.LOGIN or logged_out(session.page.traffic.since(cursor)):
        raise LoggedOut
    return snapshot


def orders_filed(filings: Sequence[Filing], site: Site) -> list[Order]:
    """The orders of a platform that is gone, from what was filed of them; without its date or amount none can be made.

    They are completed: only then could they be filed.
    """
    orders = {f.order_no: order for f in filings if (order := _order_filed(f, site)) is not None}
    return list(orders.values())


def _order_filed(filing: Filing, site: Site) -> Order | None:
    if filing.ordered_on is None or filing.amount is None:
        return None
    return Order(
        order_no=filing.order_no,
        ordered_at=datetime.combine(filing.ordered_on, time(), SHANGHAI),
        service=site.title,
        service_code=None,
        ours=True,
        amount=filing.amount,
        status=OrderStatus.COMPLETED,
        shop=filing.shop,
    )


_VEIL_SECONDS = 10.0
_LIST_SECONDS = 15.0

Matches = Callable[[Row, str], bool]
Match = Callable[[LocatedList], Awaitable[Row | None]]


async def find_row(
    session: Session, address: str, kind: ListKind, plausible: Matches, matches: Matches
) -> tuple[LocatedList, Row]:
    """The row for which `matches` is true, on the page of the list where it stands now, ready to be worked.

    `plausible` tells, before a shortened number is looked up, whether a row can be it. Looks first at what is open.
    Raise PageChanged if it is on no page.
    """
    page = session.page

    async def match(located: LocatedList) -> Row | None:
        no_loose_words(located.listing, located.snapshot.address)
        for row in located.listing.rows:
            await make_stated(page, located, row, kind)
            if plausible(row, located.snapshot.address):
                await make_whole(page, located, row)
                if matches(row, located.snapshot.address):
                    return row
        return None

    async def read() -> tuple[LocatedList, Row]:
        cursor = await session.open(address)
        async for located in each_page(OpenedList(page, kind, session.title, cursor)):
            _note_rows(session, located)
            if row := await match(located):
                return await _brought(page, kind, *await _unveiled(page, kind, located, row, match), match)
        raise PageChanged(address, Text("a row that was there is gone", "之前的行已不在列表中"))

    here = find_list(await close_promotions(page, await page.look()), kind)
    if here is not None and is_narrow(here, kind):
        here = None  # some of its columns come by scrolling sideways
    if here is not None and session.at(address) and (row := await match(here)) and any(n.top for n in row.nodes):
        return await _brought(page, kind, here, row, match)
    return await session.reading(read)


async def _unveiled(
    page: LivePage,
    kind: ListKind,
    located: LocatedList,
    row: Row,
    match: Match,
) -> tuple[LocatedList, Row]:
    """The row once it can be worked: many lists lay a veil over their rows until the last of them is drawn."""
    if not _is_covered(row):
        return located, row
    snapshot = await page.settled(
        _VEIL_SECONDS, lambda v: not _all_covered(find_list(v, kind)) or covering(v) is not None
    )
    return await _again(await close_promotions(page, snapshot), kind, match) or (located, row)


async def _brought(
    page: LivePage,
    kind: ListKind,
    located: LocatedList,
    row: Row,
    match: Match,
) -> tuple[LocatedList, Row]:
    """The row where a picture of the window shows it; as it is drawn anew there, if it had to be scrolled to."""
    shown = next((n for n in row.nodes if n.text and n.top is not False), row.root)
    if not await bring(page, located.part, shown, row.root):
        return located, row
    return await _again(await page.settled(_VEIL_SECONDS), kind, match) or (located, row)


async def _again(snapshot: PageSnapshot, kind: ListKind, match: Match) -> tuple[LocatedList, Row] | None:
    """The row as the list is drawn now; None if it is not on it any more."""
    now = find_list(snapshot, kind)
    found = await match(now) if now is not None else None
    return (now, found) if now is not None and found is not None else None


def _is_covered(row: Row) -> bool:
    return all(n.top is False for n in row.nodes if n.text)


def _all_covered(located: LocatedList | None) -> bool:
    return located is None or all(_is_covered(row) for row in located.listing.rows)


def same_row(snapshot: PageSnapshot, kind: ListKind, row: Row) -> Row | None:
    """The row as the page draws it now, or None if it is gone.

    Cells that stand where the same words stood are taken over, with what was found out about them: a number that is
    shown shortened is known in full. So are those that only scrolling sideways would bring.
    """
    _, now = _drawn(snapshot, kind, row)
    return _with_known(now, row) if now is not None else None


def own_row(snapshot: PageSnapshot, kind: ListKind, row: Row, node: Node) -> Row | None:
    """The row as same_row() gives it, where `node` is still there and is proven to stand in it and in no other."""
    located, now = _drawn(snapshot, kind, row)
    found = located.part.shot.by_id(node.id) if located else None
    if located is None or now is None or found is None or located.listing.loose:
        return None
    own = proves_own(located.part.shot, located.listing.rows, now, found)
    return _with_known(now, row) if own else None


def not_own(address: str, button: str) -> PageChanged:
    """What is raised if a button cannot be shown to be the row's."""
    return PageChanged(
        address,
        Text(f"“{button}” cannot be proven to stand in the order's row", f"无法确认“{button}”按钮属于该订单所在行"),
    )


def _drawn(snapshot: PageSnapshot, kind: ListKind, row: Row) -> tuple[LocatedList | None, Row | None]:
    located = find_list(snapshot, kind)
    return located, next((r for r in located.listing.rows if r.root.id == row.root.id), None) if located else None


def _with_known(now: Row, row: Row) -> Row:
    for name, cell in row.cells.items():
        if name not in now.cells or now.cells[name].shown == cell.shown:
            now.cells[name] = cell
    return now
