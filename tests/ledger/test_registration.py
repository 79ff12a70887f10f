"""Merchants that are removed or erased: what goes, and what stays."""

from sqlalchemy import select

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import Outcome
from agent.domain.report import AccountReport, Action, StepKind, StepResult
from agent.ledger import Asked, Bookmark, Ledger, Picture, known_orders, pages
from agent.ledger.account_states import merchant_states
from agent.ledger.overview import everyone_files, never_published
from agent.ledger.run_tables import EvidenceRow
from tests.ledger.support import account, filing, merchant, order

TAOBAO = account().key


def worked_on(ledger: Ledger, run: str) -> None:
    """Let the merchant have an order, a filing, a step with its picture, and a place in the sums."""
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(TAOBAO, [order()])
        tx.filings.save("m1", [filing()])
        intent = tx.intents.begin(TAOBAO, StepKind.FILE, "339181234567890", {})
    with ledger.begin(run_id=run) as tx:
        tx.evidence.add(intent, Picture("/a.png", "sum", "before", "http://a.test/"))
        tx.intents.close(intent, StepResult.DONE, None)
    with ledger.begin() as tx:
        tx.order_stages.catch_up(never_published, everyone_files, "1", 100)


def test_of_whoever_is_erased_nothing_is_known_and_others_stay(ledger: Ledger, run: str) -> None:
    worked_on(ledger, run)
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m2")])
    with ledger.begin() as tx:
        assert tx.registrations.erase("m1")
    assert [*known_orders(ledger, of=["m1"])] == []
    with ledger.read() as tx:
        assert (tx.merchants.ids(), tx.order_stages.staged_of(["m1"])) == (["m2"], [])
        assert {each.account.merchant_id for each in tx.schedule.all()} == {"m2"}


def test_of_whoever_is_erased_no_picture_is_known(ledger: Ledger, run: str) -> None:
    worked_on(ledger, run)
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m2", ("jd",))])
    with ledger.begin(run_id=run) as tx:
        for name in ("failed", "step", "asked", "other"):
            tx.evidence.add(None, Picture(f"/{name}.png", "sum", "failure", "http://a.test/"))
        step = Action(StepKind.FILE, "339", StepResult.FAILED, evidence=("/step.png",))
        tx.runs.record(AccountReport(TAOBAO, Outcome.FAILED, evidence=("/failed.png",), actions=[step]))
        tx.runs.record(AccountReport(AccountKey("m2", "jd"), Outcome.FAILED, evidence=("/other.png",)))
        tx.challenges.ask(Asked(TAOBAO, ChallengeKind.SMS, None, "/asked.png"))
    with ledger.begin() as tx:
        tx.registrations.erase("m1")
    with ledger.read() as tx:
        assert [*tx.session.scalars(select(EvidenceRow.path))] == ["/other.png"]


def test_what_was_not_told_yet_is_told_though_the_last_in_turn_was_erased(ledger: Ledger) -> None:
    with ledger.begin() as tx:
        tx.notices.put_bookmark("mail", Bookmark(7, "m1"))
    with ledger.begin() as tx:
        tx.registrations.erase("m1")
    with ledger.begin() as tx:
        assert tx.notices.bookmark("mail", newest=9) == Bookmark(7, "m1")


def test_whoever_was_removed_is_listed_nowhere(ledger: Ledger) -> None:
    with ledger.begin() as tx:
        tx.registrations.remove(TAOBAO)
    with ledger.read() as tx:
        assert [str(each.account) for each in pages.accounts(tx, 10, None)] == ["m1/jd"]
        assert [[*each.accounts] for each in merchant_states(tx, 10)] == [["jd"]]
    with ledger.begin() as tx:
        tx.registrations.remove("m1")
    with ledger.read() as tx:
        assert (pages.accounts(tx, 10, None), merchant_states(tx, 10)) == ([], [])
