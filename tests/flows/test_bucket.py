"""Evidence in a bucket, on a real S3-compatible server: kept before the click, and no click without it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.domain.errors import Outcome
from agent.domain.report import StepResult
from agent.evidence.store import store_of
from tests.fixtures.bucket import KEY, BucketServer, serving
from tests.fixtures.market import Faults, Market, Post
from tests.flows.home import Home, assert_finished, assert_nothing_twice, quiet


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BucketServer]:
    with serving(tmp_path / "s3") as server:
        yield server


async def test_every_picture_is_there_and_none_on_this_machine(server: BucketServer, tmp_path: Path) -> None:
    with Market("table-pages", seed=3, orders=6, refundable=True) as market:
        home = Home(tmp_path, market, settings=server.settings)
        report = await home.account()
        assert report.outcome is Outcome.OK, report.text
        assert_finished(market)
    done = [action for action in report.actions if action.result is StepResult.DONE]
    places = [place for action in done for place in action.evidence]
    assert len(places) == len(set(places)) >= 2 * len(done) > 0
    for place in places:
        assert place.startswith("s3://evidence/here/"), place
        assert store_of(home.settings).get(place).startswith(b"\x89PNG"), place
    (steps,) = server.objects("steps.jsonl")
    assert len(steps.read_text(encoding="utf-8").splitlines()) == len(done)
    assert not home.settings.evidence_dir.exists()
    assert [f for f in (tmp_path / "var").rglob("*") if f.is_file() and KEY.encode() in f.read_bytes()] == []


async def test_nothing_is_clicked_while_it_does_not_answer(server: BucketServer, tmp_path: Path) -> None:
    server.stop()
    with Market("table-pages", seed=3, orders=6) as market:
        report = await Home(tmp_path, market, settings=server.settings).account()
        assert (report.outcome, report.reason) == (Outcome.FAILED, "no_evidence")
        assert "s3://evidence/here: no answer" in str(report.text)
        assert quiet(market)


async def test_what_was_clicked_as_it_went_away_is_looked_at_and_not_done_again(
    server: BucketServer, tmp_path: Path
) -> None:
    def goes_away(_: Post, stage: str) -> None:
        if stage == "after":
            server.stop()

    with Market("table-pages", seed=3, orders=6, refundable=True, faults=Faults(on_post=goes_away)) as market:
        home = Home(tmp_path, market, settings=server.settings)
        report = await home.account()
        assert report.reason == "no_evidence", report.text
        assert len(market.truth()["log"]) == 1
        with serving(server.folder, server.url.removeprefix("http://")) as again:
            assert again.url == server.url
            report = await home.account()
        assert report.outcome is Outcome.OK, report.text
        assert_nothing_twice(market)
        assert_finished(market)
