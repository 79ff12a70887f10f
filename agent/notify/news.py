"""What is new, as the ledger has it at one moment."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cached_property

from agent.domain.orders import SHANGHAI
from agent.flows.runs import ending
from agent.ledger import DueOn, KnownOrder, Ledger, found_ways, known_orders
from agent.notify import notices
from agent.notify.notices import Notice
from agent.settings import Settings, applies_directly, sites
from agent.sites.wdgj import ID, WDGJ


class News:
    """Looks notices up in the ledger, those of each merchant once; what has ended after `until` is news for later.

    `due_on` gives the day from which a refund may be requested; `now` is aware.
    """

    def __init__(self, settings: Settings, ledger: Ledger, due_on: DueOn, now: datetime) -> None:
        self._settings, self._ledger, self._due_on, self._now = settings, ledger, due_on, now
        self._today = now.astimezone(SHANGHAI).date()
        self._titles = {name: site.title for name, site in sites(settings).items()} | {ID: WDGJ.title}
        self._found: dict[str, list[Notice]] = {}
        # One that writes waits for all that do: none of what has a lower number is still to be committed then.
        with ledger.begin() as tx:
            self.until = tx.runs.last_outcome()
        self.digest_key = notices.digest_key(self._today)

    @cached_property
    def waiting(self) -> list[Notice]:
        """What waits for a person, of all merchants."""
        with self._ledger.read() as tx:
            return [*notices.challenges(tx.challenges.waiting(), self._titles, self._now)]

    @cached_property
    def pages(self) -> list[Notice]:
        """The sites' pages that are no longer as they were, which concerns all merchants."""
        with self._ledger.read() as tx:
            return [*notices.page_changes(tx.page_shapes.changed(self._now - notices.RECENT))]

    def of(self, merchants: Iterable[str]) -> list[Notice]:
        """All else of these merchants, by kind. To be asked of some hundred at a time."""
        wanted = sorted({*merchants})
        unknown = [merchant for merchant in wanted if merchant not in self._found]
        found = [*self._look_up(unknown)] if unknown else []
        self._found |= {merchant: [n for n in found if n.merchant == merchant] for merchant in unknown}
        return sorted((n for merchant in wanted for n in self._found[merchant]), key=lambda n: n.kind)

    def _look_up(self, merchants: Collection[str]) -> Iterator[Notice]:
        known = [*self._orders(merchants)]
        with self._ledger.read() as tx:
            links = ending.Links.of(self._settings, tx.merchants.registered(merchants))
            let_in, sessions = tx.authorizations.known(merchants), tx.sessions.known(merchants)
            streaks = tx.runs.streaks(merchants)
        yield from notices.failures(streaks, self._titles)
        yield from notices.refunds(known, self._titles, self._now)
        yield from notices.sessions(sessions, self._titles, self._now)
        yield from notices.endings(ending.subscriptions(known, links, self._today), self._titles)
        yield from notices.endings(ending.authorizations(let_in, links, self._today), self._titles)

    @cached_property
    def digest(self) -> Notice:
        """The day in one line. All orders are gone through for it."""
        with self._ledger.read() as tx:
            runs = tx.runs.latest()
        return notices.digest(runs, self._orders(None), self._today)

    def _orders(self, merchants: Collection[str] | None) -> Iterator[KnownOrder]:
        direct = applies_directly(self._settings, found_ways(self._ledger))
        return known_orders(self._ledger, self._due_on, direct, of=merchants)
