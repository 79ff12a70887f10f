"""Which accounts are due, and that one holder at a time works on a merchant."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.merchants import Credentials, Registration
from agent.domain.report import StepKind, StepResult
from agent.domain.schedule import DueReason, Next
from agent.ledger import AccountHistory, Asked, LeaseLost, Ledger, Limits, engine
from tests.ledger.support import NOW, Clock, account, merchant, settings

WIDE = Limits(100, 1000)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HERE, THERE = "here#", "there#"
ROOT = Path(__file__).parents[2]


def due(ledger: Ledger, most: int = 100, limits: Limits = WIDE) -> list[tuple[str, str]]:
    with ledger.read() as tx:
        return [
            (each.account.merchant_id, each.account.platform)
            for of_one in tx.schedule.due(most, limits)
            for each in of_one
        ]


def put_off(ledger: Ledger, name: str, platform: str, by: timedelta) -> None:
    with ledger.begin() as tx:
        tx.schedule.plan(AccountKey(name, platform), AccountHistory(0, None, None), Next(NOW + by, DueReason.REGULAR))


@pytest.fixture
def quiet(ledger: Ledger) -> Ledger:
    """A ledger whose accounts are due tomorrow."""
    for platform in ("jd", "taobao"):
        put_off(ledger, "m1", platform, DAY)
    return ledger


def test_a_new_account_is_due_at_once_and_the_accounts_of_a_merchant_together(ledger: Ledger) -> None:
    with ledger.read() as tx:
        assert [(each.account.platform, each.why) for each in tx.schedule.all()] == [
            ("jd", DueReason.NEW),
            ("taobao", DueReason.NEW),
        ]
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m2", ("jd", "taobao"))])
    with ledger.read() as tx:
        (several,) = tx.schedule.due(1, WIDE)
    assert {each.account.merchant_id for each in several} == {"m1"}
    with ledger.read() as tx:
        assert [len(of_one) for of_one in tx.schedule.due(2, WIDE)] == [2, 2]


def test_as_many_merchants_begin_with_a_platform_as_it_has_room_for(ledger: Ledger) -> None:
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m2", ("jd",)), merchant("m3", ("jd",))])
    with ledger.read() as tx:
        begin = [of_one[0].account.platform for of_one in tx.schedule.due(9, Limits(1, 99))]
    assert begin.count("jd") == 1


def test_merchants_that_are_queued_have_their_room_and_what_somebody_asked_for_goes_before_them(
    ledger: Ledger, clock: Clock
) -> None:
    with ledger.begin() as tx:
        tx.merchants.save([merchant(name, ("jd",)) for name in ("m2", "m3")])
    queued = {"m1": "jd"}

    def found(limits: Limits) -> list[str]:
        with ledger.read() as tx:
            return sorted(of_one[0].account.merchant_id for of_one in tx.schedule.due(9, limits, queued))

    assert found(Limits(3, 99)) == ["m2", "m3"]
    assert found(Limits(1, 99)) == []
    with ledger.begin() as tx:
        tx.schedule.at_once("m3")
    assert found(Limits(1, 99)) == ["m3"]
    with ledger.begin() as tx:
        assert tx.leases.take_account(AccountKey("m1", "jd"), holder="1", place=HERE) is not None
    assert found(Limits(2, 99)) == ["m3"]  # whoever is worked on has its room by its lease
    with ledger.read() as tx:
        assert tx.schedule.asked_for(["m2", "m3"]) == ["m3"]
        assert [each.account for each in tx.schedule.due_of("m3")] == [AccountKey("m3", "jd")]
        assert tx.leases.left_over() == set()
    clock.now += timedelta(seconds=11)
    with ledger.read() as tx:
        assert tx.leases.left_over() == {"m1"}


@pytest.mark.postgres
def test_the_scaler_counts_what_is_due_and_may_be_worked_on(tmp_path: Path, postgres_database: str) -> None:
    manifests = yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text(encoding="utf-8"))
    (scaled,) = [each["spec"]["triggers"][0]["metadata"] for each in manifests if each["kind"] == "ScaledObject"]
    ledger = Ledger.open(settings(tmp_path, database_url=SecretStr(postgres_database)), lambda: NOW)
    with ledger.begin() as tx:
        tx.merchants.save([merchant(f"m{n}", ("jd",)) for n in range(6)] + [merchant("m6", ("taobao",))])
        tx.registrations.set_state("m6", Registration.PAUSED)
    with ledger.read() as tx:
        assert tx.session.scalar(text(scaled["query"])) == 4
    ledger.close()


def test_an_account_is_due_when_its_moment_has_come(quiet: Ledger, clock: Clock) -> None:
    put_off(quiet, "m1", "jd", MINUTE)
    assert due(quiet) == []
    clock.now = NOW + 2 * MINUTE
    assert due(quiet) == [("m1", "jd")]


def test_what_somebody_asked_for_goes_before_what_waits_longer(quiet: Ledger) -> None:
    with quiet.begin() as tx:
        tx.merchants.save([merchant("m2", ("jd",))])
    put_off(quiet, "m2", "jd", -DAY)
    with quiet.begin() as tx:
        tx.schedule.at_once(AccountKey("m1", "taobao"))
    assert due(quiet) == [("m1", "taobao"), ("m2", "jd")]


def test_a_corrected_password_is_tried_at_once_and_an_import_that_changes_nothing_moves_nothing(quiet: Ledger) -> None:
    with quiet.begin() as tx:
        tx.merchants.save([merchant()])
    assert due(quiet) == []
    changed = replace(account("m1", "jd"), login=Credentials("shop-user", SecretStr("another")))
    with quiet.begin() as tx:
        tx.merchants.save([replace(merchant(), accounts=(changed,))])
    assert due(quiet) == [("m1", "jd")]


def test_what_is_corrected_during_a_look_is_looked_at_again_at_once(quiet: Ledger) -> None:
    with quiet.begin() as tx:
        tx.schedule.at_once(AccountKey("m1", "jd"))
    with quiet.begin() as tx:
        lease = tx.leases.take_account(AccountKey("m1", "jd"), holder="1", place=HERE)
    assert lease is not None
    with quiet.begin() as tx:
        tx.schedule.at_once(AccountKey("m1", "jd"))
    put_off(quiet, "m1", "jd", DAY)  # the look ends, and knows nothing of it
    with quiet.begin() as tx:
        tx.leases.release(lease)
    assert due(quiet) == [("m1", "jd")]
    with quiet.begin() as tx:
        assert tx.leases.take_account(AccountKey("m1", "jd"), holder="1", place=HERE) is not None
    put_off(quiet, "m1", "jd", DAY)
    with quiet.read() as tx:
        assert [each.at for each in tx.schedule.all() if each.account.platform == "jd"] == [NOW + DAY]


@pytest.mark.parametrize(("site", "expected"), [("jd", {"jd"}), ("wdgj", {"jd", "taobao"})])
def test_once_a_person_has_answered_what_waited_is_due(quiet: Ledger, site: str, expected: set[str]) -> None:
    with quiet.begin() as tx:
        asked = tx.challenges.ask(Asked(AccountKey("m1", site), ChallengeKind.SMS, None))
    with quiet.begin() as tx:
        tx.challenges.answer(asked, SecretStr("123456"))
    with quiet.read() as tx:
        assert {each.account.platform for each in tx.schedule.all() if each.why is DueReason.ASKED} == expected


def test_a_merchant_is_worked_on_by_one_at_a_time(ledger: Ledger) -> None:
    with ledger.begin() as tx:
        lease = tx.leases.take_account(AccountKey("m1", "jd"), holder="1", place=HERE)
    assert lease is not None
    assert due(ledger) == []
    with ledger.begin() as tx:
        assert tx.leases.take_account(AccountKey("m1", "taobao"), holder="2", place=THERE) is None
    with ledger.begin() as tx:
        tx.leases.release(lease)
    with ledger.begin() as tx:
        assert tx.leases.take_account(AccountKey("m1", "taobao"), holder="2", place=THERE) is not None


def test_what_a_dead_one_has_held_is_free_after_ten_seconds_and_at_once_at_its_own_place(
    ledger: Ledger, clock: Clock
) -> None:
    with ledger.begin() as tx:
        first = tx.leases.take_account(AccountKey("m1", "jd"), holder="1", place=HERE)
    assert first is not None
    clock.now += timedelta(seconds=6)
    with ledger.begin() as tx:
        assert tx.leases.renew(first)
    clock.now += timedelta(seconds=8)
    with ledger.begin() as tx:
        assert tx.leases.take_account(AccountKey("m1", "jd"), holder="2", place=THERE) is None
    with ledger.begin() as tx:
        assert (
            tx.leases.take_account(AccountKey("m1", "jd"), holder="3", place=HERE) is not None
        )  # who asks holds the place's file lock
    clock.now += timedelta(seconds=11)
    with ledger.begin() as tx:
        assert tx.leases.take_account(AccountKey("m1", "jd"), holder="2", place=THERE) is not None


def test_one_who_was_frozen_meanwhile_cannot_click_any_more(ledger: Ledger, run: str, clock: Clock) -> None:
    clock.step = timedelta(milliseconds=100)
    with ledger.begin() as tx:
        frozen = tx.leases.take_account(AccountKey("m1", "jd"), holder="1", place=HERE)
    clock.now += timedelta(seconds=60)
    with ledger.begin() as tx:
        other = tx.leases.take_account(AccountKey("m1", "jd"), holder="2", place=THERE)
    assert frozen is not None
    assert other is not None
    jd = account("m1", "jd")
    with pytest.raises(LeaseLost), ledger.begin(frozen, run_id=run) as tx:
        tx.intents.begin(jd.key, StepKind.FILE, "1", {})
    with pytest.raises(LeaseLost), ledger.begin(frozen, run_id=run) as tx:
        tx.authorizations.begin(jd.key, None, {})
    with ledger.begin(other, run_id=run) as tx:
        assert tx.intents.begin(jd.key, StepKind.FILE, "1", {}) > 0
    with ledger.begin(other, run_id=run) as tx:
        assert tx.authorizations.begin(jd.key, None, {}) > 0
    with ledger.begin(other, run_id=run) as tx:
        begun = tx.intents.begin(jd.key, StepKind.CONFIRM, "2", {})
    # What the other has begun is not his to judge.
    with pytest.raises(LeaseLost), ledger.begin(frozen) as tx:
        tx.intents.close(begun, StepResult.FAILED, "did not happen")
    with ledger.begin() as tx:
        assert not tx.leases.renew(frozen)
    with ledger.begin() as tx:
        tx.leases.release(frozen)  # it is not his to give back
    with ledger.begin() as tx:
        assert tx.leases.take_account(AccountKey("m1", "jd"), holder="3", place="elsewhere#") is None


def test_no_more_of_a_platform_are_taken_up_than_its_limits_allow(ledger: Ledger, clock: Clock) -> None:
    with ledger.begin() as tx:
        tx.merchants.save([merchant(f"m{n}", ("jd",)) for n in range(2, 9)])
    narrow = Limits(at_once=2, a_minute=3)
    assert [platform for _, platform in due(ledger, limits=narrow)].count("jd") == 2
    with ledger.begin() as tx:
        held = [
            tx.leases.take_account(AccountKey(f"m{n}", "jd"), holder="1", place=HERE, limits=narrow) for n in (2, 3, 4)
        ]
    assert [lease is not None for lease in held] == [True, True, False]
    assert "jd" not in {platform for _, platform in due(ledger, limits=narrow)}
    for lease in held[:2]:
        assert lease is not None
        with ledger.begin() as tx:
            tx.leases.release(lease)
    with ledger.begin() as tx:
        assert tx.leases.take_account(AccountKey("m4", "jd"), holder="1", place=HERE, limits=narrow) is not None
    with ledger.begin() as tx:
        assert (
            tx.leases.take_account(AccountKey("m5", "jd"), holder="1", place=HERE, limits=narrow) is None
        )  # the fourth in a minute
    clock.now += timedelta(seconds=61)
    with ledger.begin() as tx:
        assert tx.leases.take_account(AccountKey("m5", "jd"), holder="1", place=HERE, limits=narrow) is not None


def test_accounts_of_one_merchant_count_one_by_one_under_its_one_lease(ledger: Ledger, clock: Clock) -> None:
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m1", ("jd", "taobao")), merchant("m2", ("jd", "taobao"))])
    narrow, jd, taobao = Limits(at_once=1, a_minute=9), AccountKey("m1", "jd"), AccountKey("m1", "taobao")

    def room() -> tuple[int, int]:
        with ledger.read() as tx:
            return tx.leases.room("jd", narrow), tx.leases.room("taobao", narrow)

    with ledger.begin() as tx:
        lease = tx.leases.take_account(jd, holder="1", place=HERE, limits=narrow)
    assert lease is not None
    assert room() == (0, 1)
    with ledger.begin() as tx:
        assert tx.leases.join(lease, taobao, narrow)
    assert room() == (0, 0)
    with ledger.begin() as tx:
        assert not tx.leases.join(lease, taobao, narrow)
        assert tx.leases.take_account(AccountKey("m2", "jd"), holder="2", place=THERE, limits=narrow) is None
    with ledger.begin() as tx:
        tx.leases.leave(lease, jd)
    assert room() == (1, 0)
    with ledger.begin() as tx:
        assert tx.leases.take_account(AccountKey("m1", "jd"), holder="2", place=THERE) is None  # the lease is held on
    clock.now += timedelta(seconds=16)
    assert room() == (1, 1)  # of one that is dead nothing counts
    with ledger.begin() as tx:
        other = tx.leases.take_account(jd, holder="2", place=THERE)
    assert other is not None
    with pytest.raises(LeaseLost), ledger.begin() as tx:
        tx.leases.join(lease, taobao, narrow)
    assert room() == (0, 1)
    with ledger.begin() as tx:
        tx.leases.leave(lease, jd)  # it is not his to give back
    assert room() == (0, 1)
    with ledger.begin() as tx:
        tx.leases.release(other)
    assert room() == (1, 1)


def test_what_is_planned_is_kept(ledger: Ledger, reopen: Callable[[], Ledger]) -> None:
    found = AccountHistory(3, "mark", NOW - DAY)
    with ledger.begin() as tx:
        tx.schedule.plan(AccountKey("m1", "jd"), found, Next(NOW + DAY, DueReason.FAILED))
    again = reopen()
    with again.read() as tx:
        assert tx.schedule.history(AccountKey("m1", "jd")) == found
    with again.read() as tx:
        (_, planned) = tx.schedule.all()
    assert (planned.account.platform, planned.at, planned.why, planned.failures) == (
        "jd",
        NOW + DAY,
        DueReason.FAILED,
        3,
    )


@pytest.mark.postgres
def test_one_who_is_frozen_in_the_middle_of_writing_keeps_nobody_from_it(
    tmp_path: Path, postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_IDLE_SECONDS", 1)
    url = SecretStr(postgres_database)
    frozen = engine.writing(engine.open_engine(tmp_path, url))
    with frozen.connect() as connection:
        connection.begin()  # from here on all others wait
        ledger = Ledger.open(settings(tmp_path, database_url=url), Clock())
        with ledger.begin() as tx:
            tx.merchants.save([merchant()])
        ledger.close()
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql("SELECT 1")
        connection.invalidate()
    frozen.dispose()


def test_who_is_paused_is_neither_late_nor_next(ledger: Ledger) -> None:
    with ledger.begin() as tx:
        tx.registrations.set_state(AccountKey("m1", "jd"), Registration.PAUSED)
    with ledger.read() as tx:
        assert tx.health.late(NOW + DAY, 1000) == tx.schedule.overdue(NOW + DAY) == 1
        assert [each.account.platform for each in tx.health.next_looks(15)] == ["taobao"]
    with ledger.begin() as tx:
        tx.registrations.set_state("m1", Registration.PAUSED)
    with ledger.read() as tx:
        assert (tx.health.late(NOW + DAY, 1000), tx.health.next_looks(15)) == (0, [])
