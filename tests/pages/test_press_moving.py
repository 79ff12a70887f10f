"""Lists that put another order into the same row right before it is pressed: then it is not."""

from html import escape

import pytest

from agent.domain.page_errors import DialogDeclined, PageChanged, PageMoved
from agent.pages.live.page import LivePage
from tests.pages.shop import Shop, table
from tests.pages.test_press import CLICK, DONE, FIRST, SECOND, confirm, opened, ordered

# Confirms what its row says by then, as lists do whose rows are drawn from data by their place.
OF_ITS_ROW = '<button onclick="go(this)">确认</button>'
SENDS = "const go = one => post('/' + one.closest('tr').cells[0].textContent);"
TURN = """
const list = document.querySelector('tbody'), number = at => list.rows[at].cells[0];
const turn = () => { [number(0).textContent, number(1).textContent] = [number(1).textContent, number(0).textContent]; };
"""
# Its cells stay where they are, whatever comes into them.
FIRM = "<style>#list{table-layout:fixed;width:780px}#list td{white-space:nowrap;overflow:hidden}</style>"
BUTTON = "document.querySelector('button')"
PINNED = (
    '<table id="pinned"><thead><tr><th>操作</thead><tbody><tr data-row-key="0"><td>'
    '<button onclick="go(0)">确认</button><tr data-row-key="1"><td><button onclick="go(1)">确认</button>'
    '<tr data-row-key="2"><td>详情</table>'
)
SIDE_BY_SIDE = """
document.body.style.display = 'flex'; document.body.style.alignItems = 'start';
document.querySelectorAll('td,th').forEach(c => c.style.height = '26px');
document.querySelectorAll('#list th:last-child, #list td:last-child').forEach(c => c.remove());
document.querySelectorAll('#list tbody tr').forEach((row, at) => row.dataset.rowKey = at);
const go = at => post('/' + number(at).textContent);
"""


@pytest.mark.parametrize(
    "when",
    [
        "list.addEventListener('mouseenter', turn)",
        "list.addEventListener('pointermove', turn, {once: true})",
        f"{BUTTON}.addEventListener('mouseover', turn)",
        f"{BUTTON}.addEventListener('pointerdown', turn)",
        f"{BUTTON}.addEventListener('mousedown', turn)",
        f"{BUTTON}.addEventListener('mouseup', turn)",
        "addEventListener('mousedown', turn, true)",
        "addEventListener('click', turn, true)",
    ],
)
async def test_a_list_that_turns_as_it_is_pressed_is_not_pressed(when: str, live: LivePage, shop: Shop) -> None:
    await opened(live, shop, table(OF_ITS_ROW, SENDS + TURN + when))
    with pytest.raises(PageMoved):
        await confirm(live)
    await live.settled(5.0)
    assert shop.posts == []


async def test_once_the_list_has_turned_the_order_is_confirmed_where_it_stands_now(live: LivePage, shop: Shop) -> None:
    await opened(live, shop, table(OF_ITS_ROW, f"{SENDS}{TURN}list.addEventListener('mouseenter', turn)"))
    with pytest.raises(PageMoved):
        await confirm(live)
    await confirm(live)
    assert shop.posts == [f"/{FIRST}"]


async def test_a_list_that_has_turned_since_the_row_was_found_is_not_pressed(live: LivePage, shop: Shop) -> None:
    """Even if the last look should show the row as it was: the list can turn back for it."""
    await opened(live, shop, table(OF_ITS_ROW, SENDS + TURN))
    press, part, node = await ordered(live)
    await live.raw.evaluate("() => turn()")
    with pytest.raises(PageMoved):
        await press.click(part, node)
    assert shop.posts == []


async def test_a_row_whose_button_became_another_one_is_not_pressed(live: LivePage, shop: Shop) -> None:
    becomes = f"list.addEventListener('mouseenter', () => {{ {BUTTON}.textContent = '续费'; }})"
    await opened(live, shop, table(OF_ITS_ROW, SENDS + TURN + becomes))
    with pytest.raises(PageMoved):
        await confirm(live)
    assert shop.posts == []


async def test_a_button_that_went_into_another_row_is_not_pressed(live: LivePage, shop: Shop) -> None:
    goes = f"list.addEventListener('mouseenter', () => {{ list.rows[1].cells[5].prepend({BUTTON}); }})"
    await opened(live, shop, table(OF_ITS_ROW, SENDS + TURN + goes))
    with pytest.raises((DialogDeclined, PageChanged)):
        await confirm(live)
    assert shop.posts == []


async def test_actions_that_stand_in_a_table_beside_a_list_that_turns_are_not_pressed(
    live: LivePage, shop: Shop
) -> None:
    turns = "document.querySelector('#pinned').addEventListener('mouseenter', turn);"
    await opened(live, shop, table("", TURN + SIDE_BY_SIDE + turns, PINNED))
    with pytest.raises(PageMoved):
        await confirm(live)
    assert shop.posts == []


