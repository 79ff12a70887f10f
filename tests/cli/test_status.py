"""`fankuan status`, and what ends within 30 days. The ledger is filled by hand: no run is needed for that."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.cli.orders import document, show
from agent.cli.session import now
from agent.domain.accounts import AccountKey
from agent.domain.errors import Outcome
from agent.domain.merchants import Account, Credentials, Edition, Merchant
from agent.domain.orders import SHANGHAI, Order, OrderStatus
from agent.domain.report import AccountReport
from agent.domain.stage import Stage
from agent.flows.runs.ending import Links, authorizations, subscriptions
from agent.ledger import Authorization, KnownOrder, Ledger, Registered
from agent.settings import Settings
from agent.sites import BUILT_IN
from tests.cli.test_orders import KNOWN, ORDER
from tests.support.command import fankuan

TODAY = date(2026, 11, 23)
LINKS = Links(BUILT_IN, {"m1": Edition.CLOUD, "m2": Edition.J_SERIES})
CLOUD_LINK = "https://fuwu.taobao.com/ser/detail.html?service_code=FW_GOODS-1870412"


def ending(in_days: int, account: AccountKey = KNOWN.account, **more: object) -> KnownOrder:
    end = datetime(2026, 11, 23, tzinfo=SHANGHAI) + timedelta(days=in_days)
    return replace(KNOWN, account=account, order=replace(ORDER, expires_at=end, **more))  # type: ignore[arg-type]


def days(*known: KnownOrder) -> list[int]:
    return [each.days for each in subscriptions(known, LINKS, TODAY)]


def test_what_ends_within_thirty_days_is_found_by_day() -> None:
    assert days(*(ending(n, service=f"s{n}") for n in (31, 30, 5, 0, -1))) == [0, 5, 30]


@pytest.mark.parametrize(
    "other",
    [
        ending(10, ours=False),
        ending(10, status=OrderStatus.UNPAID),
        ending(10, status=OrderStatus.CLOSED),
        ending(10, status=OrderStatus.REFUNDING),
        ending(10, status=OrderStatus.AWAITING_CONFIRMATION),
        KNOWN,
    ],
)
def test_only_completed_subscriptions_of_ours_count(other: KnownOrder) -> None:
    assert days(other) == []


def test_what_was_renewed_does_not_end() -> None:
    old = ending(10)
    assert days(old, ending(375, order_no="2")) == []
    assert days(old, ending(375, order_no="2", status=OrderStatus.AWAITING_CONFIRMATION)) == []
    assert days(old, ending(375, order_no="2", status=OrderStatus.CLOSED)) == [10]
    assert days(old, ending(375, order_no="2", service="别的服务")) == [10]
    assert days(old, ending(375, order_no="2", account=AccountKey("m1", "jd"))) == [10]
    assert days(old, ending(375, order_no="2", account=AccountKey("m2", "taobao"))) == [10]
    assert days(old, ending(375, AccountKey("m1", "taobao", "second"), order_no="2")) == [10]
    assert days(old, ending(20, order_no="2")) == [20]


@pytest.mark.parametrize(
    ("merchant", "platform", "url"),
    [
        ("m1", "taobao", CLOUD_LINK),
        ("m2", "taobao", "https://fuwu.taobao.com/ser/detail.htm?service_code=FW_GOODS-1870413"),
        ("m1", "newplace", None),
        ("m9", "taobao", None),
    ],
)
def test_the_link_is_that_of_the_merchants_edition(merchant: str, platform: str, url: str | None) -> None:
    (found,) = subscriptions([ending(3, AccountKey(merchant, platform))], LINKS, TODAY)
    assert found.url == url


def test_an_authorisation_that_ends_comes_with_its_page() -> None:
    at = datetime(2026, 11, 1, tzinfo=SHANGHAI)
    kept = [
        Authorization(AccountKey("m1", "douyin"), date(2026, 12, 1), at),
        Authorization(AccountKey("m1", "taobao"), date(2027, 12, 1), at),
    ]
    (found,) = authorizations(kept, LINKS, TODAY)
    assert (found.service, found.days, found.url) == (None, 8, "https://fuwu.jinritemai.com/authorize")


def test_an_order_as_json_says_when_it_ends_and_where_to_renew() -> None:
    known = ending(3)
    (soon,) = subscriptions([known], LINKS, TODAY)
    found = document(known, soon)
    assert (found["expires_in_days"], found["renew_url"]) == (3, CLOUD_LINK)


@pytest.mark.parametrize(("language", "words"), [("C", "(in 3 days)"), ("zh_CN.UTF-8", "还有 3 天")])
def test_below_the_orders_stands_what_ends(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    show([ending(3)], subscriptions([ending(3)], LINKS, TODAY), everyone=False)
    text = capsys.readouterr().out
    assert words in text
    assert CLOUD_LINK in text
    show([ending(300)], [], everyone=False)
    assert words not in capsys.readouterr().out


# the whole command


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A merchant with two accounts: one was run, the other was not."""
    settings = Settings(data_dir=tmp_path / "var")
    login = Credentials("u", SecretStr("Planted-Secr3t"))
    accounts = (Account(AccountKey("m1", "jd"), login), Account(AccountKey("m1", "taobao"), login, "锦绣店"))
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    order = Order(
        "111", today - timedelta(days=355), "网店管家云端版", None, True, Decimal("62.8"), OrderStatus.COMPLETED
    )
    orders = [
        replace(order, expires_at=today + timedelta(days=10)),
        replace(order, order_no="222", ordered_at=today, service="网店管家", amount=Decimal(100)),
    ]
    ledger = Ledger.open(settings, now)
    try:
        with ledger.begin() as tx:
            tx.merchants.save([Merchant("m1", "锦绣家居", Edition.CLOUD, login, None, accounts)])
        with ledger.begin() as tx:
            run = tx.runs.start(dry_run=False, started_by="test")
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(accounts[1].key, orders)
        with ledger.begin(run_id=run) as tx:
            tx.authorizations.note(accounts[1].key, (today + timedelta(days=20)).date())
        with ledger.begin(run_id=run) as tx:
            tx.runs.record(AccountReport(AccountKey("m1", "taobao"), Outcome.FAILED, "wrong_shop"))
    finally:
        ledger.close()
    return tmp_path


