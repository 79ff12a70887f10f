"""A press: what it clicks, what it agrees to, and what it never touches."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.async_api import Error

from agent.domain.page_errors import DialogDeclined, PageChanged
from agent.domain.text import Text
from agent.pages import vocabulary
from agent.pages.actions.answer import Answer
from agent.pages.actions.press import ConfirmedClick, Objects, Still
from agent.pages.inference.dialogs import CONFIRM, Matter
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.order_numbers import whole_number
from agent.pages.inference.records import button
from agent.pages.inference.row_proof import Lasting
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot
from tests.pages.shop import Shop, table

FIRST, SECOND = "339100000000001", "339100000000002"
CLICK = "<button onclick=\"go('NUMBER')\">确认</button>"
DONE = "document.body.insertAdjacentHTML('beforeend', '<p>操作成功')"


def matter_of(number: str) -> Matter:
    names = frozenset({"网店管家J系列"})
    return Matter(CONFIRM, frozenset({number}), Decimal("62.80"), day=date(2026, 6, 18), names=names)


async def ordered(
    live: LivePage, number: str = FIRST, objects: Objects = lambda _: None, still: Still = lambda _: True
) -> tuple[ConfirmedClick, FrameSnapshot, Node]:
    """The press of 确认 in the row of that number, with what is to be pressed."""
    snapshot = await live.settled(5.0)
    located = find_list(snapshot, ORDERS)
    assert located is not None
    row = next(r for r in located.parsed.rows if whole_number(r) == number)
    node = button(row, vocabulary.CONFIRM)
    assert node is not None

    async def no_picture(_role: str) -> None: ...

    lasting = Lasting.of(located.part.shot, row)
    press = ConfirmedClick(live, ORDERS, row.root, no_picture, matter_of(number), objects, still, lasting)
    return press, located.part, node


async def confirm(
    live: LivePage, number: str = FIRST, objects: Objects = lambda _: None, still: Still = lambda _: True
) -> Answer:
    """Presses 确认 in the row of that number."""
    press, part, node = await ordered(live, number, objects, still)
    return await press.click(part, node)


async def opened(live: LivePage, shop: Shop, html: str) -> None:
    shop.html = html
    await live.open(shop.url)


@pytest.mark.parametrize("number", [FIRST, SECOND])
async def test_one_row_is_confirmed_through_its_dialog(number: str, live: LivePage, shop: Shop) -> None:
    script = f"const go = n => ask('确定要确认吗？', ['取消'], ['确定', () => post('/' + n).then(() => {DONE})])"
    await opened(live, shop, table(CLICK, script))
    answer = await confirm(live, number)
    assert shop.posts == [f"/{number}"]
    assert (answer.lost, answer.refused, answer.messages) == (False, None, ["操作成功"])
    assert len(answer.dialogs) == 1


COVERED = (
    '<span style="position:relative">'
    '<button style="position:absolute;left:0;top:0;white-space:nowrap" onclick="post(\'/twin\')">确认</button>'
    '<i style="position:absolute;left:0;top:0;width:60px;height:30px;background:#fff;z-index:2"></i></span>'
    '<span style="display:inline-block;width:80px"></span>'
)


@pytest.mark.parametrize(
    "twin",
    [
        '<button style="display:none" onclick="post(\'/twin\')">确认</button>',
        '<button style="visibility:hidden" onclick="post(\'/twin\')">确认</button>',
        '<button style="opacity:0" onclick="post(\'/twin\')">确认</button>',
        COVERED,
        "<button disabled onclick=\"post('/twin')\">确认</button>",
    ],
    ids=["not drawn", "invisible", "transparent", "covered", "switched off"],
)
async def test_the_hidden_twin_of_a_button_is_not_clicked(twin: str, live: LivePage, shop: Shop) -> None:
    await opened(live, shop, table(twin + CLICK, f"const go = n => post('/' + n).then(() => {DONE})"))
    await confirm(live)
    assert shop.posts == [f"/{FIRST}"]


async def test_a_dialog_that_only_buys_is_not_agreed_to(live: LivePage, shop: Shop) -> None:
    script = "const go = n => ask('服务即将到期', ['取消'], ['立即续费', () => post('/buy')])"
    await opened(live, shop, table(CLICK, script))
    with pytest.raises(DialogDeclined, match="asks for money"):
        await confirm(live)
    assert shop.posts == []


async def test_a_dialog_that_asks_to_pay_with_an_innocent_button_is_not_agreed_to(live: LivePage, shop: Shop) -> None:
    script = "const go = n => ask('确认支付 62.80 元续费吗？', ['取消'], ['确定', () => post('/buy')])"
    await opened(live, shop, table(CLICK, script))
    with pytest.raises(DialogDeclined, match="asks for money"):
        await confirm(live)
    assert shop.posts == []


@pytest.mark.parametrize(
    ("offer", "label"),
    [
        ("服务即将到期，续费一年立减 100 元，应付 ¥298.00", "确认订单"),
        ("开通自动续费：到期后每年自动扣费 298 元，可随时关闭", "同意"),
        ("短信包 1000 条，合计 ¥50.00，使用账户余额结算", "确定"),
        ("加购提醒：短信包 1000 条", "继续"),
    ],
)
async def test_an_offer_before_the_question_is_declined_and_the_question_agreed_to(
    offer: str, label: str, live: LivePage, shop: Shop
) -> None:
    question = "ask('确定要确认吗？', ['取消'], ['确定', () => post('/' + n)])"
    script = f"const go = n => ask('{offer}', ['{label}', () => post('/buy')], ['暂不', () => {question}])"
    await opened(live, shop, table(CLICK, script))
    answer = await confirm(live)
    assert shop.posts == [f"/{FIRST}"]
    assert len(answer.dialogs) == 2


# The box is transparent, and drawn by what lies over it and is no label of it, as in Semi.
DRAWN_TICK = (
    "const go = n => { const d = document.createElement('div'); d.setAttribute('role', 'dialog');"
    "d.style = 'position:fixed;left:200px;top:100px;background:#fff;padding:20px;z-index:9';"
    "d.innerHTML = `<p>确认后不可撤销</p><span style='position:relative;display:inline-block;width:16px;height:16px'>"
    "<input type=checkbox style='position:absolute;inset:0;margin:0;opacity:0;width:16px;height:16px'>"
    "<b style='position:absolute;inset:0;border:1px solid #888'></b></span> 我已知晓 <button disabled>确定</button>`;"
    "const [box, drawn, yes] = ['input', 'b', 'button'].map(found => d.querySelector(found));"
    "drawn.onclick = () => { box.checked = TICKED; yes.disabled = !box.checked; };"
    "yes.onclick = () => { d.remove(); post('/' + n); }; document.body.append(d); };"
)


async def test_a_box_that_is_only_drawn_is_ticked_where_it_is_drawn(live: LivePage, shop: Shop) -> None:
    await opened(live, shop, table(CLICK, DRAWN_TICK.replace("TICKED", "true")))
    await confirm(live)
    assert shop.posts == [f"/{FIRST}"]


async def test_what_lies_over_a_drawn_box_and_is_none_of_its_dialog_is_not_clicked(live: LivePage, shop: Shop) -> None:
    over = (
        "const at = box.getBoundingClientRect(), u = document.createElement('u');"
        "u.style = `position:fixed;z-index:99;left:${at.left}px;top:${at.top}px;width:16px;height:16px`;"
        "u.onclick = () => post('/other'); document.body.append(u); };"
    )
    script = DRAWN_TICK.replace("TICKED", "true").removesuffix("};") + over
    await opened(live, shop, table(CLICK, script))
    with pytest.raises((DialogDeclined, PageChanged)):
        await confirm(live)
    assert shop.posts == []


async def test_a_dialog_whose_button_stays_off_is_left_and_nothing_was_sent(live: LivePage, shop: Shop) -> None:
    await opened(live, shop, table(CLICK, DRAWN_TICK.replace("TICKED", "false")))
    with pytest.raises(DialogDeclined, match="no button to agree"):
        await confirm(live)
    assert shop.posts == []


async def test_after_one_dialog_was_agreed_to_nobody_says_that_nothing_was_sent(live: LivePage, shop: Shop) -> None:
    second = DRAWN_TICK.replace("TICKED", "false").replace("const go", "const then")
    script = f"{second} const go = n => ask('确定要确认吗？', ['取消'], ['确定', () => then(n)])"
    await opened(live, shop, table(CLICK, script))
    with pytest.raises(PageChanged, match="no button to agree") as told:
        await confirm(live)
    assert not isinstance(told.value, DialogDeclined)


async def test_a_row_that_changed_before_the_click_is_not_clicked(live: LivePage, shop: Shop) -> None:
    await opened(live, shop, table(CLICK, "const go = n => post('/' + n)"))
    with pytest.raises(DialogDeclined, match="changed right before"):
        await confirm(live, still=lambda _: False)
    assert shop.posts == []


# Each draws the list anew out of new elements, as frameworks do.
REDRAW = "const redraw = () => { const t = document.querySelector('tbody'); t.outerHTML = t.outerHTML; };"
PINNED = (
    "const redraw = () => { const t = document.querySelector('table'); const now = t.cloneNode(true);"
    "t.replaceWith(now); };"
)


@pytest.mark.parametrize("redraw", [REDRAW, PINNED], ids=["rows", "table"])
@pytest.mark.parametrize(
    "order",
    [
        "post('/' + n).then(() => redraw())",
        "redraw(), post('/' + n)",
        "redraw(), setTimeout(() => post('/' + n), 700)",
        "redraw()",
    ],
    ids=["after the answer", "before it is sent", "long before it is sent", "and nothing is sent"],
)
async def test_other_rows_are_left_alone_when_the_list_is_drawn_anew(
    redraw: str, order: str, live: LivePage, shop: Shop
) -> None:
    await opened(live, shop, table(CLICK, f"{redraw} const go = n => {{ {order.replace('), ', '); ')} }}"))
    await confirm(live)
    assert set(shop.posts) <= {f"/{FIRST}"}
    assert len(shop.posts) <= 1


async def test_actions_in_a_table_of_their_own_that_is_drawn_anew_are_left_alone(live: LivePage, shop: Shop) -> None:
    """Pinned columns: numbers and actions stand in two tables side by side."""
    rows = [*(f"<td><button onclick=\"go('{n}')\">确认</button>" for n in (FIRST, SECOND)), "<td>详情"]
    actions = "".join(f'<tr data-row-key="{at}">{row}' for at, row in enumerate(rows))
    pinned = f'<table id="pinned"><thead><tr><th>操作</thead><tbody>{actions}</tbody></table>'
    script = (
        "document.body.style.display = 'flex'; document.body.style.alignItems = 'start';"
        "document.querySelectorAll('td,th').forEach(c => c.style.height = '26px');"
        "document.querySelectorAll('#list th:last-child, #list td:last-child').forEach(c => c.remove());"
        "document.querySelectorAll('#list tbody tr').forEach((row, at) => row.dataset.rowKey = at);"
        "const go = n => { const t = document.querySelector('#pinned'); t.outerHTML = t.outerHTML;"
        "post('/' + n).then(() => { const t = document.querySelector('#pinned'); t.outerHTML = t.outerHTML; }); };"
    )
    await opened(live, shop, table(CLICK, script, pinned))
    await confirm(live)
    assert shop.posts == [f"/{FIRST}"]


async def test_a_native_question_is_agreed_to_only_during_a_press(live: LivePage, shop: Shop) -> None:
    script = "const go = n => confirm('确定要确认吗？') && post('/' + n)"
    await opened(live, shop, table(CLICK, script))
    assert await live.raw.evaluate("() => confirm('确定要确认吗？')") is False
    await confirm(live)
    assert shop.posts == [f"/{FIRST}"]
    assert await live.raw.evaluate("() => confirm('确定要确认吗？')") is False


async def test_a_native_question_about_money_is_declined(live: LivePage, shop: Shop) -> None:
    await opened(live, shop, table(CLICK, "const go = n => confirm('立即续费 62.80 元？') && post('/buy')"))
    with pytest.raises(DialogDeclined, match="asks for money"):
        await confirm(live)
    assert shop.posts == []


@pytest.mark.parametrize(
    "go",
    ["fetch('/' + n, {method: 'POST', body: '{}'}).catch(() => {})", "(form.action = '/' + n, form.submit())"],
    ids=["script", "form"],
)
async def test_a_post_whose_connection_is_dropped_is_sent_once(go: str, live: LivePage, shop: Shop) -> None:
    for attempt in range(3):  # Chromium by itself repeats nearly every one
        shop.posts.clear()
        shop.drops = False
        extra = '<form id="form" method="post"><input type="hidden" name="a" value="b"></form>'
        script = f"const form = document.querySelector('form'); const go = n => {go}"
        await opened(live, shop, table(CLICK, script, extra))
        shop.drops = True
        answer = await confirm(live)
        assert (attempt, shop.posts) == (attempt, [f"/{FIRST}"])
        assert answer.lost


# what counts as sent

ASKED = "ask('确定要确认吗？', ['取消'], ['确定', () => post('/' + n)])"


@pytest.mark.parametrize(
    "count",
    ["fetch('/log', {method: 'POST', body: '{}'})", "navigator.sendBeacon('/log', '{}')"],
    ids=["script", "beacon"],
)
async def test_a_page_that_counts_clicks_is_asked_all_the_same(count: str, live: LivePage, shop: Shop) -> None:
    shop.mute = {"/log"}
    await opened(live, shop, table(CLICK, f"{count}; const go = n => {{ {count}; {ASKED} }}"))
    answer = await confirm(live)
    assert len(answer.dialogs) == 1
    assert shop.posts == ["/log", "/log", f"/{FIRST}"]


@pytest.mark.parametrize(
    ("by_itself", "mute"),
    [
        ("", {"/work"}),
        ("post('/work')", set()),
        ("post('/work?op=view')", {"/work", "/work?op=view"}),
        ("navigator.sendBeacon('/work', '{}')", {"/work"}),
    ],
    ids=["sent for the first time", "answered with words", "sent elsewhere", "sent as a beacon before"],
)
async def test_after_what_may_have_been_the_work_nothing_more_is_agreed_to(
    by_itself: str, mute: set[str], live: LivePage, shop: Shop
) -> None:
    shop.mute = mute
    await opened(live, shop, table(CLICK, f"{by_itself}; const go = n => {{ post('/work'); {ASKED} }}"))
    answer = await confirm(live)
    assert answer.dialogs == []
    assert set(shop.posts) <= {"/work", "/work?op=view"}
    assert shop.posts[-1] == "/work"
    assert [w.status for w in answer.writes] == [204 if "/work" in mute else 200]


async def test_what_an_earlier_press_has_sent_is_no_sign_that_it_only_counts(live: LivePage, shop: Shop) -> None:
    shop.mute = {"/work"}
    script = "let asks = false; const go = n => { post('/work'); if (asks) { " + ASKED + " } asks = true; }"
    await opened(live, shop, table(CLICK, script))
    await confirm(live, FIRST)
    answer = await confirm(live, SECOND)
    assert answer.dialogs == []
    assert shop.posts == ["/work", "/work"]


# a question about something else


def objects(text: str) -> Text | None:
    return Text("that is not it", "不是本订单") if SECOND in text else None


DECLINED = f"ask('确定要确认订单 {SECOND} 吗？', ['确定', () => post('/' + n)], ['取消', () => {{ declined = true; }}])"


async def test_a_question_about_another_order_is_declined(live: LivePage, shop: Shop) -> None:
    await opened(live, shop, table(CLICK, f"var declined = false; const go = n => {DECLINED}"))
    with pytest.raises(DialogDeclined, match="that is not it"):
        await confirm(live, objects=objects)
    assert shop.posts == []
    assert await live.raw.evaluate("() => declined")
    assert await live.raw.locator("#dialog").count() == 0


async def test_a_question_about_another_order_that_cannot_be_declined_is_left_alone(live: LivePage, shop: Shop) -> None:
    script = f"const go = n => ask('确定要确认订单 {SECOND} 吗？', ['确定', () => post('/' + n)])"
    await opened(live, shop, table(CLICK, script))
    with pytest.raises(DialogDeclined):
        await confirm(live, objects=objects)
    assert shop.posts == []


async def test_a_second_question_about_another_order_is_declined(live: LivePage, shop: Shop) -> None:
    script = f"var declined = false; const go = n => ask('确定要确认吗？', ['取消'], ['确定', () => {DECLINED}])"
    await opened(live, shop, table(CLICK, script))
    with pytest.raises(DialogDeclined):
        await confirm(live, objects=objects)
    assert (shop.posts, await live.raw.evaluate("() => declined")) == ([], True)


async def test_a_native_question_about_another_order_is_declined(live: LivePage, shop: Shop) -> None:
    script = f"const go = n => confirm('确定要确认订单 {SECOND} 吗？') && post('/' + n)"
    await opened(live, shop, table(CLICK, script))
    with pytest.raises(DialogDeclined):
        await confirm(live, objects=objects)
    assert shop.posts == []


async def test_where_declining_sends_something_nobody_says_that_nothing_was_sent(live: LivePage, shop: Shop) -> None:
    script = f"const go = n => ask('确定要确认订单 {SECOND} 吗？', ['确定'], ['取消', () => post('/cancel')])"
    await opened(live, shop, table(CLICK, script))
    with pytest.raises(PageChanged) as caught:
        await confirm(live, objects=objects)
    assert not isinstance(caught.value, DialogDeclined)
    assert shop.posts == ["/cancel"]


@pytest.mark.parametrize("how", ["reload", "goto"])
async def test_a_page_that_was_loaded_anew_before_the_click_has_changed_and_nothing_was_sent(
    how: str, live: LivePage, shop: Shop
) -> None:
    await opened(live, shop, table(CLICK, f"const go = n => post('/' + n).then(() => {DONE})"))
    snapshot = await live.settled(5.0)
    located = find_list(snapshot, ORDERS)
    assert located is not None
    node = button(located.parsed.rows[0], vocabulary.CONFIRM)
    assert node is not None

    async def no_picture(_role: str) -> None: ...

    await (live.raw.reload() if how == "reload" else live.raw.goto(f"{shop.url}?again"))
    with pytest.raises(PageChanged, match="“确认” cannot be clicked"):
        await ConfirmedClick(live, ORDERS, None, no_picture, matter_of(FIRST)).click(located.part, node)
    await live.settled(5.0)
    assert shop.posts == []


async def test_a_page_that_was_closed_is_no_page_that_changed(live: LivePage, shop: Shop) -> None:
    await opened(live, shop, table(CLICK))
    snapshot = await live.settled(5.0)
    await live.raw.close()
    with pytest.raises(Error, match="closed"):
        await live.click(snapshot.parts[0], snapshot.parts[0].shot.texts[0])
