"""How a run is shown, as whole pages: whoever changes a word here sees what people will see."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from pydantic import SecretStr
from rich.console import Console

from agent.cli.result import show_result
from agent.cli.words import Names
from agent.domain.accounts import AccountKey
from agent.domain.error_wording import explained
from agent.domain.errors import Outcome
from agent.domain.login_errors import WrongShop
from agent.domain.orders import SHANGHAI, Order, OrderStatus
from agent.domain.plan import NEEDS_PERSON
from agent.domain.reasons import REASONS
from agent.domain.report import AccountReport, Action, RunReport, StepKind, StepResult
from agent.domain.text import Text
from agent.log import hide

NOON = datetime(2026, 9, 30, 12, 0, tzinfo=SHANGHAI)
DUE = date(2026, 10, 13)


def order(number: str | None, amount: str, status: OrderStatus = OrderStatus.COMPLETED, *, ours: bool = True) -> Order:
    service = "网店管家云端版" if ours else "[bold]别家服务[/bold]"
    return Order(number, NOON, service, None, ours, Decimal(amount), status)


def step(
    kind: StepKind, number: str | None, result: StepResult, text: Text | None = None, due_on: date | None = None
) -> Action:
    pictures = (f"shots/r1/{kind}-{number}-before.png", f"shots/r1/{kind}-{number}-after.png")
    return Action(kind, number, result, due_on, None, text, pictures if result is StepResult.DONE else ())


def report(*accounts: AccountReport, dry_run: bool = False) -> RunReport:
    return RunReport("r1", NOON, NOON, dry_run, list(accounts))


def shown(run: RunReport, monkeypatch: pytest.MonkeyPatch, language: str, width: int = 130) -> list[str]:
    monkeypatch.setenv("LC_ALL", language)
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show_result(console, run, [], Names({"m1": "锦绣家居"}, {"taobao": "淘宝/天猫", "jd": "京东"}))
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().strip().splitlines()]


A, B, C = "3391800000000000011", "3391800000000000012", "3391800000000000013"
WORKED = AccountReport(
    AccountKey("m1", "taobao"),
    orders=[order(A, "1062.80"), order(B, "62.80"), order(C, "9"), order("1", "5", ours=False)],
    actions=[
        step(StepKind.CONFIRM, A, StepResult.DONE),
        step(StepKind.FILE, A, StepResult.DONE),
        step(StepKind.REQUEST_REFUND, A, StepResult.WAITING, due_on=DUE),
        step(StepKind.FILE, B, StepResult.ALREADY),
        step(StepKind.REQUEST_REFUND, B, StepResult.FAILED, Text("The site said no.", "网站拒绝。")),
    ],
)
WRONG = AccountReport(AccountKey("m1", "jd"), Outcome.FAILED, "wrong_shop", explained(WrongShop("甲店", "乙店")).text)

ENGLISH = """\
锦绣家居 (m1)
Platform  Order                Service            Amount  What was done
───────────────────────────────────────────────────────────────────────────────────────────────────────────
taobao    3391800000000000011  网店管家云端版  ¥1,062.80  ✓ confirmed
                                                          ✓ filed
                                                          … waits until 2026-10-13 to request the refund
taobao    3391800000000000012  网店管家云端版     ¥62.80  = filed before
                                                          ✗ requesting the refund failed: The site said no.
taobao    3391800000000000013  网店管家云端版      ¥9.00  completed
  taobao: ✓ all well · 3 orders of ours, 1 of other vendors left alone
    Pictures: shots/r1
      shots/r1/confirm-3391800000000000011-before.png
      shots/r1/confirm-3391800000000000011-after.png
      shots/r1/file-3391800000000000011-before.png
      … 1 more
  jd: ✗ failed
    The page should belong to the shop “甲店” but shows “乙店”. Nothing is clicked there. Correct the account's `shop` \
or its credentials.
  Due from 2026-10-13: ¥1,062.80 (1 order)"""

CHINESE = """\
锦绣家居 (m1)
平台       订单编号             服务                 金额  处理结果
───────────────────────────────────────────────────────────────────────────────────────
淘宝/天猫  3391800000000000011  网店管家云端版  ¥1,062.80  ✓ 已确认
                                                           ✓ 已报备
                                                           … 等待至 2026-10-13 申请返款
淘宝/天猫  3391800000000000012  网店管家云端版     ¥62.80  = 此前已报备
                                                           ✗ 申请返款失败：网站拒绝。
