"""What the answer to a click is taken for."""

import pytest

from agent.domain.doubt import Heard
from agent.flows.steps.attempt import OpenStep, StepAttempt, heard_in
from agent.flows.steps.confirm import names
from agent.pages.actions.answer import Answer
from agent.pages.live.network import Exchange
from agent.pages.view import PageSnapshot


def clicked(status: int | None, *text: str) -> StepAttempt:
    sent = Exchange("POST", "http://market.test/api", "fetch", 0.0, status=status)
    return OpenStep(1, "01-file-3391", {}).clicked(Answer(PageSnapshot(()), [sent], list(text)))


@pytest.mark.parametrize("status", [None, 408, 502, 503, 504])
def test_no_answer_is_no_refusal(status: int | None) -> None:
    assert clicked(status).lost
    assert clicked(status, "系统繁忙，请稍后重试").lost


def test_a_site_that_ran_out_of_time_may_still_do_it() -> None:
    assert clicked(200, "网络超时，请稍后再试").lost


@pytest.mark.parametrize("status", [401, 500])
def test_trouble_of_the_sites_own_passes(status: int) -> None:
    assert (clicked(status).lost, clicked(status).passing) == (False, True)


@pytest.mark.parametrize(
    ("status", "text"), [(409, "订单状态已变更"), (400, "请填写完整的报备信息"), (200, "操作失败")]
)
def test_a_refusal_is_not_asked_again(status: int, text: str) -> None:
    one = clicked(status, text)
    assert (one.lost, one.passing, one.too_early, one.refused) == (False, False, False, text)


def test_too_early_is_a_matter_of_waiting() -> None:
    assert clicked(200, "未满5个工作日，不能申请").too_early


@pytest.mark.parametrize(
    ("status", "texts", "heard"),
    [
        (200, ["操作成功"], Heard.ACCEPTED),
        (302, [], Heard.ACCEPTED),
        (None, ["添加成功"], Heard.ACCEPTED),
        (200, ["请勿重复提交"], Heard.ACCEPTED),
        (200, ["已受理，请稍后在列表中查看"], Heard.ACCEPTED),
        (200, ["确认未成功，请核对"], Heard.REFUSED),
        (200, ["添加不成功：订单编号已占用"], Heard.REFUSED),
        (200, ["已受理，请稍后刷新查看"], Heard.ACCEPTED),
        (200, ["正在处理中，请稍后"], Heard.ACCEPTED),
        (200, ["操作频繁，请稍后再试"], Heard.UNCLEAR),
        (200, ["请稍后"], Heard.REFUSED),
        (500, ["该订单已存在"], Heard.ACCEPTED),
        (400, ["参数不完整"], Heard.REFUSED),
        (200, ["时间未到，暂不能申请"], Heard.REFUSED),
        (401, [], Heard.REFUSED),
        (500, [], Heard.UNCLEAR),
        (500, ["操作失败"], Heard.UNCLEAR),
        (500, ["操作成功"], Heard.UNCLEAR),
        (200, ["系统繁忙，请稍后重试"], Heard.UNCLEAR),
        (504, [], Heard.UNCLEAR),
        (None, [], Heard.UNCLEAR),
    ],
)
def test_what_is_heard(status: int | None, texts: list[str], heard: Heard) -> None:
    assert clicked(status, *texts).heard is heard


def test_an_envelope_that_says_no_is_no_success() -> None:
    sent = Exchange("POST", "http://market.test/api", "fetch", 0.0, status=200, body={"success": False})
    assert heard_in(Answer(PageSnapshot(()), [sent])) is Heard.UNCLEAR


def test_where_nothing_was_seen_to_be_sent_nothing_is_known() -> None:
    assert heard_in(Answer(PageSnapshot(()))) is Heard.UNCLEAR


def test_a_confirmation_is_proven_by_an_address_that_names_its_order_alone() -> None:
    def sent(path: str) -> list[Exchange]:
        return [Exchange("POST", f"http://market.test{path}", "fetch", 0.0, status=200)]

    assert names(sent("/confirm/3391800120240601117"), "3391800120240601117")
    assert names(sent("/confirm?order=3391800120240601117&shop=12"), "3391800120240601117")
    assert not names(sent("/confirm/3391800120240602225"), "3391800120240601117")
    assert not names(sent("/confirm?ids=3391800120240601117,3391800120240602225"), "3391800120240601117")
    assert not names(sent("/confirm"), "3391800120240601117")
    assert not names([], "3391800120240601117")
    assert not names(sent("/confirm/1"), None)


def test_a_success_is_neither() -> None:
    one = clicked(200, "操作成功")
    assert (one.lost, one.refused, one.passing, one.too_early) == (False, None, False, False)
