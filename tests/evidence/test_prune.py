"""What goes of the evidence and the logs, and above all what stays: real files, a real ledger, the clock passed in."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from agent.domain.report import StepKind, StepResult
from agent.evidence import prune
from agent.evidence.prune import Kind, find_expired, remove
from agent.ledger import Ledger, Picture
from agent.settings import Settings
from agent.settings.model import RetentionSettings
from tests.fixtures.ledgers import put_ledger
from tests.ledger.support import NOW, Clock, account, merchant, settings

DAY = timedelta(days=1)


@dataclass
class Place:
    """A ledger with a merchant, and the folder of its evidence."""

    settings: Settings
    ledger: Ledger
    clock: Clock

    def run(self, *, finished: bool = True) -> str:
        """A run that began nothing, with one picture of 1,000 bytes."""
        with self.ledger.begin() as tx:
            run_id = tx.runs.start(dry_run=False, started_by="test")
        if finished:
            with self.ledger.begin(run_id=run_id) as tx:
                tx.runs.finish()
        self.put(run_id, "01-page-changed-failure.png")
        return run_id

    def put(self, run_id: str, name: str) -> Path:
        path = self.settings.evidence_dir / run_id / "m1-taobao" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 1000)
        return path

    def begin(self, run_id: str, kind: StepKind = StepKind.CONFIRM) -> int:
        with self.ledger.begin(run_id=run_id) as tx:
            return tx.intents.begin(account("m1").key, kind, f"339-{run_id}", {})

    def close(self, run_id: str, intent_id: int) -> None:
        with self.ledger.begin(run_id=run_id) as tx:
            tx.intents.close(intent_id, StepResult.DONE, None)

    def picture(self, run_id: str, intent_id: int) -> None:
        with self.ledger.begin(run_id=run_id) as tx:
            tx.evidence.add(intent_id, Picture("p.png", "0" * 64, "after", "http://127.0.0.1/orders"))

    def expired(self, after: timedelta) -> list[tuple[Kind, str]]:
        return [(each.kind, each.path.name) for each in find_expired(self.settings, self.ledger, NOW + after)]

    def prune(self, after: timedelta) -> None:
        assert remove(find_expired(self.settings, self.ledger, NOW + after)) == []

    def folders(self) -> set[str]:
        return {path.name for path in self.settings.evidence_dir.iterdir()}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    put_ledger(tmp_path)
    clock = Clock()
    ledger = Ledger.open(settings(tmp_path), clock)
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m1")])
    yield Place(settings(tmp_path), ledger, clock)
    ledger.close()


def test_the_pictures_of_a_run_that_did_nothing_go_after_their_time(place: Place) -> None:
    run = place.run()
    assert place.expired(89 * DAY) == []
    assert place.expired(91 * DAY) == [(Kind.IDLE, run)]
    (found,) = find_expired(place.settings, place.ledger, NOW + 91 * DAY)
    assert (found.size, len(found.files)) == (1000, 1)
    place.prune(91 * DAY)
    assert place.folders() == set()


@pytest.mark.parametrize("kind", [*StepKind])
def test_what_money_hangs_on_is_kept_for_ten_years(place: Place, kind: StepKind) -> None:
    run = place.run()
    place.close(run, place.begin(run, kind))
    assert place.expired(3649 * DAY) == []
    assert place.expired(3651 * DAY) == [(Kind.MONEY, run)]


def test_a_run_that_only_pictured_the_step_of_another_is_money_s(place: Place) -> None:
    begun, later = place.run(), place.run()
    intent = place.begin(begun)
    place.picture(later, intent)
    place.close(later, intent)
    assert place.expired(3649 * DAY) == []


def test_a_record_of_steps_counts_even_if_the_ledger_knows_of_none(place: Place) -> None:
    place.put(place.run(), "steps.jsonl")
    assert place.expired(3649 * DAY) == []


def test_a_step_in_doubt_keeps_its_pictures_for_good(place: Place) -> None:
    begun, later = place.run(), place.run()
    intent = place.begin(begun)
    place.picture(later, intent)
    assert place.expired(36_000 * DAY) == []
    place.close(later, intent)
    assert {run for _, run in place.expired(36_000 * DAY)} == {begun, later}


def test_a_run_that_this_ledger_does_not_know_stays(place: Place) -> None:
    place.put("20200101-000000-ab12", "01-x-failure.png")
    place.put("my own folder", "01-x-failure.png")
    place.prune(36_000 * DAY)
    assert place.folders() == {"20200101-000000-ab12", "my own folder"}


def test_a_run_that_may_still_be_at_work_stays(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune, "GB", 0)  # everything is too much
    place.run(finished=False)
    assert place.expired(6 * DAY) == []
    assert len(place.expired(8 * DAY)) == 1


def test_if_all_takes_too_much_the_oldest_goes_first_and_money_s_stays(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prune, "GB", 125)  # 20 of them: two and a half runs
    money = place.run()
    place.close(money, place.begin(money))
    idle = [place.run() for _ in range(4)]
    assert place.expired(timedelta(hours=20)) == []
    assert place.expired(2 * DAY) == [(Kind.IDLE, idle[0]), (Kind.IDLE, idle[1])]
    place.prune(2 * DAY)
    assert place.folders() == {money, *idle[2:]}
    assert place.expired(2 * DAY) == []


def test_neither_links_nor_what_they_lead_to_is_touched(place: Place, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "kept.png").write_bytes(b"kept")
    inner, whole = place.run(), place.run()
    folder = place.settings.evidence_dir
    (folder / inner / "linked").symlink_to(outside)
    (folder / inner / "m1-taobao" / "02.png").symlink_to(outside / "kept.png")
    for path in (folder / whole / "m1-taobao").iterdir():
        path.unlink()
    (folder / whole / "m1-taobao").rmdir()
    (folder / whole).rmdir()
    (folder / whole).symlink_to(outside)
    place.prune(91 * DAY)
    assert (outside / "kept.png").read_bytes() == b"kept"
    assert (folder / whole).is_symlink()
    assert {path.name for path in (folder / inner).rglob("*.png")} == {"02.png"}


def test_what_somebody_else_put_there_stays(place: Place) -> None:
    run = place.run()
    note = place.put(run, "note.txt")
    place.prune(91 * DAY)
    assert note.exists()
    assert [path.name for path in note.parent.iterdir()] == ["note.txt"]


def test_what_is_gone_already_is_no_error(place: Place) -> None:
    found_none = find_expired(place.settings, place.ledger, NOW)
    assert found_none == []  # there is no folder at all
    place.run()
    expired = find_expired(place.settings, place.ledger, NOW + 91 * DAY)
    assert remove(expired) == []
    assert remove(expired) == []


def test_full_logs_go_and_the_one_in_use_stays(place: Place) -> None:
    logs = place.settings.data_dir / "logs"
    logs.mkdir()
    for name in ("fankuan.log", "fankuan.2026-01-01_00-00-00_000000.log", "other.log"):
        (logs / name).write_text("x")
        _age(logs / name, NOW)
    assert place.expired(89 * DAY) == []
    assert place.expired(91 * DAY) == [(Kind.LOG, "fankuan.2026-01-01_00-00-00_000000.log")]
    place.prune(91 * DAY)
    assert {path.name for path in logs.iterdir()} == {"fankuan.log", "other.log"}


def _age(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))


def test_no_settings_let_money_s_evidence_go_before_a_year(place: Place) -> None:
    with pytest.raises(ValidationError):
        RetentionSettings(money_days=364)
    run = place.run()
    place.close(run, place.begin(run))
    for rules in (RetentionSettings(money_days=365), RetentionSettings(money_days=365, idle_days=1, idle_gb=1)):
        place.settings = settings(place.settings.data_dir, retention=rules)
        assert place.expired(364 * DAY) == []
        assert place.expired(366 * DAY) == [(Kind.MONEY, run)]


@pytest.mark.parametrize("name", ["02-trace.zip", "01-page-changed-failure.txt"])
def test_a_trace_and_a_note_go_with_the_pictures_beside_them(name: str, place: Place) -> None:
    run_id = place.run()
    beside = place.put(run_id, name)
    (erased,) = prune.find_of(place.settings.evidence_dir, [account("m1").key])
    assert beside in erased.files
    assert remove([erased]) == []
    assert not beside.parent.exists()