淘宝/天猫  3391800000000000013  网店管家云端版      ¥9.00  交易成功
  淘宝/天猫: ✓ 正常 · 网店管家订单 3 个，其他软件 1 个（未处理）
    截图：shots/r1
      shots/r1/confirm-3391800000000000011-before.png
      shots/r1/confirm-3391800000000000011-after.png
      shots/r1/file-3391800000000000011-before.png
      …另有 1 张
  京东: ✗ 失败
    页面应属于店铺“甲店”，实际显示“乙店”，未在该店铺做任何点击。请更正该账号的店铺名（shop）或登录信息。
  2026-10-13 起可申请：¥1,062.80 (1 单)"""


def test_a_run_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(report(WORKED, WRONG), monkeypatch, "C.UTF-8") == ENGLISH.splitlines()


def test_a_run_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(report(WORKED, WRONG), monkeypatch, "zh_CN.UTF-8") == CHINESE.splitlines()


def test_a_plan_says_that_nothing_was_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = order(None, "62.80", OrderStatus.AWAITING_CONFIRMATION)
    plan = AccountReport(
        AccountKey("m1", "taobao"), orders=[hidden], actions=[step(StepKind.CONFIRM, None, StepResult.PLANNED)]
    )
    english = shown(report(plan, dry_run=True), monkeypatch, "C.UTF-8")
    assert english[0] == "A plan only: nothing was changed anywhere."
    assert english[4].endswith("¥62.80  › would confirm")
    assert shown(report(plan, dry_run=True), monkeypatch, "zh_CN.UTF-8")[4].endswith("› 将确认")


def test_the_steps_of_orders_without_a_number_go_to_the_right_order(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (order(None, amount, OrderStatus.AWAITING_CONFIRMATION) for amount in ("1", "2"))
    one = [step(kind, None, StepResult.PLANNED) for kind in (StepKind.CONFIRM, StepKind.FILE)]
    wait = step(StepKind.REQUEST_REFUND, None, StepResult.WAITING, due_on=DUE)
    account = AccountReport(AccountKey("m1", "taobao"), orders=[first, second], actions=[*one, wait, one[0]])
    page = shown(report(account), monkeypatch, "C.UTF-8")
    assert [line.split()[-1] for line in page if "›" in line] == ["confirm", "file", "confirm"]
    assert "  Due from 2026-10-13: ¥1.00 (1 order)" in page


def test_what_waits_for_a_person_says_why_and_is_not_due(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = Action(StepKind.REQUEST_REFUND, A, StepResult.WAITING, DUE, "missing_payee")
    account = AccountReport(AccountKey("m1", "taobao"), Outcome.NEEDS_HUMAN, orders=[order(A, "1")], actions=[waits])
    page = "\n".join(shown(report(account), monkeypatch, "C.UTF-8", 200))
    assert "No bank account is registered" in page
    assert "Due from" not in page


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("C.UTF-8", "The back office rejected the filing. Look it up in the back office, and correct it there."),
        ("zh_CN.UTF-8", "报备已被会员后台驳回。请到会员后台核对并更正。"),
    ],
)
def test_an_account_that_waits_says_why_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, language: str, sentence: str
) -> None:
    account = AccountReport(AccountKey("m1", "taobao"), Outcome.NEEDS_HUMAN, "filing_rejected")
    page = shown(report(account), monkeypatch, language)
    assert page[-1].strip() == sentence
    assert "filing_rejected" not in "".join(page)


def test_every_reason_of_the_plan_that_needs_a_person_has_a_sentence() -> None:
    assert set(REASONS) >= NEEDS_PERSON


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_numbers_and_paths_stay_whole_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    page = shown(report(WORKED), monkeypatch, "C.UTF-8", width)
    assert "".join(page).count(A) > 1
    assert sum(line.count(f" {A} ") for line in page) == 1
    assert any(line.endswith("shots/r1/file-3391800000000000011-before.png") for line in page)


def test_markup_and_control_characters_from_a_page_have_no_power(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = Order("7", NOON, "[red]x[/red] \x1b[31m", None, True, Decimal(1), OrderStatus.COMPLETED)
    page = "\n".join(shown(report(AccountReport(AccountKey("m1", "taobao"), orders=[evil])), monkeypatch, "C.UTF-8"))
    assert "[red]x[/red]" in page
    assert "\x1b" not in page


def test_a_step_on_an_order_that_is_not_listed_is_shown_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    account = AccountReport(AccountKey("m1", "taobao"), actions=[step(StepKind.FILE, A, StepResult.UNKNOWN)])
    page = "\n".join(shown(report(account), monkeypatch, "C.UTF-8"))
    assert A in page
    assert "in doubt" in page


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_what_a_site_repeats_of_a_secret_is_not_shown(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hide(SecretStr("622208123456789012"))
    words = Text("账号 6222 0812 3456 7890 12 无效", "账号 622208123456789012 无效")
    refused = step(StepKind.REQUEST_REFUND, A, StepResult.FAILED, words)
    account = AccountReport(
        AccountKey("m1", "taobao"), Outcome.FAILED, "refused", words, [order(A, "62.80")], [refused]
    )
    text = "\n".join(shown(report(account), monkeypatch, language))
    assert text.count("账号 ***** 无效") == 2
    assert A in text
