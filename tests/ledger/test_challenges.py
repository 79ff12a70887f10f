"""Challenges in the ledger: one that waits a merchant and site, its answer given out once and sealed until then."""

from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.ledger import Asked, Ledger
from tests.ledger.support import PLANTED, Clock

CODE = SecretStr("738291")
LASTS = timedelta(minutes=5)


def sms(**more: object) -> Asked:
    return Asked(AccountKey("m1", "taobao"), ChallengeKind.SMS, "短信校验码已发送至 138****0000", lasts=LASTS, **more)  # type: ignore[arg-type]


def test_what_is_asked_waits_with_its_deadline(ledger: Ledger, run: str) -> None:
    with ledger.begin(run_id=run) as tx:
        tx.challenges.ask(sms(picture="a.png"))
    with ledger.read() as tx:
        (waiting,) = tx.challenges.waiting()
    assert (waiting.account.merchant_id, waiting.account.platform, waiting.kind, waiting.picture) == (
        "m1",
        "taobao",
        "sms",
        "a.png",
    )
    assert waiting.deadline == waiting.asked_at + LASTS
    assert waiting.held_until is None
    assert not waiting.answered


def test_asking_again_renews_the_same_one_and_drops_an_answer_to_the_earlier(ledger: Ledger, run: str) -> None:
    with ledger.begin(run_id=run) as tx:
        first = tx.challenges.ask(sms())
    with ledger.begin() as tx:
        assert tx.challenges.answer(first, CODE)
    with ledger.begin(run_id=run) as tx:
        assert tx.challenges.ask(sms(held=True)) == first
    with ledger.read() as tx:
        (waiting,) = tx.challenges.waiting()
    assert waiting.held_until == waiting.deadline
    with ledger.begin() as tx:
        assert tx.challenges.take_answer(AccountKey("m1", "taobao"), ChallengeKind.SMS, LASTS) is None


def test_an_answer_is_given_out_once_and_counted(ledger: Ledger, run: str) -> None:
    with ledger.begin(run_id=run) as tx:
        asked = tx.challenges.ask(sms())
    with ledger.begin() as tx:
        assert tx.challenges.answer(asked, CODE)
    with ledger.read() as tx:
        assert [c.answered for c in tx.challenges.waiting()] == [True]
    with ledger.begin() as tx:
        assert tx.challenges.take_answer(AccountKey("m1", "taobao"), ChallengeKind.SMS, LASTS) == CODE
    with ledger.begin() as tx:
        assert tx.challenges.take_answer(AccountKey("m1", "taobao"), ChallengeKind.SMS, LASTS) is None
    with ledger.read() as tx:
        assert [(c.answered, c.attempts) for c in tx.challenges.waiting()] == [(False, 1)]


def test_an_answer_that_is_too_old_is_not_given_out(ledger: Ledger, run: str, clock: Clock) -> None:
    with ledger.begin(run_id=run) as tx:
        tx.challenges.answer(tx.challenges.ask(sms()), CODE)
    clock.now += timedelta(minutes=6)
    with ledger.begin() as tx:
        assert tx.challenges.take_answer(AccountKey("m1", "taobao"), ChallengeKind.SMS, LASTS) is None


def test_a_session_that_is_kept_settles_it(ledger: Ledger, run: str) -> None:
    with ledger.begin(run_id=run) as tx:
        asked = tx.challenges.ask(sms())
    with ledger.begin(run_id=run) as tx:
        tx.sessions.keep(AccountKey("m1", "taobao"), SecretStr("{}"), None)
    with ledger.read() as tx:
        assert tx.challenges.waiting() == []
    with ledger.read() as tx:
        assert tx.challenges.find(asked) is None
    with ledger.begin() as tx:
        assert not tx.challenges.answer(asked, CODE)


def test_one_that_is_let_go_is_held_by_nobody(ledger: Ledger, run: str) -> None:
    with ledger.begin(run_id=run) as tx:
        asked = tx.challenges.ask(sms(held=True))
    with ledger.begin() as tx:
        tx.challenges.let_go(asked)
    with ledger.read() as tx:
        found = tx.challenges.find(asked)
    assert found is not None
    assert found.held_until is None


def test_neither_answers_nor_passwords_stand_in_the_database(ledger: Ledger, run: str, tmp_path: Path) -> None:
    text = Asked(AccountKey("m1", "taobao"), ChallengeKind.SMS, f"{PLANTED[0]} 的验证码", lasts=LASTS)
    with ledger.begin(run_id=run) as tx:
        tx.challenges.answer(tx.challenges.ask(text), CODE)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert CODE.get_secret_value().encode() not in written
    assert PLANTED[0].encode() not in written


def test_an_answer_is_for_the_kind_that_was_asked_and_in_its_time(ledger: Ledger, run: str, clock: Clock) -> None:
    with ledger.begin(run_id=run) as tx:
        asked = tx.challenges.ask(sms())
    with ledger.begin() as tx:
        tx.challenges.answer(asked, SecretStr(" １２３ 456 "))
    with ledger.begin() as tx:
        assert tx.challenges.take_answer(AccountKey("m1", "taobao"), ChallengeKind.TOTP, LASTS) is None
    with ledger.begin() as tx:
        assert tx.challenges.take_answer(AccountKey("m1", "taobao"), ChallengeKind.SMS, LASTS) == SecretStr("123456")
    clock.now += timedelta(minutes=20)
    with ledger.begin() as tx:
        tx.challenges.answer(asked, CODE)  # long after the deadline
    with ledger.begin() as tx:
        assert tx.challenges.take_answer(AccountKey("m1", "taobao"), ChallengeKind.SMS, LASTS) is None
