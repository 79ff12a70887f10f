"""Finds what a page names people, shops and companies: what stands beside or below a label that says so."""

import re
from collections.abc import Iterator

from agent.domain.text import fold
from agent.pages.snapshot import Node
from agent.pages.view import PageSnapshot

_LABELS = frozenset(
    {
        *(
            "买家",
            "买家会员名",
            "买家昵称",
            "买家账号",
            "卖家",
            "掌柜",
            "联系人",
            "收货人",
            "收件人",
            "姓名",
            "户名",
            "开户名",
            "收款人",
        ),
        *(
            "店铺",
            "店铺名称",
            "订购店铺",
            "买家店铺",
            "网店名称",
            "商家",
            "商家名称",
            "会员",
            "会员名",
            "旺旺",
            "旺旺号",
            "昵称",
        ),
        *(
            "操作人",
            "订购人",
            "购买人",
            "下单人",
            "用户",
            "用户名",
            "账号",
            "登录账号",
            "公司",
            "公司名称",
            "地址",
            "收货地址",
        ),
        *("手机", "手机号", "手机号码", "联系电话", "电话"),
    }
)
_NO_NAME = re.compile(r"请|选择|输入|全部|所有|[¥￥]|^\W*$|^\d{1,7}$|^\d{4}-\d\d|^[\d.,]+元?$")
_TO_THE_RIGHT, _MOST_ROWS = 400, 60


def names_shown(view: PageSnapshot) -> Iterator[str]:
    """What stands to the right of a label for a person or a shop, and in the column below one; some of it twice."""
    for part in view.parts:
        texts = [n for n in part.shot.texts if n.shown]
        for label in texts:
            if fold(label.text).rstrip(":：") in _LABELS:
                yield from (n.text.strip() for n in _of(label, texts) if not _NO_NAME.search(n.text.strip()))


def _of(label: Node, texts: list[Node]) -> Iterator[Node]:
    at = label.box
    if label.text.strip().endswith((":", "：")):
        right = [n for n in texts if 0 <= n.box.x - at.right < _TO_THE_RIGHT and _on_a_line(n, label)]
        yield from sorted(right, key=lambda n: n.box.x)[:1]
        return
    below = [n for n in texts if n.box.y >= at.bottom and n.box.overlap_x(at) >= min(n.box.w, at.w) / 2]
    yield from sorted(below, key=lambda n: n.box.y)[:_MOST_ROWS]


def _on_a_line(one: Node, other: Node) -> bool:
    return one.box.overlap_y(other.box) >= min(one.box.h, other.box.h) / 2
