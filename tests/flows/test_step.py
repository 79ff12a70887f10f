"""What the answer to a click is taken for."""

import pytest

from agent.flows.step import Begun, Clicked
from agent.pages.press import Answer
from agent.pages.traffic import Exchange
from agent.pages.window import View


def clicked(status: int | None, *said: str) -> Clicked:
    sent = Exchange("POST", "http://market.test/api", "fetch", 0.0, status=status)
    return Begun(1, "01-file-3391", {}).clicked(Answer(View(()), [sent], list(said)))


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
    ("status", "said"), [(409, "订单状态已变更"), (400, "请填写完整的报备信息"), (200, "操作失败")]
)
def test_a_refusal_is_not_asked_again(status: int, said: str) -> None:
    one = clicked(status, said)
    assert (one.lost, one.passing, one.too_early, one.refused) == (False, False, False, said)


def test_too_early_is_a_matter_of_waiting() -> None:
    assert clicked(200, "未满5个工作日，不能申请").too_early


def test_a_success_is_neither() -> None:
    one = clicked(200, "操作成功")
    assert (one.lost, one.refused, one.passing, one.too_early) == (False, None, False, False)
