"""The shape of a list's page (页面特征): what a reader goes by, small enough to be kept and compared look by look."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from agent.domain.accounts import SiteId
from agent.domain.text import Text

CHANGED_DAYS = 7  # so long a change is told
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class PageShape:
    """What a page calls its parts; nothing of an account. `pager`: how one comes to further rows, None if none."""

    headings: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    pager: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        named = {name: [*getattr(self, name)] for name in ("headings", "statuses", "buttons", "labels")}
        return {**named, "pager": self.pager}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Self:
        """The reverse."""
        named = {name: tuple(told.get(name, ())) for name in ("headings", "statuses", "buttons", "labels")}
        return cls(**named, pager=told.get("pager"))

    def with_seen(self, now: "PageShape") -> "PageShape":
        """What is known after another look: words of rows and a pager that do not show today are still known."""
        return PageShape(
            now.headings or self.headings,
            tuple(dict.fromkeys((*self.statuses, *now.statuses))),
            tuple(dict.fromkeys((*self.buttons, *now.buttons))),
            now.labels or self.labels,
            now.pager or self.pager,
        )


@dataclass(frozen=True, slots=True)
class PageChange:
    """What was different on a site's page at a moment (aware). `page` is orders or filings."""

    site_id: SiteId
    page: str
    at: datetime
    texts: Sequence[Text]

    @property
    def text(self) -> Text:
        """All of it in a sentence."""
        name = _PAGES.get(self.page, Text(self.page, self.page))
        en, zh = "; ".join(text.en for text in self.texts), "；".join(text.zh for text in self.texts)
        return Text(
            f"Page changed: {name.en} of {self.site_id}: {en}.", f"页面有变化：{self.site_id} 的{name.zh}：{zh}。"
        )


_PAGES = {
    "orders": Text("the order list", "订单列表"),
    "filings": Text("the list of filings", "报备列表"),
    "applications": Text("the list of applications", "返款申请列表"),
}


def changes(known: PageShape, now: PageShape, familiar: Collection[str]) -> list[Text]:
    """What is different from what was known. Words of rows that are `familiar` to every reader are no news, and what a
    page does not show today is none: which orders there are decides it.
    """
    told = [
        *_both_ways(known.headings, now.headings, Text("heading", "列名")),
        *_both_ways(known.labels, now.labels, Text("form label", "表单项")),
        *_new(known.statuses, now.statuses, familiar, Text("status", "状态")),
        *_new(known.buttons, now.buttons, familiar, Text("button", "按钮")),
    ]
    if known.pager and now.pager and known.pager != now.pager:
        told.append(Text(f"paging: {known.pager} → {now.pager}", f"翻页方式：{known.pager} → {now.pager}"))
    return told


def _both_ways(known: Sequence[str], now: Sequence[str], what: Text) -> list[Text]:
    if not known or not now:
        return []
    gone, new = [w for w in known if w not in now], [w for w in now if w not in known]
    told = [Text(f"{what.en} gone: {_said(gone)}", f"{what.zh}消失：{_said(gone)}")] if gone else []
    return told + ([Text(f"new {what.en}: {_said(new)}", f"新{what.zh}：{_said(new)}")] if new else [])


def _new(known: Sequence[str], now: Sequence[str], familiar: Collection[str], what: Text) -> list[Text]:
    new = [word for word in now if word not in known and word not in familiar]
    return [Text(f"new {what.en}: {_said(new)}", f"新{what.zh}：{_said(new)}")] if new else []


def _said(words: Sequence[str]) -> str:
    return "、".join(words[:_SHOWN])
