"""Pagers that sites draw in many ways: each page is read, and a page that did not come is never the end of a list."""

# ruff: noqa: E501 - pages read better in long lines

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page, Route

from agent.domain.errors import SiteUnavailable
from agent.domain.orders import Filing
from agent.domain.page_errors import PageChanged
from agent.pages.actions.list_arrival import OpenedList
from agent.pages.actions.list_reader import RowReading, read_all
from agent.pages.inference.list_checks import FILING_NEEDS
from agent.pages.inference.list_kind import FILINGS
from agent.pages.inference.records import filing_of
from agent.pages.live.page import LivePage

SITE = "http://market.test"
NUMBERS = [f"33910000000000{i:04d}" for i in range(1, 8)]
SIZE = 4
PAGE = (
    "<!doctype html><meta charset=utf-8><style>td,th{padding:4px 12px;text-align:left}</style>"
    "<table><thead><tr><th>平台<th>订单编号<th>订购日期<th>状态</thead><tbody></tbody></table>%s"
    "<script>let page = 1; const load = async () => { const answer = await fetch('/list?p=' + page);"
    "if (answer.ok) document.querySelector('tbody').innerHTML = (await answer.json()).rows.map(n =>"
    "`<tr><td>淘宝<td>${n}<td>2026-01-05<td>报备中`).join(''); %s };"
    "const turn = d => { page = Math.min(2, Math.max(1, page + d)); load(); return false; }; load();</script>"
)
BACK, ON = "href='#' onclick='return turn(-1)'", "href='#' onclick='return turn(1)'"
LISTED = (
    f"<ul><li><a {BACK}>«</a><li class=active><a {BACK}>1</a><li><a {ON}>2</a><li><a {ON}>»</a></ul>"
    "<style>li{display:inline-block;padding:0 9px}</style>"
)


