"""The part of a form that says where the money goes: no sentence about it repeats what it says."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from agent.browser import open_chrome
from agent.domain.error_wording import explained
from agent.domain.merchants import Payee
from agent.domain.page_errors import PageChanged
from agent.flows.steps.form_page import stays
from agent.flows.steps.payee import compare_payee, fill_payee
from agent.pages.actions.fill import Field, Scope, need_field
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

PAYEE = Payee("招商银行杭州分行", "杭州锦绣家居有限公司", SecretStr("571900000010001"))
ACCOUNT_BOX = "<div><input style='width:300px' placeholder='请输入账号'></div>"


@pytest.fixture
async def live() -> AsyncIterator[LivePage]:
    async with open_chrome(None, headless=True) as chrome, chrome.page() as page:
        yield LivePage(page)


async def form(live: LivePage, body: str) -> tuple[PageSnapshot, Scope]:
    await live.raw.set_content(f"<!doctype html><meta charset=utf-8><body style='margin:20px'>{body}")
    snapshot = await live.settled()
    account = need_field(snapshot, "account")
    return snapshot, Scope(account.part, account.part.shot.nodes[0])


def assert_silent(error: PageChanged) -> None:
    for told in (explained(error).text.en, explained(error).text.zh, error.missing.en, error.missing.zh):
        for value in (PAYEE.bank, PAYEE.holder, PAYEE.account.get_secret_value()):
            assert value not in told


@pytest.mark.parametrize("name", ["户名", "开户银行"])
async def test_a_label_without_a_box_of_its_own_stops_it(live: LivePage, name: str) -> None:
    _, scope = await form(live, f"<div><b>{name}</b> <i>以账号为准</i></div>{ACCOUNT_BOX}")
    with pytest.raises(PageChanged, match="has no box of its own") as caught:
        await fill_payee(live, scope, PAYEE)
    assert_silent(caught.value)


async def test_the_box_of_another_field_is_not_filled_in_again(live: LivePage) -> None:
    snapshot, scope = await form(live, ACCOUNT_BOX)
    taken: dict[str, Field] = {"order_no": need_field(snapshot, "account")}
    with pytest.raises(PageChanged, match="has no box of its own"):
        await fill_payee(live, scope, PAYEE, taken)
    assert await live.raw.locator("input").input_value() == ""


async def test_a_bank_that_is_not_offered_is_not_named(live: LivePage) -> None:
    choice = "<p><label for=b>开户银行</label> <select id=b><option>请选择<option>工商银行</select></p>"
    _, scope = await form(live, choice + ACCOUNT_BOX)
    with pytest.raises(PageChanged, match="开户银行 does not take what is registered") as caught:
        await fill_payee(live, scope, PAYEE)
    assert_silent(caught.value)


async def test_a_box_that_shows_something_else_is_told_by_its_length(live: LivePage) -> None:
    cut = "<p><label for=h>户名</label> <input id=h maxlength=8></p>"
    _, scope = await form(live, cut + ACCOUNT_BOX)
    filled = await fill_payee(live, scope, PAYEE)
    snapshot = await live.settled()
    with pytest.raises(PageChanged, match="户名 shows 8 characters") as caught:
        compare_payee(snapshot, scope, PAYEE, filled)
    assert PAYEE.holder[:8] not in explained(caught.value).text.en


async def test_a_box_that_changes_after_the_comparison_is_noticed_by_the_look_before_the_click(
    live: LivePage,
) -> None:
    boxes = "<p><label for=b>开户银行</label> <input id=b></p><p><label for=h>户名</label> <input id=h></p>"
    _, scope = await form(live, boxes + ACCOUNT_BOX)
    filled = await fill_payee(live, scope, PAYEE)
    still = stays(lambda snapshot: compare_payee(snapshot, scope, PAYEE, filled))
    assert still(await live.settled())
    await live.raw.evaluate("document.getElementById('b').value = '工商银行'")  # as a look-up that comes late
    assert not still(await live.look())
