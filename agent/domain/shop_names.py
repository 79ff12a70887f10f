"""Whether a name that a page draws is the registered shop's: the whole of it, for a longer name is another shop's."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.domain.text import fold

# What surely is no part of a shop's name, though it stands right beside one: who is logged in, an id, where one is.
_ROLE = "主账号|主帐号|子账号|子帐号|主号|子号|管理员|超级管理员|店长|店主|客服|运营|财务|操作员|商家|卖家|买家|会员"
_PLACE = (
    "(商家|卖家|商户|店铺|会员)(中心|后台|工作台|管理后台)|服务市场|工作台|千牛|千牛工作台|后台管理|管理后台"
    "|淘宝|天猫|京东|拼多多|苏宁|苏宁易购|抖店|抖音|有赞|微盟|1688|阿里巴巴|速卖通"
)
_WORK = "(切换|更换|退出|选择)(店铺|账号|帐号|登录|账户)?|安全退出|注销|登出|修改密码|账号设置|店铺设置|设置"
_ID = (
    r"(店铺|商家|商户|用户|会员|账号|帐号|Mall)?(ID|编号)[:：]?[0-9A-Za-z_-]{4,}"
    r"|(账号|帐号|用户名|登录名|会员名|主账号|子账号|用户|角色|身份)[:：][^\s店]{1,40}"
)
_TERM = r"(授权|服务|有效期|到期|剩余|上次登录|登录时间)[^店]{0,40}"
_STATE = "营业中|正常营业|已认证|未认证|已实名|在线|离线|已登录"
_ASIDE = re.compile(f"(?:{_ROLE}|{_PLACE}|{_WORK}|{_ID}|{_TERM}|{_STATE})", re.IGNORECASE)
# Badges count only in an element of their own: within a name 2 or L2 may tell a second shop from the first.
_BADGE = re.compile(
    r"(L|LV|V|VIP)\.?\d{1,2}|\d\.\d{1,2}分?|[一二三四五六1-6]?(星|心|钻|皇冠|金冠)(卖家|店铺|商家|会员)?|[金银铜]牌(卖家|商家)?",
    re.IGNORECASE,
)
_SEPARATORS = r"\s·•・|｜/,，;；:：()（）\[\]【】〔〕<>《》「」“”‘’\"'_~—–-"
_EDGES, _JOINT = re.compile(f"^[{_SEPARATORS}]+|[{_SEPARATORS}]+$"), re.compile(f"[{_SEPARATORS}]")
# A further part of a name may begin so, or end so: （杭州二店）, ·杭州店, 二店.
_OPENS = r"[(（\[【〔「·•・—–_-]"
_GOES_ON = re.compile(rf"{_OPENS}|.{{0,10}}(?<!我的)(?<!本)店$")
_BRANCH = re.compile(rf"{_OPENS}\s*\w|(.{{0,4}}[一二三四五六七八九十\d]号?|.{{1,3}}分)店$")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class ShopName:
    """The shop that an account must turn out to be.

    `aliases` are names that pages draw, each with the registered name that it stands for. `username` is who logs in,
    which pages draw beside the shop.
    """

    registered: str
    aliases: Mapping[str, str] = field(default_factory=dict)
    username: str | None = None

    @property
    def spellings(self) -> frozenset[str]:
        """The folded names that are this shop's."""
        own = fold(self.registered)
        return frozenset({own, *(fold(drawn) for drawn, meant in self.aliases.items() if fold(meant) == own)})

    def is_drawn_as(self, *pieces: str) -> bool:
        """True if the pieces, which stand beside one another, are this shop's whole name, and nothing else is named.

        Each piece is what one element shows.
        """
        told = [p for p in pieces if p.strip()]
        rest = [p for p in told if not self.is_aside(p)]
        twice = len(rest) > 1 and all(self._is_whole([p]) for p in rest)  # a user is often called like the shop
        return twice or self._is_whole(told) or self._is_whole(rest)

    def is_aside(self, piece: str) -> bool:
        """True for what is surely no part of a shop's name, in an element of its own: 主账号, ID：1234567, ▾."""
        text = _trimmed(piece)
        known = _ASIDE.fullmatch(text) or _BADGE.fullmatch(text) or not re.search(r"\w", text)
        portrait = len(text) == 1 and self.registered.startswith(text)  # the letter that stands for a picture
        return bool(known) or portrait or self._user(text)

    def resembles(self, name: str) -> bool:
        """True for a name that begins or ends with this shop's, without being it: most likely another of its shops."""
        text = fold(name)
        longer = any(text.startswith(own) or text.endswith(own) for own in self.spellings)
        return longer and not self.is_drawn_as(name)

    def _is_whole(self, pieces: Sequence[str]) -> bool:
        if fold("".join(pieces)) in self.spellings:
            return True
        return self._without_asides(_plain(" ".join(pieces)))

    def _without_asides(self, text: str) -> bool:
        """True if what remains is the name once words are taken from either end that are surely no part of it."""
        for cut in (m.start() for m in _JOINT.finditer(text)):
            head, tail = text[:cut], text[cut:]
            if self._is_own(head) and self._all_aside(tail):
                return True
            if self._all_aside(head) and (self._is_own(_trimmed(tail)) or self._without_asides(_trimmed(tail))):
                return True
        return self._user_of_shop(text)

    def _is_own(self, text: str) -> bool:
        return fold(text) in self.spellings

    def _all_aside(self, text: str) -> bool:
        words = _trimmed(text)
        if not re.search(r"\w", words) or _ASIDE.fullmatch(words) or self._user(words):
            return True
        pieces = [p for p in re.split(r"[\s|｜/()（）\[\]【】]+", words) if p]
        return len(pieces) > 1 and all(_ASIDE.fullmatch(p) or self._user(p) for p in pieces)

    def _user(self, text: str) -> bool:
        return self.username is not None and fold(text) == fold(self.username) and not text.endswith("店")

    def _user_of_shop(self, text: str) -> bool:
        """锦绣家居旗舰店:小王 is how 淘宝 and others name somebody who works for a shop, if that is who logs in."""
        if self.username is None or fold(text) != fold(self.username):
            return False
        return any(fold(text).startswith(f"{own}:") for own in self.spellings)


def may_go_on(piece: str) -> bool:
    """True for words that can be a further part of a shop's name: （杭州二店）, ·杭州店, 二店."""
    return _GOES_ON.match(piece.strip()) is not None


def is_branch(piece: str) -> bool:
    """True for words that are hardly anything but the further part of a name, even in a line of their own."""
    return _BRANCH.match(piece.strip()) is not None


def _trimmed(text: str) -> str:
    return _EDGES.sub("", _plain(text))
