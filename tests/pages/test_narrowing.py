"""Lists that open on a part of themselves: all of it is read, or it is told what is missing."""

# ruff: noqa: E501, ISC004 - pages read better in long lines

import json

import pytest

from agent.domain.orders import Order
from agent.pages.actions.list_arrival import OpenedList
from agent.pages.actions.list_reader import RowReading, read_all
from agent.pages.inference.list_checks import ORDER_NEEDS
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.records import OrderRules, order_of
from agent.pages.inference.stated_total import Listed
from agent.pages.live.page import LivePage

ROWS = [
    ("339100000000001", "2026-11-18", "待确认"),
    ("339100000000002", "2026-11-12", "待确认"),
    ("339100000000003", "2026-08-05", "交易成功"),
    ("339100000000004", "2025-03-21", "已关闭"),
]
PAGE = """<!doctype html><meta charset=utf-8><style>td,th{padding:4px 12px;text-align:left}ul{display:flex;gap:20px;
list-style:none}a,.x{cursor:pointer}.menu{position:absolute;background:#fff;border:1px solid}</style>
<h2>服务订单</h2>%s<table><thead><tr><th>订单编号<th>订购时间<th>服务名称<th>实付金额<th>订单状态</tr></thead><tbody></tbody></table>
<p id=total></p>%s<script>const all = %s; const byId = id => document.getElementById(id);
const show = keep => { const rows = all.filter(keep); document.querySelector('tbody').innerHTML = rows.map(r =>
`<tr><td>${r[0]}<td>${r[1]} 10:00:00<td>快递助手<td>¥9.00<td>${r[2]}`).join('') || '<tr><td colspan=5>暂无数据';
byId('total').textContent = `共${rows.length}条`; };
const any = () => true, state = s => r => s === '全部' || r[2] === s, recent = r => r[1] > '2026-09', old = r => r[1] <= '2026-09',
year = y => r => r[1].startsWith(y);
const mark = el => { for (const e of el.parentNode.children) e.classList.remove('on'); el.classList.add('on'); };
%s</script>"""


async def read(live: LivePage, above: str, script: str, below: str = "") -> Listed[Order]:
    await live.raw.set_content(PAGE % (above, below, json.dumps(ROWS, ensure_ascii=False), script))
    rules = OrderRules([])
    return await read_all(
        OpenedList(live, ORDERS, "market", 0),
        RowReading(ORDER_NEEDS, lambda r, a: order_of(r, a, rules), lambda o: o.key),
    )


TAB = "onclick=\"mark(this); show(state('{0}'))\""
STATES = ("全部", "待确认", "交易成功", "已关闭")
BADGES = "".join(
    f"<li class='x tab{' on' if s == '待确认' else ''}' {TAB.format(s)}>{s}<sup>{i}</sup></li>"
    for i, s in enumerate(STATES)
)
NO_ALL = "".join(f"<li class='x{' on' if s == '待确认' else ''}' {TAB.format(s)}>{s}</li>" for s in STATES[1:])
HASHED = "".join(
    f"<a class='t_9f{' t_c2' if s == '待确认' else ''}' href='#{s}' onclick=\"show(state('{s}'));"
    f"for (const e of this.parentNode.children) e.className = 't_9f'; this.className = 't_9f t_c2'\">{s} (2)</a> "
    for s in STATES
)
RADIOS = "".join(
    f"<label><input type=radio name=r {'checked' if f == 'recent' else ''} onchange='show({f})'>{s}</label>"
    for s, f in (("近三个月", "recent"), ("全部", "any"))
)
DRAWN = (
    "<div class='x select' style='width:160px;height:30px;border:1px solid' onclick=\"byId('m').hidden = !byId('m').hidden\">"
    "<span id=v>近三个月</span></div><div id=m class=menu hidden>%s</div>"
)
ENTRY = "<div class=x onclick=\"byId('v').textContent = '{0}'; byId('m').hidden = true; show({1})\">{0}</div>"
FROM = "报备日期 <input id=f value=2026-09-01> 至 <input id=t value=2026-11-30> "
BY_DATE = "show(r => (!byId('f').value || r[1] >= byId('f').value) && (!byId('t').value || r[1] <= byId('t').value))"
YEARS = "".join(f"<option value={y}>{y}年" for y in range(2026, 2021, -1))

