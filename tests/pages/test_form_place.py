"""Where a form stands, and what may be pressed to open it."""

import pytest

from agent.flows.file import _find_add, _form, _opener
from agent.flows.form import label_of
from agent.pages.window import Window

FIELDS = ("平台", "店铺名称", "订单编号", "订购日期", "订购金额")
LIST = (
    "<table><tr><th>订单编号</th><th>订购日期</th><th>订购金额</th><th>状态</th><th>操作</th></tr>"
    "<tr><td>3391000000000000001</td><td>2026-06-01</td><td>12.00</td><td>报备中</td>"
    "<td><button>新增报备</button></td></tr></table>"
)
SEARCH = "<div><label for=s>订单编号</label><input id=s><button>查询</button></div>"


def form(send: str, *fields: str) -> str:
    boxes = "".join(f"<p><label for=f{i}>{name}</label><input id=f{i}></p>" for i, name in enumerate(fields or FIELDS))
    return f"<form>{boxes}<button type=button>{send}</button></form>"


async def opener(window: Window, html: str) -> str | None:
    await window.page.set_content(html)
    found = _opener(await window.settled())
    return label_of(found[1]) if found else None


@pytest.mark.parametrize("word", ["新增报备", "新建报备", "我要报备", "新建"])
async def test_what_only_opens_a_form_is_pressed(window: Window, word: str) -> None:
    assert await opener(window, f"{SEARCH}<button>{word}</button>{LIST}") == word


@pytest.mark.parametrize("word", ["添加", "新增", "提交", "添加报备", "报备", "查询"])
async def test_what_may_send_a_form_is_not(window: Window, word: str) -> None:
    assert await opener(window, f"{SEARCH}<button>{word}</button>{LIST}") is None


async def test_a_button_goes_before_a_link_of_a_menu_and_one_that_is_off_is_none(window: Window) -> None:
    await window.page.set_content(f"<a href=/x>新增报备</a>{SEARCH}<button id=b>新增报备</button>{LIST}")
    found = _opener(await window.settled())
    assert found is not None
    assert found[1].tag == "button"
    assert await opener(window, f"{SEARCH}<button disabled>新增报备</button>{LIST}") is None


async def test_a_form_is_told_from_the_boxes_by_which_its_list_is_searched(window: Window) -> None:
    drawer = f"<aside style='position:fixed;right:0;top:0'><h3>新增报备</h3>{form('确定')}</aside>"
    await window.page.set_content(SEARCH + LIST + drawer)
    view = await window.settled()
    found = _form(view)
    assert found is not None
    send = _find_add(view, found)
    assert send is not None
    assert label_of(send[1]) == "确定"
    assert "查询" not in found.part.shot.words(found.root)


async def test_a_form_that_lacks_a_box_is_none(window: Window) -> None:
    await window.page.set_content(SEARCH + LIST + form("确定", *FIELDS[1:]))
    assert _form(await window.settled()) is None


async def test_a_form_that_cannot_be_told_from_the_list_is_none(window: Window) -> None:
    boxes = "".join(f"<label for=f{i}>{name}</label><input id=f{i}>" for i, name in enumerate(FIELDS))
    await window.page.set_content(f"<div>{boxes}{LIST}<button>确定</button></div>")
    assert _form(await window.settled()) is None
