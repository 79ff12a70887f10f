"""Merchants: added, updated and given back whole; what is not mentioned stays."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from agent.domain.accounts import AccountKey
from agent.domain.merchants import Account, Credentials, Edition, Merchant, Payee
from agent.domain.report import StepKind
from agent.ledger import ImportCounts, IntentAlreadyOpen, Ledger, RefusedLogin, known_orders
from agent.log import redact
from tests.ledger.support import account, merchant, order

History = Callable[[str], list[tuple[str, str, dict[str, Any]]]]


def test_come_back_as_they_went_in(ledger: Ledger, reopen: Callable[[], Ledger]) -> None:
    with reopen().read() as tx:
        assert tx.merchants.find() == [merchant()]


def test_counts(ledger: Ledger) -> None:
    with ledger.begin() as tx:
        assert tx.merchants.save([merchant("m2"), merchant("m3", ("jd",))]) == ImportCounts(2, 0, 3, 0)
    with ledger.begin() as tx:
        assert tx.merchants.save([merchant(), merchant("m2")]) == ImportCounts()
    changed = replace(
        merchant("m2"), name="新名", accounts=(account("m2", "suning"), account("m2", "jd", shop="另一店"))
    )
    with ledger.begin() as tx:
        assert tx.merchants.save([changed]) == ImportCounts(0, 1, 1, 1)


def test_are_listed_by_id_and_chosen_by_id(ledger: Ledger) -> None:
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m3"), merchant("m2")])
    with ledger.read() as tx:
        assert [m.id for m in tx.merchants.find()] == ["m1", "m2", "m3"]
    with ledger.read() as tx:
        assert [m.id for m in tx.merchants.find(["m3", "m1", "nobody"])] == ["m1", "m3"]
    with ledger.read() as tx:
        assert [a.key.platform for a in tx.merchants.find(["m3"])[0].accounts] == ["jd", "taobao"]


def test_are_named_without_a_secret(ledger: Ledger) -> None:
    with ledger.begin() as tx:
        tx.merchants.save([merchant("m3", ("taobao", "jd")), merchant("m2", ())])
    with ledger.read() as tx:
        named = tx.merchants.registered()
    with ledger.read() as tx:
        assert [(m.id, m.name, m.edition) for m in named] == [(m.id, m.name, m.edition) for m in tx.merchants.find()]
    shop = account().shop
    shops = {str(key): found for m in named for key, found in m.shops.items()}
    assert shops == dict.fromkeys(["m1/jd", "m1/taobao", "m3/jd", "m3/taobao"], shop)
    with ledger.read() as tx:
        assert [m.id for m in tx.merchants.registered(["m3", "nobody"])] == ["m3"]
    with ledger.read() as tx:
        assert tx.merchants.ids() == ["m1", "m2", "m3"]


def test_what_is_not_mentioned_stays(ledger: Ledger) -> None:
    bare = replace(merchant(platforms=("jd",)), payee=None, accounts=(account("m1", "jd", shop=None),))
    with ledger.begin() as tx:
        assert tx.merchants.save([bare]) == ImportCounts()
    with ledger.read() as tx:
        assert tx.merchants.find() == [merchant()]


@pytest.mark.parametrize(
    "changed",
    [
        replace(merchant(), edition=Edition.ENTERPRISE),
        replace(merchant(), backoffice=Credentials("back-user", SecretStr("new"))),
        replace(merchant(), backoffice=Credentials("other", merchant().backoffice.password)),
        replace(merchant(), accounts=(account("m1", "jd", shop="新店"), account())),
    ],
)
def test_every_field_can_change(ledger: Ledger, changed: Merchant) -> None:
    with ledger.begin() as tx:
        counts = tx.merchants.save([changed])
    assert sum((counts.merchants_updated, counts.accounts_updated)) == 1
    with ledger.read() as tx:
        assert tx.merchants.find() == [changed]


def test_a_shop_that_is_named_changes_nothing_else(ledger: Ledger) -> None:
    mark = SecretStr("a log-in")
    with ledger.begin() as tx:
        tx.log_ins.note(AccountKey("m1", "jd"), RefusedLogin(mark, "bad_password", "密码错误"))
    with ledger.begin() as tx:
        tx.merchants.name_shop(AccountKey("m1", "jd"), "新店")
    with ledger.read() as tx:
        assert tx.merchants.find() == [replace(merchant(), accounts=(account("m1", "jd", shop="新店"), account()))]
    with ledger.read() as tx:
        assert tx.log_ins.find(mark) is not None  # a wrong password is not tried again for that


def test_an_account_may_have_no_login(ledger: Ledger, reopen: Callable[[], Ledger]) -> None:
    gone = Account(AccountKey("m2", "paipai"), None)
    with ledger.begin() as tx:
        tx.merchants.save([replace(merchant("m2"), accounts=(gone,))])
    with reopen().read() as tx:
        assert tx.merchants.find(["m2"])[0].accounts == (gone,)
    with ledger.begin() as tx:
        tx.merchants.save([replace(merchant(), accounts=(replace(account(), login=None),))])
    with ledger.read() as tx:
        assert tx.merchants.find(["m1"]) == [merchant()]  # what is not mentioned stays


def test_all_or_nothing(ledger: Ledger) -> None:
    orphan = replace(merchant("m2"), accounts=(account("nobody"),))
    with pytest.raises(Exception, match=r"(?i)foreign key"), ledger.begin() as tx:
        tx.merchants.save([merchant("m0"), orphan])
    with ledger.read() as tx:
        assert [m.id for m in tx.merchants.find()] == ["m1"]


def test_history_tells_what_changed_and_no_secret(ledger: Ledger, history: History) -> None:
    with ledger.begin() as tx:
        tx.merchants.save([replace(merchant(), name="新名", backoffice=Credentials("back-user", SecretStr("new")))])
    added, changed = history("merchants")
    assert added[:2] == ("m1", "added")
    assert added[2]["backoffice_password"] == added[2]["payee_account"] == "(sealed)"
    assert changed == ("m1", "changed", {"name": ["锦绣家居", "新名"], "backoffice_password": ["(sealed)", "(sealed)"]})
    assert [key for key, *_ in history("accounts")] == ["m1/jd", "m1/taobao"]


def test_the_log_masks_the_secrets_of_those_that_were_given_out(ledger: Ledger) -> None:
    login = Credentials("somebody", SecretStr("word-of-m7"), SecretStr("JBSWY3DPEHPK3PXP"))
    bank = Payee("招商银行", "某公司", SecretStr("6222000011117777"))
    given = replace(
        merchant("m7"), backoffice=login, payee=bank, accounts=(Account(AccountKey("m7", "jd"), login, None),)
    )
    other = replace(merchant("m8"), backoffice=replace(login, password=SecretStr("word-of-m8")))
    with ledger.begin() as tx:
        tx.merchants.save([given, other])
    with ledger.read() as tx:
        tx.merchants.find(["m7"])
    assert redact("word-of-m7 JBSWY3DPEHPK3PXP 6222 0000 1111 7777 word-of-m8") == "***** ***** ***** word-of-m8"


def test_a_merchant_may_have_two_accounts_on_a_platform(ledger: Ledger, run: str) -> None:
    first, second = account("m1", "taobao"), account("m1", "taobao", label="second", shop="二店")
    with ledger.begin() as tx:
        tx.merchants.save([replace(merchant("m1"), accounts=(first, second))])
    with ledger.begin(run_id=run) as tx:
        tx.orders.save(second.key, [order("2")])
    with ledger.begin(run_id=run) as tx:
        tx.sessions.keep(second.key, SecretStr("{}"), None)
    with ledger.read() as tx:
        assert [str(each.key) for each in tx.merchants.find()[0].accounts] == ["m1/jd", "m1/taobao", "m1/taobao/second"]
    with ledger.read() as tx:
        assert tx.orders.last_listed(first.key) == []
    assert [str(each.account) for each in known_orders(ledger)] == ["m1/taobao/second"]
    with ledger.read() as tx:
        assert tx.sessions.find(first.key) is None
    with ledger.read() as tx:
        assert AccountKey.parse("m1/taobao/second") in {each.account for each in tx.schedule.all()}


def test_one_order_is_not_filed_by_two_accounts_of_one_shop(ledger: Ledger, run: str) -> None:
    second = account("m1", "taobao", label="second")
    with ledger.begin() as tx:
        tx.merchants.save([replace(merchant("m1"), accounts=(second,))])
    with ledger.begin(run_id=run) as tx:
        tx.intents.begin(account("m1", "taobao").key, StepKind.FILE, "1", {})
    with pytest.raises(IntentAlreadyOpen), ledger.begin(run_id=run) as tx:
        tx.intents.begin(second.key, StepKind.FILE, "1", {})


def test_a_change_of_another_field_does_not_have_a_refused_password_tried_again(ledger: Ledger) -> None:
    refused = RefusedLogin(SecretStr("mark"), "bad_password", "密码错误")
    with ledger.begin() as tx:
        tx.log_ins.note(account().key, refused)
    with ledger.begin() as tx:
        tx.merchants.change(replace(merchant(), name="新名"), "m1", ())
    with ledger.read() as tx:
        assert tx.log_ins.find(SecretStr("mark")) == refused
    with ledger.begin() as tx:
        tx.merchants.change(merchant(), account(platform="jd").key, ())
    with ledger.begin() as tx:
        tx.merchants.change(merchant(), account().key, ())
    with ledger.read() as tx:
        assert tx.log_ins.find(SecretStr("mark")) == refused
