"""What is told of what went wrong: as JSON and in sentences, with what to do, in one language throughout."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer.main
from pydantic import SecretStr

from agent.cli import session
from agent.cli.app import app, tell
from agent.cli.language import choose, choose_early, spoken
from agent.cli.words import because
from agent.domain.accounts import AccountKey
from agent.domain.errors import AccountError, Outcome
from agent.domain.login_errors import BadPassword
from agent.domain.merchants import Account, Credentials, Edition, Merchant
from agent.domain.orders import SHANGHAI
from agent.domain.page_errors import PageChanged
from agent.domain.plan import NEEDS_PERSON
from agent.domain.reasons import REASONS, explain
from agent.domain.report import AccountReport, RunReport
from agent.domain.text import Text
from agent.ledger import Ledger
from agent.settings import Settings, load_settings
from tests.support.command import fankuan

CHINESE = re.compile("[\u4e00-\u9fff]")
NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
TAOBAO, JD = AccountKey("m1", "taobao"), AccountKey("m1", "jd")
MERCHANT = Merchant(
    "m1",
    "锦绣家居",
    Edition.ENTERPRISE,
    backoffice=Credentials("desk", SecretStr("desk-pass")),
    payee=None,
    accounts=(Account(TAOBAO, Credentials("demo", SecretStr("planted-pass")), shop=None),),
)


@pytest.fixture
def ledger(tmp_path: Path) -> Any:  # noqa: ANN401 - a fixture
    home = tmp_path / "var"
    home.mkdir()
    opened = Ledger.open(Settings(data_dir=home), lambda: NOON)
    with opened.begin() as tx:
        tx.merchants.save([MERCHANT])
    yield opened
    opened.close()


def ended_with(error: AccountError, *evidence: str) -> AccountReport:
    report = AccountReport(TAOBAO, evidence=evidence)
    report.end_with(error)
    return report


def test_what_goes_wrong_after_the_answer_is_no_second_document(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_answered", [])
    tell(BadPassword("网站", "密码错误"), as_json=True)
    assert "error" in json.loads(capsys.readouterr().out)
    tell(BadPassword("网站", "密码错误"), as_json=True)
    again = capsys.readouterr()
    assert (again.out, "密码错误" in again.err) == ("", True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--config", "nowhere.toml", "orders"],
        ["sync", "--merchant", "nobody"],
        ["sync", "--nothing"],
        ["sync", "--concurrency", "two"],
        ["due", "taobao"],
        ["due", "ebay", "2026-09-30"],
        ["fly"],
        ["answer", "7"],
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_with_json_an_error_is_one_document_in_the_chosen_language(
    tmp_path: Path, arguments: list[str], language: str
) -> None:
    answer = fankuan(tmp_path, *arguments, "--json", FANKUAN_LANGUAGE=language)
    told = json.loads(answer.stdout)
    assert (answer.returncode, told["schema"], set(told)) == (2, 1, {"schema", "error"})
    error = told["error"]
    assert error["reason"] == "usage"
    for sentence in (error["message"], error["cure"]):
        assert bool(CHINESE.search(sentence)) is (language == "zh"), sentence
    assert "Traceback" not in answer.stderr


def test_the_settings_language_goes_before_the_locale(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text('language = "zh"\n', encoding="utf-8")
    spoken_to = ["--config", "f.toml"]
    assert "尚无商家" in fankuan(tmp_path, *spoken_to, "status").stdout
    assert "没有命令 'fly'" in fankuan(tmp_path, *spoken_to, "fly").stderr
    assert "No merchants yet" in fankuan(tmp_path, *spoken_to, "status", FANKUAN_LANGUAGE="en").stdout


def test_where_nothing_fits_it_is_not_said_that_nothing_is_there(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "id,name,edition,backoffice.username,backoffice.password,platform,username,password\n"
        "m1,青禾,cloud,u,p,jd,u,p\n",
        encoding="utf-8",
    )
    assert fankuan(tmp_path, "merchants", "import", "m.csv").returncode == 0
    assert "No merchant fits" in fankuan(tmp_path, "status", "--problems", FANKUAN_LANGUAGE="en").stdout
    assert "没有符合条件的商家" in fankuan(tmp_path, "status", "--problems", FANKUAN_LANGUAGE="zh").stdout
    assert "none fit" in fankuan(tmp_path, "orders", "--problems", FANKUAN_LANGUAGE="en").stdout


def test_the_last_of_no_runs_is_none_and_a_field_without_a_value_is_told_how_it_is_written(tmp_path: Path) -> None:
    assert "尚无运行记录" in fankuan(tmp_path, "runs", "retry", "last", FANKUAN_LANGUAGE="zh").stderr
    told = fankuan(tmp_path, "merchants", "edit", "m1", "payee.bank", FANKUAN_LANGUAGE="en").stderr
    assert "Write payee.bank=VALUE." in told


def test_another_language_is_refused_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text('language = "fr"\n[[notify]]\nurl = "json://a/"\nlanguage = 3\n', encoding="utf-8")
    answer = fankuan(tmp_path, "--config", "f.toml", "status")
    assert answer.returncode == 2
    assert all(part in answer.stderr for part in ("f.toml: language", "f.toml: notify[0].language", '"zh" or "en"'))


def test_the_file_that_is_named_last_before_the_command_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "f.toml"
    file.write_text('language = "zh"\n', encoding="utf-8")
    monkeypatch.setenv("LANG", "C")
    try:
        for arguments in (["--config", str(file), "sync"], [f"--config={file}"]):
            choose_early(arguments)
            assert spoken() == "zh"
        choose_early(["sync"])
        assert spoken() == "en"
        assert load_settings(file).language == "zh"
    finally:
        choose(None)


def all_commands(command: Any, path: str = "fankuan") -> list[tuple[str, Any]]:  # noqa: ANN401 - the library's own
    inner = getattr(command, "commands", {})
    return [(path, command), *(found for name, each in inner.items() for found in all_commands(each, f"{path} {name}"))]


def test_no_words_of_the_library_are_left_in_english_in_the_help() -> None:
    words = re.compile(r"Usage:|Options:|Commands:|Arguments:|Show this|OPTIONS|required|default:|env var|INTEGER")
    choose("zh")
    try:
        for path, command in all_commands(typer.main.get_command(app)):
            shown = command.get_help(command.make_context(path, [], resilient_parsing=True))
            assert not words.search(shown), (path, words.findall(shown))
            assert "用法：fankuan" in shown
    finally:
        choose(None)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["sync", "--nothing"], "没有选项 --nothing"),
        (["due"], "缺少参数"),
        (["due", "taobao", "2026-09-30", "more"], "多余的参数"),
        (["sync", "--concurrency", "0"], "应不小于 1"),
        (["sync", "--concurrency", "two"], "应为整数"),
        (["sync", "--merchant"], "缺少值"),
        (["sync", "--dry-run=1"], "不带值"),
        (["sncy"], "是否应为"),
    ],
)
def test_wrong_usage_is_told_in_chinese(tmp_path: Path, arguments: list[str], told: str) -> None:
    answer = fankuan(tmp_path, *arguments, language="zh_CN.UTF-8")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert told in answer.stderr
    assert not re.search(r"Usage|Error|Try|Missing|No such|Invalid|Value|Input", answer.stderr)


def test_each_account_tells_message_cure_and_evidence() -> None:
    bad, good = ended_with(BadPassword("淘宝", "密码错误"), "a/01-bad-password-failure.png"), AccountReport(JD)
    answer = RunReport("r", NOON, NOON, False, [bad, good]).to_json(lambda text: text.zh)
    told, well = answer["accounts"]
    assert "密码错误" in told["message"]
    assert "merchants import" in told["cure"]
    assert told["evidence"] == ["a/01-bad-password-failure.png"]
    assert (well["message"], well["cure"], well["evidence"]) == (None, None, [])


def test_every_reason_for_which_a_person_is_needed_has_its_sentence_and_cure() -> None:
    assert set(REASONS) >= NEEDS_PERSON
    for reason, why in REASONS.items():
        assert why.cure is not None, reason
        assert why.message.en.endswith(".")
        assert why.message.zh.endswith("。")


def test_a_word_without_a_sentence_is_told_as_it_is() -> None:
    told = explain(AccountReport(JD, Outcome.FAILED, "brand_new"))
    assert told is not None
    assert (told.message, told.cure) == (Text("brand_new", "brand_new"), None)
    assert because(AccountReport(JD)) == ""


@pytest.mark.parametrize(
    ("language", "words", "cure"), [("zh", "无法识别：缺少“金额”列", "请"), ("en", "cannot be read", "report")]
)
def test_status_tells_the_sentence_the_cure_and_the_evidence(
    ledger: Ledger, tmp_path: Path, language: str, words: str, cure: str
) -> None:
    missing = Text("the column of amounts is missing", "缺少“金额”列")
    report = ended_with(PageChanged("https://fuwu.example.com/?token=planted-pass", missing), "/e/01-failure.png")
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.runs.record(report)
    text = fankuan(tmp_path, "status", FANKUAN_LANGUAGE=language).stdout
    assert words in text
    assert cure in text
    assert "\n    /e/01-failure.png\n" in text
    assert "(page_changed)" not in text
    (merchant,) = json.loads(fankuan(tmp_path, "status", "--json", FANKUAN_LANGUAGE=language).stdout)["merchants"]
    told = merchant["accounts"][0]["last_run"]
    assert words in told["message"]
    assert cure in told["cure"]
    assert told["evidence"] == ["/e/01-failure.png"]
    assert "planted-pass" not in f"{text}{merchant}"


def test_an_end_that_an_older_version_recorded_is_told_by_its_word(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.runs.record(AccountReport(TAOBAO, Outcome.FAILED, "not_started"))
    with ledger.read() as tx:
        (last,) = tx.runs.latest()
    assert last.evidence == ()
    assert "处理未能开始" in fankuan(tmp_path, "status", FANKUAN_LANGUAGE="zh").stdout


def test_the_checks_are_named_in_chinese(tmp_path: Path) -> None:
    shown = fankuan(tmp_path, "doctor", FANKUAN_LANGUAGE="zh").stdout
    assert not re.search(r"^\S (browser|fonts|database|key|clock|calendar|merchants|site)", shown, re.MULTILINE)
    assert all(f" {label}：" in shown for label in ("浏览器", "中文字体", "台账", "密钥", "系统时间", "节假日", "商家"))


def test_a_period_is_told_in_words(tmp_path: Path) -> None:
    assert "（5 个工作日）" in fankuan(tmp_path, "due", "taobao", "2026-09-30", FANKUAN_LANGUAGE="zh").stdout
