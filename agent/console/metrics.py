"""What Prometheus asks for: money by stage, questions, lateness, how runs end. Read from the ledger when it asks."""

from collections.abc import Iterator
from datetime import timedelta

from fastapi import APIRouter, Depends, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from agent.console.context import Console, console_of
from agent.console.freshness import Fresh, catch_up
from agent.console.visitor import token_of
from agent.ledger import UnitOfWork

router = APIRouter(dependencies=[Depends(token_of)], include_in_schema=False)
_DAYS, _MOST, _LATE = 1, 10_000, timedelta(hours=1)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """All of them, in Prometheus' text format."""
    console = console_of(request)
    fresh = catch_up(console)
    registry = CollectorRegistry(auto_describe=False)
    with console.ledger.read() as tx:
        registry.register(_Now(console, tx, fresh))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Now(Collector):
    """The figures of one moment."""

    def __init__(self, console: Console, tx: UnitOfWork, fresh: Fresh) -> None:
        self._console, self._work, self._fresh = console, tx, fresh

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each of them."""
        tx = self._work
        yield from self._money()
        yield self._ends()
        waiting = len(tx.challenges.waiting(_MOST))
        yield GaugeMetricFamily("fankuan_challenges_waiting", "Questions that wait for a person.", waiting)
        late = tx.health.late(tx.now - _LATE, _MOST)
        yield GaugeMetricFamily("fankuan_accounts_late", "Accounts due for more than an hour.", late)
        working = len(tx.health.workers())
        yield GaugeMetricFamily("fankuan_leases_held", "Merchants and services that are worked on.", working)
        known = self._console.settings.work_calendar.known_until(tx.today.year) or 0
        yield GaugeMetricFamily("fankuan_calendar_known_until", "Last year with announced holidays.", known)
        behind = int(not self._fresh.done)
        yield GaugeMetricFamily("fankuan_sums_behind", "1 while changes are still being added to the sums.", behind)

    def _money(self) -> Iterator[GaugeMetricFamily]:
        names = ["platform", "stage", "currency"]
        orders = GaugeMetricFamily("fankuan_orders", "Orders of ours by stage.", labels=names)
        money = GaugeMetricFamily("fankuan_money", "Money of these orders, in units of the currency.", labels=names)
        version = (self._fresh, self._work.today)
        for each in self._console.remembered.of("totals", version, self._work, lambda w: w.order_stages.totals()):
            labels = [each.platform, each.stage.value, each.currency]
            orders.add_metric(labels, each.orders)
            money.add_metric(labels, float(each.amount))
        yield orders
        yield money

    def _ends(self) -> GaugeMetricFamily:
        found = GaugeMetricFamily(
            "fankuan_account_runs_a_day",
            "How the accounts' runs of the last day ended.",
            labels=["platform", "outcome"],
        )
        for platform, counts in self._work.run_log.success(_DAYS).items():
            for outcome, count in counts.items():
                found.add_metric([platform, outcome.value], count)
        return found