async def read(page: Page, pager: str, *, after: str = "", refused: bool = False, live: LivePage) -> list[str]:
    """The numbers that are read from a list of two pages; `after` is run when a page came, `refused` keeps back one."""

    async def answer(route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.path != "/list":
            await route.fulfill(body=PAGE % (pager, after), content_type="text/html")
            return
        number = int(parse_qs(asked.query)["p"][0])
        rows = NUMBERS[number * SIZE - SIZE : number * SIZE]
        if refused and number > 1:
            await route.fulfill(status=429, body="{}")
        else:
            await route.fulfill(body=json.dumps({"rows": rows}), content_type="application/json")

    await page.route(f"{SITE}/**", answer)
    cursor = live.traffic.cursor()
    await page.goto(f"{SITE}/filings")
    found: list[Filing] = await read_all(
        OpenedList(live, FILINGS, "site", cursor),
        RowReading(FILING_NEEDS, filing_of, lambda f: f.order_no, unique=False),
    )
    return [f.order_no for f in found]


@pytest.mark.parametrize(
    "pager",
    [
        f"<a {BACK}>上一页</a> <a {ON}>下一页</a>",
        f"第 1/2 页 <a {BACK}>[上一页]</a> <a {ON}>[下一页]</a>",
        f"<a {BACK}>« 上一页</a> <a {ON}>下一页 »</a>",
        f"<a class=on {BACK}>1</a> <a {ON}>2</a>",
        f"<a class='page cur' {BACK}>1</a> <a class=page {ON}>2</a>",
        LISTED,
        f"<p><a {BACK}>&lt;&lt;</a> <a {ON}>&gt;&gt;</a>",
        "<button onclick='turn(-1)'>上一页</button> <button onclick='setTimeout(() => turn(1), 300)'>下一页</button>",
        f"显示第 1 到第 4 条记录，总共 7 条记录 <a {BACK}>上一页</a> <a {ON}>下一页</a>",
    ],
)
async def test_every_page_is_read(small: Page, live: LivePage, pager: str) -> None:
    assert await read(small, f"<div>{pager}</div>", live=live) == NUMBERS


@pytest.mark.parametrize("text", ["", "显示第 1 到第 4 条记录，总共 7 条记录 "])
async def test_a_page_that_was_refused_is_not_the_end(small: Page, live: LivePage, text: str) -> None:
    with pytest.raises(SiteUnavailable, match="did not come"):
        await read(small, f"<div>{text}<a {ON}>下一页</a></div>", refused=True, live=live)


async def test_a_next_that_does_nothing_at_all_is_not_the_end(small: Page, live: LivePage) -> None:
    with pytest.raises(SiteUnavailable, match="did not come"):
        await read(small, "<div><button>上一页</button> <button>下一页</button></div>", live=live)


async def test_a_next_that_is_switched_off_on_the_last_page_is_the_end(small: Page, live: LivePage) -> None:
    pager = "<div><button id=next onclick='turn(1)'>下一页</button></div>"
    off = "document.getElementById('next').disabled = page > 1;"
    assert await read(small, pager, after=off, live=live) == NUMBERS


@pytest.mark.parametrize(
    "pager",
    [
        "第 1/2 页 <span>上一页</span> <span>下一页</span>",
        "<span>共 2 页</span>",
        "<span>上一页</span> 1/2 <span>下一页</span>",
        f"<a {BACK}>1</a> <a {ON}>2</a>",
        f"<a {ON}>下一页（还有 3 条）</a>",
    ],
)
async def test_a_pager_that_is_not_understood_is_a_changed_page(small: Page, live: LivePage, pager: str) -> None:
    with pytest.raises(PageChanged):
        await read(small, f"<div>{pager}</div>", live=live)


@pytest.mark.parametrize(
    "pager",
    [
        "共 4 条 <span>上一页</span> <b>1</b> <span>下一页</span>",
        "第 1/1 页",
        "<p>待办 <a href='#'>1</a> <a href='#'>5</a></p>",
        "<div><a href='#'>‹</a> 1/3 <a href='#'>›</a></div>",
        "<a class='next disabled' aria-disabled=true>下一页</a><a style='display:none' href='#'>下一页</a>",
    ],
)
async def test_a_list_of_one_page_ends_there(small: Page, live: LivePage, pager: str) -> None:
    assert await read(small, f"<div>{pager}</div>", live=live) == NUMBERS[:SIZE]


MANY = [f"33910000000000{i:04d}" for i in range(1, 13)]
STATIC = (
    "<!doctype html><meta charset=utf-8><style>td,th{padding:4px 12px;text-align:left}a{padding:4px 9px}</style>%s"
    "<table><thead><tr><th>平台<th>订单编号<th>订购日期<th>状态</thead><tbody></tbody></table><div id=pager></div>%s"
    "<script>const all = %s; let page = %d; const last = all.length; const go = p => { page = p; draw(); };"
    "const link = (p, said) => p === page ? `<b class=on>${said}</b>` : `<a href='#' onclick='go(${p}); return false'>${said}</a>`;"
    "const draw = () => { document.querySelector('tbody').innerHTML ="
    "`<tr><td>淘宝<td>${all[page - 1]}<td>2026-01-05<td>报备中`; pager.innerHTML = drawn(); };"
    "const drawn = () => %s; draw();</script>"
)
BLOCK = (
    "(() => { const from = page - (page - 1) %% 5; let said = ''; for (let p = from; p < from + 5 && p <= last; p++)"
    " said += link(p, p); return said + (from + 5 <= last ? link(from + 5, '%s') : ''); })()"
)
CHOICE = (
    "'<select onchange=\"go(+this.value)\">' + all.map((_, i) => `<option value=${i + 1} ${i + 1 === page ? 'selected' : ''}>"
    "第${i + 1}页`).join('') + '</select>'"
)


# 1/12 between two icons.
_ICON = "<svg width=12 height=12><path d='M2 2l6 4-6 4'/></svg>"
ICONS = (
    f"`<button onclick='go(Math.max(1, page - 1))'>{_ICON}</button> <span>${{page}}/${{last}}</span>"
    f" <button ${{page === last ? 'disabled' : ''}} onclick='go(page + 1)'>{_ICON}</button>`"
)


async def leafed(live: LivePage, pager: str, *, at: int = 1, above: str = "", below: str = "") -> list[str]:
    """What is read of a list with one row a page that `pager` turns."""
    await live.raw.set_content(STATIC % (above, below, json.dumps(MANY), at, pager))
    found: list[Filing] = await read_all(
        OpenedList(live, FILINGS, "site", 0), RowReading(FILING_NEEDS, filing_of, lambda f: f.order_no, unique=False)
    )
    return [f.order_no for f in found]


@pytest.mark.parametrize(
    "pager",
    [
        *(BLOCK % text for text in (">", "下5页", "...", "»")),
        CHOICE,
        "page < last ? link(page + 1, '下一页') : ''",
        ICONS,
        "(page > 1 ? link(page - 1, '<') : '') + (page < last ? link(page + 1, '>') : '')",
    ],
)
async def test_no_page_is_skipped(live: LivePage, pager: str) -> None:
    assert await leafed(live, pager) == MANY


async def test_a_list_that_opens_on_a_later_page_is_read_from_its_first(live: LivePage) -> None:
    assert await leafed(live, "[1,2,3,4,5,6,7,8,9,10,11,12].map(p => link(p, p)).join('')", at=3) == MANY


async def test_the_last_number_of_a_pager_that_ends_nowhere_is_not_the_end(live: LivePage) -> None:
    with pytest.raises(PageChanged, match="offers page 12"):
        await leafed(live, "[1,2,3].map(p => link(p, p)).join('') + '<i>…</i>' + link(12, 12)")


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("<div>公告 <a href='/notices'>查看更多</a></div>", ""),
        ("", "<div>公告 <a href='/notices'>查看更多</a></div>"),
        ("", "<h4>公告</h4><p><a href='/notices'>查看更多</a></p>"),
        ("<div><button onclick=\"location='/notices'\">&gt;</button> 活动</div>", ""),
        ("", "<div><button onclick=\"location='/notices'\">&gt;</button> 新品推荐</div>"),
        ("<div class=calendar>2026年11月 <a href='/notices'>下一页</a></div>", ""),
        ("<p>您有共 50 条未读消息</p>", ""),
        ("", "<table><tr><th>日志</th></tr><tr><td>无</td></tr></table><a href='/log'>下一页</a>"),
    ],
)
async def test_what_turns_something_else_is_left_alone(live: LivePage, above: str, below: str) -> None:
    await leafed(live, "''", above=above, below=below)
    assert live.raw.url == "about:blank"
