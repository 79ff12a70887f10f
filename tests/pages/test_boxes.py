"""Boxes that are no inputs, and inputs that count only once they were typed in or left."""

from datetime import date

import pytest

from agent.pages.actions.fill import choose, fill, need_field, set_date, shown, shown_date
from agent.pages.live.page import LivePage

# ruff: noqa: E501 - pages read better in long lines
CALENDAR = """<script>
let year = 2026, month = 11;
function draw(panel, put) { panel.innerHTML = `<div style='display:flex;justify-content:space-between'><button type=button class=back>‹</button><span>${year}年${month}月</span><button type=button class=on>›</button></div><table>` +
  `<tr>${[...'一二三四五六日'].map(d => `<th>${d}</th>`).join('')}</tr>` + weeks().map(w => `<tr>${w.map(d => `<td style='width:30px;height:26px;cursor:pointer'>${d}</td>`).join('')}</tr>`).join('') + '</table>';
  panel.querySelector('.back').onclick = e => { e.stopPropagation(); if (--month < 1) { month = 12; year--; } draw(panel, put); };
  panel.querySelector('.on').onclick = e => { e.stopPropagation(); if (++month > 12) { month = 1; year++; } draw(panel, put); };
  panel.querySelectorAll('td').forEach(td => td.onclick = () => { if (td.textContent) { put(`${year}-${String(month).padStart(2, 0)}-${td.textContent.padStart(2, 0)}`); panel.remove(); } }); }
function weeks() { const first = (new Date(year, month - 1, 1).getDay() + 6) % 7, days = new Date(year, month, 0).getDate();
  const all = [...Array(first).fill(''), ...Array.from({length: days}, (_, i) => String(i + 1))]; while (all.length % 7) all.push('');
  return Array.from({length: all.length / 7}, (_, i) => all.slice(i * 7, i * 7 + 7)); }
function openAt(el, put) { if (document.getElementById('panel')) return; const p = document.createElement('div'); p.id = 'panel';
  p.style = 'position:absolute;background:#fff;border:1px solid;padding:8px;width:230px'; document.body.append(p); draw(p, put); }
</script>"""
TRIGGER = "style='display:inline-block;width:200px;height:30px;border:1px solid;cursor:pointer'"
DATES = {
    "a drawn box with its hint (Zent)": f'<div><label>订购日期</label> <div class=zent-datepicker-trigger {TRIGGER} onclick="openAt(this, v => {{ s.textContent = v; s.className = String(); }})"><span id=s class=zent-datepicker-picker-input-empty>请选择日期</span><svg width=12 height=12></svg></div></div>',
    "a drawn box beside a label": f'<p><span>订购日期：</span><span id=s {TRIGGER} onclick="openAt(this, v => s.textContent = v)">请选择日期</span></p>',
    "a drawn box without a pointer": "<p><span>订购日期</span> <span id=s role=combobox style='display:inline-block;width:200px;height:30px;border:1px solid' onclick=\"openAt(this, v => s.textContent = v)\">请选择日期</span></p>",
    "a hint alone": f'<div id=s {TRIGGER} onclick="openAt(this, v => s.textContent = v)">请选择订购日期</div>',
    "a box that cannot be typed into": '<p><label for=d>订购日期</label> <input id=d readonly placeholder=请选择日期 onclick="openAt(this, v => d.value = v)"></p>',
}


@pytest.mark.parametrize("name", DATES)
async def test_a_date_is_put_into_a_drawn_box(live: LivePage, name: str) -> None:
    await live.raw.set_content(f"<!doctype html><meta charset=utf-8><body style='margin:20px'>{CALENDAR}{DATES[name]}")
    field = need_field(await live.settled(), "ordered_on")
    await set_date(live, field, date(2026, 6, 18))
    assert shown_date(await live.settled(), field) == date(2026, 6, 18)


# `model` is what each of them would send.
COUNTS = {
    "when it is left": '<input onblur="model = this.value">',
    "by keys alone": '<input onkeyup="model = this.value">',
    "by what is put in": '<input oninput="model = this.value">',
    "when it has changed": '<input onchange="model = this.value">',
    "in text that is edited": "<div contenteditable style='width:200px;height:24px;border:1px solid' oninput=\"model = this.textContent\"></div>",
    "in fours": "<input oninput=\"this.value = this.value.replace(/\\D/g, '').replace(/(.{4})(?=.)/g, '$1 '); model = this.value.replace(/ /g, '')\">",
}


@pytest.mark.parametrize("name", COUNTS)
async def test_what_was_filled_in_counts(live: LivePage, name: str) -> None:
    await live.raw.set_content(
        f"<!doctype html><meta charset=utf-8><script>let model = ''</script><p><span>订单编号</span> {COUNTS[name]}</p>"
    )
    field = need_field(await live.settled(), "order_no")
    await fill(live, field, "3391899276382420635")
    assert await live.raw.evaluate("model") == "3391899276382420635"
    assert "".join(shown(await live.settled(), field).split()) == "3391899276382420635"


async def test_a_hint_of_what_was_typed_has_to_be_chosen(live: LivePage) -> None:
    page = (
        "<script>let model = ''</script><p><label for=s>店铺名称</label> <input id=s role=combobox autocomplete=off oninput=\"l.hidden = false\""
        " onblur=\"setTimeout(() => { if (!model) this.value = ''; }, 50)\"></p><ul id=l hidden style='position:absolute;background:#fff'>"
        "<li style='cursor:pointer' onmousedown=\"model = s.value = this.textContent; l.hidden = true\">锦绣家居旗舰店</li>"
        "<li style='cursor:pointer' onmousedown=\"model = s.value = this.textContent; l.hidden = true\">锦绣家居京东店</li></ul>"
    )
    await live.raw.set_content(f"<!doctype html><meta charset=utf-8>{page}")
    field = need_field(await live.settled(), "shop")
    await choose(live, field, "锦绣家居旗舰店")
    assert await live.raw.evaluate("model") == "锦绣家居旗舰店"
