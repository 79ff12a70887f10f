"""Every error of an account has its sentences, which name its facts in both languages."""

import re
from collections.abc import Iterator
from dataclasses import fields

import pytest

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.error_wording import explained
from agent.domain.errors import AccountError, IntentAlreadyOpen, WayNotFound
from agent.domain.login_errors import BadPassword, Challenge, Demand, DemandMade, ForeignLogin, LoginRefused
from agent.domain.page_errors import ChoiceUnclear, PageMoved
from agent.domain.text import Text


def kinds_of(kind: type[AccountError]) -> Iterator[type[AccountError]]:
    for each in kind.__subclasses__():
        yield each
        yield from kinds_of(each)


def made(kind: type[AccountError]) -> AccountError:
    values: dict[str, object] = {"kind": ChallengeKind.SLIDER, "demand": Demand.PHONE, "missing": Text("en", "zh")}
    values |= {"page": Text("the list", "列表"), "rows": (), "intent_id": 7, "account": AccountKey("m1", "jd")}
    names = [each.name for each in fields(kind) if each.init]
    return kind(**{name: values.get(name, f"<{name}>") for name in names})


@pytest.mark.parametrize("kind", sorted(set(kinds_of(AccountError)), key=str))
def test_every_error_is_worded(kind: type[AccountError]) -> None:
    told = explained(made(kind))
    texts = [told.message, *([told.cure] if told.cure else [])]
    for text in texts:
        assert text.en.endswith(".")
        assert text.zh.endswith("。")
        assert not re.search("[{}]", text.en + text.zh)


@pytest.mark.parametrize("kind", [BadPassword, LoginRefused, ChoiceUnclear, PageMoved])
def test_both_languages_name_the_same_facts(kind: type[AccountError]) -> None:
    told = explained(made(kind)).message
    assert set(re.findall("<[a-z]+>", told.en)) == set(re.findall("<[a-z]+>", told.zh)) != set()


def test_facts_are_spelt_as_each_language_spells_them() -> None:
    assert "验证码" in explained(Challenge("京东", ChallengeKind.SMS)).message.zh
    assert "需要绑定手机号（“绑定”）" in explained(DemandMade("京东", Demand.PHONE, "绑定")).message.zh
    foreign = explained(ForeignLogin("京东", "a.cn", ["b.cn", "c.cn"])).message
    assert "(b.cn, c.cn would be)" in foreign.en
    assert "（b.cn、c.cn）" in foreign.zh
    way = explained(WayNotFound("京东", Text("the list", "列表"), "orders_url", ["我的", "服务"])).message
    assert way.zh == "未能通过菜单找到京东的列表，已尝试：“我的”、“服务”。程序未做任何改动。"


def test_a_fact_that_the_site_does_not_tell_is_a_dash() -> None:
    assert "（“-”）" in explained(LoginRefused("京东", "")).message.zh


def test_a_brace_on_a_page_stays_a_brace() -> None:
    assert "{title}" in explained(BadPassword("京东", "{title} {0}")).message.en


def test_the_log_names_the_reason_and_the_facts() -> None:
    assert str(BadPassword("京东", "密码错误")) == "bad_password: 京东 · 密码错误"
    assert str(IntentAlreadyOpen(AccountKey("m1", "jd"), "file", "339")) == "in_doubt: m1/jd · file · 339"
