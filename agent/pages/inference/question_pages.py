"""A page that follows a click on 确认: what in the part that asks is neither about the step nor a fact of the order."""

# ruff: noqa: E501, SIM905 - lists of words read better in long lines

import re
from collections.abc import Iterator

from agent.domain.text import fold
from agent.pages import message_words, vocabulary
from agent.pages.inference.dialogs import Matter, has_other_sum, is_plain
from agent.pages.inference.overlays import Dialog, buttons_in
from agent.pages.inference.questions import pieces_of, ticks_in
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot

_FRAME_TAGS = ("nav", "header", "footer", "aside")
_FRAME_ROLES = ("navigation", "banner", "contentinfo", "complementary", "menu", "menubar", "search")
_FRAME = re.compile(
    r"(^|[-_\s])(nav|navbar|navigation|menu|sidebar|sider|topbar|top-bar|site-header|global-header|page-header|layout-header|header-?wrap"
    r"|footer|copyright|breadcrumbs?|crumbs?|toolbar|side-?nav|sidenav)($|[-_\s])"
)
_CELLS = ("td", "th", "dt", "dd")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption", "th", "dt")
_HEADING = re.compile(r".{0,8}(信息|详情|明细|记录|状态|进度|资料|内容|概况|摘要|流程)")
_INLINE = ("b", "strong", "span", "em", "i", "font", "u", "a", "small", "mark", "code", "big")
_LABEL = re.compile(r"^([^:：。，,!！?？]{1,12})[:：]\s*(.*)$", re.DOTALL)
# What is called by these is no fact but speaks to the reader.
_ADDRESSES = re.compile(
    r"提示|说明|注意|提醒|须知|声明|公告|通知|条款|协议|权益|福利|优惠|活动|服务内容|赠|增值|附加|其[他它]服务|续|下一?(?:期|周期|年|次)|授权|数据范围|保障|合同|变更"
)
# What a value never says: that a click, or time, brings something about.
_TELLS = re.compile(
    r"[。！!？?；;，,]|首月|次月|首年|次年|恢复|原价|体验|确认|同意|授权|视为|即|将|为您|给您|自动|默认|加入|参加|参与|享|可|会|并|后|领|送|开启|开通|成为|签|订阅|收取|扣|付|费|"
    r"绑定|放弃|转让|出售|承诺|免|升级|试用|协议|条款|顺延|续|《"
)
_LONGEST_FACT, _LONGEST_HEADING, _LONGEST_LABEL = 40, 12, 6
# What was taken off the price of an order is a fact of it.
_OFF = re.compile(r"(商品|店铺|平台|订单|服务)?(优惠|折扣|红包|总价|原价|单价|运费)(金额|总额|合计)?")
_SUM = re.compile(r"[-−]?[¥￥]?\d[\d,]*(\.\d+)?元?")
# A way to elsewhere that stands on any page of an order, and the site's own imprint.
_WAYS = re.compile(
    r"(返回|回到|查看|前往)?(首页|上一页|列表|订单列表|订单|我的订单|全部订单|服务市场|市场首页|后台|工作台|卖家中心|商家中心|店铺后台|订单管理|订单中心|服务订单|我的服务|已购服务|已买服务|已买到的服务|详情|订单详情|服务详情)"
    r"|返回|复制|展开|收起|更多|刷新|打印|帮助|帮助中心|客服|联系客服|在线客服|咨询客服|联系卖家|联系服务商|联系商家|退出|退出登录|消息|查看|举报|投诉|旺旺|和我联系|首页|评价|申请退款|退款|取消订单|申请售后|售后"
    r"|copy|back|home|help|orders?",
    re.IGNORECASE,
)
_IMPRINT = re.compile(r"©|copyright|icp备|icp证|公网安备|版权所有|备案", re.IGNORECASE)
_STEPS = re.compile(
    r"\d?(买家|卖家|商家|服务商)?(拍下|下单|提交订单|付款|已付款|支付完成|完成付款|订购|提供服务|服务中|使用服务|确认服务|确认|确认完成|待确认|交易成功|交易完成|完成|评价|结算|双方评价)"
)
_MANY = 3
# What stands in the site's frame is no part of the question, unless it says what the click brings about.
_OF_CLICK = re.compile(r"(点击|确定|确认|提交|继续).{0,12}(即|视为|表示|代表|同意|开通|将)")


def asked_besides(part: FrameSnapshot, scope: Node, button: Node, matter: Matter) -> str | None:
    """The first words of a page that are neither of the step nor of the order; None if all are.

    Looked at is the part that speaks of the order and holds the button, without the site's frame around it. A fact is
    what a label or a table gives (服务商：…), if it does not tell that the click brings something about.
    """
    shot = part.shot
    asking = Dialog(part, scope, buttons_in(part, scope))
    boxed = {n.index for t in ticks_in(asking) for n in t.words}
    frame = {n.index for root in _frames(shot, scope, button) for n in shot.inside(root)}
    for node in pieces_of(asking):
        aside = node.index in boxed or (node.index in frame and not _OF_CLICK.search(node.folded))
        if not aside and node is not button and not _is_harmless(shot, node, scope, matter):
            return node.text
    return None


def _is_harmless(shot: Snapshot, node: Node, scope: Node, matter: Matter) -> bool:
    text = node.text
    if is_plain(text, matter) or _is_heading(node) or _is_fact(shot, node, scope, matter):
        return True
    if _STEPS.fullmatch(node.folded) or _IMPRINT.search(node.folded):
        return True
    if shot.worked_by(node) is not None and _WAYS.fullmatch(node.folded):
        return True
    return is_plain(_sentence(shot, node, scope), matter)


