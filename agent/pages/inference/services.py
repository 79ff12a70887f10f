"""Which service a row names: its whole name, its code, and what stands beside them that nobody knows."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from agent.domain.text import fold, visible
from agent.pages import vocabulary
from agent.pages.inference.parsed_list import Row
from agent.pages.inference.pieces import segments
from agent.pages.snapshot import Node
from agent.pages.values import moments_in, numbers_in, period

_CODE = r"(?:FW_GOODS|[A-Za-z]{2,}[A-Za-z_]*)-?[0-9][A-Za-z0-9_-]*"
_LABEL = rf"(?:(?:{'|'.join(vocabulary.ORDER_FIELDS['service_code'])}|编码|代码)[:：]?)?"
_ALONE = re.compile(rf"{_LABEL}[(（\[【]?{_LABEL}({_CODE})[)）\]】]?")
_LEADING = re.compile(rf"({_CODE})[\s|·:：-]+(.+)")
_BRACKETED = re.compile(rf"(.+?)\s*[(（\[【]\s*{_LABEL}\s*({_CODE})\s*[)）\]】]")
_TRAILING = re.compile(rf"(.*[^A-Za-z0-9_(（\[【-])\s*({_CODE})")
_ANY_CODE = re.compile(rf"(?<![A-Za-z0-9_-]){_CODE}")
_LABELLED_CODE = re.compile(rf"(?:{'|'.join(vocabulary.ORDER_FIELDS['service_code'])})[:：]?({_CODE})")
_MARKET_CODE = re.compile(r"(?<![A-Za-z0-9_-])FW_GOODS-?[0-9][A-Za-z0-9_-]*")
_ID = re.compile(r"(?:服务|应用|商品|产品)(?:ID|编号|编码|代码)[:：]?([0-9]+)(?![A-Za-z0-9_-])")
_VENDOR = re.compile(r"(?:服务商|开发商|开发者|提供商|供应商|服务提供商|软件商|商家)[:：](.+)")
_FACT = re.compile(
    r"(?:订购|购买|服务|使用)?(?:周期|时长|期限|时间|类型|方式|有效期|日期|规格|版本|套餐|数量|店铺|人数|账号)[:：].*"
    r"|(?:服务|应用|商品|产品|订单|子订单)?(?:ID|编号|编码|代码|SKU|单号)[:：]?[A-Za-z0-9_-]+"
    r"|(?:到期|截止|开始|生效).*[:：].*|有效期至.*|[×xX*]?\d{1,3}(?:个|套|份)?|[¥￥]?[\d,.]+元?"
)
_TAGS = re.compile(
    r"新订|新购|首购|订购|续订|续费|复购|升级|试用|正式|官方|自营|热门|热销|推荐|精选|正版|服务|应用|软件|工具|插件服务|SaaS|ERP"
    r"|包[年月季]|[年月季][付费]|按[年月季]|使用中|服务中|生效中|运行中|未生效|待生效|已?过期|已到期|即将到期|已授权|未授权"
    r"|(?:标准|高级|专业|旗舰|基础|企业|豪华|普通|初级|中级|至尊|尊享|免费|试用|年度|季度|月度|默认)(?:版|套餐|版本)",
    re.IGNORECASE,
)
_WORKS = re.compile(
    r"(?:查看|立即|去|前往|进入|申请)?"
    r"(?:详情|服务详情|订单详情|使用|复制|续费|续订|升级|评价|授权|订购|购买|服务|应用|帮助|教程)[>›]?"
)
_SHOP = re.compile(r".{2,}(?:专营店|旗舰店|专卖店|企业店)")
_OWN_NAME = 4


class Certainty(StrEnum):
    """How surely a code is the service's own: in a place of its own, or behind words that may say otherwise."""

    SURE = "sure"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Service:
    """What a row says was ordered. `beside` are the pieces that are neither name nor code nor known to be harmless,
    `codes` all codes that it shows, wherever, `ids` those that are numbers behind a label.
    """

    name: str
    code: str | None
    certainty: Certainty
    beside: tuple[str, ...]
    codes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()

    def deciding_code(self, services: Collection[str]) -> str | None:
        """The code that says whose the service is: its own, else another vendor's that the row shows, else a number of
        another service if `services` names numbers; None if the name decides. A mention of ours says nothing.
        """
        if self.code is not None:
            return self.code
        ours = {fold(s) for s in services}
        numbers = self.ids if any(s.isdigit() for s in ours) else frozenset[str]()
        return next((c for c in sorted(self.codes | numbers) if fold(c) not in ours), None)

    def doubt(self, services: Collection[str]) -> str | None:
        """What keeps a service that looks like one of `services` from being it for certain; None without doubt."""
        ours = {fold(s) for s in services}
        others = sorted(c for c in self.codes if fold(c) not in ours)
        if others and (self.code is None or fold(self.code) in ours) and self._looks_like_one_of(ours):
            return others[0]  # codes of two services
        coded = self.code is not None and fold(self.code) in ours
        if coded and self.certainty is Certainty.SURE:
            return None
        if coded and fold(self.name) not in ours:
            return self.code
        unknown = (p for p in self.beside if not _is_our_vendor(p, services))
        return next(unknown, None) if fold(self.name) in ours else None

    def _looks_like_one_of(self, ours: Collection[str]) -> bool:
        several = len(self.codes) > 1
        return several and (fold(self.name) in ours or any(fold(c) in ours for c in self.codes))


