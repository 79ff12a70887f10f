"""Merchants that leave, pause or change: their secrets go, the money's history stays."""

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.ledger import Ledger, RefusedLogin
from agent.sites import wdgj
from tests.cli.test_merchants import ACCOUNT, PASSWORD, SAMPLE
from tests.ledger.support import Clock, order, settings
from tests.support.command import COMMAND, environment, fankuan

NARROW = {"COLUMNS": "80", "FANKUAN_LANGUAGE": "zh"}

SECOND = """
[[merchants.accounts]]
platform = "taobao"
label = "second"
username = "owner2"
password = "Pl4nted-second-8"
"""


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    (tmp_path / "m.toml").write_text(SAMPLE + SECOND, encoding="utf-8")
    assert fankuan(tmp_path, "merchants", "import", "m.toml").returncode == 0
    return tmp_path


def listed(home: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(fankuan(home, "merchants", "list", "--json").stdout)["merchants"]
    return found


def accounts(home: Path) -> dict[str, dict[str, object]]:
    (merchant,) = listed(home)
    found = merchant["accounts"]
    assert isinstance(found, list)
    return {each["account"]: each for each in found}


def fed(home: Path, typed: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The command with something on its standard input."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=home,
        env=environment(home),
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def bought(home: Path) -> None:
    """An order of m1's that is confirmed."""
    ledger = Ledger.open(settings(home / "var"), Clock())
    with ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(AccountKey("m1", "taobao"), [order()])
    ledger.close()


def test_a_merchant_that_is_paused_has_no_schedule_and_a_sync_says_why(imported: Path) -> None:
    assert fankuan(imported, "merchants", "pause", "m1").stdout == "m1: paused\n"
    assert {a["paused"] for a in accounts(imported).values()} == {True}
    assert json.loads(fankuan(imported, "schedule", "--json").stdout)["schedule"] == []
    answer = fankuan(imported, "sync", "--json")
    told = json.loads(answer.stdout)["accounts"]
    assert [(a["account"], a["outcome"], a["reason"]) for a in told] == [
        ("m1/taobao", "ok", "paused"),
        ("m1/taobao/second", "ok", "paused"),
    ]
    assert answer.returncode == 0
    assert fankuan(imported, "merchants", "resume", "m1").stdout == "m1: active\n"
    assert len(json.loads(fankuan(imported, "schedule", "--json").stdout)["schedule"]) == 2


def test_an_account_is_paused_alone(imported: Path) -> None:
    assert fankuan(imported, "accounts", "pause", "m1/taobao/second").returncode == 0
    assert {name: a["paused"] for name, a in accounts(imported).items()} == {
        "m1/taobao": False,
        "m1/taobao/second": True,
    }
    assert fankuan(imported, "accounts", "resume", "m1/taobao/second").returncode == 0


def test_whoever_is_removed_leaves_no_secret(imported: Path) -> None:
    assert fankuan(imported, "merchants", "remove", "m1").returncode == 0
    assert listed(imported) == []
    with closing(sqlite3.connect(imported / "var/ledger.sqlite3")) as database:
        assert database.execute("SELECT state, payee_account FROM merchants").fetchall() == [("removed", None)]
        secrets = "SELECT DISTINCT username, password, totp FROM accounts"
        assert database.execute(secrets).fetchall() == [(None, None, None)]
    assert fankuan(imported, "merchants", "import", "m.toml").returncode == 0
    assert len(accounts(imported)) == 2


def test_whoever_is_erased_leaves_nothing(imported: Path) -> None:
    assert fankuan(imported, "merchants", "remove", "m1", "--erase").returncode == 0
    with closing(sqlite3.connect(imported / "var/ledger.sqlite3")) as database:
        for table in ("merchants", "accounts", "schedule"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
    assert fankuan(imported, "merchants", "remove", "m1").returncode == 2


def test_the_money_of_who_was_removed_is_shown_as_such_and_not_as_a_problem(imported: Path) -> None:
    bought(imported)
    assert fankuan(imported, "merchants", "remove", "m1").returncode == 0
    (known,) = json.loads(fankuan(imported, "orders", "--json").stdout)["orders"]
    assert (known["removed"], known["stage"] in {"confirmed", "refundable"}) == (True, True)
    assert json.loads(fankuan(imported, "orders", "--json", "--active").stdout)["orders"] == []
    assert json.loads(fankuan(imported, "orders", "--json", "--problems").stdout)["orders"] == []
    assert "m1 淘宝/天猫（已移除）" in fankuan(imported, "orders", **NARROW).stdout
    assert "m1（已移除）" in fankuan(imported, "orders", **NARROW | {"COLUMNS": "150"}).stdout
    shown = fankuan(imported, "status", **NARROW).stdout
    assert "锦绣家居 (m1) · 云端版（已移除）" in shown
    assert "¥62.80" in shown
    (merchant,) = json.loads(fankuan(imported, "status", "--json").stdout)["merchants"]
    assert (merchant["removed"], {each["removed"] for each in merchant["accounts"]}) == (True, {True})
    assert json.loads(fankuan(imported, "status", "--json", "--active").stdout)["merchants"] == []
    assert fankuan(imported, "export", "orders", "o.csv").returncode == 0
    assert "锦绣家居" in (imported / "o.csv").read_text(encoding="utf-8-sig")


def test_the_pictures_of_who_is_erased_go_and_those_of_others_stay(imported: Path) -> None:
    run = imported / "var" / "screenshots" / "20261123-120000-ab12"
    for account in ("m1-taobao", "m1-taobao-second", "m10-taobao"):
        (run / account).mkdir(parents=True)
        (run / account / "01-confirm-before.png").write_bytes(b"x")
    assert fankuan(imported, "merchants", "remove", "m1", "--erase").returncode == 0
    assert [path.name for path in run.iterdir()] == ["m10-taobao"]


def test_an_account_is_removed_alone(imported: Path) -> None:
    assert fankuan(imported, "accounts", "remove", "m1/taobao/second").returncode == 0
    assert list(accounts(imported)) == ["m1/taobao"]


def test_single_fields_are_changed_without_a_file(imported: Path) -> None:
    assert fankuan(imported, "merchants", "edit", "m1", "name=锦绣新家", "edition=企业版").returncode == 0
    assert fankuan(imported, "accounts", "edit", "m1/taobao/second", "shop=锦绣二店").returncode == 0
    (merchant,) = listed(imported)
    assert (merchant["name"], merchant["edition"]) == ("锦绣新家", "enterprise")
    assert accounts(imported)["m1/taobao/second"]["shop"] == "锦绣二店"
    assert fankuan(imported, "accounts", "edit", "m1/taobao/second", "shop=").returncode == 0
    assert accounts(imported)["m1/taobao/second"]["shop"] is None


def test_a_refused_log_in_is_tried_again_only_if_it_is_itself_edited(imported: Path) -> None:
    """Also if it is the same: the site may have unlocked it since."""
    ours = [AccountKey("m1", platform) for platform in ("taobao", wdgj.ID)]

    def refused() -> list[str]:
        ledger = Ledger.open(settings(imported / "var"), Clock())
        with ledger.read() as tx:
            found = [key.platform for key in ours if tx.log_ins.find(SecretStr(str(key)))]
        ledger.close()
        return found

    ledger = Ledger.open(settings(imported / "var"), Clock())
    for key in ours:
        with ledger.begin() as tx:
            tx.log_ins.note(key, RefusedLogin(SecretStr(str(key)), "bad_password", "密码错误"))
    ledger.close()
    assert fankuan(imported, "accounts", "edit", "m1/taobao", "shop=锦绣二店").returncode == 0
    assert fankuan(imported, "merchants", "edit", "m1", "name=锦绣新家").returncode == 0
    assert refused() == ["taobao", wdgj.ID]
    assert fed(imported, PASSWORD, "accounts", "edit", "m1/taobao", "password=-").returncode == 0
    assert refused() == [wdgj.ID]
    assert fed(imported, PASSWORD, "merchants", "edit", "m1", "backoffice.password=-").returncode == 0
    assert refused() == []


def test_a_secret_comes_from_standard_input_and_never_from_the_command_line(imported: Path) -> None:
    answer = fankuan(imported, "merchants", "edit", "m1", "payee.account=571900000010002")
    assert answer.returncode == 2
    assert "payee.account=-" in answer.stderr
    assert "571900000010002" not in answer.stderr
    done = fed(imported, "571900000010002\n", "merchants", "edit", "m1", "payee.account=-")
    assert done.returncode == 0, done.stderr
    (merchant,) = listed(imported)
    assert merchant["payee"] == {"bank": "招商银行杭州分行", "holder": "杭州锦绣家居有限公司", "account": "…0002"}
    wrong = fed(imported, "13800138000\n", "merchants", "edit", "m1", "payee.account=-")
    assert wrong.returncode == 2
    assert "mobile number" in wrong.stderr


def test_an_unknown_field_or_name_is_told(imported: Path) -> None:
    for words in (["m1", "nmae=x"], ["m1", "id=m2"], ["m9", "name=x"]):
        assert fankuan(imported, "merchants", "edit", *words).returncode == 2
    assert "m1/taobao/second" in fankuan(imported, "accounts", "pause", "m1").stderr
    assert fankuan(imported, "accounts", "pause", "m1/jd").returncode == 2


@pytest.mark.parametrize("kind", ["toml", "csv", "xlsx"])
def test_what_is_exported_imports_again_and_holds_no_secret(imported: Path, kind: str) -> None:
    file = f"out.{kind}"
    assert fankuan(imported, "merchants", "export", file).returncode == 0
    if kind != "xlsx":
        written = (imported / file).read_text(encoding="utf-8-sig")
        assert not any(secret in written for secret in (PASSWORD, ACCOUNT, "Pl4nted-second-8"))
    answer = fankuan(imported, "merchants", "import", file, "--dry-run")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[:-1] == [
        "m1: unchanged",
        "m1/taobao: unchanged",
        "m1/taobao/second: unchanged",
    ]


@pytest.mark.parametrize("kind", ["toml", "csv", "xlsx"])
def test_a_merchant_without_accounts_is_exported_and_imports_again(imported: Path, kind: str) -> None:
    for account in ("m1/taobao", "m1/taobao/second"):
        assert fankuan(imported, "accounts", "remove", account).returncode == 0
    assert fankuan(imported, "merchants", "export", f"out.{kind}").returncode == 0
    answer = fankuan(imported, "merchants", "import", f"out.{kind}", "--dry-run")
    assert (answer.returncode, answer.stdout.splitlines()[:-1]) == (0, ["m1: unchanged"]), answer.stderr


def test_a_secret_that_is_kept_counts_also_where_the_platform_is_called_by_its_name(imported: Path) -> None:
    assert fankuan(imported, "merchants", "export", "out.csv").returncode == 0
    named = (imported / "out.csv").read_text(encoding="utf-8-sig").replace(",taobao,", ",淘宝,")
    (imported / "out.csv").write_text(named, encoding="utf-8")
    answer = fankuan(imported, "merchants", "import", "out.csv", "--dry-run")
    assert (answer.returncode, "m1/taobao: unchanged" in answer.stdout) == (0, True), answer.stderr


def test_what_was_exported_does_not_import_where_nothing_is_kept(imported: Path, tmp_path: Path) -> None:
    assert fankuan(imported, "merchants", "export", "out.csv").returncode == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    answer = fankuan(elsewhere, "merchants", "import", imported / "out.csv")
    assert (answer.returncode, "password: is missing" in answer.stderr) == (2, True)


def test_another_user_of_an_account_without_a_label_is_not_taken_silently(imported: Path) -> None:
    (imported / "other.toml").write_text(SAMPLE.replace('"owner"', '"somebody"'), encoding="utf-8")
    for more in ([], ["--dry-run"]):
        answer = fankuan(imported, "merchants", "import", "other.toml", *more)
        assert answer.returncode == 2
        assert all(word in answer.stderr for word in ("m1/taobao (owner)", "label", "accounts edit m1/taobao"))
    assert accounts(imported)["m1/taobao"]["username"] == "owner"
    changed = fed(imported, "new-pass\n", "accounts", "edit", "m1/taobao", "username=somebody", "password=-")
    assert changed.returncode == 0, changed.stderr
    assert accounts(imported)["m1/taobao"]["username"] == "somebody"


def test_two_accounts_on_a_platform_need_a_label_and_both_rows_are_named(tmp_path: Path) -> None:
    twice = SAMPLE + SECOND.replace('label = "second"\n', "")
    (tmp_path / "m.toml").write_text(twice, encoding="utf-8")
    answer = fankuan(tmp_path, "merchants", "import", "m.toml")
    assert answer.returncode == 2
    assert (
        "merchants[0].accounts[1].platform: “taobao” is there twice, also in merchants[0].accounts[0]" in answer.stderr
    )
    assert "`label`" in answer.stderr
