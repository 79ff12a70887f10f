"""Pages that are made up as a snapshot would show them, without a browser."""

from dataclasses import dataclass, field
from typing import Any

from agent.pages.inference.list_kind import ORDERS
from agent.pages.inference.place import Place
from agent.pages.inference.tables import find_table
from agent.pages.snapshot import Snapshot

HEADS = ("订单编号", "订购时间", "服务名称", "实付金额", "订单状态")
_LETTER, _HEIGHT, _GAP = 14.0, 24.0, 16.0


@dataclass
class El:
    """One element. `line`: its children stand side by side."""

    tag: str
    text: str = ""
    children: "list[El]" = field(default_factory=list)
    line: bool = False
    attrs: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    width: float = 0.0


def table(states: list[str]) -> El:
    head = El("tr", children=[El("th", h, width=160) for h in HEADS], line=True)
    rows = [
        El(
            "tr",
            children=[
                El("td", text, width=160)
                for text in (f"33910000000000{i:04d}", "2026-11-18 10:00:00", "快递助手", "¥9.00", state)
            ],
            line=True,
        )
        for i, state in enumerate(states)
    ]
    return El("table", children=[head, *rows])


def place_of(*above: El, states: list[str], below: tuple[El, ...] = ()) -> Place:
    """The list under what stands above it."""
    body = El("body", children=[*above, table(states), *below])
    nodes: list[dict[str, Any]] = []
    draw(body, -1, 0.0, 0.0, nodes)
    shot = Snapshot.load(
        {
            "address": "http://market.test/",
            "title": "",
            "ready": "complete",
            "width": 1600,
            "height": 9000,
            "scrollTop": 0,
            "scrollHeight": 9000,
            "clientHeight": 9000,
            "nodes": nodes,
        }
    )
    return Place(shot, find_table(shot, ORDERS.vocabulary, ORDERS.telling))


def draw(element: El, parent: int, x: float, y: float, nodes: list[dict[str, Any]]) -> tuple[float, float]:
    """Adds an element with all inside it; gives its width and height."""
    index = len(nodes)
    own = len(element.text) * _LETTER
    clickable = element.tag in ("a", "button", "input", "select")
    raw: dict[str, Any] = {
        "id": index + 1,
        "parent": parent,
        "tag": element.tag,
        "text": element.text,
        "attrs": element.attrs,
        "shown": True,
        "top": True,
        "clickable": clickable,
        "size": 14,
        **element.more,
    }
    nodes.append(raw)
    width, height = own, _HEIGHT
    at_x, at_y = x + own, y
    for child in element.children:
        w, h = draw(child, index, at_x if element.line else x, at_y, nodes)
        if element.line:
            at_x, height = at_x + w + _GAP, max(height, h)
            width = at_x - x
        else:
            at_y, width = at_y + h, max(width, w)
            height = at_y - y
    width = element.width or max(width, 80.0 if element.tag in ("input", "select") else 1.0)
    raw["box"] = [x, y, width, height]
    if element.text:
        raw["textBox"] = [x, y, own, _HEIGHT]
    return width, height