def service_of(row: Row) -> Service | None:
    """The service of a row; None if its cell names none."""
    cell = row.cells.get("service")
    if cell is None:
        return None
    if cell.full is not None:
        return _told(cell.full, None, row, ())
    pieces = [(n, visible(t)) for n, t in segments(cell.nodes)]
    named = [(n, t) for n, t in pieces if not _ALONE.fullmatch(t.strip())]
    if not named:
        return None
    first = max(named, key=lambda p: (p[0].size, p[0].bold))
    line = _name_line(first, named, cell.nodes)
    beside = tuple(t for _, t in named if t not in line and not _is_aside(t))
    return _told(" ".join(line), _own_code(pieces), row, beside)


def _told(text: str, alone: str | None, row: Row, beside: tuple[str, ...]) -> Service | None:
    name, code, certainty = _parted(text)
    column = fold(row.text("service_code"))
    found = _ALONE.fullmatch(column)
    own = found[1] if found else column if re.fullmatch(r"\w[\w-]*", column) else alone
    if own is not None:
        code, certainty = own, Certainty.SURE
    return Service(name, code, certainty, beside, _codes(row), _ids(row)) if name else None


def _codes(row: Row) -> frozenset[str]:
    """All codes of services in a row: in its cells for a service, and elsewhere if a label or their form tells."""
    cells = [row.cells[name] for name in ("service", "service_code") if name in row.cells]
    own = " ".join(visible(cell.text) for cell in cells)
    told = " ".join(visible(text) for _, text in segments(row.nodes))
    found = {m.group() for m in (*_ANY_CODE.finditer(own), *_MARKET_CODE.finditer(told))}
    return frozenset(found | {m[1] for m in _LABELLED_CODE.finditer(told)})


def _ids(row: Row) -> frozenset[str]:
    return frozenset(m[1] for _, text in segments(row.nodes) for m in _ID.finditer(fold(text)))


def _parted(text: str) -> tuple[str, str | None, Certainty]:
    """Name and code of a text that may hold both."""
    words = text.strip()
    if match := _LEADING.fullmatch(words):
        return match[2].strip(), match[1], Certainty.SURE
    if match := _BRACKETED.fullmatch(words):
        return match[1].strip(), match[2], Certainty.SURE
    if match := _TRAILING.fullmatch(words):
        return match[1].strip(" :："), match[2], Certainty.WEAK
    return words, None, Certainty.SURE


def _own_code(pieces: list[tuple[Node, str]]) -> str | None:
    """The code that stands in a line without other words; among several of them none."""
    found = set()
    for node, text in pieces:
        match = _ALONE.fullmatch(text.strip())
        others = [t for n, t in pieces if n is not node and _level(n, node)]
        if match and all(_is_aside(t) or _ALONE.fullmatch(t.strip()) or _is_code_label(t) for t in others):
            found.add(match[1])
    return found.pop() if len(found) == 1 else None


def _is_code_label(text: str) -> bool:
    return vocabulary.heading(text) in (*vocabulary.ORDER_FIELDS["service_code"], "编码", "代码")


def _name_line(first: tuple[Node, str], named: list[tuple[Node, str]], nodes: list[Node]) -> list[str]:
    """The pieces of a name, from its most prominent one to the right as long as they stand close together."""
    level = sorted((n for n in nodes if n.text and _level(n, first[0])), key=lambda n: n.box.x)
    words = {n.index: t for n, t in named}
    line, right = [first[1]], first[0].box.right
    for node in level[level.index(first[0]) + 1 :]:
        if node.box.x - right > first[0].size:
            break
        right = node.box.right
        text = words.get(node.index)
        if text is not None and not _is_aside(text):
            line.append(text)
    return line


def _level(one: Node, other: Node) -> bool:
    return one.box.overlap_y(other.box) > min(one.box.h, other.box.h) / 2


def _is_aside(text: str) -> bool:
    """True for a piece that does not tell one service from another: a period, a date, a tag, a gift, a button."""
    pieces = [p for p in re.split(r"[·|｜/]", text) if p.strip()]
    return all(_is_known(p) or all(_is_known(word) for word in p.split()) for p in pieces)


def _is_known(text: str) -> bool:
    piece = fold(text).strip("()[]【】")
    if (
        len(piece) == 1
        or vocabulary.is_one_of(piece, vocabulary.GIFT)
        or vocabulary.field_of(piece, vocabulary.ORDER_FIELDS)
    ):
        return True
    if any(p.fullmatch(piece) for p in (_FACT, _TAGS, _WORKS, _SHOP)):
        return True
    stated = any(piece in text for text in vocabulary.ORDER_STATUS.values())
    return stated or period(piece) is not None or bool(moments_in(piece) or numbers_in(piece))


def _is_our_vendor(piece: str, services: Collection[str]) -> bool:
    """True for 服务商： and a name that begins like one of ours."""
    match = _VENDOR.fullmatch(fold(piece))
    ours = [fold(s)[:_OWN_NAME] for s in services]
    return match is not None and any(not start.isascii() and match[1].startswith(start) for start in ours)
