"""Beside the picture of a page on which a run ended stands all that is known of it, as text and without secrets."""

import re
from pathlib import Path

from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.report import AccountReport
from agent.domain.text import Text
from agent.evidence.store import store_of
from agent.settings import load_settings
from tests.fixtures.bucket import serving
from tests.fixtures.market import Faults, Market
from tests.flows.home import Home, Silent

ACCOUNT = "571900000010001"


def note_of(report: AccountReport) -> str:
    picture, note = report.evidence
    assert Path(picture).with_suffix("") == Path(note).with_suffix("")
    assert note.endswith("-failure.txt")
    assert Path(note).stat().st_mode & 0o777 == 0o600
    return Path(note).read_text(encoding="utf-8")


def facts(note: str, name: str) -> list[str]:
    return [line.partition(": ")[2] for line in note.splitlines() if line.startswith(f"{name} ")]


async def test_a_page_that_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    with Market("table-pages", orders=8, faults=Faults(drop_column="status")) as market:
        home = Home(tmp_path, market)
        report = await home.account()
        note = note_of(report)
    assert facts(note, "reason") == ["page_changed"]
    assert facts(note, "account") == [str(report.account)]
    assert facts(note, "address") == [f"{market.orders_url}?page=1"]
    assert facts(note, "repeat") == [f"fankuan sync --account {report.account} --headed --step"]
    assert any("status" in line for line in facts(note, "looked for"))
    assert any("list" in line for line in facts(note, "found instead"))
    requests = re.findall(r"^-[\d.]+ s  (GET|POST)  (\d{3}|lost|-)  (?:\d+ ms|-)  (http\S+)$", note, re.MULTILINE)
    assert ("GET", "200", market.orders_url) in requests
    assert 1 < len(requests) <= 50
    page = note.partition("== the page")[2]
    assert re.search(r'^cell "\d{10,}" -?\d+,-?\d+ \d+x\d+$', page, re.MULTILINE)
    assert re.search(r'^columnheader "订单编号"', page, re.MULTILINE)


async def test_a_refused_password_is_told_without_the_password(tmp_path: Path) -> None:
    planted = "S3cret-planted-77"
    with Market("table-pages", orders=8) as market:
        merchants = market.merchants_toml()
        accounts = merchants.index("[[merchants.accounts]]")
        wrong = merchants[:accounts] + re.sub(r'password = ".*"', f'password = "{planted}"', merchants[accounts:])
        report = await Home(tmp_path, market, merchants=wrong, first=True).account()
        note = note_of(report)
    assert report.reason == "bad_password"
    assert planted not in note
    assert re.search(r"POST  \d{3}", note)
    assert re.search(r"^password .*\[(filled|empty)\]$", note, re.MULTILINE)


async def test_what_a_plan_alone_met_is_repeated_as_a_plan(tmp_path: Path) -> None:
    with Market("table-pages", orders=8, faults=Faults(unknown_status="待评价")) as market:
        report = await Home(tmp_path, market).account(dry_run=True)
        note = note_of(report)
    assert report.outcome is Outcome.FAILED
    assert facts(note, "repeat") == [f"fankuan sync --account {report.account} --headed --dry-run"]
    assert any("待评价" in line for line in facts(note, "found instead"))


async def test_in_a_bucket_the_note_stands_beside_its_picture(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "s3") as server,
        Market("table-pages", orders=8, faults=Faults(drop_column="status")) as market,
    ):
        home = Home(tmp_path, market, settings=server.settings)
        report = await home.account()
        picture, note = report.evidence
        assert note == picture.replace(".png", ".txt")
        assert "page_changed" in store_of(home.settings).get(note).decode()


async def test_a_token_in_an_address_is_told_nowhere(tmp_path: Path) -> None:
    planted = "Zq81kfPw02LmXc7Rt5"
    with Market("table-pages", orders=8, faults=Faults(drop_column="status")) as market:
        home = Home(tmp_path, market)
        led = home.config.read_text(encoding="utf-8").replace(
            f'"{market.orders_url}"', f'"{market.orders_url}?token={planted}&n=7"'
        )
        home.config.write_text(led, encoding="utf-8")
        home.settings = load_settings(home.config)
        note = note_of(await home.account())
    assert planted not in note
    assert f"GET  200  {market.orders_url}?token=*****&n=7" in re.sub(r"\d+ ms  ", "", note)


async def test_an_account_number_that_a_page_shows_is_masked(tmp_path: Path) -> None:
    with Market("table-pages", orders=8, faults=Faults(unknown_status=f"到账 5719 0000 0010 001 {ACCOUNT}")) as market:
        report = await Home(tmp_path, market).account()
        note = note_of(report)
    assert "*****" in note
    for spelled in (ACCOUNT, "5719 0000 0010 001"):
        assert spelled not in note


async def test_a_list_that_could_only_be_read_in_part_is_told_in_words(tmp_path: Path) -> None:
    with Market("split-header", seed=4, orders=12, faults=Faults(spans=("近7天", "近10天"))) as market:
        report = await Home(tmp_path, market).account(dry_run=True)
        note = note_of(report)
    assert report.reason == "partial"
    assert facts(note, "reason") == ["partial"]
    assert any(report.partial[0].missing.zh in line for line in facts(note, "looked for"))
    assert any("rows" in line for line in facts(note, "found instead"))


class Careless(Silent):
    """A listener with a mistake in it."""

    def stage(self, account: AccountKey, text: Text) -> None:
        if "orders" in text.en:
            raise ZeroDivisionError(str(account))


async def test_the_page_at_which_a_mistake_of_ours_ended_a_run_is_kept(tmp_path: Path) -> None:
    with Market("table-pages", orders=8) as market:
        report = await Home(tmp_path, market).account(progress=Careless())
        note = note_of(report)
    assert (report.outcome, report.reason) == (Outcome.UNKNOWN, "interrupted")
    assert any("ZeroDivisionError" in line for line in facts(note, "message"))
    assert market.truth()["log"] == []
