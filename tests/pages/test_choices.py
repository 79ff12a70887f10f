"""A refund form with a choice of where the money goes: ours is chosen, or nothing is sent."""

import pytest
from pydantic import SecretStr

from agent.domain.merchants import Payee
from agent.domain.page_errors import ChoiceUnclear
from agent.flows.steps.form_choices import Choices
from agent.flows.steps.payee import compare_payee, fill_payee, sending_payee
from agent.pages.actions.fill import Scope
from agent.pages.live.page import LivePage
from agent.pages.live.request_hold import Sending
from agent.pages.vocabulary import FORM_LABELS
from tests.pages.refund_forms import FORMS, SHOWN, STOPS

PAYEE = Payee("招商银行杭州分行", "杭州锦绣家居有限公司", SecretStr("571900000010001"))


async def opened(live: LivePage, html: str) -> tuple[Choices, Scope]:
    await live.raw.set_content(html)
    snapshot = await live.settled()
    part = snapshot.parts[0]
    form = Scope(part, next(n for n in part.shot.nodes if n.attrs.get("id") == "dialog"))
    return Choices.of(live, snapshot, form, FORM_LABELS, PAYEE), form


@pytest.mark.parametrize("name", FORMS)
async def test_our_account_is_chosen(live: LivePage, name: str) -> None:
    choices, form = await opened(live, FORMS[name])
    await choices.settle()
    filled = await fill_payee(live, form, PAYEE)
    snapshot = await live.settled()
    compare_payee(snapshot, form, PAYEE, filled)
    choices.check(snapshot)
    assert set(filled) == {"bank", "holder", "account"}
    assert await live.raw.evaluate("way") == "bank" or name == "saved accounts in words"
    if name == "two questions":
        assert await live.raw.is_checked("#company")


@pytest.mark.parametrize("name", STOPS)
async def test_a_choice_without_ours_stops_it_by_its_name(live: LivePage, name: str) -> None:
    html, text = STOPS[name]
    choices, form = await opened(live, html)

    async def work() -> None:
        await choices.settle()
        await fill_payee(live, form, PAYEE)
        choices.check(await live.settled())

    with pytest.raises(ChoiceUnclear, match=text):
        await work()


# The browser's own reading of the form tells what its pictures do not.
BEHIND = {
    "a hidden field": "<input type=hidden name=payType value=alipay>",
    "a hidden account": "<input type=hidden name=saved_account_id value=88>",
    "a radio that is not drawn": "<input type=radio name=payMethod value=wechat checked style='display:none'>",
    "a box that is not drawn": "<input name=cardNo value=6222021234567890 style='display:none'>",
}


@pytest.mark.parametrize("name", BEHIND)
async def test_what_the_form_would_send_besides_stops_it(live: LivePage, name: str) -> None:
    choices, form = await opened(
        live, f"<form id=dialog><h3>申请返款</h3>{SHOWN}{BEHIND[name]}<button>提交</button></form>"
    )
    filled = await fill_payee(live, form, PAYEE)
    sending = Sending(sending_payee(PAYEE, filled))
    with pytest.raises(ChoiceUnclear):
        await choices.check_sending(filled["account"], sending)


async def test_what_is_ours_in_a_form_is_let_through(live: LivePage) -> None:
    also = "<input type=hidden name=payType value=bank><input type=hidden name=id value=7>"
    choices, form = await opened(live, f"<form id=dialog><h3>申请返款</h3>{SHOWN}{also}<button>提交</button></form>")
    filled = await fill_payee(live, form, PAYEE)
    await choices.check_sending(filled["account"], Sending(sending_payee(PAYEE, filled)))


ELSEWHERE = [
    "到账方式：支付宝 138****6620",
    "款项将退回您的支付宝（138****6620），银行信息仅作备案",
    "返款将原路退回",
    "收款账户：默认账户",
]


@pytest.mark.parametrize("words", ELSEWHERE)
async def test_words_that_send_the_money_elsewhere_stop_it(live: LivePage, words: str) -> None:
    choices, _ = await opened(
        live, f"<form id=dialog><h3>申请返款</h3><p>{words}</p>{SHOWN}<button>提交</button></form>"
    )
    with pytest.raises(ChoiceUnclear):
        choices.check(await live.settled())


@pytest.mark.parametrize(
    "words",
    [
        "返款至银行账户，不支持支付宝",
        "收款账户须为银行账户",
        "返款一般 5 个工作日到账",
        "支付方式：支付宝",
        "如需原路退回，请联系客服",
    ],
)
async def test_words_that_say_how_it_is_do_not(live: LivePage, words: str) -> None:
    choices, _ = await opened(
        live, f"<form id=dialog><h3>申请返款</h3><p>{words}</p>{SHOWN}<button>提交</button></form>"
    )
    choices.check(await live.settled())
