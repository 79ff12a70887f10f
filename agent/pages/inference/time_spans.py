"""What the words of a choice over a list mean: everything, one state of its rows, or one span of their time."""

import re
from collections.abc import Collection
from enum import StrEnum
from functools import lru_cache

from agent.domain.text import fold


class Meaning(StrEnum):
    """What a choice leaves of a list. `RECENT` ends today, `EARLIER` has no beginning, `PERIOD` has both."""

    ALL = "all"
    STATE = "state"
    RECENT = "recent"
    EARLIER = "earlier"
    PERIOD = "period"
    OTHER = "other"


SPANS = (Meaning.RECENT, Meaning.EARLIER, Meaning.PERIOD)
_COUNTED = re.compile(r"[(（\[【·:：|]*\d+\+?[条单个笔项]?[)）\]】]*$")
_ARROWS = "▾▼▿∨⌄˅↓▲△^"
_THINGS = r"(?:的)?(?:服务|订购|全部)?(?:订单|报备|记录|数据|申请|单据|返款|内容)?(?:记录|列表|单)?"
_ALL = re.compile(
    rf"^(?:(?:全部|所有)(?:状态|时间|时间段|日期|类型|平台|店铺|服务|应用|年份|月份|类别|分类|范围|{_THINGS})?"
    r"|不限(?:时间|状态|日期)?|(?:时间|状态|日期)?不限|全部时段|至今全部|alltime|all(?:orders?|status|states?|records?)?|any)$",
    re.IGNORECASE,
)
_HINT = re.compile(r"^(?:-+|—+|/|请?(?:先|点击)?选择.*|please.*|select.*|choose.*)?$", re.IGNORECASE)
_NUMBER = r"(?:\d+|[一二两三四五六七八九十半]+)"
_UNIT = r"(?:天|日|周|个?星期|个?月|个?季度?|年)"
_RECENT = re.compile(
    rf"^(?:(?:查?看|仅|只)?(?:最近|近|过去)(?P<n>{_NUMBER})?(?P<u>{_UNIT})(?:内|以内|之内)?|(?P<n2>{_NUMBER})(?P<u2>{_UNIT})"
    rf"(?:内|以内|之内)|(?P<now>今[天日]|本周|本月|本季度?|今年|本年度?|当[天日月年])(?:内)?)(?:新增)?{_THINGS}$"
)
_EARLIER = re.compile(
    rf"^(?:查?看)?(?:(?:{_NUMBER}{_UNIT}|20\d\d年?(?:\d+月)?)(?:以前|之前|前|及以前|及更早)|更早(?:以前|之前)?|历史|以往|往期|已?归档|早期"
    rf"|更早的){_THINGS}$"
)
_PERIOD = re.compile(
    rf"^(?:20\d\d(?:年度?|(?:[-/.年]|年度)\d{{1,2}}月?)?|\d{{1,2}}月|[一二三四]季度|昨[天日]|前[天日]|上周|上个?月|去年|前年|上半年|下半年){_THINGS}$"
)
_STATE_LIKE = re.compile(r"^(?:待|已|未|等待|正在)[^\d\W]{1,6}$|^[^\d\W]{1,6}(?:中|成功|失败|关闭|完成|过期|到期)$")
# Of what was bought or sold no state is told: 已购服务 and 已卖出的宝贝 are pages of a menu.
_CHOICE_LIKE = re.compile(
    rf"^(?:(?:待|已|未)(?![购买订卖售])[^\d\W]{{2,3}}|[^\d\W]{{1,2}}中|(?:即|快)?将?(?:过期|到期)){_THINGS}(?:服务|应用)?$"
)
_RANGE = re.compile(
    r"^(?:[^\d:：]{0,6}[:：])?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:~|至|到|-|—|–|→)(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?$"
)
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "季": 91, "季度": 91, "年": 365}
_NOW_DAYS = {"天": 1, "日": 1, "周": 7, "月": 30, "季": 91, "年": 365}
_DIGITS = dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))


