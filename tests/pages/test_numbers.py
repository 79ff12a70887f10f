"""Order numbers as pages draw them: read whole, or not at all; never a part of one."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from playwright.async_api import Page

from agent.domain.page_errors import PageChanged
from agent.pages.box import Box
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import find_list
from agent.pages.inference.number_shapes import are_rounded, check_shapes, odd_ones
from agent.pages.inference.order_numbers import whole_number
from agent.pages.inference.parsed_list import Cell, Row
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node, Snapshot

NUMBER = "3391800120240601117"
PLACE = Box(0, 0, 100, 20)
numbers = st.from_regex(r"[1-9][0-9]{11,18}", fullmatch=True) | st.from_regex(r"E20[0-9]{12}", fullmatch=True)


def row_saying(text: str, **attrs: str) -> Row:
    raw = {
        "id": 1,
        "parent": -1,
        "tag": "td",
        "box": [0, 0, 100, 20],
        "text": text,
        "shown": True,
        "attrs": attrs,
        "size": 14,
    }
    page = {
        "address": "x",
        "title": "",
        "ready": "complete",
        "width": 9,
        "height": 9,
        "scrollTop": 0,
        "scrollHeight": 9,
        "clientHeight": 9,
    }
    node: Node = Snapshot.load({**page, "nodes": [raw]}).nodes[0]
    return Row(node, {"order_no": Cell([node])}, [node], PLACE)


def read(text: str) -> str | None:
    return whole_number(row_saying(text))


anything = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="0123456789０１２３４５６７８９-－"), max_size=3
)


@given(numbers, st.lists(st.tuples(st.integers(0, 18), anything), min_size=1, max_size=4))
@example(NUMBER, [(7, "\u200b")])
@example(NUMBER, [(7, " -")])
@example(NUMBER, [(7, "*")])
@example(NUMBER, [(18, "\u0338")])
@example("E20191219195731", [(1, " ")])
def test_a_number_with_anything_inside_is_read_whole_or_not_at_all(number: str, put: list[tuple[int, str]]) -> None:
    words = number
    for at, text in sorted(put, key=lambda p: -p[0]):
        words = words[:at] + text + words[at:]
    # Words end a number for people, too: then two things stand there.
    assume(not any(re.search(r"[^\W\d_]", text) for _, text in put))
    assert read(words) in (number, None)


@given(
    numbers,
    st.lists(
        st.tuples(
            st.integers(0, 19),
            st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u2066\ufe0f\u3164\u115f\u180e\U000e0031"),
        )
    ),
)
def test_what_is_invisible_inside_a_number_is_nothing(number: str, put: list[tuple[int, str]]) -> None:
    text = number
    for at, character in sorted(put, reverse=True):
        text = text[:at] + character + text[at:]
    assert read(text) == number


@pytest.mark.parametrize("blank", ["\u00a0", "\u2009", "\u202f"])
@pytest.mark.parametrize("size", [3, 4, 5])
def test_groups_of_digits_with_a_narrow_blank_between_are_one_number(blank: str, size: int) -> None:
    assert read(blank.join(NUMBER[i : i + size] for i in range(0, len(NUMBER), size))) == NUMBER


@pytest.mark.parametrize(
    "text",
    ["33918001\u00a020240601117", "33918001202406 3", "33918001,20240601117", "33918001·20240601117", "33918001/2",
     "3391800٣20240601117", "339180012024060111\U0001d7d5", "33918001202406Ｏ117", "\u202e7111060420210081933"],
)  # fmt: skip
def test_what_may_be_a_part_of_a_number_is_no_number(text: str) -> None:
    assert read(text) is None


def test_pieces_are_a_number_where_an_attribute_holds_all_of_it() -> None:
    assert whole_number(row_saying("3391800120 240601117", title=NUMBER)) == NUMBER
    assert whole_number(row_saying("3391800120 240601117", title="3391800120240601118")) is None


SAME = [f"33918001202406011{n}" for n in range(10, 15)]


def test_a_number_of_another_length_than_all_others_is_odd() -> None:
    assert odd_ones(SAME) == []
    assert odd_ones([*SAME, "339180012024"]) == ["339180012024"]
    assert odd_ones([SAME[0], SAME[0][:-3]]) == [SAME[0][:-3]]
    assert odd_ones([*SAME, "777180012024", "77718001202"]) == ["77718001202"]
    assert odd_ones(["20240601-123456789012345", *SAME[:2]]) == ["20240601-123456789012345"]


def test_an_odd_number_is_believed_where_an_attribute_or_the_data_holds_it() -> None:
    rows = [row_saying(n) for n in SAME]
    odd = row_saying("339180012024")
    with pytest.raises(PageChanged, match="339180012024"):
        check_shapes("x", [*rows, odd], [])
    check_shapes("x", [*rows, odd], [{"list": [{"no": "339180012024"}, {"no": SAME[0]}]}])
    odd.hints = frozenset({"339180012024"})
    check_shapes("x", [*rows, odd], [])


def test_a_number_of_an_older_generation_is_no_part_of_one() -> None:
    assert odd_ones(["3391800120240601117", "3391800120240602225", "267010499838155191"]) == []
    assert odd_ones(["3391800120240601117", "3391800120240602225", "26701049983815"]) == ["26701049983815"]


STYLE = "<!doctype html><meta charset=utf-8><style>td,th{padding:6px 14px;text-align:left}i{font-style:normal}</style>"
HEAD = "<tr><th>订单编号<th>订购时间<th>服务名称<th>实付金额<th>订单状态"


async def drawn(page: Page, cell: str, style: str = "") -> str | None:
    row = f"<tr><td style='{style}'>{cell}<td>2026-01-05 10:00:00<td>打单王<td>62.80<td>待确认"
    await page.set_content(f"{STYLE}<table>{HEAD}{row}</table>")
    located = find_list(await LivePage(page).look(), ORDERS)
    assert located is not None
    return whole_number(located.parsed.rows[0])


def fours(piece: str, between: str = "") -> str:
    return between.join(piece.format(NUMBER[i : i + 4]) for i in range(0, len(NUMBER), 4))


@pytest.mark.parametrize(
    ("cell", "style"),
    [
        (NUMBER[:10] + "<wbr>" + NUMBER[10:], ""),
        (fours("{}", "<wbr>"), "width:60px"),
        (fours("<span>{}</span>"), ""),
        (fours("<span>{}</span>"), "width:60px;word-break:break-all;display:block"),
        (fours("<span style='display:inline-block'>{}</span>"), "width:70px;display:block"),
        (fours("<span style='margin-right:4px'>{}</span>"), ""),
        (NUMBER[:4] + "<b>" + NUMBER[4:8] + "</b>" + NUMBER[8:], ""),
        ("单号：" + NUMBER[:4] + "<!-- -->" + NUMBER[4:], ""),
        (f"<a href='#'>{NUMBER[:9]}<i></i>{NUMBER[9:]}</a> <a href='#'>复制</a>", ""),
        (NUMBER, "width:60px;word-break:break-all;display:block"),
        (NUMBER[:9] + "\ufeff" + NUMBER[9:], ""),
        (NUMBER[:9] + "<span hidden>5</span>" + NUMBER[9:], ""),
        (f"<span title='{NUMBER}'>{NUMBER[:10]}<br>{NUMBER[10:]}</span>", ""),
    ],
)
async def test_a_number_in_pieces_that_touch_is_read_whole(small: Page, cell: str, style: str) -> None:
    assert await drawn(small, cell, style) == NUMBER


@pytest.mark.parametrize(
    "cell",
    [
        NUMBER[:10] + "<br>" + NUMBER[10:],
        f"<span>{NUMBER[:14]}</span> <span>{NUMBER[14:]}</span>",
        f"<span>{NUMBER[:14]}</span><span style='margin-left:12px'>{NUMBER[14:]}</span>",
        NUMBER[:14] + "<img width=8 height=12>" + NUMBER[14:],
        NUMBER[:14] + "<i style='display:inline-block;width:8px;height:9px'></i>" + NUMBER[14:],
        f"{NUMBER[:14]}<sup>1</sup>",
        f"{NUMBER[:14]}<span style='display:inline-block;padding:0 6px'>3</span>",
        f"{NUMBER[:14]}<div>{NUMBER[14:]}</div>",
        f"<div style='position:relative'>{NUMBER}<b style='position:absolute;left:16px;background:#fff'>7</b></div>",
    ],
)
async def test_pieces_that_do_not_touch_are_no_number(small: Page, cell: str) -> None:
    assert await drawn(small, cell) is None


async def test_a_digit_that_a_style_adds_is_noticed(small: Page) -> None:
    await small.set_content(
        f"{STYLE}<style>.n::after{{content:'7'}}</style><p class=n>{NUMBER[:-1]}</p><p>{NUMBER}</p>"
    )
    texts = (await LivePage(small).look()).parts[0].shot.texts
    assert [n.veiled for n in texts] == [True, False]


ROUNDED = ("3391800120260601300", "3391800120260602400", "3391800120260603400")


def test_numbers_that_a_browser_has_rounded_are_noticed_together() -> None:
    assert are_rounded(ROUNDED)
    assert are_rounded([str(int(float(n))) for n in ROUNDED])
    assert not are_rounded([*ROUNDED, NUMBER])
    assert not are_rounded(ROUNDED[:1])
    rows = [row_saying(n) for n in ROUNDED]
    with pytest.raises(PageChanged, match="round"):
        check_shapes("x", rows, [])
    check_shapes("x", rows, [{"list": [{"no": n} for n in ROUNDED]}])


@given(st.lists(st.integers(10**18, 10**19 - 1), min_size=3, max_size=9, unique=True))
def test_whole_numbers_are_not_taken_for_rounded_ones(whole: list[int]) -> None:
    assume(any(int(float(n)) != n for n in whole))
    assert not are_rounded([str(n) for n in whole]) or all(str(n).endswith("00") for n in whole)
    assert are_rounded([str(int(float(n))) for n in whole])
