"""Copies of a list that kits draw for pinned columns: paired with its rows by proof, or with none."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import Page

from agent.domain.page_errors import PageChanged
from agent.pages.inference.copies import pair
from agent.pages.inference.list_checks import no_loose_words
from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.located_list import LocatedList, find_list
from agent.pages.inference.order_numbers import whole_number
from agent.pages.inference.row_proof import proves_own
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Snapshot

Raw = dict[str, object]
PAGE = {
    "address": "x",
    "title": "",
    "ready": "complete",
    "width": 999,
    "height": 999,
    "scrollTop": 0,
    "scrollHeight": 9,
    "clientHeight": 9,
}
HIGH = 40


@dataclass
class Drawing:
    """Two tables as a snapshot: the list and a copy of it, each row with its order in the words of its only cell."""

    nodes: list[Raw] = field(default_factory=list)

    def add(self, tag: str, parent: int, top: float, text: str = "", **more: object) -> int:
        box = [0, top, 100, HIGH]
        self.nodes.append(
            {
                "id": len(self.nodes),
                "parent": parent,
                "tag": tag,
                "box": box,
                "text": text,
                "shown": True,
                "attrs": {},
                "size": 14,
            }
            | more
        )
        return len(self.nodes) - 1

    def table(self, orders: list[int], shift: float, keyed: bool, told: bool) -> list[int]:
        table = self.add("table", 0, shift)
        rows = []
        for at, order in enumerate(orders):
            attrs = {"data-row-key": f"k{order}"} if keyed else {}
            twin = f"t{order}" if told else f"t{order}-{table}"
            rows.append(self.add("tr", table, shift + at * HIGH, attrs=attrs, twin=twin))
            self.add("td", rows[-1], shift + at * HIGH, text=str(order))
        return rows


orders = st.lists(st.integers(0, 9), min_size=1, max_size=6, unique=True)


@given(orders, st.data())
def test_a_piece_is_never_joined_to_another_order(listed: list[int], data: st.DataObject) -> None:
    others = data.draw(st.just(listed) | st.permutations(listed) | orders)
    keyed, told = data.draw(st.tuples(st.booleans(), st.booleans()))
    shift = data.draw(st.sampled_from([0, 2, HIGH / 2, HIGH, -HIGH, 7]))
    drawing = Drawing()
    drawing.add("div", -1, 0)
    own, theirs = drawing.table(listed, 0, keyed, told), drawing.table(others, shift, keyed, told)
    shot = Snapshot.load({**PAGE, "nodes": drawing.nodes})
    strays = [n for n in shot.texts if any(shot.holds(shot.nodes[r], n) for r in theirs)]
    pairing = pair(shot, [shot.nodes[r] for r in own], strays, [])
    # Of one row the only drawing beside it can be no other's.
    if keyed or len(listed) > 1:
        for root, order in zip(own, listed, strict=True):
            texts = [shot.words(p) for p in pairing.pieces[root]]
            assert texts in ([], [str(order)])
    if (keyed and set(others) != set(listed)) or (not keyed and not told and abs(shift) > 3):
        assert not any(pairing.pieces.values())


STYLE = (
    "<!doctype html><meta charset=utf-8><style>body{margin:0;font:14px/20px sans-serif}"
    "td,th{padding:0 8px;text-align:left;height:40px}table{border-collapse:collapse}"
    ".w{position:relative;width:780px}.m{width:780px}"
    ".f{position:absolute;right:0;top:0;width:100px;background:#fff}</style>"
)
HEAD = "<th>订单编号<th>订购时间<th>服务名称<th>实付金额<th>状态"
SERVICES = ("网店管家云端版", "快递打单王", "网店管家J系列", "超级会员管家")


def number(at: int) -> str:
    return f"33918001202406011{at}7"


def pinned(order: list[int], *, shift: int = 0, attr: str = "", hidden: bool = False, extra: str = "") -> str:
    """A list with its buttons in a copy that lies over its right edge."""

    def cells(at: int) -> str:
        return f"<td>{number(at)}<td>2024-06-18 21:39:35<td>{SERVICES[at]}<td>62.80<td>待确认"

    def row(at: int, inner: str, place: int) -> str:
        key = attr.format(at=at, place=place)
        return f"<tr {key}>{inner}"

    away = "<td style='visibility:hidden;display:none'>"
    main = "".join(row(at, cells(at) + "<td>", at) for at in range(4))
    hides = [cells(at).replace("<td>", away) if hidden else "" for at in range(4)]
    full = "".join(row(at, cells(at) + "<td><button>确认</button>", at) for at in range(4))
    copy = "".join(row(at, hides[at] + f"<td><button id=b{at}>确认</button>", place) for place, at in enumerate(order))
    lead = f"<table class=f style='top:{-shift}px'><thead><tr><th>操作</thead><tbody>{copy}{extra}</table>"
    body = full if hidden else main
    table = f"<table class=m><thead><tr>{HEAD}<th>操作</thead><tbody>{body}</table>"
    return f"{STYLE}<div style='height:60px'></div><div class=w>{table}{lead}</div>"


async def sheet_of(page: Page, html: str) -> LocatedList:
    await page.set_content(html)
    located = find_list(await LivePage(page).look(), ORDERS)
    assert located is not None
    return located


def buttons(located: LocatedList) -> list[str | None]:
    """The number of the row in which each button of the copy stands, in the order of the buttons' ids."""
    owner = {n.attrs.get("id"): whole_number(r) for r in located.parsed.rows for n in r.nodes if n.text == "确认"}
    return [owner.get(f"b{at}") for at in range(4)]


