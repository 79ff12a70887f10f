"""新增报备 that puts a row of boxes into the list: the headings are the labels, and no other row is touched."""

# ruff: noqa: E501 - pages read better in long lines

from datetime import date
from decimal import Decimal

import pytest

from agent.domain.page_errors import PageChanged
from agent.flows.steps.filing_form import FilingForm, compare_entry, fill_entry
from agent.flows.steps.filing_place import find_add, open_form
from agent.pages.inference.list_kind import FILINGS
from agent.pages.inference.located_list import find_list
from agent.pages.live.page import LivePage

ENTRY = FilingForm("淘宝", "锦绣家居旗舰店", "3391899276382420635", date(2025, 1, 18), Decimal("1740.80"))
HEADS = ("平台", "店铺名称", "订单编号", "订购日期", "订购金额", "状态", "操作")
OLD = ("京东", "锦绣家居京东店", "281234567890123456", "2025-01-02", "99.00")
STYLE = """<!doctype html><meta charset=utf-8><style>td, th { padding: 4px 8px; text-align: left; width: 120px }
input { width: 110px } .line { display: flex } .line > div { width: 130px }</style>"""
SELECT = "<select><option>请选择<option>淘宝<option>京东</select>"
BOXES = (SELECT, "<input>", "<input>", "<input type=date>", "<input>")
SENDS = "onclick=\"this.id = 'sent'\""


def row(cells: tuple[str, ...], state: str, work: str) -> str:
    return "<tr>" + "".join(f"<td>{c}</td>" for c in (*cells, state, work)) + "</tr>"


def table(*rows: str) -> str:
    return f"<table><thead><tr>{''.join(f'<th>{h}</th>' for h in HEADS)}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def filled(values: tuple[str, ...]) -> tuple[str, ...]:
    kinds = ("text", "text", "text", "date", "text")
    return tuple(f"<input type={k} value='{v}'>" for k, v in zip(kinds, values, strict=True))


READ = row(OLD, "报备中", "--")
EDITED = row(filled(OLD), "报备中", "<a href=#>保存</a> <a href=#>删除</a>")
OTHER = row(
    filled(("天猫", "某店", "339000000000000011", "2025-01-03", "5.00")),
    "报备中",
    "<a href=#>保存</a> <a href=#>删除</a>",
)
NEW = row(BOXES, "未保存", f"<a href='#' {SENDS} class=own>保存</a> <a href=#>取消</a>")
ICONS = row(
    BOXES,
    "",
    f"<span role=button aria-label=check class=own style='cursor:pointer' {SENDS}>✓</span> <span role=button aria-label=close>✕</span>",
)


def opens(new: str, where: str = "prepend") -> str:
    return f"<p><button onclick='const t = document.createElement(`template`); t.innerHTML = document.getElementById(`new`).innerHTML; document.querySelector(`tbody`).{where}(t.content)'>新增报备</button></p><template id=new>{new}</template>"


GRID = (
    "<div role=table><div role=row class=line>"
    + "".join(f"<div role=columnheader>{h}</div>" for h in HEADS)
    + "</div><div id=body></div></div>"
    "<p><button onclick='document.getElementById(`body`).innerHTML = document.getElementById(`new`).innerHTML'>新增报备</button></p>"
    "<template id=new><div role=row class=line>"
    + "".join(f"<div role=cell>{b}</div>" for b in (*BOXES, "", f"<button {SENDS} class=own>确定</button>"))
    + "</div></template>"
)
SHIFTED = (
    f"{table(EDITED)}<p><button onclick=\"const b = document.querySelector('tbody'), r = b.rows[0].cloneNode(true);"
    " b.append(r); [...b.rows[0].querySelectorAll('input')].forEach(i => i.value = '');"
    " b.rows[0].cells[6].innerHTML = `<a href='#' class=own onclick=this.id=&quot;sent&quot;>保存</a> <a href=#>取消</a>`\">新增报备</button></p>"
)
PAGES = {
    "on top": opens(NEW) + table(READ),
    "into an empty list": opens(NEW) + table("<tr><td colspan=7>暂无数据</td></tr>"),
    "at the bottom": opens(NEW, "append") + table(READ),
    "with ticks for buttons": opens(ICONS) + table(READ),
    "among rows of boxes": opens(NEW) + table(EDITED, OTHER),
    "below rows of boxes": opens(NEW, "append") + table(EDITED, OTHER),
    "there all the time": table(NEW, READ),
    "there all the time, its button below": table(row(BOXES, "", ""), READ)
    + f"<button {SENDS} class=own>添加</button>",
    "there all the time, among rows of boxes": table(EDITED, NEW.replace("保存", "添加")),
    "in a grid of no table": GRID,
}


def values(kind: str) -> str:
    return f"[...document.querySelectorAll('{kind}')].map(e => e.value).join('|')"


@pytest.mark.parametrize("name", PAGES)
async def test_the_new_row_alone_is_filled_in_and_saved(live: LivePage, name: str) -> None:
    await live.raw.set_content(STYLE + PAGES[name])
    snapshot = await live.settled()
    form = await open_form(live, snapshot)
    assert form is not None
    put = await fill_entry(live, ENTRY, form)
    after = await live.settled()
    compare_entry(after, ENTRY, put, form)
    held = await live.raw.evaluate(values("input"))
    for old in OLD if "rows of boxes" in name else ():
        assert old in held
    found = find_add(after, form)
    assert found is not None
    await live.click(*found)
    assert "own" in (await live.raw.evaluate("document.getElementById('sent').className"))


async def test_a_new_row_that_takes_over_the_place_of_an_old_one_is_known_by_its_empty_number(live: LivePage) -> None:
    await live.raw.set_content(STYLE + SHIFTED)
    form = await open_form(live, await live.settled())
    assert form is not None
    snapshot = await live.settled()
    found = find_add(snapshot, form)
    assert found is not None
    assert "own" in found[1].classes


async def test_rows_of_boxes_without_an_empty_one_are_no_form(live: LivePage) -> None:
    await live.raw.set_content(STYLE + table(EDITED, OTHER) + "<button>添加</button>")
    before = await live.raw.evaluate(values("input"))
    snapshot = await live.settled()
    form = await open_form(live, snapshot)
    with pytest.raises(PageChanged, match="平台"):
        await fill_entry(live, ENTRY, form)
    assert await live.raw.evaluate(values("input")) == before


async def test_rows_of_boxes_are_read_as_what_they_hold_and_the_new_one_is_no_record(live: LivePage) -> None:
    await live.raw.set_content(STYLE + table(NEW, EDITED, OTHER))
    located = find_list(await live.settled(), FILINGS)
    assert located is not None
    assert [r.text("order_no") for r in located.parsed.rows] == [OLD[2], "339000000000000011"]
    await live.raw.set_content(STYLE + table(NEW, READ))
    located = find_list(await live.settled(), FILINGS)
    assert located is not None
    assert [r.text("order_no") for r in located.parsed.rows] == [OLD[2]]
