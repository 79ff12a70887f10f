"""A form is filled in at one go and read back in one look; a box that does not take its text so gets its own way."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.async_api import Page

from agent.domain.page_errors import PageChanged
from agent.flows.steps.filing_form import FilingForm, compare_entry, fill_entry
from agent.pages.actions.fill import find_field
from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot
from agent.pages.vocabulary import FORM_LABELS

ENTRY = FilingForm("京东", "锦绣家居", "31000000001", date(2026, 6, 18), Decimal("680.00"))
FORM = """<!doctype html><meta charset="utf-8"><style>label { display: inline-block; width: 80px }</style>
<p><label for="platform">平台</label><select id="platform"><option>请选择<option>淘宝<option>京东</select>
<p><label for="shop">店铺名称</label><input id="shop">
<p><label for="number">订单编号</label><input id="number">
<p><label for="day">订购日期</label><input id="day" type="date">
<p id="last"><label for="amount">实付金额</label><input id="amount">
<p><button>添加</button>"""


class Counted(LivePage):
    """Counts how often the page is looked at."""

    looks = 0

    async def look(self, *, anew: bool = False) -> PageSnapshot:
        self.looks += 1
        return await super().look(anew=anew)


async def filled(page: Page, behaviour: str = "") -> Counted:
    """The page after it was filled in."""
    await page.set_content(f"{FORM}<script>{behaviour}</script>")
    live = Counted(page)
    await live.settled()
    live.looks = 0
    put = await fill_entry(live, ENTRY)
    compare_entry(await live.settled(), ENTRY, put)
    return live


async def test_plain_boxes_are_filled_in_without_looks_between_them(small: Page) -> None:
    live = await filled(small)
    assert live.looks <= 4  # before, after the choice, to read back; and to compare


async def test_each_box_is_told_of_what_is_typed_into_it(small: Page) -> None:
    heard = "window.heard = []; for (const one of ['input', 'change', 'blur', 'keydown']) "
    await filled(small, heard + "addEventListener(one, e => heard.push(e.target.id + ' ' + one), true);")
    told = set(await small.evaluate("heard"))
    boxes, events = ("shop", "number", "amount"), ("input", "change", "blur")
    assert {f"{box} {what}" for box in boxes for what in events} <= told
    assert {"platform change", "day change", "number keydown", "amount keydown"} <= told


async def test_a_box_that_takes_only_what_is_typed_gets_that(small: Page) -> None:
    keys = """let typed = '';
    number.onkeydown = e => {
      if (e.key === 'Backspace' || e.ctrlKey) typed = '';
      else if (e.key.length === 1) typed += e.key;
    };
    number.onblur = () => { number.value = typed; };"""
    await filled(small, keys)
    assert await small.locator("#number").input_value() == ENTRY.order_no


async def test_a_box_that_another_one_empties_is_filled_in_again(small: Page) -> None:
    await filled(small, "amount.onchange = () => setTimeout(() => { shop.value = '' }, 100);")
    assert await small.locator("#shop").input_value() == ENTRY.shop


async def test_boxes_that_are_drawn_anew_under_their_labels_are_filled_in(small: Page) -> None:
    anew = """shop.onchange = () => {
      const [one, other] = [number.cloneNode(), amount.cloneNode()];
      number.replaceWith(one); amount.replaceWith(other);
    };"""
    await filled(small, anew)
    assert await small.locator("#number").input_value() == ENTRY.order_no


async def test_boxes_that_change_places_get_what_their_labels_say(small: Page) -> None:
    swapped = """platform.onchange = () => {
      const [one, other] = [document.querySelector('[for=number]'), document.querySelector('[for=amount]')];
      [one.textContent, other.textContent] = [other.textContent, one.textContent];
    };"""
    live = await filled(small, swapped)
    snapshot = await live.look()
    number = find_field(snapshot, FORM_LABELS["order_no"])
    assert number is not None
    assert number.control.value == ENTRY.order_no
    assert await small.locator("#amount").input_value() == ENTRY.order_no


async def test_what_a_platform_offers_only_late_is_chosen_all_the_same(small: Page) -> None:
    late = """const shops = document.createElement('select');
    shops.id = 'shop'; shops.innerHTML = '<option>请选择'; shop.replaceWith(shops);
    platform.onchange = () => { shops.innerHTML = '<option>请选择<option>锦绣家居'; };"""
    await filled(small, late)
    assert await small.locator("#shop").input_value() == ENTRY.shop


async def test_a_shop_that_is_not_offered_stops_it(small: Page) -> None:
    other = """const shops = document.createElement('select');
    shops.id = 'shop'; shops.innerHTML = '<option>别家'; shop.replaceWith(shops);"""
    with pytest.raises(PageChanged, match="锦绣家居"):
        await filled(small, other)