def test_status_as_json(home: Path) -> None:
    answer = fankuan(home, "status", "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    (merchant,) = json.loads(answer.stdout)["merchants"]
    assert (merchant["merchant"], merchant["name"], merchant["edition"]) == ("m1", "锦绣家居", "cloud")
    jd, taobao = merchant["accounts"]
    assert (jd["platform"], jd["last_run"], jd["authorized_until"]) == ("jd", None, None)
    assert (taobao["last_run"]["outcome"], taobao["last_run"]["reason"]) == ("failed", "wrong_shop")
    # The refund of the first is due, and no payee is registered.
    assert [(m["stage"], m["amount"], m["orders"]) for m in merchant["money"]] == [
        ("needs_person", "62.80", 1),
        ("confirmed", "100.00", 1),
    ]
    assert merchant["due_next"]["amount"] == "100.00"
    assert [(e["kind"], e["expires_in_days"], e["renew_url"]) for e in merchant["expiring"]] == [
        ("subscription", 10, CLOUD_LINK),
        ("authorization", 20, None),
    ]


def test_where_refunds_are_applied_for_without_a_filing_what_is_due_is_at_that_stage(home: Path) -> None:
    direct = {"FANKUAN_BACKOFFICE__REFUND_URL": "https://newc.wdgj.com/refunds"}
    (merchant,) = json.loads(fankuan(home, "status", "--json", **direct).stdout)["merchants"]
    assert {each["stage"]: each["amount"] for each in merchant["money"]} == {
        "confirmed": "100.00",
        "needs_person": "62.80",  # due, and no bank account is registered
    }
    stages = {
        each["order_no"]: each["stage"]
        for each in json.loads(fankuan(home, "orders", "--json", **direct).stdout)["orders"]
    }
    assert stages == {"111": "needs_person", "222": "confirmed"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "C.UTF-8",
            ["锦绣家居 (m1)", "wrong_shop", "not run yet", "Money", "Due next", "in 10 days", "authorised until"],
        ),
        ("zh_CN.UTF-8", ["锦绣家居 (m1)", "尚未运行", "款项", "最近可申请", "还有 10 天", "授权至"]),
    ],
)
def test_status_in_words(home: Path, language: str, words: list[str]) -> None:
    answer = fankuan(home, "status", language=language)
    assert answer.returncode == 0
    for word in (*words, CLOUD_LINK, "fankuan reauthorize taobao --merchant m1"):
        assert word in answer.stdout
    assert "Planted-Secr3t" not in answer.stdout + answer.stderr


def test_orders_show_what_ends(home: Path) -> None:
    found = {each["order_no"]: each for each in json.loads(fankuan(home, "orders", "--json").stdout)["orders"]}
    assert (found["111"]["expires_in_days"], found["111"]["renew_url"]) == (10, CLOUD_LINK)
    assert (found["222"]["expires_in_days"], found["222"]["renew_url"]) == (None, None)
    assert CLOUD_LINK in fankuan(home, "orders").stdout


def test_status_of_nobody_says_what_to_do(tmp_path: Path) -> None:
    assert json.loads(fankuan(tmp_path, "status", "--json").stdout) == {
        "schema": 1,
        "merchants": [],
        "pages_changed": [],
    }
    assert "fankuan merchants import" in fankuan(tmp_path, "status").stdout


def test_money_that_was_asked_for_is_not_due_next() -> None:
    from agent.cli.merchant_status import MerchantStatus

    merchant = Registered("m1", "x", Edition.CLOUD, {})
    requested = replace(KNOWN, stage=Stage.REQUESTED)
    assert MerchantStatus(merchant, [requested], {}, {}, []).next is None
    due = MerchantStatus(merchant, [KNOWN, KNOWN, requested], {}, {}, []).next
    assert due is not None
    assert (due.due_on, due.amount, due.orders) == (KNOWN.due_on, Decimal("125.6"), 2)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nowhere", "--merchant", "m1"], "taobao"),
        (["taobao", "--merchant", "nobody"], "m1"),
        (["youzan", "--merchant", "m1"], "merchants import"),
        (["taobao"], "--merchant"),
    ],
)
def test_reauthorize_of_what_is_not_there_is_2(home: Path, arguments: list[str], word: str) -> None:
    answer = fankuan(home, "reauthorize", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert word in answer.stderr


def test_reauthorize_without_an_address_names_the_setting(home: Path) -> None:
    answer = fankuan(home, "reauthorize", "taobao", "--merchant", "m1", "--json")
    assert answer.returncode == 1
    found = json.loads(answer.stdout)
    assert (found["outcome"], found["reason"], found["pressed"]) == ("failed", "not_configured", False)
    assert set(found) == {
        "schema", "merchant", "platform", "account", "outcome", "reason", "message", "cure", "application",
        "authorized_until_before", "authorized_until",
        "pressed", "evidence",
    }  # fmt: skip
    assert "sites.taobao.authorize_url" in answer.stderr
