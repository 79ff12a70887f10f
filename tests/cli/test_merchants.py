import json
from pathlib import Path

import pytest

from tests.support.command import fankuan

PASSWORD, ACCOUNT = "Pl4nted-pass-7", "571900000010001"
SAMPLE = f"""
[[merchants]]
id = "m1"
name = "锦绣家居"
edition = "cloud"
[merchants.backoffice]
username = "member"
password = "{PASSWORD}-b"
[merchants.payee]
bank = "招商银行杭州分行"
holder = "杭州锦绣家居有限公司"
account = "{ACCOUNT}"
[[merchants.accounts]]
platform = "taobao"
username = "owner"
password = "{PASSWORD}-a"
shop = "锦绣家居旗舰店"
"""


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    (tmp_path / "merchants.toml").write_text(SAMPLE, encoding="utf-8")
    answer = fankuan(tmp_path, "merchants", "import", "merchants.toml")
    assert (answer.returncode, answer.stdout) == (
        0, "Merchants: 1 added, 0 updated. Accounts: 1 added, 0 updated.\n",
    ), answer.stderr  # fmt: skip
    (tmp_path / "merchants.toml").unlink()
    return tmp_path


def test_importing_again_updates(imported: Path) -> None:
    (imported / "again.toml").write_text(SAMPLE.replace("锦绣家居旗舰店", "锦绣二店"), encoding="utf-8")
    answer = fankuan(imported, "merchants", "import", "again.toml", language="zh_CN.UTF-8")
    assert answer.stdout.splitlines() == ["商家：新增 0，更新 0。账号：新增 0，更新 1。", "m1/taobao: 变更 shop"]
    assert "锦绣二店" in fankuan(imported, "merchants", "list").stdout


def test_what_an_import_would_change_is_shown_by_name_and_not_saved(imported: Path) -> None:
    changed = SAMPLE.replace(ACCOUNT, "571900000010002").replace("锦绣家居旗舰店", "锦绣二店")
    (imported / "next.toml").write_text(changed + SAMPLE.replace('"m1"', '"m2"'), encoding="utf-8")
    before = fankuan(imported, "merchants", "list", "--json").stdout
    answer = fankuan(imported, "merchants", "import", "next.toml", "--dry-run")
    assert answer.stdout.splitlines() == [
        "m1: changes payee.account",
        "m1/taobao: changes shop",
        "m2: new",
        "m2/taobao: new",
        "Nothing was saved.",
    ]
    assert "its refunds go to another payee: 招商银行杭州分行 杭州锦绣家居有限公司 …0001 → " in answer.stderr
    assert "571900000010002" not in answer.stdout + answer.stderr
    assert fankuan(imported, "merchants", "list", "--json").stdout == before
    (imported / "same.toml").write_text(SAMPLE, encoding="utf-8")
    same = fankuan(imported, "merchants", "import", "same.toml", "--dry-run", language="zh_CN.UTF-8")
    assert same.stdout.splitlines() == ["m1: 无变化", "m1/taobao: 无变化", "未保存任何内容。"]


def test_a_payee_that_changes_is_told_and_stands_in_the_audit_trail(imported: Path) -> None:
    (imported / "next.toml").write_text(SAMPLE.replace(ACCOUNT, "571900000010002"), encoding="utf-8")
    answer = fankuan(imported, "merchants", "import", "next.toml")
    assert "m1: changes payee.account" in answer.stdout
    holder = "招商银行杭州分行 杭州锦绣家居有限公司"
    assert f"WARNING: m1: its refunds go to another payee: {holder} …0001 → {holder} …0002." in answer.stderr
    edited = fankuan(imported, "merchants", "edit", "m1", "payee.bank=中国银行杭州分行")
    assert f"{holder} …0002 → 中国银行杭州分行 杭州锦绣家居有限公司 …0002" in edited.stderr
    assert "WARNING" not in fankuan(imported, "merchants", "edit", "m1", "name=锦绣").stderr
    assert fankuan(imported, "export", "audit", "audit.csv").returncode == 0
    trail = (imported / "audit.csv").read_text(encoding="utf-8-sig")
    assert trail.count("payee_change") == 2
    assert f"{holder} …0001" in trail


def test_a_template_is_written_in_the_readers_language(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "merchants", "template", "商家.xlsx", language="zh_CN.UTF-8")
    assert answer.returncode == 0, answer.stderr
    assert "fankuan merchants import 商家.xlsx" in answer.stdout
    empty = fankuan(tmp_path, "merchants", "import", "商家.xlsx", language="zh_CN.UTF-8")
    assert (empty.returncode, "没有任何商家" in empty.stderr) == (2, True)
    assert fankuan(tmp_path, "merchants", "template", "商家.xlsx").returncode == 2


