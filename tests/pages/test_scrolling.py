"""Lists whose rows come by the wheel, and numbers that come by the pointer, on pages that work by their own scripts."""

from functools import partial
from operator import attrgetter

import pytest

from agent.domain.errors import SiteUnavailable
from agent.domain.orders import Order
from agent.domain.page_errors import PageChanged
from agent.pages.actions.list_arrival import OpenedList
from agent.pages.actions.list_reader import RowReading, read_all
from agent.pages.inference.list_checks import ORDER_NEEDS
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.records import OrderRules, order_of
from agent.pages.live.page import LivePage
from tests.pages.shop import open_shop

RULES = OrderRules(["网店管家云端版"])
HEADS = ("订单编号", "订购时间", "服务名称", "实付金额", "状态")
NUMBERS = [f"33910000000000{i:04d}" for i in range(1, 15)]
STYLE = (
    "<!doctype html><meta charset=utf-8><style>body{margin:0;font:14px sans-serif}.line{position:relative;height:40px}"
    ".line>div,.flat>div>div{position:absolute;top:0;width:150px;height:40px;line-height:40px}"
    ".flat{position:relative;height:40px}.flat>div{height:0;width:760px}table{border-collapse:collapse;width:760px}"
    "td,th{height:40px;padding:0;text-align:left;width:150px}.box{height:200px;overflow:hidden;width:760px}</style>"
)


def cells(number: str) -> tuple[str, ...]:
    return (number, "2024-06-18 21:39:35", "网店管家云端版", "62.80", "待确认")


def placed(texts: tuple[str, ...]) -> str:
    return "".join(f"<div style='left:{150 * i}px'>{text}</div>" for i, text in enumerate(texts))


async def read(live: LivePage, html: str) -> list[Order]:
    await live.raw.set_content(STYLE + html)
    return await read_from(live, live.traffic.cursor())


async def read_from(live: LivePage, cursor: int) -> list[Order]:
    parse, key = partial(order_of, rules=RULES), attrgetter("key")
    return await read_all(OpenedList(live, ORDERS, "market", cursor), RowReading(ORDER_NEEDS, parse, key))


# Each heading in a wrapper without height that is as wide as the list; the rows are moved by the wheel's own listener.
HEADINGS = "".join(f"<div><div style='left:{150 * i}px'>{text}</div></div>" for i, text in enumerate(HEADS))
LINES = "".join(f"<div class=line>{placed(cells(number))}</div>" for number in NUMBERS)
MOVED = (
    f"<div class=flat>{HEADINGS}</div><div class=box><div id=rows>{LINES}</div></div>"
    "<script>let at = 0; document.querySelector('.box').addEventListener('wheel', e => {"
    f"at = Math.max(0, Math.min({40 * len(NUMBERS) - 200}, at + e.deltaY));"
    "document.getElementById('rows').style.transform = `translateY(${-at}px)`; });</script>"
)


async def test_rows_that_a_script_moves_by_the_wheel(live: LivePage) -> None:
    assert [o.order_no for o in await read(live, MOVED)] == NUMBERS


# The status stands higher or lower in its row than all else; each turn of the wheel goes on by three rows and a half.
def uneven(status: str, moves: str) -> str:
    lines = LINES.replace("left:600px", f"left:600px;line-height:16px;{status}")
    return (
        f"<div class=flat>{HEADINGS}</div><div class=box style='height:220px'><div id=rows>{lines}</div></div>"
        "<script>let at = 0; document.querySelector('.box').addEventListener('wheel', e => {"
        f"at = {moves}; document.getElementById('rows').style.transform = `translateY(${{-at}}px)`; }});</script>"
    )


async def test_a_row_of_which_the_edge_leaves_a_few_words_is_read_where_it_is_whole(live: LivePage) -> None:
    moves = f"Math.max(0, Math.min({40 * len(NUMBERS) - 220}, at + 145 * Math.sign(e.deltaY)))"
    assert [o.order_no for o in await read(live, uneven("", moves))] == NUMBERS


async def test_a_row_that_never_comes_whole_is_not_left_out_in_silence(live: LivePage) -> None:
    with pytest.raises(PageChanged, match="cut off by the edge"):
        await read(live, uneven("top:24px", "0"))


def pinned() -> str:
    """The number stands in a copy of the table that lies over it and does not scroll by itself."""

    def table(hidden: str, width: int) -> str:
        rows = "".join(
            "<tr>" + "".join(f"<td class={'n' if i == 0 else 'o'}>{c}" for i, c in enumerate(cells(n))) for n in NUMBERS
        )
        return f"<div class='box {hidden}' style='width:{width}px'><table><tbody>{rows}</table></div>"

    head = "<table><thead><tr>" + "".join(f"<th>{h}" for h in HEADS) + "</table>"
    return (
        "<style>.body{overflow:auto}.body .n,.copy .o{visibility:hidden}.copy{position:absolute;top:0;left:0}</style>"
        f"{head}<div style='position:relative;overflow:hidden;height:200px'>{table('body', 760)}{table('copy', 150)}"
        "</div><script>const [body, copy] = document.querySelectorAll('.box');"
        "body.onscroll = () => { copy.scrollTop = body.scrollTop; };"
        "copy.onwheel = e => { body.scrollTop += e.deltaY; };</script>"
    )