@lru_cache(maxsize=1 << 12)
def bare(text: str) -> str:
    """The words of a choice without its count and its arrow: 待确认 (3) and 近三个月 ▾ become 待确认 and 近三个月."""
    words = fold(text).strip(_ARROWS).rstrip(":：")
    match = _COUNTED.search(words)
    if match is None or match.start() == 0 or _PERIOD.match(words):
        return words
    return words[: match.start()]


def meaning(text: str, states: Collection[str]) -> Meaning:
    """What a choice of these words leaves of a list whose rows have such states."""
    words = bare(text)
    if not words or len(words) > 20:
        return Meaning.OTHER
    if _ALL.match(words):
        return Meaning.ALL
    if words in states:
        return Meaning.STATE
    if _EARLIER.match(words):
        return Meaning.EARLIER
    if _RECENT.match(words):
        return Meaning.RECENT
    return Meaning.PERIOD if _PERIOD.match(words) else Meaning.OTHER


def is_hint(text: str) -> bool:
    """True for what a box says while nothing is chosen in it: 请选择, --, nothing."""
    return _HINT.match(fold(text)) is not None


def resembles_state(text: str) -> bool:
    """True for words that are built like those of a state, though they are not known as one: 待评价."""
    return _STATE_LIKE.match(bare(text)) is not None


def is_like_state(text: str) -> bool:
    """True for a choice that is built like a state's and is no page of a menu: 待处理 (3), 使用中的服务."""
    return _CHOICE_LIKE.match(bare(text)) is not None


def are_opposite(one: str, other: str) -> bool:
    """True for 待处理 and 已处理, 未使用 and 已使用, 待审核 and 已处理: together they leave nothing out."""
    todo, done = sorted((one, other), key=lambda text: text.startswith("已"))
    return todo[:1] in ("待", "未") and done[:1] == "已" and (todo[1:] == done[1:] or done in ("已处理", "已完结"))


def is_range(text: str) -> bool:
    """True for two dates with something between them that says from and to: 订购时间：2026-09-01 ~ 2026-11-30."""
    return _RANGE.match(fold(text)) is not None


def days_of(text: str) -> int:
    """How many days a span reaches back from today, roughly; 0 for anything but RECENT."""
    match = _RECENT.match(bare(text))
    if match is None:
        return 0
    if match["now"]:
        return next(days for unit, days in _NOW_DAYS.items() if unit in match["now"])
    unit = (match["u"] or match["u2"]).replace("个", "")
    return round(_DAYS[unit] * _value(match["n"] or match["n2"] or "1"))


def _value(text: str) -> float:
    if text.isdigit():
        return int(text)
    if text == "半":
        return 0.5
    tens, _, ones = text.rpartition("十")
    if "十" in text:
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + _DIGITS.get(ones, 0)
    return _DIGITS.get(text, 1)


_LIMIT = re.compile(
    r"(?:仅|只|最多|至多|默认)(?:可|能|会|支持|为您|向您)?(?:保留|展示|显示|查询|查看|提供|列出|查找|导出)?(?:到|出|了)?(?:最近|近|前|过去|最新)?的?"
    rf"(?:(?P<rows>\d+)(?:条|个订单|笔|单)|(?P<span>{_NUMBER}{_UNIT}))"
)
_SHOWN = re.compile(r"展示|显示|保留|查询|查看|提供|列出|可查")
_ALOUD = re.compile(r"消息|通知|公告|活动|优惠|日志|下载|退货|评价|积分|提现|登录|短信|导出|单次|每页|每次")


def limit_in(text: str) -> int | None:
    """How many rows a sentence says are shown at most, 0 if it limits their time; None if it does neither.

    仅显示最近100条 is 100, 仅展示近三个月的订单 is 0.
    """
    words = fold(text).replace(",", "")
    match = _LIMIT.search(words)
    if match is None or not _SHOWN.search(words) or _ALOUD.search(words):
        return None
    return int(match["rows"]) if match["rows"] else 0