def _is_heading(node: Node) -> bool:
    short = len(node.folded) <= _LONGEST_HEADING and not _tells(node.folded)
    return short and (node.tag in _HEADINGS or _HEADING.fullmatch(node.folded) is not None)


def _is_fact(shot: Snapshot, node: Node, scope: Node, matter: Matter) -> bool:
    if found := _LABEL.match(node.text):
        return _may_be_value(found[1], found[2], matter)
    if _is_label(shot, node):
        return True
    label = _label_of(shot, node, scope)
    return label is not None and _may_be_value(label, node.text, matter)


def _is_label(shot: Snapshot, node: Node) -> bool:
    """True for the short first element of a pair, which names the second one."""
    pair = [n for n in shot.nodes if n.parent == node.parent and shot.words(n)]
    alone = len(pair) == 2 and pair[0] is node and shot.worked_by(node) is None
    return alone and len(node.folded) <= _LONGEST_LABEL and not _tells(node.folded) and _names(node.folded)


def _names(label: str) -> bool:
    return _ADDRESSES.search(label) is None


def _may_be_value(label: str, value: str, matter: Matter) -> bool:
    if _OFF.fullmatch(fold(label).rstrip(":：")) and _SUM.fullmatch(fold(value)):
        return True
    if is_plain(value, matter) and not _ADDRESSES.search(fold(label)):
        return True
    short = len(fold(value)) <= _LONGEST_FACT and len(fold(label)) <= _LONGEST_HEADING
    told = _ADDRESSES.search(fold(label)) or _tells(fold(label) + fold(value))
    return short and not told and not has_other_sum(value, matter)


def _tells(text: str) -> bool:
    """True for words that bring something about, the names of what is known of any order aside."""
    bare = text
    for name in _KNOWN:
        bare = bare.replace(name, "")
    return _TELLS.search(bare) is not None or message_words.PAYING.search(text) is not None


_KNOWN = sorted(
    {
        *(fold(w) for name, text in vocabulary.ORDER_FIELDS.items() if name != "action" for w in text),
        *(fold(w) for text in vocabulary.ORDER_STATUS.values() for w in text),
        *"付款时间 付款方式 支付方式 支付时间 付款日期 付款状态 支付状态 会员名 会员昵称 付费方式 费用 服务费 确认时间".split(),
        *"支付宝 微信支付 服务费用 会员ID 售后客服 售后电话 售后状态 付款成功 支付成功 已付款 交付 已交付".split(),
    },
    key=len,
    reverse=True,
)


def _label_of(shot: Snapshot, node: Node, scope: Node) -> str | None:
    """What names a value in a cell or right behind its label: the heading of its column, or its neighbour."""
    for outer in [node, *shot.ancestors(node)]:
        if outer is scope or not shot.holds(scope, outer):
            return None
        if outer.tag in _CELLS:
            return _heading_of(shot, outer)
        before = _before(shot, outer)
        if before is not None and (before.tag in (outer.tag, "label") or _ends_label(shot.words(before))):
            text = shot.words(before)
            return text if 0 < len(fold(text)) <= _LONGEST_HEADING and shot.words(outer) == node.text else None
    return None


def _ends_label(text: str) -> bool:
    return text.rstrip().endswith((":", "："))


def _before(shot: Snapshot, node: Node) -> Node | None:
    """The only element that stands before it in the same one: a pair of label and value."""
    siblings = [n for n in shot.nodes if n.parent == node.parent and shot.words(n)]
    return siblings[0] if len(siblings) == 2 and siblings[1] is node else None


def _heading_of(shot: Snapshot, cell: Node) -> str:
    """The heading of a cell's column, else the cell before it."""
    if cell.tag in ("th", "dt"):
        return ""
    row = [n for n in shot.nodes if n.parent == cell.parent and n.tag in _CELLS]
    at = row.index(cell)
    table = next((a for a in shot.ancestors(cell) if a.tag == "table"), None)
    heads = [n for n in shot.inside(table) if n.tag == "th"] if table is not None else []
    if len(heads) == len(row):
        return shot.words(heads[at])
    return shot.words(row[at - 1]) if at else ""


def _sentence(shot: Snapshot, node: Node, scope: Node) -> str:
    """All that the block around a node says: elements such as <b> part it."""
    block = next((a for a in [node, *shot.ancestors(node)] if a.tag not in _INLINE), node)
    return "".join(n.text for n in shot.inside(block if shot.holds(scope, block) else node) if n.text)


def _frames(shot: Snapshot, scope: Node, button: Node) -> Iterator[Node]:
    """The parts of the site's frame inside `scope`: what is called so, or holds little but ways to elsewhere."""
    for node in shot.inside(scope):
        if node is scope or shot.holds(node, button):
            continue
        called = node.tag in _FRAME_TAGS or node.role in _FRAME_ROLES or _FRAME.search(node.classes) is not None
        if called or _leads_elsewhere(shot, node):
            yield node


def _leads_elsewhere(shot: Snapshot, node: Node) -> bool:
    """True for a row of links with short words, such as a menu."""
    texts = [n for n in shot.inside(node) if n.text]
    linked = [n for n in texts if (w := shot.worked_by(n)) is not None and shot.holds(node, w) and _is_link(w)]
    short = all(len(n.folded) <= _LONGEST_HEADING and "《" not in n.text for n in texts)
    return len(linked) >= _MANY and len(linked) == len(texts) and short


def _is_link(node: Node) -> bool:
    return node.tag == "a" or node.role in ("link", "menuitem", "tab")
