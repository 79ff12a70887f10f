"""What is listed fits into 80 columns, in parts if it is long, and no path or number is broken."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.cells import cell_len

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import Outcome
from agent.domain.merchants import Account, Credentials, Edition, Merchant, Payee
from agent.domain.orders import SHANGHAI, Order, OrderStatus
from agent.domain.page_errors import PageChanged
from agent.domain.report import AccountReport, Action, StepKind, StepResult
from agent.domain.text import Text
from agent.ledger import Asked, Ledger
from agent.settings import Settings
from tests.support.command import fankuan

NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
COUNT = 1000
PICTURE = "/var/lib/fankuan/screenshots/20261123-120000-ab12/merchant-0000-taobao/01-page-changed-failure.png"
NARROW = {"COLUMNS": "80", "FANKUAN_LANGUAGE": "zh"}


def merchant(number: int) -> Merchant:
    name = f"merchant-{number:04d}"
    shop = Account(
        AccountKey(name, "taobao"), Credentials(f"owner{number}", SecretStr("planted-pw")), shop="锦绣旗舰店"
    )
    payee = Payee("招商银行杭州分行", "杭州锦绣家居有限公司", SecretStr("571900000010001"))
    desk = Credentials("desk", SecretStr("planted-pw2"))
    return Merchant(name, f"杭州锦绣家居{number}", Edition.ENTERPRISE, backoffice=desk, payee=payee, accounts=(shop,))


def number_of(number: int) -> str:
    return f"33918992763824{number:05d}"


def bought(number: int) -> Order:
    day = NOON - timedelta(days=3)
    return Order(number_of(number), day, "网店管家云端版", None, True, Decimal(1280), OrderStatus.COMPLETED)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of a thousand merchants, each with an order, of which the first did not end well and waits."""
    place = tmp_path_factory.mktemp("thousand")
    (place / "var").mkdir()
    ledger = Ledger.open(Settings(data_dir=place / "var"), lambda: NOON)
    everyone = [merchant(number) for number in range(COUNT)]
    with ledger.begin() as tx:
        tx.merchants.save(everyone)
        run = tx.runs.start(dry_run=False, started_by="cli:me@here")
    first = everyone[0].accounts[0].key
    report = AccountReport(first, evidence=(PICTURE,))
    report.end_with(PageChanged("https://fuwu.taobao.com/", Text("no amounts", "缺少“金额”列")))
    report.actions = [Action(StepKind.CONFIRM, number_of(0), StepResult.FAILED, reason="refused", evidence=(PICTURE,))]
    with ledger.begin(run_id=run) as tx:
        for number, each in enumerate(everyone):
            tx.orders.save(each.accounts[0].key, [bought(number)])
        tx.runs.record(report)
        tx.runs.record(AccountReport(everyone[1].accounts[0].key, Outcome.OK))
        tx.runs.finish()
        tx.challenges.ask(Asked(first, ChallengeKind.SMS, "已发送至 138****0000", PICTURE, timedelta(minutes=9)))
    ledger.close()
    return place


@pytest.mark.parametrize(
    "command",
    [["orders"], ["merchants", "list"], ["challenges"], ["status"], ["schedule"], ["fleet"], ["runs", "list"]],
)
def test_eighty_columns_hold_each_line_but_for_paths_and_sentences(home: Path, command: list[str]) -> None:
    answer = fankuan(home, *command, **NARROW)
    assert answer.returncode == 0, answer.stderr
    wide = [line for line in answer.stdout.splitlines() if cell_len(line) > 80]
    assert all(PICTURE in line or "fuwu.taobao.com" in line for line in wide), wide
    assert not any(line.rstrip().endswith(("png", "failure")) and PICTURE not in line for line in wide)


@pytest.mark.parametrize("command", ["orders", "schedule", "challenges", "status", "merchants"])
@pytest.mark.parametrize("columns", ["80", "160"])
def test_platforms_are_called_by_their_names_in_chinese(home: Path, command: str, columns: str) -> None:
    words = [command, "list"] if command == "merchants" else [command]
    shown = fankuan(home, *words, **NARROW | {"COLUMNS": columns}).stdout
    assert "淘宝/天猫" in shown
    assert "taobao" not in shown.replace("fuwu.taobao.com", "").replace(PICTURE, "")


