"""Where a form stands, and what may be pressed to open it."""

import pytest

from agent.domain.page_errors import PageChanged
from agent.flows.steps.filing_place import (
    _stands_there,
    check_one_form,
    find_add,
    find_opener,
    form_apart,
    need_add,
    open_form,
)
from agent.pages import vocabulary
from agent.pages.actions.fill import Scope, find_field
from agent.pages.live.page import LivePage

FIELDS = ("平台", "店铺名称", "订单编号", "订购日期", "订购金额")
HEAD = "<tr><th>订单编号</th><th>订购日期</th><th>订购金额</th><th>状态</th><th>操作</th></tr>"
ROW = (
    "<tr><td>3391000000000000001</td><td>2026-06-01</td><td>12.00</td><td>报备中</td>"
    "<td><button>新增报备</button></td></tr>"
)
LIST, EMPTY = f"<table>{HEAD}{ROW}</table>", f"<table>{HEAD}</table><p>暂无数据</p>"
SEARCH = (
    "<div><label for=s>订单编号</label><input id=s><label for=t>店铺名称</label><input id=t><button>查询</button></div>"
)
OPENER = "<button id=it onclick=\"opened.style.display = ''; count = (self.count || 0) + 1\">新增报备</button>"


def drawer(foot: str = "<button>取消</button><button>确定</button>", fields: tuple[str, ...] = FIELDS) -> str:
    boxes = "".join(f"<p><label for=f{i}>{name}</label><input id=f{i}></p>" for i, name in enumerate(fields))
    place = "position:fixed;right:0;top:0;width:300px;background:#fff"
    return f"<aside id=opened style='{place};display:none'><h3>新增报备</h3><div>{boxes}</div>{foot}</aside>"


def inline(fields: tuple[str, ...] = FIELDS) -> str:
    return drawer("<button>添加</button>", fields).replace("display:none", "").replace("position:fixed;", "")


async def opener(live: LivePage, html: str) -> str | None:
    await live.raw.set_content(html)
    found = find_opener(await live.settled())
    return found[1].attrs.get("id", "") if found else None


async def opened(live: LivePage, html: str) -> Scope | None:
    await live.raw.set_content(html)
    return await open_form(live, await live.settled())


@pytest.mark.parametrize("word", ["新增报备", "新建报备", "新增平台报备"])
async def test_what_only_opens_a_form_is_pressed(live: LivePage, word: str) -> None:
    assert await opener(live, f"{SEARCH}<button id=it>{word}</button>{LIST}") == "it"


@pytest.mark.parametrize("word", ["添加", "新增", "新建", "提交", "添加报备", "去报备", "报备", "查询"])
async def test_what_may_do_something_else_is_not(live: LivePage, word: str) -> None:
    assert await opener(live, f"{SEARCH}<button>{word}</button>{LIST}") is None


async def test_a_button_goes_before_a_link_and_where_it_is_not_certain_which_none_is_pressed(live: LivePage) -> None:
    assert await opener(live, f"<a href=/x>新增报备</a><button id=it>新增报备</button>{LIST}") == "it"
    assert await opener(live, f"<button disabled>新增报备</button>{LIST}") is None
    assert await opener(live, f"<button>新增报备</button><button>新建报备</button>{LIST}") is None


@pytest.mark.parametrize("listed", [LIST, EMPTY], ids=["a list", "an empty one"])
async def test_the_form_that_opens_is_told_from_the_boxes_by_which_its_list_is_searched(
    live: LivePage, listed: str
) -> None:
    form = await opened(live, SEARCH + OPENER + listed + drawer())
    assert form is not None
    assert form.root.attrs["id"] == "opened"
    assert await live.raw.evaluate("count") == 1


@pytest.mark.parametrize("listed", [LIST, EMPTY], ids=["a list", "an empty one"])
async def test_a_form_that_lacks_a_box_takes_none_of_the_search(live: LivePage, listed: str) -> None:
    with pytest.raises(PageChanged, match="no whole form"):
        await opened(live, SEARCH + OPENER + listed + drawer(fields=("平台", *FIELDS[2:])))
    assert await live.raw.evaluate("count") == 1


@pytest.mark.parametrize(
    "foot",
    [
        "<button>取消</button><button id=send>确定</button>",
        "<a href=#>添加</a><footer><button>取消</button><button id=send>确定</button></footer>",
        "<button>确定</button><footer><button id=send>确定</button></footer>",
        "<button id=send>提交报备</button><button>确定</button>",
        "<button id=send>添加</button>",
    ],
)
async def test_what_sends_it_is_the_plainest_and_the_last(live: LivePage, foot: str) -> None:
    form = await opened(live, f"<button>确定</button>{SEARCH}{OPENER}{LIST}{drawer(foot)}<button>确定</button>")
    found = find_add(await live.settled(), form)
    assert found is not None
    assert found[1].attrs.get("id") == "send"


@pytest.mark.parametrize("fields", [FIELDS, FIELDS[:3]], ids=["whole", "its amount comes late"])
async def test_a_form_that_stands_there_is_filled_in_though_something_offers_to_open_one(
    live: LivePage, fields: tuple[str, ...]
) -> None:
    assert await opened(live, OPENER + inline(fields) + LIST) is None
    assert await live.raw.evaluate("self.count") is None


async def test_headings_that_can_be_pressed_are_no_form(live: LivePage) -> None:
    heading = "<th><div style='cursor:pointer;width:120px;height:30px'>订购金额</div></th>"
    await live.raw.set_content(SEARCH + OPENER + LIST.replace("<th>订购金额</th>", heading) + drawer())
    assert not _stands_there(await live.settled())


OTHER_FORM = "<form id=other><label for=o>订单编号</label><input id=o><button>提交</button></form>"


def form(fields: tuple[str, ...] = FIELDS) -> str:
    boxes = "".join(f"<p><label for=f{i}>{name}</label><input id=f{i}></p>" for i, name in enumerate(fields))
    return f"<form id=own>{boxes}<button>提交</button></form>"


async def test_a_number_in_a_form_of_its_own_is_not_that_of_the_filing(live: LivePage) -> None:
    await live.raw.set_content(f"{OTHER_FORM}{form()}{LIST}")
    snapshot = await live.settled()
    apart = form_apart(snapshot)
    assert apart is not None
    field = find_field(snapshot, vocabulary.FORM_LABELS["order_no"], apart)
    assert field is not None
    assert field.control.attrs.get("id") == "f2"


async def test_where_all_boxes_are_of_one_form_none_is_apart(live: LivePage) -> None:
    await live.raw.set_content(f"{form()}{LIST}")
    assert form_apart(await live.settled()) is None
    await live.raw.set_content(f"{SEARCH}{inline()}{LIST}")
    assert form_apart(await live.settled()) is None


async def test_boxes_of_two_forms_are_never_sent_together(live: LivePage) -> None:
    await live.raw.set_content(f"{OTHER_FORM}{form(('平台', '店铺名称', '订购日期', '订购金额'))}{LIST}")
    snapshot = await live.settled()
    assert form_apart(snapshot) is None
    found = {name: find_field(snapshot, vocabulary.FORM_LABELS[name]) for name in ("order_no", "amount")}
    filled = {name: field for name, field in found.items() if field is not None}
    assert len(filled) == 2
    with pytest.raises(PageChanged, match="different forms"):
        check_one_form(snapshot, filled, *need_add(snapshot, None))
