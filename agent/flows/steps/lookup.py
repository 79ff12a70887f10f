"""Looks up what the sites hold now: the orders of a platform, the filings of the back office."""

from collections.abc import Sequence
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
from agent.flows.steps.row_lookup import note_rows
from agent.flows.steps.shop_identity import ShopSigns, ShownShop
from agent.pages.actions.arrival import close_promotions
from agent.pages.actions.list_arrival import OpenedList
from agent.pages.actions.list_reader import RowReading, read_all
from agent.pages.actions.paging import LoggedOut
from agent.pages.inference.list_checks import FILING_NEEDS, ORDER_NEEDS
from agent.pages.inference.list_kind import FILINGS, ORDERS, ListKind
from agent.pages.inference.located_list import LocatedList
from agent.pages.inference.page_state import PageState, page_state
from agent.pages.inference.records import OrderRules
from agent.pages.inference.stated_total import Listed
from agent.pages.inference.unread_rows import parted, read_filing, read_order
from agent.pages.live.network import logged_out
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
    note_rows(session, located)
    shown.add(located)
    if signs is not None:
        signs.add(located)


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
        watch = partial(note_rows, session)
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


_LIST_SECONDS = 15.0
