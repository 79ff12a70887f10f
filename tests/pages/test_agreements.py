"""A form that is not sent before its rules are agreed to: ticked if it declares this form alone, else left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.page_errors import ChoiceUnclear
from agent.flows.steps.form_choices import Choices
from agent.flows.steps.payee import fill_payee, find_submit, need_submit
from agent.pages.inference.declarations import asks_to_declare, declares
from agent.pages.live.page import LivePage
from tests.pages.agreements import ASKS, BOTH, LEFT, OPTIONAL, SAYS, TICKED, form
from tests.pages.test_choices import PAYEE, opened

OURS = (
    "我已阅读并同意《返款规则》",
    "我承诺以上信息真实有效",
    "本人承诺所填写的报备信息真实、准确、完整，如有虚假，由此产生的一切后果由本人自行承担",
    "我确认以上账户信息准确无误，如因信息错误导致返款失败，责任自负",
    "已阅读并同意《网店管家返款管理办法》",
    "* 我已知晓《平台报备须知》",
    "我已核对收款账户信息，确认无误",
    "同意《订购返款协议》",
    "I have read and agree to the refund rules",
)
FOREIGN = (
    "我已阅读并同意《用户服务协议》",
    "我已阅读并同意《返款规则》《隐私政策》",
    "我已阅读并同意《返款规则》和服务协议",
    "同意《返款规则》并授权从返款中抵扣服务费",
    "我同意返款至支付宝账户",
    "我已阅读返款规则，同意开通返款险",
    "同意返款转入账户余额",
    "设为默认账户",
    "我自愿放弃返款，以上信息属实",
    "同意将以上信息提供给第三方",
    "我同意取消订单并退款",
    "同意《免密支付返款规则》",
    "同意",
)
BESIDE = (
    "开通",
    "续费",
    "支付",
    "抵扣",
    "扣除",
    "授权",
    "保险",
    "短信",
    "余额",
    "支付宝",
    "放弃",
    "捐赠",
    "订阅",
    "默认",
    "买",
)


@pytest.mark.parametrize("text", OURS)
def test_what_speaks_of_this_form_alone_declares_it(text: str) -> None:
    assert declares(text)


@pytest.mark.parametrize("text", FOREIGN)
def test_what_speaks_of_anything_else_does_not(text: str) -> None:
    assert not declares(text)


@given(st.sampled_from(OURS), st.sampled_from(BESIDE), st.text(max_size=4), st.integers(0, 60))
def test_a_word_of_another_matter_anywhere_in_it_is_one_too_many(text: str, word: str, more: str, at: int) -> None:
    assert not declares(text[:at] + word + more + text[at:])


@pytest.mark.parametrize("text", ["请先勾选", "请先阅读并同意返款规则", "您还未同意返款规则", "勾选后方可提交"])
def test_words_that_want_a_box_ticked_are_known(text: str) -> None:
    assert asks_to_declare(text)


@pytest.mark.parametrize("text", ["请选择平台", "请填写账号", "提交成功", "我已阅读并同意《返款规则》", "返款规则说明"])
def test_other_words_of_a_form_ask_for_no_box(text: str) -> None:
    assert not asks_to_declare(text)


async def declared(live: LivePage, html: str) -> Choices:
    choices, scope = await opened(live, html)
    await choices.settle()
    await fill_payee(live, scope, PAYEE)
    await choices.declare(lambda v: find_submit(v, scope))
    snapshot = await live.settled()
    choices.check(snapshot)
    need_submit(snapshot, scope)
    return choices


@pytest.mark.parametrize("name", TICKED)
async def test_a_box_without_which_the_form_is_not_sent_is_ticked(live: LivePage, name: str) -> None:
    await declared(live, TICKED[name])
    assert await live.raw.evaluate("agreed")
    assert not await live.raw.evaluate("left")


@pytest.mark.parametrize("name", LEFT)
async def test_a_box_for_anything_else_is_left_and_named(live: LivePage, name: str) -> None:
    html, text = LEFT[name]
    with pytest.raises(ChoiceUnclear, match=text):
        await declared(live, html)
    assert not await live.raw.evaluate("agreed")


async def test_a_box_that_the_form_does_not_want_is_left(live: LivePage) -> None:
    await declared(live, OPTIONAL)
    assert not await live.raw.evaluate("agreed")


async def test_a_box_for_something_else_is_unticked_before_ours_is_ticked(live: LivePage) -> None:
    await declared(live, BOTH)
    assert await live.raw.evaluate("[agreed, document.querySelectorAll('input:checked').length]") == [True, 1]


async def test_a_box_that_the_form_asks_for_only_once_it_is_sent_is_ticked_then(live: LivePage) -> None:
    choices = await declared(
        live, form(f"<p><label><input type=checkbox onchange='agree(this.checked)'> {SAYS}</label>", ASKS)
    )
    assert not await live.raw.evaluate("agreed")
    assert not await choices.declare_once_asked(["提交失败，请稍后再试"])
    assert await choices.declare_once_asked(["请先阅读并勾选《返款规则》"])
    assert await live.raw.evaluate("agreed")
    assert not await choices.declare_once_asked(["请先阅读并勾选《返款规则》"])
