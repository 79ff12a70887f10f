"""`fankuan record`: a visit that changes nothing, kept as a recording without anything personal (录制)."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

from loguru import logger
from playwright.async_api import Error

from agent.browser import Chrome
from agent.browser.storage_state import StorageState
from agent.domain.accounts import AccountKey
from agent.domain.errors import RunStopped, SecretsLeft
from agent.domain.text import fold
from agent.flows.runs.capture import Capture
from agent.flows.runs.context import RunContext
from agent.flows.runs.heartbeat import HeldLease
from agent.flows.runs.lease import merchant_lease
from agent.flows.runs.recorded_site import back_office_to_json, site_to_json
from agent.flows.runs.selection import Named, named_account
from agent.flows.runs.visit import browser_of, visited
from agent.flows.session.access import access_of, back_office_access
from agent.flows.session.pages_found import back_office_found, site_found, steps_to
from agent.flows.session.session import Session, stopped
from agent.flows.session.session_store import BACK_OFFICE
from agent.flows.steps.lookup import look_up_filings, look_up_orders
from agent.ledger import OWN_ROWS
from agent.pages import list_words, login_words, vocabulary
from agent.pages.inference.persons import names_shown
from agent.recording.cleaning import Raw, cleaned, known_first, left_in
from agent.recording.disguise import Disguise, Replacement
from agent.recording.exchange import Exchange
from agent.recording.kinds import Kind
from agent.settings import backoffice, sites

T = TypeVar("T")

_DEADLINE_SECONDS = 15 * 60.0
_MOST_LOOKS = 3
# A shorter cookie is a choice (zh, dark), not a key, unless scripts cannot read it.
_KEY_LENGTH, _HIDDEN_KEY_LENGTH = 10, 6
_LONG_SECRET = 6


@dataclass(frozen=True, slots=True)
class Recording:
    """What is to be written: the answers and facts without anything personal, and what was replaced in them."""

    clean: Raw
    replacements: list[Replacement]
    orders: int
    filings: int


async def run_record(context: RunContext, name: AccountKey) -> Recording:
    """Visit a platform and the back office in the merchant's sessions, and return what they answered, cleaned.

    Raise UsageError for an account that is not known, AccountError if one of the lists cannot be read, and SecretsLeft
    if what looks like a secret is left.
    """
    named = named_account(context.settings, context.ledger, name)
    with context.ledger.begin(on=OWN_ROWS) as tx:
        run_id = tx.runs.start(dry_run=True, started_by=context.started_by)
    recorder = Recorder(context, named, run_id)
    try:
        async with (
            asyncio.timeout(_DEADLINE_SECONDS),
            merchant_lease(context, named.account.key) as held,
            browser_of(context) as chrome,
        ):
            await recorder.visit(chrome, held)
    except TimeoutError:
        raise RunStopped(f"not done after {_DEADLINE_SECONDS / 60:.0f} minutes") from None
    except Error as error:
        raise stopped(error) from None
    finally:
        with context.ledger.begin(on=OWN_ROWS, run_id=run_id) as tx:
            tx.runs.finish()
    return recorder.recording()


@dataclass(slots=True)
class Recorder:
    """One visit, and what it brought so far. Nothing of it is written anywhere before it is cleaned."""

    context: RunContext
    named: Named
    run_id: str
    exchanges: list[Exchange] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    known: list[tuple[Kind, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"orders": 0, "filings": 0})

    async def visit(self, chrome: Chrome, held: HeldLease) -> None:
        """Read both lists, as a run does, and keep what that took."""
        merchant, account, site = self.named.merchant, self.named.account, self.named.site
        self.facts = {
            "recorded_at": self.context.clock().isoformat(timespec="seconds"),
            "platform": site.id,
            "edition": merchant.edition.value,
            "has_payee": merchant.payee is not None,
            "file_as": account.shop or merchant.file_as or (merchant.name if self._is_only_shop else None),
        }
        if not site.gone:
            access = access_of(site, account)
            async with visited(self.context.ledger, self.run_id, chrome, held, (account.key, access)) as session:
                await self._platform(session)
        access, key = (
            back_office_access(backoffice(self.context.settings), merchant),
            AccountKey(merchant.id, BACK_OFFICE),
        )
        async with visited(self.context.ledger, self.run_id, chrome, held, (key, access)) as session:
            await self._back_office(session)

    @property
    def _is_only_shop(self) -> bool:
        return self.named.site.merchant_as_shop and len(self.named.merchant.accounts) == 1

    async def _platform(self, session: Session) -> None:
        merchant, account = self.named.merchant, self.named.account
        capture = await _capturing(session)
        site = await site_found(session, self.context.ledger, self.named.site, merchant.edition)
        listed = await self._captured(session, capture, lambda: look_up_orders(session, site, account.shop))
        self.counts["orders"] = len(listed)
        self.known += [(Kind.NAME, o.shop) for o in listed if o.shop] + [(Kind.NAME, listed.shop or "")]
        told = {**site_to_json(site), "orders_url": site.orders_url, "login_url": session.landing}
        self.facts["site"] = told
        self.facts["platform_session"] = await self._kept(session, site.order_list, site.session_cookies)
        self.facts["shop"] = account.shop

    async def _back_office(self, session: Session) -> None:
        edition, own = self.named.merchant.edition, backoffice(self.context.settings)
        capture = await _capturing(session)
        found = await back_office_found(session, self.context.ledger, own, edition)
        address = found.list_url(edition) or found.login_url
        listed = await self._captured(session, capture, lambda: look_up_filings(session, address))
        self.counts["filings"] = len(listed)
        self.known += [(Kind.NAME, f.shop) for f in listed if f.shop]
        self.facts["back_office"] = back_office_to_json(found) | {"login_url": session.landing}
        self.facts["back_office_session"] = await self._kept(session, address, ())

    async def _captured(self, session: Session, capture: Capture, look: Callable[[], Awaitable[T]]) -> T:
        """What a look gives; what it took is kept if no log-in was part of it."""
        for _ in range(_MOST_LOOKS):
            log_ins = session.log_ins
            capture.begin()
            listed = await look()
            if session.log_ins == log_ins:
                break
            logger.info("{}: it asked for a log-in, and is recorded anew", session.title)
        else:
            raise RunStopped("the site asked for a log-in each time")
        self.known += [(Kind.NAME, text) for text in names_shown(await session.page.look())]
        self.exchanges += await capture.whole()
        capture.end()
        return listed

    async def _kept(self, session: Session, address: str, own_cookies: tuple[str, ...]) -> dict[str, Any]:
        """What keeps the pages from asking for a log-in when they are replayed, and the menu entries to the list."""
        state = await StorageState.of(session.page.raw)
        told = state.dumps()
        for cookie in told["shared"]["cookies"]:
            hidden = cookie["httpOnly"] or cookie["name"] in own_cookies
            if len(cookie["value"]) >= (_HIDDEN_KEY_LENGTH if hidden else _KEY_LENGTH):
                self.known.append((Kind.COOKIE, cookie["value"]))
        told["shared"]["cookies"] = [c for c in told["shared"]["cookies"] if not c["httpOnly"]]
        for origin in told["shared"]["origins"]:
            origin.pop("indexedDB", None)
        return {
            "username": session.access.credentials.username,
            "state": told,
            "steps": steps_to(session, address),
        }

    def recording(self) -> Recording:
        """What was recorded, cleaned. Raise SecretsLeft."""
        disguise = Disguise(secrets.token_bytes(32), self._kept_words())
        secrets_of_all = [*self._secrets()]
        known_first([*self._known(), *secrets_of_all], disguise)
        clean = cleaned(Raw(tuple(self.exchanges), self.facts), disguise)
        hidden = {value for kind, value in secrets_of_all if len(value) >= _LONG_SECRET} | {
            value for value, kind in disguise.originals.items() if kind.secret and len(value) >= _LONG_SECRET
        }
        if left := left_in(clean, disguise, hidden):
            raise SecretsLeft([f"{each.kind}: {each.where}" for each in left])
        return Recording(clean, disguise.replacements(), self.counts["orders"], self.counts["filings"])

    def _secrets(self) -> Iterator[tuple[Kind, str]]:
        """What the ledger keeps sealed: all of this merchant's, and of the others what is no common word."""
        with self.context.ledger.read() as tx:
            merchants = tx.merchants.find()
        for merchant in merchants:
            own = merchant.id == self.named.merchant.id
            number = merchant.payee.account.get_secret_value() if merchant.payee is not None else None
            for secret in merchant.secrets():
                value = secret.get_secret_value()
                if own or len(value) >= _LONG_SECRET:
                    yield (Kind.BANK_ACCOUNT if value == number else Kind.PASSWORD), value

    def _known(self) -> Iterator[tuple[Kind, str]]:
        merchant = self.named.merchant
        yield from ((Kind.NAME, name) for name in merchant.names())
        if merchant.payee is not None:
            yield Kind.NAME, merchant.payee.bank
        yield from ((kind, value) for kind, value in self.known if value)

    def _kept_words(self) -> frozenset[str]:
        """What means the same to everybody: services, platforms, headings, states, buttons."""
        known = sites(self.context.settings).values()
        words = {
            word for site in known for word in (site.title, site.filing_name, *site.filing_aliases, *site.services)
        }
        words |= {number for word in [*words] for number in re.findall(r"\d{5,}", word)}
        own = self.named.site
        words |= {*own.statuses, *own.confirm_words, *own.empty_words, *(w for ws in own.headings.values() for w in ws)}
        words |= words_of(vocabulary, list_words, login_words)
        return frozenset({*words, *map(fold, words)})


async def _capturing(session: Session) -> Capture:
    """Listen to a session once somebody is logged in: what a log-in sends is never recorded."""
    # What is routed is not taken from the browser's cache: everything comes, and comes again.
    await session.page.raw.context.route("**/*", lambda route: route.continue_())
    await session.reading(session.entered)
    return Capture(session.page.raw)


def words_of(*modules: ModuleType) -> set[str]:
    """All words that stand in the lists of these modules."""
    lists = [value for module in modules for name, value in vars(module).items() if name.isupper()]
    flat = [item for each in lists for item in (each.values() if isinstance(each, dict) else [each])]
    return {word for item in flat if isinstance(item, tuple | frozenset) for word in item if isinstance(word, str)}