def test_orders_are_shown_in_parts_with_the_sums_of_all(home: Path) -> None:
    shown = fankuan(home, "orders", "--limit", "2", "--after", "10", **NARROW).stdout
    assert [number_of(n) in shown for n in (9, 10, 11, 12)] == [False, True, True, False]
    assert "已显示第 11 至 12 条，共 1000 条。继续查看：--after 12" in shown
    assert "¥1,280,000.00 (1000)" in shown


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--merchant", "merchant-0007"], 1),
        (["--account", "merchant-0007/taobao", "--account", "merchant-0008/taobao"], 2),
        (["--platform", "jd"], 0),
        (["--stage", "confirmed"], 1000),
        (["--problems"], 0),
        (["--due-within", "400"], 1000),
        (["--limit", "3"], 3),
    ],
)
def test_orders_are_filtered(home: Path, options: list[str], count: int) -> None:
    answer = fankuan(home, "orders", "--json", *options)
    assert answer.returncode == 0, answer.stderr
    assert len(json.loads(answer.stdout)["orders"]) == count


def test_merchants_in_trouble_alone_are_shown(home: Path) -> None:
    (only,) = json.loads(fankuan(home, "status", "--problems", "--json").stdout)["merchants"]
    assert only["merchant"] == "merchant-0000"
    shown = fankuan(home, "status", "--limit", "1", **NARROW).stdout
    assert "淘宝/天猫 锦绣旗舰店：" in shown
    assert "企业版" in shown
    assert "全部 1000 家商家：" in shown


def test_one_order_is_shown_with_its_journey(home: Path) -> None:
    shown = fankuan(home, "orders", "show", number_of(7), FANKUAN_LANGUAGE="zh").stdout
    assert all(part in shown for part in (number_of(7), "merchant-0007/taobao", "¥1,280.00", "平台状态：交易成功"))
    (order,) = json.loads(fankuan(home, "orders", "show", number_of(7), "--json").stdout)["orders"]
    assert (order["order_no"], order["account"], order["steps"]) == (number_of(7), "merchant-0007/taobao", [])


def test_an_order_that_nobody_knows_is_2(home: Path) -> None:
    answer = fankuan(home, "orders", "show", "123", "--json")
    assert (answer.returncode, json.loads(answer.stdout)["error"]["reason"]) == (2, "usage")


def test_a_run_is_shown_with_its_causes_cures_and_evidence(home: Path) -> None:
    shown = fankuan(home, "runs", "show", "last", FANKUAN_LANGUAGE="zh").stdout
    assert all(
        part in shown for part in ("merchant-0000 淘宝/天猫：✗ 失败", "缺少“金额”列", "请", f"\n    {PICTURE}\n")
    )
    run = json.loads(fankuan(home, "runs", "show", "last", "--json", FANKUAN_LANGUAGE="zh").stdout)
    bad, good = run["accounts"]
    assert "缺少“金额”列" in bad["message"]
    assert (bad["evidence"], bad["actions"][0]["message"]) == ([PICTURE], "网站未受理该操作。")
    assert (good["message"], good["cure"]) == (None, None)
    (listed,) = json.loads(fankuan(home, "runs", "list", "--json").stdout)["runs"]
    assert listed["outcomes"] == {"failed": 1, "ok": 1}
    assert fankuan(home, "runs", "open", "last").stdout.strip().endswith(f"screenshots/{listed['run_id']}")


def test_the_same_trouble_of_many_accounts_is_one_entry_with_a_count(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    ledger = Ledger.open(Settings(data_dir=tmp_path / "var"), lambda: NOON)
    everyone = [merchant(number) for number in range(6)]
    with ledger.begin() as tx:
        tx.merchants.save(everyone)
        run = tx.runs.start(dry_run=False, started_by="cli:me@here")
    with ledger.begin(run_id=run) as tx:
        for number, each in enumerate(everyone):
            report = AccountReport(each.accounts[0].key, evidence=(f"/e/{number}.png",))
            if number < 5:
                report.end_with(PageChanged("https://fuwu.taobao.com/", Text("no amounts", "缺少“金额”列")))
            tx.runs.record(report)
    ledger.close()
    shown = fankuan(tmp_path, "runs", "show", run, **NARROW).stdout
    assert shown.count("缺少“金额”列") == 1
    assert "5 个账号：✗ 失败" in shown
    assert [f"/e/{number}.png" in shown for number in range(6)] == [True, True, True, False, False, True]
    assert "另有 2 个" in shown
    assert f"重试：fankuan runs retry {run}" in shown
    told = json.loads(fankuan(tmp_path, "runs", "show", run, "--json").stdout)
    assert len(told["accounts"]) == 6
    (trouble,) = told["trouble"]
    assert (trouble["reason"], trouble["count"], len(trouble["accounts"])) == ("page_changed", 5, 5)


def test_an_unknown_run_is_2(home: Path) -> None:
    assert fankuan(home, "runs", "retry", "20200101-000000-0000").returncode == 2


def test_challenges_name_their_number_and_keep_their_paths_whole(home: Path) -> None:
    shown = fankuan(home, "challenges", **NARROW).stdout.splitlines()
    assert shown[0].startswith("1  merchant-0000 淘宝/天猫  短信验证码")
    assert shown[2] == f"   {PICTURE}"
