"""`fankuan probe`: a visit that changes nothing, and tells part by part whether a site is as it is declared (探测)."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from loguru import logger
from PIL import Image
from playwright.async_api import Error, Request

from agent.browser import Chrome
from agent.domain.accounts import AccountKey
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, RunStopped, WayNotFound, WrongAddress
from agent.domain.merchants import Account, Merchant
from agent.domain.page_errors import PageChanged
from agent.domain.probe import Part, ProbeReport, judged
from agent.domain.text import fold
from agent.evidence.recorder import secrets_of
from agent.flows.runs.context import RunContext
from agent.flows.runs.heartbeat import HeldLease
from agent.flows.runs.lease import merchant_lease
from agent.flows.runs.selection import named_account
from agent.flows.runs.visit import browser_of, visited
from agent.flows.session.access import SiteAccess, access_of, back_office_access
from agent.flows.session.pages_found import (
    back_office_found,
    back_office_goal,
    is_for_all,
    orders_goal,
    site_found,
    still_stands,
)
from agent.flows.session.session import Session, stopped
from agent.flows.session.session_store import BACK_OFFICE
from agent.flows.steps.filing_form import ENTRY
from agent.flows.steps.lookup import arrive_at, order_list_of
from agent.flows.steps.shop_identity import ShopSigns
from agent.ledger import OWN_ROWS, Ledger
from agent.pages import vocabulary
from agent.pages.actions.menu_walk import Goal
from agent.pages.actions.screenshots import picture
from agent.pages.inference.fields import find_field
from agent.pages.inference.landmarks import Landmark
from agent.pages.inference.list_kind import FILINGS, ORDERS, ListKind
from agent.pages.inference.list_parts import Declared, filing_parts, order_parts, told_headings
from agent.pages.inference.located_list import find_list
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot
from agent.settings import backoffice
from agent.sites import BackOffice, Site

PLATFORM_PARTS = (
    *("log-in page", "way", "order list", "headings", "order number", "status words", "services", "confirm step"),
    *("paging", "shop", "session cookies", "hosts"),
)
BACK_OFFICE_PARTS = tuple(
    f"back office: {name}"
    for name in (
        *("log-in page", "way", "list", "headings", "status words", "refund button", "filing form"),
        "platform choices",
    )
)
_DEADLINE_SECONDS = 15 * 60.0
_AROUND = 60
_FORM_BOXES = 3
_WANTED = ("document", "script", "stylesheet", "xhr", "fetch")


async def run_probe(context: RunContext, name: AccountKey) -> ProbeReport:
    """Visit a platform and the back office in the merchant's sessions, and compare what stands there.

    Nothing is pressed but menu entries and links. Raise UsageError for a merchant, platform or account that is not
    known, and if no browser is found. What goes wrong on a site is in the report.
    """
    named = named_account(context.settings, context.ledger, name)
    with context.ledger.begin(on=OWN_ROWS) as tx:
        run_id = tx.runs.start(dry_run=True, started_by=context.started_by)
    probe = Probe(named.merchant, named.account, named.site, backoffice(context.settings), context.ledger, run_id)
    try:
        async with (
            asyncio.timeout(_DEADLINE_SECONDS),
            merchant_lease(context, named.account.key) as held,
            browser_of(context) as chrome,
        ):
            await probe.visit(chrome, held)
    except TimeoutError:
        probe.end(RunStopped(f"not done after {_DEADLINE_SECONDS / 60:.0f} minutes"))
    except AccountError as error:
        probe.end(error)
    finally:
        with context.ledger.begin(on=OWN_ROWS, run_id=run_id) as tx:
            tx.runs.finish()
    return probe.report()


@dataclass(slots=True)
class Probe:
    """One visit. `parts` are what was compared so far."""

    merchant: Merchant
    account: Account
    site: Site
    back_office: BackOffice
    ledger: Ledger
    run_id: str
    parts: list[Part] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    error: AccountError | None = None
    hosts: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def end(self, error: AccountError) -> None:
        """Note why the visit could not go on; the first reason counts."""
        self.error = self.error or error

    def report(self) -> ProbeReport:
        """What was found; parts that were not come to are told as not seen."""
        seen = {part.part for part in self.parts}
        names = BACK_OFFICE_PARTS if self.site.gone else (*PLATFORM_PARTS, *BACK_OFFICE_PARTS)
        self.parts += [judged(n, "", "not come to", same=None) for n in names if n not in seen]
        error = self.error
        report = ProbeReport(self.merchant.id, self.site.id, self.parts, found=self.found)
        if error is None:
            return report
        told = explained(error)
        return replace(report, ended=told.message, reason=error.reason, cure=told.cure)

    async def visit(self, chrome: Chrome, held: HeldLease) -> None:
        """Look at both sites; trouble with one does not keep from the other."""
        if not self.site.gone:
            access = access_of(self.site, self.account)
            await self._in_session(chrome, held, (self.account.key, access), self._platform)
        access = back_office_access(self.back_office, self.merchant)
        await self._in_session(chrome, held, (AccountKey(self.merchant.id, BACK_OFFICE), access), self._office)

    async def _in_session(
        self,
        chrome: Chrome,
        held: HeldLease,
        named: tuple[AccountKey, SiteAccess],
        look: Callable[[Session], Awaitable[None]],
    ) -> None:
        access = named[1]
        try:
            async with visited(self.ledger, self.run_id, chrome, held, named) as session:
                session.page.raw.on("request", lambda request: self._note(request, access))
                await look(session)
        except AccountError as error:
            self.end(error)
        except Error as error:
            self.end(stopped(error))

    def _note(self, request: Request, access: SiteAccess) -> None:
        host = urlsplit(request.url).hostname
        if host and request.resource_type in _WANTED:
            (self.hosts if access.allows(request.url) else self.refused).add(host)

    # the platform

    async def _platform(self, session: Session) -> None:
        site = self.site
        await self._log_in(session, "log-in page", site.login_url)
        found = await self._way(session)
        snapshot = await self._list(session, found.order_list, order_list_of(site))
        if Landmark.ORDERS not in orders_goal(site).recognise(snapshot):
            self.found.pop("orders_url", None)  # it may be another list: what is accepted counts for every account
        declared = Declared(
            services=site.services,
            number=site.number,
            number_after_confirm=site.number_after_confirm,
            statuses=site.statuses,
            confirms=site.confirms,
            confirm_words=site.confirm_words,
            kind=order_list_of(site),
        )
        await self._add(session, snapshot, order_parts(snapshot, declared))
        located = find_list(snapshot, declared.kind)
        if located is not None and (meant := told_headings(located, declared.kind)):
            known = {name: [*words] for name, words in site.headings.items()}
            self.found["headings"] = known | {name: [*known.get(name, []), word] for name, word in meant.items()}
        self.parts.append(self._shop(session, snapshot))
        self.parts.append(await self._cookies(session))
        self.parts.append(self._hosts())

    async def _log_in(self, session: Session, name: str, address: str) -> None:
        declared = _plain(address)
        try:
            await session.reading(session.entered)
        except AccountError as error:
            self.parts.append(judged(name, declared, error.reason, same=False))
            raise
        self.parts.append(judged(name, declared, "it leads inside", same=True))

    async def _way(self, session: Session) -> Site:
        """The order list: at its declared address, or by way of the menus."""
        declared = _plain(self.site.orders_url) if self.site.orders_url else "by way of the menus"
        try:
            site = await site_found(session, self.ledger, self.site, self.merchant.edition)
            moved = not await self._stands(session, site.order_list, order_list_of(site), orders_goal(self.site))
            if moved:
                bare = replace(self.site, orders_url=None)
                site = await site_found(session, self.ledger, bare, self.merchant.edition, anew=True)
        except WayNotFound as error:
            self.parts.append(judged("way", declared, "not found", same=False))
            if self.site.orders_url is None:
                raise
            logger.warning("{}", error)
            return self.site
        same = not moved or self.site.orders_url is None
        if not same and site.order_list not in session.routes and is_for_all(site.order_list):
            self.found["orders_url"] = site.order_list
        self.parts.append(judged("way", declared, _plain(site.order_list), same=same))
        return site

    async def _stands(self, session: Session, address: str, kind: ListKind, goal: Goal) -> bool:
        """True if the page is still the one that is meant; false also if it, or an entry on a kept way, is gone."""
        try:
            return still_stands(await self._list(session, address, kind), goal)
        except (PageChanged, WrongAddress) as error:
            logger.info("{}: the page is not there: {}", session.title, error)
            return False

    async def _list(self, session: Session, address: str, kind: ListKind) -> PageSnapshot:
        """The page of a list, once it is drawn; as it is if none is."""
        return await session.reading(lambda: arrive_at(session, address, kind))

    def _shop(self, session: Session, snapshot: PageSnapshot) -> Part:
        own = session.access.shop_name
        if own is None:
            return judged("shop", "none is registered", "not compared", same=None)
        signs = ShopSigns(own)
        located = find_list(snapshot, ORDERS)
        signs.add_view(snapshot, located.parsed.rows if located else ())
        other = signs.other() is not None
        return judged("shop", "the registered shop", "another shop" if other else "no other shop", same=not other)

    async def _cookies(self, session: Session) -> Part:
        names = {cookie.get("name", "") for cookie in await session.page.raw.context.cookies()}
        declared = self.site.session_cookies
        seen = sorted(names & set(declared))
        same = True if seen else None  # what keeps a session may be called otherwise: the log-in has led inside
        return judged("session cookies", ", ".join(declared) or "-", ", ".join(seen) or "none of them", same=same)

    def _hosts(self) -> Part:
        declared = ", ".join(sorted(self.site.network)) or "those of its own addresses"
        seen = ", ".join(sorted(self.hosts))
        if not self.refused:
            return judged("hosts", declared, seen, same=True)
        return judged("hosts", declared, f"not on the list: {', '.join(sorted(self.refused))}", same=False)

    # the back office

    async def _office(self, session: Session) -> None:
        edition, own = self.merchant.edition, self.back_office
        await self._log_in(session, "back office: log-in page", own.login_url)
        declared = own.list_url(edition)
        text = _plain(declared) if declared else "by way of the menus"
        try:
            found = await back_office_found(session, self.ledger, own, edition)
            address = found.list_url(edition) or own.login_url
            stands = await self._stands(session, address, FILINGS, back_office_goal(edition))
            if not stands:
                bare = replace(own, filing_url=None, refund_url=None)
                found = await back_office_found(session, self.ledger, bare, edition, anew=True)
                address = found.list_url(edition) or own.login_url
        except WayNotFound:
            self.parts.append(judged("back office: way", text, "not found", same=False))
            raise
        snapshot = await self._list(session, address, FILINGS)
        same = stands or declared is None
        self.parts.append(judged("back office: way", text, _plain(address), same=same))
        await self._add(session, snapshot, filing_parts(snapshot))
        if found.form_url is not None:
            snapshot = await self._list(session, found.form_url, FILINGS)
        self.parts += self._form(snapshot, found.direct(edition))

    def _form(self, snapshot: PageSnapshot, direct: bool) -> list[Part]:
        labels = [vocabulary.FORM_LABELS[name][0] for name in ENTRY]
        boxes = {name: find_field(snapshot, vocabulary.FORM_LABELS[name]) for name in ENTRY}
        name, declared = "back office: filing form", "、".join(labels)
        missing = [vocabulary.FORM_LABELS[n][0] for n, box in boxes.items() if box is None]
        # A form that a button opens is not opened, and a box or two are there to search by.
        if direct or len(ENTRY) - len(missing) < _FORM_BOXES:
            seen = judged(name, declared, "it is not open", same=None)
        else:
            seen = judged(name, declared, f"no box for {'、'.join(missing)}" if missing else declared, same=not missing)
        platform = boxes["platform"]
        choices = platform.control.options if platform is not None else ()
        wanted = {fold(n) for n in (self.site.filing_name, *self.site.filing_aliases)}
        offered = [c for c in choices if fold(c) in wanted]
        same = bool(offered) if choices else None
        text = "、".join(offered) or ("、".join(choices) if choices else "not seen")
        return [seen, judged("back office: platform choices", self.site.filing_name, text, same=same)]

    # pictures

    async def _add(self, session: Session, snapshot: PageSnapshot, found: Iterable[tuple[Part, Node | None]]) -> None:
        for part, node in found:
            cut = await self._cut_out(session, snapshot, node) if node is not None else None
            self.parts.append(replace(part, picture=cut))

    async def _cut_out(self, session: Session, snapshot: PageSnapshot, node: Node) -> bytes | None:
        """What stands around an element, in a picture in which everything of the account is covered."""
        part = next((p for p in snapshot.parts if node in p.shot.nodes), None)
        if part is None or part.frame is not session.page.raw.main_frame:
            return None
        try:
            whole = await picture(session.page, self._secrets(part))
        except Error:
            return None
        return _cropped(whole, node)

    def _secrets(self, part: FrameSnapshot) -> Sequence[str]:
        """What may not show: what is registered of the merchant, and every longer number on the page."""
        known = [*secrets_of(self.merchant, self.account), *self.merchant.names()]
        numbers = [n.text for n in part.shot.texts if sum(c.isdigit() for c in n.text) >= 6]
        return [s for s in (*known, *numbers) if s]


def _cropped(whole: bytes, node: Node) -> bytes:
    image, box = Image.open(io.BytesIO(whole)), node.box
    left, top = max(0, int(box.x) - _AROUND), max(0, int(box.y) - _AROUND)
    right, bottom = min(image.width, int(box.right) + _AROUND), min(image.height, int(box.bottom) + _AROUND)
    if right <= left or bottom <= top:
        return whole
    out = io.BytesIO()
    image.crop((left, top, right, bottom)).save(out, "PNG")
    return out.getvalue()


def _plain(address: str) -> str:
    """An address without its query, and that of a route behind #, which may hold something of an account."""
    parts = urlsplit(address)
    route = parts.fragment.partition("?")[0]
    return f"{parts.scheme}://{parts.netloc}{parts.path}" + (f"#{route}" if route else "")
