"""Which words lead on, which are better, and which are never pressed."""

# ruff: noqa: E501 - pages and lists of words read better in long lines

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.pages.inference.menu_words import STRONG, Aim, is_act, judge, leads_to_act, runs_act

LISTS = (
    *("我的服务", "服务订单", "订购记录", "已购服务", "我的订购", "服务订购记录", "我购买的服务", "已买到的应用", "软件服务订单"),
    *("已购应用", "历史订购", "订购续费记录", "My services", "Service orders", "Purchased services"),
)  # fmt: skip
GROUPS = (
    "服务市场",
    "商家服务",
    "应用中心",
    "应用授权",
    "订单查询",
    "订单管理",
    "待确认订单",
    "待验收订单",
    "授权管理",
)
ACTS = (
    *("退出登录", "立即续费", "一键授权", "批量删除", "升级", "开通", "领取", "签约", "我要订购", "去支付", "确认订单", "提交", "授权"),
    *("Log out", "Buy now", "Renew", "Subscribe now", "Log-out", "Extend subscription", "Order service", "Stop service"),
    *("Resubscribe", "Place order", "Deactivate app", "结束服务", "放弃服务", "验收订单", "服务验收", "代付订单", "转移服务"),
)  # fmt: skip


@pytest.mark.parametrize("label", LISTS)
def test_what_a_list_of_services_is_called_fits_best(label: str) -> None:
    found = judge(label, Aim.ORDERS)
    assert not found.refused
    assert found.score >= STRONG


@pytest.mark.parametrize("label", GROUPS)
def test_what_may_hold_it_fits_less_but_is_followed(label: str) -> None:
    found = judge(label, Aim.ORDERS)
    assert not found.refused
    assert 0 < found.score < max(judge(each, Aim.ORDERS).score for each in LISTS)


def test_the_pages_of_the_back_office_fit_in_their_order() -> None:
    scores = [judge(label, Aim.FILING).score for label in ("平台报备", "订购返款", "自助服务", "在线工单")]
    assert scores == sorted(scores, reverse=True)
    assert judge("订购返款", Aim.REFUND).score > judge("平台报备", Aim.REFUND).score
    assert not is_act("申请返款", Aim.REFUND)
    assert is_act("申请返款", Aim.ORDERS)


@pytest.mark.parametrize("aim", Aim)
@pytest.mark.parametrize("label", ACTS)
def test_what_changes_something_is_refused(label: str, aim: Aim) -> None:
    assert is_act(label, aim)


@given(st.sampled_from(LISTS), st.sampled_from(("立即", "一键", "批量", "马上", "免费")))
def test_a_word_that_urges_is_never_followed(label: str, urge: str) -> None:
    assert is_act(urge + label, Aim.ORDERS)


@pytest.mark.parametrize(
    "address", ["/home/auth_list.action", "/ser/order/biz_order_list.htm#/", "/fw/purchase-records"]
)
def test_addresses_of_lists_are_opened(address: str) -> None:
    assert not leads_to_act(address, fits=False)


@pytest.mark.parametrize(
    "address",
    ["/order/confirm?id=1", "/service/order/create", "/order/list?op=confirm", "/order/buyNow.htm", "/my/#/order/use"],
)
def test_a_word_of_lists_excuses_no_act_at_the_end_of_an_address(address: str) -> None:
    assert leads_to_act(address, fits=False)


@pytest.mark.parametrize(
    "address",
    [
        "/logout",
        "/member/loginOut.action",
        "/order/list?action=apply",
        "/order/xufei",
        "/svc/payOrder.htm",
        "/order/delete?id=1",
    ],
)
def test_addresses_that_do_something_are_not_whatever_they_are_called(address: str) -> None:
    assert leads_to_act(address, fits=True)


def test_scripts_that_do_something_are_told_from_those_that_open_a_menu() -> None:
    assert runs_act("javascript:doRenew()")
    assert runs_act("document.forms[0].submit()")
    assert runs_act("orderConfirm(7)")
    assert runs_act("cancelOrder(7)")
    assert not runs_act("event.cancelBubble = true; toggle(this)")
    assert not runs_act("document.getElementById('menu').classList.remove('closed')")


def test_words_that_lists_have_too_count_only_if_the_entry_is_called_otherwise() -> None:
    assert leads_to_act("/refund/apply", fits=False)
    assert not leads_to_act("/refund/apply", fits=True)
