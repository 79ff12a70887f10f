"""What only a person can do at a log-in is left to one; and whatever a site answers, a password is typed once."""

from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.domain.report import AccountReport
from tests.fixtures.market import Faults, Market
from tests.fixtures.market.faults import Challenge
from tests.flows.home import Home, assert_finished, changed, quiet

SCRIPTED = "cards-load-more"  # its log-in is sent by a script, which can answer by drawing
GOOD = 'username = "demo"\npassword = "demo-pass"\n'


def home_of_two(folder: Path, back_office: Market, second: Market) -> Home:
    """One merchant: an account at the market that has the back office, too, and one at a second market."""
    home = Home(folder, back_office)
    tables = second.settings_toml("second").partition("[[platforms]]")[2]
    account = f'[[merchants.accounts]]\nplatform = "second"\n{GOOD}'
    home.extend(f"[[platforms]]{tables}", back_office.merchants_toml() + account)
    return home


async def report_of_second(
    folder: Path, challenge: Challenge, back_office: Market | None = None
) -> tuple[AccountReport, Market, int]:
    """How the account with the challenge ended, its market, and the exit status; the other account is done.

    Without a `back_office` the other account has no orders, which is quicker.
    """
    back_office = back_office or Market("tabs", faults=Faults(empty=True))
    with back_office, Market(SCRIPTED, orders=8, faults=Faults(challenge=challenge)) as second:
        report = await home_of_two(folder, back_office, second).sync()
        by_platform = {a.account.platform: a for a in report.accounts}
        assert by_platform["market"].outcome is Outcome.OK, by_platform["market"].text
        assert quiet(second)
        return by_platform["second"], second, report.exit_status


@pytest.mark.parametrize("kind", ["slider", "sms", "qr", "image"])
async def test_a_challenge_is_left_to_a_person(kind: Challenge, tmp_path: Path) -> None:
    account, second, status = await report_of_second(tmp_path, kind)
    assert (account.outcome, account.reason, status) == (Outcome.NEEDS_HUMAN, f"challenge_{kind}", 3)
    picture, note = account.evidence
    assert {str(p) for p in Path(picture).parent.iterdir()} == {picture, note}
    assert second.truth()["logins"] == {"ok": 1, "bad": 0}


async def test_the_accounts_without_a_challenge_go_on(tmp_path: Path) -> None:
    back_office = Market("tabs", orders=5)
    await report_of_second(tmp_path, "slider", back_office)
    assert changed(back_office)
    assert_finished(back_office)


async def test_where_the_form_itself_wants_the_characters_of_a_picture_the_password_is_not_typed(
    tmp_path: Path,
) -> None:
    account, second, status = await report_of_second(tmp_path, "image-first")
    assert (account.outcome, account.reason, status) == (Outcome.NEEDS_HUMAN, "challenge_image", 3)
    assert second.truth()["logins"] == {"ok": 0, "bad": 0}


@pytest.mark.parametrize(("answer", "reason"), [("shrug", "login_refused"), ("greet", "session_expired")])
async def test_after_an_answer_that_nobody_understands_the_password_is_not_typed_again(
    answer: Challenge, reason: str, tmp_path: Path
) -> None:
    account, second, status = await report_of_second(tmp_path, answer)
    assert (account.outcome, account.reason, status) == (Outcome.FAILED, reason, 1)
    assert second.truth()["logins"] == {"ok": 1, "bad": 0}


async def test_a_challenge_of_no_size_is_none(tmp_path: Path) -> None:
    with Market(SCRIPTED, orders=5, faults=Faults(hidden_challenge=True)) as market:
        account = await Home(tmp_path, market).account(dry_run=True)
        assert account.outcome is Outcome.OK, account.text


async def test_a_wrong_password_is_told_as_such_also_where_a_picture_is_to_be_read_next(tmp_path: Path) -> None:
    with Market(SCRIPTED, orders=5, faults=Faults(image_after_wrong=True)) as market:
        home = Home(tmp_path, market, merchants=market.merchants_toml(password="guess-123"))
        account = await home.account()
        assert (account.outcome, account.reason) == (Outcome.FAILED, "bad_password")
        assert market.truth()["logins"] == {"ok": 0, "bad": 1}