WHOLE = {
    "tabs with badges": (f"<ul>{BADGES}</ul>", "show(state('待确认'))"),
    "tabs without one for all": (f"<ul>{NO_ALL}</ul>", "show(state('待确认'))"),
    "tabs by address, marked by class names of a build": (f"<p>{HASHED}</p>", "show(state('待确认'))"),
    "radio buttons": (f"<div>{RADIOS}</div>", "show(recent)"),
    "a drawn list with all": (
        DRAWN % (ENTRY.format("近三个月", "recent") + ENTRY.format("全部", "any")),
        "show(recent)",
    ),
    "a drawn list of two spans": (
        DRAWN % (ENTRY.format("近三个月", "recent") + ENTRY.format("三个月前", "old")),
        "show(recent)",
    ),
    "a select of states": (
        "状态 <select id=s><option>全部<option selected>待确认<option>已关闭</select><button onclick=\"show(state(byId('s').value))\">"
        "查询</button>",
        "show(state('待确认'))",
    ),
    "a select of years": (f"<select onchange='show(year(this.value))'>{YEARS}</select>", "show(year('2026'))"),
    "dates that count at once": (FROM, f"f.oninput = t.oninput = () => {BY_DATE}; {BY_DATE}"),
    "dates and a search": (f'{FROM}<button onclick="{BY_DATE}">查 询</button>', BY_DATE),
    "dates and a reset": (
        f'{FROM}<button onclick="f.value = t.value = \'\'">重置</button><button onclick="{BY_DATE}">查询</button>',
        BY_DATE,
    ),
    "a tick": ("<label><input type=checkbox checked onchange='show(any)'>只看未完成</label>", "show(state('待确认'))"),
    "a chip": (
        "<div>已选条件：<span>待确认</span> <a onclick='this.parentNode.remove(); show(any)'>清空</a></div>",
        "show(state('待确认'))",
    ),
    "a word that was searched for": (
        "<input id=k value=00001 placeholder=订单编号> <button onclick=\"show(r => r[0].includes(byId('k').value))\">搜索</button>",
        "show(r => r[0].endsWith('1'))",
    ),
    "opposite words that are not known": (
        "<div>"
        "<span class='x on' onclick=\"mark(this); show(state('待确认'))\">待处理(2)</span> "
        "<span class=x onclick=\"mark(this); show(r => r[2] !== '待确认')\">已处理(2)</span></div>",
        "show(state('待确认'))",
    ),
    "a switch that only its class draws": (
        "<span>仅显示待确认</span> <span class='el-switch is-checked x' style='display:inline-block;width:40px;height:20px;background:#09f'"
        " onclick=\"show(this.classList.toggle('is-checked') ? state('待确认') : any)\"></span>",
        "show(state('待确认'))",
    ),
    "a box for older ones that is not ticked": (
        "<label><input type=checkbox onchange='show(this.checked ? any : recent)'>包含历史订单</label>",
        "show(recent)",
    ),
    "my own to do": (
        "<label><input type=checkbox checked onchange='show(any)'>我的待办</label>",
        "show(state('待确认'))",
    ),
    "a tag with its cross": (
        "<div style='border:1px solid'><span><span>待确认</span> <span class=x aria-label=close onclick='this.parentNode.remove();"
        " show(any)'>×</span></span></div>",
        "show(state('待确认'))",
    ),
    "transparent radios over the words": (
        "<div>"
        + "".join(
            f"<label style='position:relative'><input type=radio name=q style='position:absolute;inset:0;width:100%;opacity:0;margin:0'"
            f" {'checked' if f == 'recent' else ''} onchange='show({f})'><span>{s}</span></label> "
            for s, f in (("近7天", "recent"), ("近90天", "recent"), ("全部", "any"))
        )
        + "</div>",
        "show(recent)",
    ),
    "rows that are folded up": (
        "",
        "show(recent); document.querySelector('tbody').insertAdjacentHTML('beforeend',"
        " '<tr class=x onclick=\"show(any)\"><td colspan=5>▸ 更早（2笔）'); byId('total').textContent = ''",
    ),
    "a few at a time": (
        "",
        "let n = 2; const draw = () => { show(r => all.indexOf(r) < n); byId('total').textContent = '';"
        " byId('more').textContent = n < 4 ? `展开剩余 ${4 - n} 条` : ''; }; draw()",
        "<p id=more class=x onclick='n += 2; draw()'></p>",
    ),
    "links to spans": (
        "<p><a class=on onclick='mark(this); show(recent)'>近三个月订单</a> <a onclick='mark(this); show(old)'>三个月前订单</a></p>",
        "show(recent)",
    ),
}


