"""The part of a form that says where the money goes: no sentence about it repeats what it says."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from agent.browser import open_chrome
from agent.domain.error_wording import explained
from agent.domain.errors import PageChanged
from agent.domain.merchants import Payee
from agent.flows.steps.form_page import stays
from agent.flows.steps.payee import compare_payee, fill_payee
from agent.pages.actions.fill import Field, Scope, need_field
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

PAYEE = Payee("招商银行杭州分行", "杭州锦绣家居有限公司", SecretStr("571900000010001"))
ACCOUNT_BOX = "<div><input style='width:300px' placeholder='请输入账号'></div>"


@pytest.fixture
async def window() -> AsyncIterator[LivePage]:
    async with open_chrome(None, headless=True) as chrome, chrome.page() as page:
        yield LivePage(page)


async def form(window: LivePage, body: str) -> tuple[PageSnapshot, Scope]:
    await window.raw.set_content(f"<!doctype html><meta charset=utf-8><body style='margin:20px'>{body}")
    snapshot = await window.settled()
    account = need_field(snapshot, "account")
    return snapshot, Scope(account.part, account.part.shot.nodes[0])


def assert_silent(error: PageChanged) -> None:
    for told in (explained(error).text.en, explained(error).text.zh, error.missing.en, error.missing.zh):
        for value in (PAYEE.bank, PAYEE.holder, PAYEE.account.get_secret_value()):
            assert value not in told


@pytest.mark.parametrize("name", ["户名", "开户银行"])
async def test_a_label_without_a_box_of_its_own_stops_it(window: LivePage, name: str) -> None:
    _, scope = await form(window, f"<div><b>{name}</b> <i>以账号为准</i></div>{ACCOUNT_BOX}")
    with pytest.raises(PageChanged, match="has no box of its own") as caught:
        await fill_payee(window, scope, PAYEE)
    assert_silent(caught.value)


async def test_the_box_of_another_field_is_not_filled_in_again(window: LivePage) -> None:
    snapshot, scope = await form(window, ACCOUNT_BOX)
    taken: dict[str, Field] = {"order_no": need_field(snapshot, "account")}
    with pytest.raises(PageChanged, match="has no box of its own"):
        await fill_payee(window, scope, PAYEE, taken)
    assert await window.raw.locator("input").input_value() == ""


async def test_a_bank_that_is_not_offered_is_not_named(window: LivePage) -> None:
    choice = "<p><label for=b>开户银行</label> <select id=b><option>请选择<option>工商银行</select></p>"
    _, scope = await form(window, choice + ACCOUNT_BOX)
    with pytest.raises(PageChanged, match="开户银行 does not take what is registered") as caught:
        await fill_payee(window, scope, PAYEE)
    assert_silent(caught.value)


async def test_a_box_that_shows_something_else_is_told_by_its_length(window: LivePage) -> None:
    cut = "<p><label for=h>户名</label> <input id=h maxlength=8></p>"
    _, scope = await form(window, cut + ACCOUNT_BOX)
    filled = await fill_payee(window, scope, PAYEE)
    snapshot = await window.settled()
    with pytest.raises(PageChanged, match="户名 shows 8 characters") as caught:
        compare_payee(snapshot, scope, PAYEE, filled)
    assert PAYEE.holder[:8] not in explained(caught.value).text.en


async def test_a_box_that_changes_after_the_comparison_is_noticed_by_the_look_before_the_click(
    window: LivePage,
) -> None:
    boxes = "<p><label for=b>开户银行</label> <input id=b></p><p><label for=h>户名</label> <input id=h></p>"
    _, scope = await form(window, boxes + ACCOUNT_BOX)
    filled = await fill_payee(window, scope, PAYEE)
    still = stays(lambda snapshot: compare_payee(snapshot, scope, PAYEE, filled))
    assert still(await window.settled())
    await window.raw.evaluate("document.getElementById('b').value = '工商银行'")  # as a look-up that comes late
    assert not still(await window.look())
