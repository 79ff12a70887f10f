"""A question whether to do a step a second time is not agreed to; advice against that is no question."""

import pytest

from agent.domain.report import StepKind
from agent.flows.steps.asked_again import asks_again


@pytest.mark.parametrize(
    "text",
    [
        "该订单已报备，是否继续提交？",
        "订单号已存在，确定要添加吗？",
        "检测到相同的报备记录，是否继续？",
        "此单已被登记，仍要提交？",
        "是否重复报备？",
        "您已经提交过该订单，确认再次提交？",
    ],
)
def test_a_filing_that_is_there_already_is_not_filed_again(text: str) -> None:
    asked = asks_again(StepKind.FILE, text)
    assert asked is not None
    assert text.rstrip("？?") in asked.zh


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (StepKind.REQUEST_REFUND, "该订单已申请过返款，是否再次申请？"),
        (StepKind.REQUEST_REFUND, "疑似重复，确定提交？"),
        (StepKind.CONFIRM, "该服务已确认过，是否重复确认？"),
    ],
)
def test_nor_is_another_step(kind: StepKind, text: str) -> None:
    assert asks_again(kind, text) is not None


@pytest.mark.parametrize("kind", StepKind)
@pytest.mark.parametrize(
    "text",
    [
        "确认提交该订单的报备信息？",
        "提交后不可修改，请勿重复提交。",
        "报备后不可重复报备，确定提交吗？",
        "为避免重复提交，请耐心等待",
        "确认已收到该服务？确认后款项将支付给服务商",
        "我已阅读并同意",
        "确认申请返款？返款将打到下方银行账户",
    ],
)
def test_what_is_plain_is_agreed_to(kind: StepKind, text: str) -> None:
    assert asks_again(kind, text) is None


def test_a_refund_may_be_asked_for_because_its_order_was_filed() -> None:
    assert asks_again(StepKind.REQUEST_REFUND, "该订单已报备，确定申请返款？") is None