async def test_rows_whose_number_stands_in_a_pinned_copy(live: LivePage) -> None:
    assert [o.order_no for o in await read(live, pinned())] == NUMBERS


async def test_a_number_that_shows_when_the_pointer_comes_from_elsewhere_on_the_page(live: LivePage) -> None:
    head = "<table><thead><tr>" + "".join(f"<th>{h}" for h in HEADS) + "<tbody>"
    rows = "".join(
        f"<tr><td><span class=cut>{n[:6]}***{n[-4:]}</span>" + "".join(f"<td>{c}" for c in cells(n)[1:])
        for n in NUMBERS[:2]
    )
    script = (
        f"const whole = {NUMBERS[:2]!r}; document.querySelectorAll('.cut').forEach((cut, i) => {{ let tip;"
        "cut.onmouseover = e => { if (!e.relatedTarget) return; tip = document.createElement('div');"
        "tip.textContent = whole[i]; document.body.append(tip); };"
        "cut.onmouseout = () => tip?.remove(); });"
    )
    found = await read(live, f"{head}{rows}</table><script>{script}</script>")
    assert [o.order_no for o in found] == NUMBERS[:2]


def card(number: str) -> str:
    return (
        f"<div class=card><b>网店管家云端版</b><div>青禾母婴专营店</div><div>订单编号：{number}</div>"
        "<div>订购时间：2024-06-18 21:39:35</div><div>实付金额：¥62.80</div><i>待确认</i></div>"
    )


async def test_a_card_is_not_read_from_what_the_edge_of_its_list_leaves_of_it(live: LivePage) -> None:
    cards = "".join(card(n) for n in NUMBERS)
    style = (
        "<style>.card{height:120px;font-size:13px}.card div,.card i{display:block;line-height:18px}"
        ".card b{display:block;font-size:18px;line-height:30px}.all{height:550px;overflow:hidden}"
        ".in{height:550px;overflow:auto}</style>"
    )
    orders = await read(live, f"{style}<div class=all><div class=in>{cards}</div></div>")
    assert [(o.order_no, o.service) for o in orders] == [(n, "网店管家云端版") for n in NUMBERS]


def paged(drawn: str) -> str:
    """Two pages of seven rows in a box of five; `drawn` says which of a page's rows are in the document."""
    rows = ["<tr>" + "".join(f"<td>{c}" for c in cells(n)) for n in NUMBERS]
    return (
        "<table><thead><tr>" + "".join(f"<th>{h}" for h in HEADS) + "</table>"
        "<div class=box style='overflow:auto'><div style='height:280px'><table><tbody id=rows></table></div></div>"
        "<button id=next>下一页</button><script>let wheels = 0, first = 0; addEventListener('wheel', () => wheels++);"
        f"const all = {rows!r}, box = document.querySelector('.box'), next = document.getElementById('next');"
        "const draw = () => { const mine = all.slice(first, first + 7), from = Math.floor(box.scrollTop / 40);"
        f"document.getElementById('rows').innerHTML = {drawn}; next.disabled = first > 0; }};"
        "box.onscroll = draw; next.onclick = () => { first = 7; draw(); }; draw();</script>"
    )


async def test_a_wheel_is_not_turned_where_all_rows_of_a_page_are_there(live: LivePage) -> None:
    assert [o.order_no for o in await read(live, paged("mine.join('')"))] == NUMBERS
    assert await live.raw.evaluate("wheels") == 0


async def test_rows_that_are_drawn_as_they_come_into_view_are_scrolled_to(live: LivePage) -> None:
    some = "'<tr style=height:' + from * 40 + 'px></tr>' + mine.slice(from, from + 5).join('')"
    assert [o.order_no for o in await read(live, paged(some))] == NUMBERS
    assert await live.raw.evaluate("wheels") > 0


# Each time its end comes into view the list asks for one part more, also after a part that did not come.
ENDLESS = (
    f"<table><thead><tr>{''.join(f'<th>{h}' for h in HEADS)}<tbody id=rows></table><div id=more></div>"
    "<script>let part = 0; const rows = %s, more = document.getElementById('more');"
    "const next = async () => { const mine = part++; if (mine * 5 >= rows.length) return; more.textContent = '加载中';"
    "if (!(await fetch(`/part/${mine}`)).ok) return; more.textContent = '';"
    "document.getElementById('rows').insertAdjacentHTML('beforeend', rows.slice(mine * 5, mine * 5 + 5).join('')); };"
    "onscroll = () => { if (scrollY + innerHeight > document.body.scrollHeight - 5) next(); }; next();"
    "</script><style>td{height:220px}</style>"
)


async def test_an_endless_list_that_left_out_a_part_is_no_list(live: LivePage) -> None:
    rows = ["<tr>" + "".join(f"<td>{c}" for c in cells(n)) for n in NUMBERS]
    async with open_shop() as shop:
        shop.html = STYLE + ENDLESS % repr(rows)
        shop.broken = {"/part/1"}
        cursor = live.traffic.cursor()
        await live.raw.goto(shop.url)
        with pytest.raises(SiteUnavailable):
            await read_from(live, cursor)