def test_a_column_that_is_not_ours_is_told(tmp_path: Path) -> None:
    heads = "id,name,edition,backoffice.username,backoffice.password,platform,username,password,备注"
    row = f"m1,锦绣家居,云端版,member,{PASSWORD},天猫,owner,{PASSWORD},老客户"
    (tmp_path / "m.csv").write_text(f"{heads}\n{row}\n", encoding="gb18030")
    answer = fankuan(tmp_path, "merchants", "import", "m.csv")
    assert answer.returncode == 0, answer.stderr
    assert "column I (“备注”) is not one of ours; it is not read" in answer.stderr


def test_the_list_as_json(imported: Path) -> None:
    answer = fankuan(imported, "merchants", "list", "--json", language="zh_CN.UTF-8")
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["merchants"] == [
        {
            "id": "m1",
            "name": "锦绣家居",
            "edition": "cloud",
            "paused": False,
            "file_as": None,
            "accounts": [
                {
                    "platform": "taobao",
                    "account": "m1/taobao",
                    "username": "owner",
                    "shop": "锦绣家居旗舰店",
                    "paused": False,
                }
            ],
            "payee": {"bank": "招商银行杭州分行", "holder": "杭州锦绣家居有限公司", "account": "…0001"},
        }
    ]


def test_an_account_on_a_platform_that_is_gone_has_no_user(imported: Path) -> None:
    bare = SAMPLE.partition("[[merchants.accounts]]")[0] + '[[merchants.accounts]]\nplatform = "paipai"\n'
    (imported / "gone.toml").write_text(bare, encoding="utf-8")
    assert fankuan(imported, "merchants", "import", "gone.toml").returncode == 0
    (known,) = json.loads(fankuan(imported, "merchants", "list", "--json").stdout)["merchants"]
    assert known["accounts"][0] == {
        "platform": "paipai",
        "account": "m1/paipai",
        "username": None,
        "shop": None,
        "paused": False,
    }
    assert "paipai" in fankuan(imported, "merchants", "list").stdout
    (imported / "jd.toml").write_text(bare.replace("paipai", "jd"), encoding="utf-8")
    refused = fankuan(imported, "merchants", "import", "jd.toml")
    assert refused.returncode == 2
    assert "accounts[0].username" in refused.stderr


def test_an_empty_list_is_a_list(tmp_path: Path) -> None:
    assert json.loads(fankuan(tmp_path, "merchants", "list", "--json").stdout) == {"schema": 1, "merchants": []}
    assert "fankuan merchants import" in fankuan(tmp_path, "merchants", "list").stdout


def test_no_secret_is_printed_or_written(imported: Path) -> None:
    printed = [
        fankuan(imported, *words) for words in (["merchants", "list"], ["merchants", "list", "--json"], ["orders"])
    ]
    written = [path.read_bytes() for path in imported.rglob("*") if path.is_file()]
    assert written
    for secret in (PASSWORD, ACCOUNT):
        assert all(secret not in answer.stdout + answer.stderr for answer in printed)
        assert all(secret.encode() not in content for content in written)


def test_a_bad_file_lists_every_place_and_imports_nothing(tmp_path: Path) -> None:
    bad = SAMPLE.replace('"cloud"', '"clowd"').replace('"taobao"', '"taobaoo"').replace('id = "m1"\n', "")
    (tmp_path / "bad.toml").write_text(bad, encoding="utf-8")
    answer = fankuan(tmp_path, "merchants", "import", "bad.toml")
    assert (answer.returncode, answer.stdout) == (2, "")
    for named in ("bad.toml", "edition", "clowd", "platform", "taobaoo", "id"):
        assert named in answer.stderr
    assert PASSWORD not in answer.stderr
    assert ACCOUNT not in answer.stderr
    assert json.loads(fankuan(tmp_path, "merchants", "list", "--json").stdout) == {"schema": 1, "merchants": []}


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "merchants", "import", "nowhere.csv")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "nowhere.csv" in answer.stderr


def test_orders_of_an_empty_ledger(imported: Path) -> None:
    assert json.loads(fankuan(imported, "orders", "--json").stdout) == {"schema": 1, "orders": []}
    assert "fankuan sync" in fankuan(imported, "orders").stdout
