import json
from pathlib import Path

import pytest

from tests.support.command import fankuan


@pytest.mark.parametrize(
    ("platform", "day", "due_on", "rule", "provisional"),
    [
        ("taobao", "2026-09-30", "2026-10-13", "5 working days", False),
        ("jd", "2026-01-05", "2026-02-02", "20 working days", False),
        ("paipai", "2025-12-31", "2026-02-28", "2 months", False),
        ("yhd", "2024-02-29", "2025-02-28", "1 year", False),
        ("douyin", "2026-09-30", None, None, False),
    ],
)
def test_the_day_as_json(
    tmp_path: Path, platform: str, day: str, due_on: str | None, rule: str | None, provisional: bool
) -> None:
    answer = fankuan(tmp_path, "due", platform, day, "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert json.loads(answer.stdout) == {"schema": 1, "due_on": due_on, "rule": rule, "provisional": provisional}


@pytest.mark.parametrize(("language", "word"), [("C.UTF-8", "Provisional"), ("zh_CN.UTF-8", "暂定")])
def test_a_provisional_day_is_told_aloud(tmp_path: Path, language: str, word: str) -> None:
    answer = fankuan(tmp_path, "due", "taobao", "2089-09-30", "--json", language=language)
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["provisional"] is True
    assert word in answer.stderr


@pytest.mark.parametrize("day", ["2026/9/30", "2026年9月30日", "2026-9-30", "2026.09.30", " 2026-09-30 "])
def test_a_day_is_read_as_people_write_it(tmp_path: Path, day: str) -> None:
    assert json.loads(fankuan(tmp_path, "due", "taobao", day, "--json").stdout)["due_on"] == "2026-10-13"


def test_the_day_in_words(tmp_path: Path) -> None:
    assert "2026-10-13" in fankuan(tmp_path, "due", "taobao", "2026-09-30").stdout
    assert "no period is published" in fankuan(tmp_path, "due", "douyin", "2026-09-30").stdout
    assert "以会员后台为准" in fankuan(tmp_path, "due", "douyin", "2026-09-30", language="zh_CN.UTF-8").stdout
    assert not list(tmp_path.iterdir()), "a question about the calendar writes nothing"


def test_a_platform_of_the_settings_has_its_own_period(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text(
        '[[platforms]]\nid = "x1"\ntitle = "某平台"\nlogin_url = "http://127.0.0.1:1/a"\norders_url = "http://127.0.0.1:1/b"\n'
        'services = ["甲"]\nrefund_after = "2 months"\n',
        encoding="utf-8",
    )
    answer = fankuan(tmp_path, "--config", "f.toml", "due", "x1", "2026-08-31", "--json")
    assert json.loads(answer.stdout) == {"schema": 1, "due_on": "2026-10-31", "rule": "2 months", "provisional": False}


@pytest.mark.parametrize(
    ("platform", "day", "named"),
    [
        ("ebay", "2026-09-30", ["ebay", "taobao", "jd", "1688", "paipai"]),
        ("toabao", "2026-09-30", ["Did you mean “taobao”?"]),
        *(
            ("taobao", day, ["YYYY-MM-DD"])
            for day in (
                "20260930",
                "2026-W40-3",
                "2026-02-30",
                "30.9.2026",
                "2026-9/30",
                "yesterday",
                "",
                "２０２６-09-30",
            )
        ),
        ("taobao", "9999-12-31", ["9999-12-31"]),
        ("taobao", "0001-01-01", ["0001-01-01"]),
    ],
)
def test_a_wrong_question_is_2_and_says_what_is_right(
    tmp_path: Path, platform: str, day: str, named: list[str]
) -> None:
    answer = fankuan(tmp_path, "due", platform, day)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert all(word in answer.stderr for word in named)


def test_a_notice_in_the_settings_counts(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text('[calendar]\nholidays = ["2089-10-03"]\nworkdays = ["2089-10-08"]\n')
    answer = fankuan(tmp_path, "--config", "f.toml", "due", "taobao", "2089-09-30", "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert json.loads(answer.stdout) == {
        "schema": 1,
        "due_on": "2089-10-08",
        "rule": "5 working days",
        "provisional": False,
    }


def test_a_bad_day_in_the_settings_is_2_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text('[calendar]\nholidays = ["2089-13-03"]\n')
    answer = fankuan(tmp_path, "--config", "f.toml", "due", "taobao", "2089-09-30")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "f.toml: calendar.holidays[0]" in answer.stderr
