"""Snapshots made by hand, for what is inferred from words and structure alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.pages.snapshot import Snapshot


@dataclass
class El:
    """One element: its tag, its own words, its children, and what else a snapshot says of it."""

    tag: str
    text: str = ""
    inside: Sequence["El"] = ()
    more: dict[str, Any] = field(default_factory=dict)


def button(text: str, **more: object) -> El:
    return El("button", text, more={"clickable": True, **more})


def link(text: str, href: str = "javascript:;", **more: object) -> El:
    return El("a", text, more={"clickable": True, "attrs": {"href": href}, **more})


def lines(*texts: str) -> list[El]:
    return [El("p", text) for text in texts]


def snapshot(*inside: El) -> Snapshot:
    """A page of these elements, each with words of its own in a line of its own."""
    nodes: list[dict[str, Any]] = []
    _add(nodes, El("body", inside=inside), -1)
    page = {"address": "http://a.test/", "title": "", "ready": "complete", "width": 2000, "height": 1800}
    scrolled = {"scrollTop": 0, "scrollHeight": 1800, "clientHeight": 1800}
    return Snapshot.load(page | scrolled | {"nodes": nodes})


def _add(nodes: list[dict[str, Any]], one: El, parent: int) -> None:
    at = len(nodes)
    box = [20, 30 * at, 14 * max(len(one.text), 1), 24]
    told = {"id": at + 1, "parent": parent, "tag": one.tag, "box": box, "text": one.text, "shown": True, "top": True}
    nodes.append({**told, "attrs": {}, "size": 14, **one.more})
    for child in one.inside:
        _add(nodes, child, at)
