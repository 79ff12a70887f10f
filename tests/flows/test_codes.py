"""Codes that a site asks for: left by somebody, made from a secret, or awaited; each typed once."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.orders import SHANGHAI
from agent.flows.session.handoff import code_now
from agent.ledger import KnownChallenge
from agent.sandbox import Sandbox, leave_nothing_to_do
from agent.sandbox.core.codes import TOTP_SECRET, inbox
from tests.flows.home import Home

AT_ONCE = timedelta(seconds=1)


def waiting(home: Home) -> list[KnownChallenge]:
    found: list[KnownChallenge] = []
    home.in_ledger(lambda tx: found.extend(tx.challenges.waiting()))
    return found


def answer(home: Home, code: str) -> None:
    (asked,) = waiting(home)
    home.in_ledger(lambda tx: tx.challenges.answer(asked.id, SecretStr(code)))


def files_with(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


async def test_a_code_that_was_left_is_typed_by_the_next_run(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]]) as box:
        leave_nothing_to_do(box)
        box.faults.challenge = "sms"
        home = Home(tmp_path, box)
        first = await home.account()
        assert (first.outcome, first.reason) == (Outcome.NEEDS_HUMAN, "challenge_sms")
        (message,) = inbox(box.state)
        answer(home, message.digits)
        second = await home.account(later=AT_ONCE)
        assert second.outcome is Outcome.OK, second.text
        assert waiting(home) == []
        assert len(inbox(box.state)) == 0


async def test_a_wrong_code_that_was_left_is_typed_once_and_asked_for_again(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]]) as box:
        box.faults.challenge = "sms"
        home = Home(tmp_path, box)
        await home.account(dry_run=True)
        answer(home, "000000")
        assert (await home.account(later=AT_ONCE, dry_run=True)).reason == "challenge_sms"
        assert (await home.account(later=AT_ONCE, dry_run=True)).reason == "challenge_sms"
        assert [code.wrong for code in box.state.codes] == [1]
        assert [(c.attempts, c.answered) for c in waiting(home)] == [(1, False)]


async def test_a_code_that_is_too_old_is_not_typed(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]]) as box:
        box.faults.challenge = "sms"
        home = Home(tmp_path, box)
        await home.account(dry_run=True)
        (message,) = inbox(box.state)
        answer(home, message.digits)
        assert (await home.account(later=timedelta(minutes=11), dry_run=True)).reason == "challenge_sms"
        assert [code.wrong for code in box.state.codes] == [0]


async def test_a_message_is_sent_once_a_question_and_not_in_a_dry_run(tmp_path: Path) -> None:
    with Sandbox(shops=[["jd"]]) as box:  # sends it only where 获取验证码 is pressed
        box.faults.challenge = "sms"
        home = Home(tmp_path, box)
        await home.account(dry_run=True)
        assert inbox(box.state) == []
        with_session = waiting(home)
        assert len(with_session) == 1
        home.in_ledger(lambda tx: tx.sessions.keep(AccountKey("m1", "jd"), SecretStr("{}"), None))
        home.in_ledger(lambda tx: tx.sessions.lapse(1))
        await home.account()
        assert len(inbox(box.state)) == 1
        box.state.codes[-1].sent_at -= 3600
        await home.account()
        assert len(inbox(box.state)) == 1


async def test_nobody_who_answers_is_waited_for_no_longer_than_said(tmp_path: Path) -> None:
    with Sandbox(shops=[["weimob"]]) as box:
        box.faults.challenge = "sms"
        home = Home(tmp_path, box)
        report = await home.account(dry_run=True, patience=timedelta(seconds=2))
        assert (report.outcome, report.reason) == (Outcome.NEEDS_HUMAN, "challenge_sms")
        assert [c.held_until for c in waiting(home)] == [None]


class Today:
    """The machine's own clock, by which the simulated site looks at an authenticator's code."""

    def __call__(self) -> datetime:
        return datetime.now(SHANGHAI)

    def skip(self, _much: timedelta) -> None: ...


@pytest.mark.parametrize("stored", [True, False])
async def test_an_authenticators_code_is_made_where_its_secret_is_known(stored: bool, tmp_path: Path) -> None:
    with Sandbox(shops=[["taobao"]], today=Today()().date()) as box:
        box.faults.challenge = "totp"
        secret = f'password = "tb-Pass-1"\ntotp_secret = "{TOTP_SECRET.lower()}"'
        merchants = box.merchants_toml()
        home = Home(
            tmp_path, box, merchants=merchants.replace('password = "tb-Pass-1"', secret) if stored else merchants
        )
        home.clock = Today()
        report = await home.account(dry_run=True)
        assert report.reason == (None if stored else "challenge_totp"), report.text
        assert files_with(tmp_path, TOTP_SECRET) == []


@pytest.mark.parametrize(
    ("second", "digits", "code"),
    [(59, 8, "94287082"), (1111111109, 8, "07081804"), (1234567890, 8, "89005924"), (20000000000, 8, "65353130")],
)
def test_authenticators_codes_are_those_of_rfc_6238(second: int, digits: int, code: str) -> None:
    made = code_now(SecretStr("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), datetime.fromtimestamp(second, SHANGHAI))
    assert made.get_secret_value() == code[digits - 6 :]


async def test_a_yes_on_the_phone_opens_the_way_while_somebody_is_there(tmp_path: Path) -> None:
    with Sandbox(shops=[["taobao"]]) as box:
        box.faults.challenge = "approval"
        home = Home(tmp_path, box)
        alone = await home.account(dry_run=True)
        assert (alone.outcome, alone.reason) == (Outcome.NEEDS_HUMAN, "challenge_approval")
        assert [c.kind for c in waiting(home)] == ["approval"]

        def person(asked: KnownChallenge) -> None:
            assert asked.held_until
            box.state.approved.add("m1")

        report = await home.account(dry_run=True, patience=timedelta(seconds=60), tell=person)
        assert report.outcome is Outcome.OK, report.text
        assert waiting(home) == []


async def test_a_code_that_went_to_the_mailbox_is_asked_for_as_one_and_typed_into_six_boxes(tmp_path: Path) -> None:
    with Sandbox(shops=[["alibaba"]]) as box:
        box.faults.challenge = "sms"
        home = Home(tmp_path, box)
        assert (await home.account(dry_run=True)).reason == "challenge_email"
        assert [(c.kind, c.message) for c in waiting(home)] == [
            ("email", "验证码已发送至您的邮箱 m***@alibaba.example，10分钟内有效")
        ]
        answer(home, inbox(box.state)[-1].digits)
        report = await home.account(later=AT_ONCE, dry_run=True)
        assert report.outcome is Outcome.OK, report.text


async def test_an_agreement_is_never_signed_but_left_to_the_merchant(tmp_path: Path) -> None:
    with Sandbox(shops=[["taobao"]]) as box:
        leave_nothing_to_do(box)
        box.faults.agreement = True
        home = Home(tmp_path, box)
        report = await home.account()
        assert (report.outcome, report.reason) == (Outcome.NEEDS_HUMAN, "agreement")
        assert box.state.agreed == set()
        (asked,) = waiting(home)
        assert (asked.kind, "服务市场服务协议" in (asked.message or "")) == ("agreement", True)
        box.state.agreed.add("m1")
        assert (await home.account()).outcome is Outcome.OK
        assert waiting(home) == []


async def test_a_choice_of_shops_is_left_with_the_names_to_choose_from(tmp_path: Path) -> None:
    with Sandbox(shops=[["youzan"]]) as box:
        shop = box.state.merchants[0].shops["youzan"].name
        home = Home(tmp_path, box, merchants=box.merchants_toml().replace(f'shop = "{shop}"\n', ""))
        report = await home.account(dry_run=True)
        assert (report.outcome, report.reason) == (Outcome.NEEDS_HUMAN, "shop_not_named")
        (asked,) = waiting(home)
        assert asked.kind == "shop"
        assert shop in (asked.message or "")


async def helped(home: Home, box: Sandbox) -> int:
    """How often the platform was asked in a run during which a person typed a code."""

    def person(challenge: KnownChallenge) -> None:
        (message,) = inbox(box.state)
        home.in_ledger(lambda tx: tx.challenges.answer(challenge.id, SecretStr(message.digits)))

    report = await home.account(dry_run=True, patience=timedelta(minutes=1), tell=person)
    assert report.outcome is Outcome.OK, report.text
    return asked(box)


def asked(box: Sandbox) -> int:
    return sum(each.requests for each in box.state.sessions.values() if each.site == "weimob")


def kept(home: Home) -> set[str]:
    found: set[str] = set()
    home.in_ledger(lambda tx: found.update(each.account.platform for each in tx.sessions.known()))
    return found


async def test_what_somebody_helped_to_open_is_seen_to_serve_another_window(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    with Sandbox(shops=[["weimob"]]) as box:
        home = await not_new(tmp_path / "first", box)
        all_told = await helped(home, box)
        assert kept(home) == {"weimob", "wdgj"}
        await home.account(dry_run=True)
        proof = asked(box) - all_told
    with Sandbox(shops=[["weimob"]]) as box:
        home = await not_new(tmp_path / "second", box)
        box.faults.expire_session_after = all_told - proof  # it ends with the window in which it was opened
        await helped(home, box)
        assert kept(home) == {"wdgj"}


async def not_new(folder: Path, box: Sandbox) -> Home:
    """Where there was a log-in before, which is over; the next one asks for a code."""
    home = Home(folder, box)
    await home.account(dry_run=True)
    for each in [key for key, session in box.state.sessions.items() if session.site == "weimob"]:
        del box.state.sessions[each]
    box.faults.challenge = "sms"
    return home
