"""Forms in a real browser: every kind of box and label, filled in as a person would and read back."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import SecretStr

from agent.domain.merchants import Credentials
from agent.domain.page_errors import PageChanged
from agent.flows.session.access import SiteAccess
from agent.flows.session.password_login import log_in
from agent.flows.steps.filing_form import FilingForm, Filled, amount_of, compare_entry, fill_entry
from agent.pages.actions.fill import choose, fill, find_field, need_field, set_date, shown, shown_date
from agent.pages.live.page import LivePage
from agent.pages.vocabulary import FORM_LABELS
from tests.fixtures.market import Market
from tests.fixtures.market.state import PASSWORD, USERNAME

ENTRY = FilingForm("淘宝", "锦绣家居旗舰店", "3391899276382420635", date(2025, 1, 18), Decimal("1740.80"))


# Together they have every select, date, number and label that the market knows, and one form in a frame.
@pytest.mark.parametrize(
    "layout",
    ["table-pages", "split-header", "virtual", "cards-infinite", "in-frame", "hover-actions", "ellipsis-hover"],
)
async def test_every_kind_of_box_is_filled_in_and_read_back(live: LivePage, layout: str) -> None:
    with Market(layout) as market:
        await live.open(market.login_url)
        await log_in(live, SiteAccess("market", market.login_url, Credentials(USERNAME, SecretStr(PASSWORD))))
        await live.open(market.filing_url)
        await live.settled(10.0, lambda v: find_field(v, FORM_LABELS["order_no"]) is not None)
        filled: Filled = await fill_entry(live, ENTRY)
        compare_entry(await live.settled(), ENTRY, filled)
        assert market.truth()["log"] == []  # filling in sends nothing


async def draw(live: LivePage, body: str) -> None:
    await live.raw.set_content(f"<!doctype html><meta charset=utf-8><body style='margin:20px'>{body}")
    await live.settled()


@pytest.mark.parametrize(
    "body",
    [
        "<label for=x>订单编号</label> <input id=x>",
        "<label>*订单编号： <input></label>",
        "<input placeholder=请输入订单编号>",
        "<input aria-label=订单号>",
        "<span id=l>订单编号</span><i>?</i><input aria-labelledby=l>",
        "<table><tr><th>店铺名称</th><td><input id=shop></td><th>订单编号</th><td><input></td></tr></table>",
        "<div>订单编号</div><div><input></div>",
        "<div style='position:relative'><span style='position:absolute;left:8px;top:2px'>订单编号</span><input></div>",
    ],
)
async def test_a_box_is_found_by_whatever_names_it(live: LivePage, body: str) -> None:
    await draw(live, body)
    field = need_field(await live.look(), "order_no")
    await fill(live, field, "3391899276382420635")
    assert shown(await live.look(), need_field(await live.look(), "order_no")) == "3391899276382420635"
    assert await live.raw.locator("#shop").count() == 0 or not await live.raw.locator("#shop").input_value()


async def test_a_button_that_buys_is_never_taken_for_a_box(live: LivePage) -> None:
    await draw(live, "<span>平台</span> <button style='width:120px'>立即续费</button>")
    assert find_field(await live.look(), FORM_LABELS["platform"]) is None


async def test_a_box_of_words_is_chosen_in_though_its_hint_was_its_only_name(live: LivePage) -> None:
    await draw(
        live,
        """<div id=b style='width:200px;height:30px;border:1px solid;cursor:pointer'
          onclick="l.style.display='block'">请选择平台</div>
        <ul id=l style='display:none;position:absolute'>
        <li style='cursor:pointer' onclick="b.textContent=this.textContent;l.style.display='none'">淘宝特价版</li>
        <li style='cursor:pointer' onclick="b.textContent=this.textContent;l.style.display='none'">淘宝</li></ul>""",
    )
    field = need_field(await live.look(), "platform")
    await choose(live, field, "淘宝")
    assert shown(await live.settled(), field) == "淘宝"


async def test_an_option_that_is_missing_is_named(live: LivePage) -> None:
    await draw(live, "<label>平台 <select><option>请选择<option>京东</select></label>")
    with pytest.raises(PageChanged, match="淘宝"):
        await choose(live, need_field(await live.look(), "platform"), "淘宝")


# Reads a text that is set as hundredths, as currency masks do; typed keys are right.
_MASK = """<label>金额 <input id=a></label><script>let keys = 0;
  a.onkeydown = () => keys++;
  a.oninput = () => { if (!keys) a.value = (parseFloat(a.value) / 10).toFixed(2); };</script>"""


async def test_a_mask_that_misreads_a_set_text_is_typed_into(live: LivePage) -> None:
    await draw(live, _MASK)
    field = need_field(await live.look(), "amount")
    await fill(live, field, "1740.80", lambda text: amount_of(text) == Decimal("1740.80"))
    assert shown(await live.look(), field) == "1740.80"


async def test_a_box_that_keeps_something_else_stops_before_sending(live: LivePage) -> None:
    await draw(
        live,
        """<label>平台 <select><option>淘宝</select></label><label>店铺 <input></label>
        <label>订单编号 <input maxlength=10></label><label>订购日期 <input type=date></label>
        <label>订购金额 <input></label>""",
    )
    filled = await fill_entry(live, ENTRY)
    with pytest.raises(PageChanged, match="订单编号"):
        compare_entry(await live.settled(), ENTRY, filled)


async def test_typing_a_date_does_not_send_the_form(live: LivePage) -> None:
    await draw(
        live,
        """<form onsubmit="document.title='sent'; return false">
        <label>订购日期 <input placeholder=YYYY/MM/DD></label><button>添加</button></form>""",
    )
    field = need_field(await live.look(), "ordered_on")
    await set_date(live, field, date(2024, 6, 18))
    snapshot = await live.look()
    assert shown(snapshot, field) == "2024/06/18"
    assert shown_date(snapshot, field) == date(2024, 6, 18)
    assert await live.raw.title() != "sent"


async def test_a_forms_own_button_that_is_drawn_anew_is_not_taken_for_the_pickers(live: LivePage) -> None:
    script = (
        "const list = document.createElement('ul'); list.style = 'position:absolute;top:60px;background:#fff';"
        "list.innerHTML = '<li style=cursor:pointer>淘宝</li>'; let sent = 0;"
        "const send = () => { const b = document.createElement('button'); b.textContent = '确定'; b.id = 'send';"
        "b.onclick = () => sent++; return b; };"
        "list.firstChild.onclick = () => { box.value = '淘宝'; list.remove();"
        "document.getElementById('send').replaceWith(send()); };"
        "box.onclick = () => document.body.append(list);"
    )
    await draw(
        live,
        f"<label for=box>平台</label> <input id=box readonly> <button id=send>确定</button><script>{script}</script>",
    )
    field = need_field(await live.look(), "platform")
    await choose(live, field, "淘宝")
    assert shown(await live.settled(), field) == "淘宝"
    assert await live.raw.evaluate("sent") == 0
