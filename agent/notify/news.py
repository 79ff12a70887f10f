"""What is new, as the ledger has it at one moment."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import cached_property

from agent.domain.orders import SHANGHAI
from agent.flows import ending
from agent.ledger import DueOn, KnownOrder, Ledger
from agent.notify import notices
from agent.notify.notices import Notice
from agent.settings import Settings, backoffice

_AT_ONCE = 200


class News:
    """Looks notices up in the ledger. `due_on` gives the day from which a refund may be requested; `now` is aware."""

    def __init__(self, settings: Settings, ledger: Ledger, due_on: DueOn, now: datetime) -> None:
        self._settings, self._ledger, self._due_on, self._now = settings, ledger, due_on, now
        self._today: date = now.astimezone(SHANGHAI).date()
        self.digest_key = notices.digest_key(self._today)

    def waiting(self) -> Iterator[Notice]:
        """What waits for a person, of all merchants."""
        return notices.challenges(self._ledger.challenges(), self._now)

    def of(self, merchants: Collection[str]) -> Iterator[Notice]:
        """All else of these merchants, which is much where they are many."""
        links, wanted = ending.Links.of(self._settings, self._ledger.registered()), sorted(merchants)
        for start in range(0, len(wanted), _AT_ONCE):
            yield from self._of(wanted[start : start + _AT_ONCE], links)

    def _of(self, merchants: Collection[str], links: ending.Links) -> Iterator[Notice]:
        known = [*self._orders(merchants)]
        yield from notices.failures(self._ledger.streaks(merchants))
        yield from notices.refunds(known, self._now)
        yield from notices.sessions(self._ledger.sessions(merchants), self._now)
        yield from notices.endings(ending.subscriptions(known, links, self._today))
        let_in = self._ledger.authorizations(merchants)
        yield from notices.endings(ending.authorizations(let_in, links, self._today))

    @cached_property
    def digest(self) -> Notice:
        """The day in one line. All orders are gone through for it."""
        return notices.digest(self._ledger.last_runs(), self._orders(None), self._today)

    def _orders(self, merchants: Collection[str] | None) -> Iterator[KnownOrder]:
        return self._ledger.known_orders(self._due_on, backoffice(self._settings).direct, of=merchants)
