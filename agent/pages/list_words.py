"""The words around a list: its pages, its total, more of it, nothing in it, not there yet (列表与翻页)."""

# ruff: noqa: E501 - lists of words read better in long lines

import re

from agent.domain.text import fold

NEXT = ("下一页", "下页", "后一页", "next", "nextpage", "gotonextpage", "下一页>", ">", "›", "→")
FAR_NEXT = ("»", ">>", "≫")  # next in some pagers, the last page in others
BACKWARDS = ("«", "<<", "≪", "‹", "<", "←")
PAGER = (
    "上一页", "上页", "前一页", "下一页", "下页", "后一页", "末页", "尾页", "最后一页", "prev", "previous", "previouspage", "next", "nextpage",
)  # fmt: skip
LOAD_MORE = re.compile(
    r"(?:点击|继续|下拉|上拉|点此)*(?:加载|查看|显示|展开|获取|浏览)?(?:更多|剩余|其余|余下|更早|下一批|后面)(?:的|全部)?(?:服务|历史|以前)?"
    r"(?:订单|记录|数据|内容|服务|历史)?(?:\(?(?:还有|剩余|剩)?\d+(?:条|个|笔|单|项)?(?:订单|记录|数据)?\)?)?(?:订单|记录|数据)?|loadmore|showmore",
    re.IGNORECASE,
)
END_OF_LIST = re.compile(r"没有更多|已经到底|到底了|已加载全部|已显示全部|全部加载完|nomore", re.IGNORECASE)
EMPTY = re.compile(
    r"^(暂无(数据|订单|记录|内容|报备|(订购|报备|返款|申请)记录|相关数据|相关订单|服务订单|更多数据)?|没有(数据|订单|记录|相关订单|找到.*|符合条件的.*)|"
    r"无数据|您?还没有.*(订单|记录|报备|订购).*|当前没有.*|空空如也|nodata|norows|norecords?|norowstoshow|noresults?)[。.!~]*$",
    re.IGNORECASE,
)
LOADING = re.compile(r"^(正在)?(加载中|载入中|loading|请稍候|请稍等|处理中|提交中)[.…·]*$", re.IGNORECASE)
TOTAL = re.compile(
    r"(?:共计?|总计|总共|合计|total:?|of)(?:有|为|：|:)?(?P<all>\d+)(?:(?:条|单|个|项|笔|行|份|件|记录|数据|订单|结果|items?|records?|rows?|orders?)(?!/页|每页(?!显示|\d))|$)|(?P<some>\d+)(?:条|笔)(?:记录|数据|订单)|/共?(?P<after>\d+)条|^(?P<from>\d{1,4})[-~–—至到](?P<to>\d{1,4})[条项]?/(?P<of>\d+)[条项]?$",
    re.IGNORECASE,
)
# A count of these is not one of rows.
OTHER_COUNT = re.compile(r"消息|通知|公告|未读|评论|评价|优惠|待办|提醒|积分|商品|已选|张")
_PAGES = re.compile(r"共(?:计|有)?(\d+)页|\d+/共?(\d+)页|页[次码]:?\d+/(\d+)|\bpage\d+(?:of|/)(\d+)", re.IGNORECASE)
_OPEN_PAGE = re.compile(r"(?<![到至])第(\d+)/?(?:\d+)?页|(\d+)/共?\d+页|页[次码]:?(\d+)/|\bpage(\d+)", re.IGNORECASE)
_FRACTION = re.compile(r"(\d{1,4})/(\d{1,4})")


_THOUSANDS, _CLAUSE_ENDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), re.compile(r"[,，;；。|]")


def total_in(text: str) -> int | None:
    """The count of rows in a sentence such as 共 37 条，每页 10 条 or 1-10 of 37; None if the text states none.

    Of 显示第 1 到第 10 条记录，总共 15 条记录 it is the 15. What counts something else (已选 2 条) is no total.
    """
    clauses = _CLAUSE_ENDS.split(_THOUSANDS.sub("", fold(text)))
    found = [m for c in clauses if not OTHER_COUNT.search(c) for m in TOTAL.finditer(c) if _is_in_order(m)]
    match = next((m for m in found if m["all"]), found[0] if found else None)
    return int(next(g for g in (match["all"], match["some"], match["after"], match["of"]) if g)) if match else None


def _is_in_order(match: re.Match[str]) -> bool:
    """True if 1-10/37 counts rows: a date has its numbers in another order."""
    return match["of"] is None or int(match["from"]) <= int(match["to"]) <= int(match["of"])


def bare_control(text: str) -> str:
    """What a pager's control says, folded, in small letters, without the brackets and arrows around it."""
    return fold(text).lower().strip("[]()«»‹›<>〈〉《》【】≪≫←→")


def loads_more(text: str) -> bool:
    """True for the words of a control that brings further rows: 加载更多, 展开剩余 4 条, 查看更早的订单 ▾."""
    return len(text) <= 20 and LOAD_MORE.fullmatch(bare_control(text).strip("▾▼∨⌄˅↓﹀")) is not None


def pages_in(text: str) -> tuple[int | None, int] | None:
    """The open page, if it is said, and the count of pages: 第 1/2 页, 共 4 页, 第 3 页 共 4 页; None without."""
    words = fold(text)
    count = _PAGES.search(words)
    if count is None:
        return None
    page = _OPEN_PAGE.search(words)
    return (int(next(g for g in page.groups() if g)) if page else None), int(next(g for g in count.groups() if g))


def fraction_of(text: str) -> tuple[int, int] | None:
    """The open page and the count of pages where that is all that is said: 1/2."""
    match = _FRACTION.fullmatch(fold(text))
    return (int(match[1]), int(match[2])) if match and 0 < int(match[1]) <= int(match[2]) else None