async def test_a_list_in_a_frame_that_turns_is_not_pressed(live: LivePage, shop: Shop) -> None:
    inner = table(OF_ITS_ROW, f"{SENDS}{TURN}list.addEventListener('mouseenter', turn)")
    frame = f'<iframe width="780" height="400" srcdoc="{escape(inner)}"></iframe>'
    await opened(live, shop, f"<!doctype html><meta charset=utf-8>{frame}")
    with pytest.raises(PageMoved):
        await confirm(live)
    await confirm(live)
    assert shop.posts == [f"/{FIRST}"]


async def test_a_list_in_a_shadow_tree_that_turns_is_not_pressed(live: LivePage, shop: Shop) -> None:
    hidden = "document.querySelector('p').attachShadow({mode: 'open'}).append(list.parentElement);"
    turns = "list.addEventListener('mouseenter', turn);"
    await opened(live, shop, table(OF_ITS_ROW, SENDS + TURN + hidden + turns, "<p>"))
    with pytest.raises(PageMoved):
        await confirm(live)
    await confirm(live)
    assert shop.posts == [f"/{FIRST}"]


async def test_where_the_going_down_of_the_pointer_has_sent_something_nobody_says_that_nothing_was_sent(
    live: LivePage, shop: Shop
) -> None:
    sends = f"{BUTTON}.addEventListener('mousedown', () => {{ turn(); post('/work'); }})"
    await opened(live, shop, table(OF_ITS_ROW, SENDS + TURN + sends))
    with pytest.raises(PageChanged, match="/work") as caught:
        await confirm(live)
    assert not isinstance(caught.value, DialogDeclined)
    assert shop.posts == ["/work"]


@pytest.mark.parametrize(
    "change",
    [
        "list.rows[0].cells[0].insertAdjacentHTML('beforeend', '<i>点击复制</i>')",
        "list.rows[0].cells[5].insertAdjacentHTML('beforeend', '<button>详情</button>')",
        "list.rows[0].cells[4].textContent = '待确认 剩 02:59:07'",
        "list.rows[0].cells[2].innerHTML = '<b>网店管家J系列</b> 更多'",
        "list.rows[0].cells[0].innerHTML = FIRST.replace('3391', '<span>3391</span>')",
    ],
    ids=["a hint", "further buttons", "a rest of time", "the name anew", "the number in pieces"],
)
async def test_a_row_that_only_gains_something_under_the_pointer_is_pressed(
    change: str, live: LivePage, shop: Shop
) -> None:
    script = f"const FIRST = '{FIRST}', go = n => post('/' + n).then(() => {DONE}); {TURN}"
    hover = f"list.rows[0].addEventListener('mouseenter', () => {{ {change}; }}, {{once: true}})"
    await opened(live, shop, table(CLICK, script + hover, FIRM))
    await confirm(live)
    assert shop.posts == [f"/{FIRST}"]


async def test_a_row_with_a_rest_of_time_that_runs_out_is_pressed(live: LivePage, shop: Shop) -> None:
    runs = (
        "let left = 99999; const tick = () => { left -= 1; list.rows[0].cells[4].textContent = `待确认 剩 ${left}秒`;"
        "list.rows[0].cells[2].innerHTML = `网店管家J系列 <i>剩余 02:${10 + left % 50}:${10 + left % 49}</i>`; };"
        "setInterval(tick, 10)"
    )
    await opened(live, shop, table(CLICK, f"const go = n => post('/' + n).then(() => {DONE}); {TURN}{runs}", FIRM))
    await confirm(live)
    assert shop.posts == [f"/{FIRST}"]


async def test_what_the_press_itself_makes_of_the_row_is_no_reason_to_press_again(live: LivePage, shop: Shop) -> None:
    """The row goes as it is confirmed, and a label passes the press on to its box."""
    action = "<label onclick=\"go('NUMBER')\"><button onclick=\"go('NUMBER')\">确认</button></label>"
    sends = "let sent = 0; const go = n => { if (!sent++) { post('/' + n); list.rows[0].remove(); } };"
    await opened(live, shop, table(action, TURN + sends))
    await confirm(live)
    assert shop.posts == [f"/{FIRST}"]


async def test_after_a_press_the_page_is_as_it_was(live: LivePage, shop: Shop) -> None:
    await opened(live, shop, table(OF_ITS_ROW, f"{SENDS}{TURN}list.addEventListener('mouseenter', turn)"))
    with pytest.raises(PageMoved):
        await confirm(live)
    await live.raw.get_by_role("button").first.click()
    await live.settled(5.0)
    assert shop.posts == [f"/{SECOND}"]