@pytest.mark.parametrize("name", WHOLE)
async def test_all_of_it_is_read(live: LivePage, name: str) -> None:
    found = await read(live, *WHOLE[name])
    assert {o.order_no for o in found} == {number for number, _, _ in ROWS}
    assert not found.missing


PART = {
    "a search that does nothing": (f"{FROM}<button>查询</button>", "show(recent)", ""),
    "a select that does nothing": (
        "状态 <select><option>全部<option selected>待确认</select><button>查询</button>",
        "show(state('待确认'))",
        "",
    ),
    "spans without one for all": (
        "<p><a class=on onclick='mark(this); show(recent)'>近30天</a> <a onclick='mark(this); show(year(2026))'>近一年</a></p>",
        "show(recent)",
        "",
    ),
    "a limit of rows": ("", "show(recent)", "<p>仅显示最近2条订单</p>"),
    "a limit of time": ("", "show(recent)", "<p>系统仅展示近三个月的订单</p>"),
    "a title": ("<h3>近三个月订单</h3>", "show(recent)", ""),
    "older ones that cannot be read": ("", "show(recent)", "<a href='javascript:void 0'>查看历史订单</a>"),
    "a funnel in a heading": (
        "",
        "document.querySelectorAll('th')[4].innerHTML += '<i class=\"filter-icon active\">▾</i>'; show(recent)",
        "",
    ),
    "words like states that may not be all": (
        "<div><span class='x on' onclick=\"mark(this); show(recent)\">使用中的服务</span> "
        '<span class=x onclick="mark(this); show(old)">已到期的服务</span></div>',
        "show(recent)",
        "",
    ),
    "two dates in words": ("<p>订购时间：<span class=x>2026-09-01 ~ 2026-11-30</span></p>", "show(recent)", ""),
    "older ones at an address that is gone": ("", "show(recent)", "<p>请前往<a href='/old'>历史订单</a></p>"),
    "an empty list between dates": (f"{FROM}<button>查询</button>", "show(r => false)", ""),
}


@pytest.mark.parametrize("name", PART)
async def test_what_is_missing_is_told(live: LivePage, name: str) -> None:
    assert (await read(live, *PART[name])).missing


PLAIN = {
    "nothing": "",
    "sizes, sorts, fields, shops, languages": "<select><option>10条/页<option selected>20条/页</select>"
    "<select><option>时间降序<option selected>时间升序</select><select><option>订单编号<option>服务名称</select><input>"
    "店铺 <select><option>锦绣家居旗舰店<option>锦绣家居二店</select><select><option>简体中文<option>English</select>"
    "<button>搜索</button>",
    "all is chosen": "<p><a class=on>全部 4</a> <a>待确认 2</a></p><select><option>全部时间<option>近三个月</select>",
    "tabs that mark nothing": "<p><a href='#'>待付款</a> <a href='#'>待确认</a></p>",
    "shortcuts beside empty dates": "<p><a href='#'>近7天</a> <a href='#'>近30天</a></p><input type=date> 至 <input type=date>"
    "<button>查询</button>",
    "a filing's form": "<form>平台 <select><option>淘宝<option>京东</select> 订购日期 <input value=2026-11-01> <button>添加</button></form>",
    "pages of a menu": "<p><a class=on href='#'>已购服务</a> <a href='#'>已购应用</a> <a href='#'>发票管理</a></p>",
    "switches that are off": "<label><input type=checkbox>仅看待确认</label> <span>仅看未完成</span> <span class='x el-switch'>　</span>"
    "<label><input type=checkbox checked>自动刷新</label>",
    "steps": "<p><span>待付款</span> → <span>待确认</span> → <span>已完成</span></p>",
    "a limit that is not reached": "<p>最多展示1000条</p>",
}


@pytest.mark.parametrize("name", PLAIN)
async def test_what_does_not_narrow_it_is_left_alone(live: LivePage, name: str) -> None:
    await live.raw.evaluate("addEventListener('change', () => changed = 1, true)")
    found = await read(live, PLAIN[name], "show(any)")
    assert len(found) == len(ROWS)
    assert not found.missing
    assert await live.raw.evaluate("self.changed") is None
