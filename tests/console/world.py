"""What a console has to show: a few merchants with orders at all stages, runs, pictures and questions."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import Outcome
from agent.domain.merchants import Edition
from agent.domain.orders import FilingStatus, OrderStatus
from agent.domain.report import AccountReport, Action, StepKind, StepResult
from agent.domain.text import Text
from agent.ledger import Asked, Picture
from tests.console.site import Site
from tests.ledger.support import ORDERED_AT, account, filing, merchant, order

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
NUMBER, PAID_OUT, REFUNDABLE, OTHERS = "339181234567890", "339181234567891", "339181234567892", "339181234567899"
# The smallest picture there is.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


@dataclass(frozen=True)
class World:
    """What was put into the ledger."""

    run: str
    question: int
    before: int
    outside: int


def fill(site: Site) -> World:
    """Put all of it into the console's ledger."""
    ledger = site.ledger
    plain = replace(merchant(), edition=Edition.ENTERPRISE)
    evil = replace(plain, id="m2", name=SCRIPT, accounts=(replace(account("m2"), shop=SCRIPT),))
    with ledger.begin() as tx:
        tx.merchants.save([plain, evil])
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    month = timedelta(days=30)
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(
            account().key,
            [
                order(),
                order(PAID_OUT, ordered_at=ORDERED_AT - 4 * month, amount=Decimal("1200.00")),
                order(REFUNDABLE, ordered_at=ORDERED_AT - month, amount=Decimal("300.00")),
                order(None, status=OrderStatus.AWAITING_CONFIRMATION, amount=Decimal("88.00")),
                order(OTHERS, ours=False, service="别家的服务", ordered_at=ORDERED_AT - 2 * month),
            ],
        )
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(account("m2").key, [order("7001", shop=SCRIPT, service=SCRIPT)])
    paid = filing(PAID_OUT, status=FilingStatus.PAID_OUT)
    with ledger.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(), paid, filing(REFUNDABLE, status=FilingStatus.REFUNDABLE, offered=True)])
    before, outside = _step(site, run)
    with ledger.begin(run_id=run) as tx:
        question = tx.challenges.ask(Asked(AccountKey("m1", "jd"), ChallengeKind.SMS, SCRIPT, lasts=timedelta(hours=9)))
    with ledger.begin(run_id=run) as tx:
        tx.runs.record(_report("m1", Outcome.OK))
    with ledger.begin(run_id=run) as tx:
        tx.runs.record(_report("m2", Outcome.FAILED))
    with ledger.begin(run_id=run) as tx:
        tx.runs.finish()
    return World(run, question, before, outside)


def _step(site: Site, run: str) -> tuple[int, int]:
    """A filing with its pictures, and one whose place is outside the evidence."""
    ledger, folder = site.ledger, site.settings.evidence_dir
    with ledger.begin(run_id=run) as tx:
        intent = tx.intents.begin(account().key, StepKind.FILE, NUMBER, {"order_no": NUMBER})
    outside = site.settings.data_dir / "outside.png"
    outside.write_bytes(PNG)
    for place, role in ((folder / "b.png", "before"), (folder / "a.png", "after"), (outside, "failure")):
        _keep(place)
        sha = hashlib.sha256(PNG).hexdigest()
        with ledger.begin(run_id=run) as tx:
            tx.evidence.add(intent, Picture(str(place), sha, role, "http://127.0.0.1/"))  # type: ignore[arg-type]
    with ledger.begin() as tx:
        tx.intents.close(intent, StepResult.DONE, "报备成功")
    with ledger.read() as work:
        from sqlalchemy import select

        from agent.ledger.run_tables import EvidenceRow

        ids = list(work.session.scalars(select(EvidenceRow.id).order_by(EvidenceRow.id)))
    return ids[0], ids[2]


def _keep(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(PNG)


def _report(name: str, outcome: Outcome) -> AccountReport:
    failed = outcome is Outcome.FAILED
    text = Text(f"The page cannot be read: {SCRIPT}", f"页面无法读取：{SCRIPT}") if failed else None
    step = Action(StepKind.FILE, NUMBER, StepResult.DONE)
    return AccountReport(AccountKey(name, "taobao"), outcome, "page_changed" if failed else None, text, actions=[step])
