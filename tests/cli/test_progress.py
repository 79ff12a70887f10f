import io
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress, TextColumn

from agent import log
from agent.cli.progress import Bars, Lines
from agent.domain.accounts import AccountKey
from agent.domain.error_wording import explained
from agent.domain.errors import Outcome, SiteUnavailable
from agent.domain.report import AccountReport, Action, StepKind, StepResult
from agent.domain.text import Text

SORRY = explained(SiteUnavailable("http://x/", "503")).text


def play(watch: Lines) -> None:
    """One account that works and one that fails, told as `run_sync` tells it."""
    for platform in ("taobao", "jd"):
        watch.account_started(AccountKey("m1", platform))
        watch.stage(AccountKey("m1", platform), Text("looking at the orders", "查看订单"))
    watch.step_started(AccountKey("m1", "taobao"), StepKind.FILE, "123")
    watch.step_ended(AccountKey("m1", "taobao"), Action(StepKind.FILE, "123", StepResult.DONE))
    waits = Action(StepKind.REQUEST_REFUND, "123", StepResult.WAITING, date(2026, 10, 13))
    watch.step_ended(AccountKey("m1", "taobao"), waits)
    watch.account_ended(AccountReport(AccountKey("m1", "taobao")))
    watch.account_ended(AccountReport(AccountKey("m1", "jd"), Outcome.FAILED, "site_unavailable", SORRY))


@pytest.mark.parametrize(("language", "words"), [("C", "✓ filed"), ("zh_CN", "✓ 已报备")])
def test_every_event_is_a_line_where_there_is_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, words: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    log.set_up(tmp_path)
    play(Lines(aloud=True))
    log.close()
    text = capsys.readouterr()
    assert text.out == ""
    assert f"m1/taobao: 123 {words}" in text.err
    assert "WARNING m1/jd: ✗" in text.err
    assert "http://x/" in text.err


def test_a_terminal_shows_a_line_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    console = Console(file=io.StringIO(), width=100, force_terminal=True)
    columns = [TextColumn(f"{{task.fields[{name}]}}", markup=False) for name in ("who", "steps", "stage")]
    with Progress(*columns, console=console) as progress:
        play(Bars(progress, aloud=False))
    assert isinstance(console.file, io.StringIO)
    last = console.file.getvalue().rsplit("m1/taobao", 1)[1]
    assert last.index("2 steps") < last.index("✓ all well") < last.index("m1/jd") < last.index("✗ failed")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "C",
            (
                "! waits for a person: The back office rejected the filing. Look it up in the back office, "
                "and correct it there."
            ),
        ),
        ("zh_CN", "! 需人工处理：报备已被会员后台驳回。请到会员后台核对并更正。"),
    ],
)
def test_an_account_that_waits_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, line: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    log.set_up(tmp_path)
    Lines(aloud=True).account_ended(AccountReport(AccountKey("m1", "jd"), Outcome.NEEDS_HUMAN, "filing_rejected"))
    log.close()
    assert f"m1/jd: {line}\n" in capsys.readouterr().err