@pytest.mark.parametrize(
    "html",
    [
        pinned([0, 1, 2, 3], attr="data-index={at}"),
        pinned([0, 1, 2, 3], shift=40, attr="data-row-key=k{at}"),
        pinned([0, 1, 2, 3], shift=20, attr="rowid=row_{at}"),
        pinned([2, 0, 3, 1], shift=0, attr="rowkey=33918992763824206{at}"),
        pinned([0, 1, 2, 3], shift=-40, attr="lay-data-index={at}"),
        pinned([3, 1, 0, 2], attr="data-id={at}"),
        pinned([0, 1, 2, 3], shift=40, hidden=True),
    ],
)
async def test_a_copy_that_is_proven_is_joined_to_its_rows(small: Page, html: str) -> None:
    located = await sheet_of(small, html)
    assert buttons(located) == [number(at) for at in range(4)]
    no_loose_words(located.parsed, "x")
    for row in located.parsed.rows:
        own = next(n for n in row.nodes if n.attrs.get("id", "").startswith("b"))
        assert proves_own(located.part.shot, located.parsed.rows, row, own)
        assert not any(
            proves_own(located.part.shot, located.parsed.rows, r, own) for r in located.parsed.rows if r is not row
        )


@pytest.mark.parametrize(
    "html",
    [
        pinned([0, 1, 2, 3]),
        pinned([1, 2, 3, 0]),
        pinned([0, 1, 2, 3], shift=40),
        pinned([0, 1, 2, 3], shift=20),
        pinned([0, 1, 2, 3], shift=-40),
        pinned([0, 1, 2]),
        pinned([1, 2, 3]),
        pinned([0, 1, 2, 3], extra="<tr><td><button>确认</button>"),
        pinned([0, 1, 2], attr="data-index={place}"),
        pinned([0, 1, 2, 3], shift=40, attr="data-row-key=same"),
    ],
)
async def test_a_copy_that_is_not_proven_stops_the_run(small: Page, html: str) -> None:
    located = await sheet_of(small, html)
    assert all(found in (None, number(at)) for at, found in enumerate(buttons(located)))
    with pytest.raises(PageChanged, match="beside the rows"):
        no_loose_words(located.parsed, "x")
