"""The words that pages use, folded: headings, states, buttons, labels. One place for every synonym."""

# ruff: noqa: E501 - lists of words read better in long lines

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TypeVar

from agent.domain.orders import FilingStatus, OrderStatus
from agent.domain.text import fold

Vocabulary = dict[str, tuple[str, ...]]

# Within a field the words stand in order of preference: where a page shows two of them, the first one is meant.
ORDER_FIELDS: Vocabulary = {
    "order_no": (
        "订单编号", "订单号", "订购单号", "订购编号", "订购订单号", "服务订单号", "服务单号", "主订单号", "订单ID", "单号", "OrderNo", "OrderNo.", "OrderID", "Ordernumber",
    ),
    "ordered_at": (
        "订购时间", "下单时间", "购买时间", "订购日期", "下单日期", "购买日期", "订单时间", "订单创建时间", "创建时间", "订购于", "下单于", "Orderedat", "Ordertime", "Orderdate",
    ),
    "service": (
        "服务名称", "应用名称", "订购服务", "订购应用", "购买服务", "购买应用", "服务信息", "应用信息", "服务/应用", "应用/服务", "服务商品", "商品名称", "产品名称", "服务", "应用", "Service", "Servicename", "App",
    ),
    "service_code": ("服务编码", "服务代码", "应用编码", "商品编码", "服务编号", "Servicecode"),
    "shop": ("订购店铺", "买家店铺", "店铺名称", "店铺", "所属店铺", "Shop", "Store"),
    "amount": (
        "实付金额", "实付款", "支付金额", "付款金额", "实际支付", "实付", "订购金额", "订单金额", "成交金额", "金额", "Amount", "Paid",
    ),
    "expires_at": ("到期时间", "服务到期", "有效期至", "服务到期时间", "到期日期", "到期日", "服务截止", "截止时间", "Expires", "Expiresat"),
    "period": ("订购周期", "周期", "购买周期", "服务周期", "使用周期", "Period"),
    "status": (
        "订单状态", "交易状态", "状态", "确认状态", "服务状态", "Status", "Orderstatus", "全部状态", "所有状态", "全部订单状态",
    ),
    "action": ("操作", "管理", "Action", "Actions", "Operation"),
}  # fmt: skip

# The one unit besides 元 in which a column may give its amounts.
ORDER_FIELDS["amount_fen"] = tuple(f"{word}({unit})" for word in ORDER_FIELDS["amount"] for unit in ("分", "单位:分"))

FILING_FIELDS: Vocabulary = {
    "order_no": ORDER_FIELDS["order_no"],
    "platform": ("平台", "平台名称", "报备平台", "订购平台", "网购平台", "所属平台"),
    "shop": ("店铺名称", "店铺", "订购店铺", "网店名称"),
    "ordered_on": ("订购日期", "订购时间", "下单日期", "下单时间", "购买日期", "购买时间", "报备日期"),
    "amount": ("订购金额", "金额", "实付金额", "支付金额", "付款金额", "订单金额", "返款金额"),
    "status": ("状态", "报备状态", "返款状态", "处理状态", "审核状态", "订单状态", "全部状态", "所有状态"),
    "action": ORDER_FIELDS["action"],
}

FORM_LABELS: Vocabulary = {
    "platform": FILING_FIELDS["platform"] + ("选择平台",),
    "shop": FILING_FIELDS["shop"],
    "order_no": ORDER_FIELDS["order_no"],
    "ordered_on": FILING_FIELDS["ordered_on"],
    "amount": FILING_FIELDS["amount"],
    "bank": ("开户银行", "开户行", "银行名称", "收款银行", "银行", "所属银行"),
    "holder": ("户名", "开户名", "账户名", "收款人", "账户名称", "持卡人", "收款户名", "开户人", "账户姓名"),
    "account": (
        "账号",
        "银行账号",
        "帐号",
        "银行帐号",
        "收款账号",
        "收款帐号",
        "卡号",
        "银行卡号",
        "账户号码",
        "银行账户",
    ),
}

CONSENT_LABELS: Vocabulary = {
    "application": ("应用名称", "授权应用", "应用", "服务名称", "授权服务", "Application", "App"),
    "shop": ("店铺", "店铺名称", "授权店铺", "当前店铺", "登录店铺", "Shop", "Store"),
    "until": (
        "授权有效期至", "授权到期时间", "授权到期", "当前授权到期", "当前授权到期时间", "授权截止", "授权有效期", "有效期至", "到期时间", "Authorizeduntil", "Validuntil",
    ),
}  # fmt: skip

ORDER_STATUS: dict[OrderStatus, tuple[str, ...]] = {
    OrderStatus.UNPAID: (
        "待付款",
        "待支付",
        "未付款",
        "未支付",
        "等待付款",
        "等待买家付款",
        "Unpaid",
        "Pendingpayment",
    ),
    OrderStatus.AWAITING_CONFIRMATION: (
        "待确认",
        "未确认",
        "等待确认",
        "待买家确认",
        "待服务确认",
        "等待买家确认",
        "待您确认",
    ),
    OrderStatus.COMPLETED: ("交易成功", "已完成", "已确认", "交易完成", "订单完成", "完成", "Completed"),
    OrderStatus.CLOSED: (
        "已关闭",
        "交易关闭",
        "订单关闭",
        "已取消",
        "交易取消",
        "已退款",
        "退款成功",
        "退款完成",
        "Closed",
        "Cancelled",
        "Canceled",
    ),
    OrderStatus.REFUNDING: ("退款中", "退款处理中", "申请退款中", "售后中"),
}

FILING_STATUS: dict[FilingStatus, tuple[str, ...]] = {
    FilingStatus.FILED: ("报备中", "已报备", "待审核", "审核中", "报备成功"),
    FilingStatus.REFUNDABLE: ("可申请", "可返款", "可申请返款", "待申请"),
    FilingStatus.REQUESTED: ("已申请", "申请中", "返款申请中", "返款中", "已申请返款", "待返款", "退款申请中"),
    FilingStatus.PAID_OUT: ("已返款", "返款成功", "已打款", "返款完成", "已到账"),
    FilingStatus.REJECTED: ("已驳回", "驳回", "审核不通过", "已拒绝", "返款失败"),
}

CONFIRM = ("确认", "确认订单", "确认服务", "确认完成", "立即确认", "去确认", "确认订购", "Confirm")
REFUND = ("申请返款", "申请退款")
ADD = ("添加", "新增", "提交报备", "添加报备", "提交", "报备")
# What opens the form for a filing. Not 添加报备, which sends one on some pages, nor 去报备, which rows have too.
OPEN_FORM = ("新增报备", "新建报备", "新增平台报备", "新建平台报备")
AUTHORIZE = ("确认授权", "同意授权", "同意并授权", "立即授权", "授权", "Authorize")  # the plainest first
SUBMIT = ("提交", "确定", "确认", "提交申请", "确认提交", "保存", "申请返款", "申请退款", "OK")
# What sends a form that was opened for it: there 添加 may belong to one of its boxes.
SEND = ("提交报备", "添加报备", *(w for w in SUBMIT if w not in REFUND), "添加", "新增", "报备")
# What saves a row of boxes in a list, besides.
SEND_ROW = ("✓", "✔", "√", "check", "save", "保存行", "完成")
SAVE = ("保存", "修改", "更新")
AGREE = (
    *(
        "确定",
        "确认",
        "是",
        "是的",
        "好",
        "好的",
        "继续",
        "确认订单",
        "确认服务",
        "提交",
        "同意",
        "OK",
        "Yes",
        "Confirm",
    ),
    *(
        "确认无误",
        "仍要确认",
        "确定确认",
        "确认完成",
        "立即确认",
        "知道了,确认",
        "下一步",
        "确认收货",
        "确认收到",
        "确认提交",
    ),
    *("确定提交", "继续提交", "继续确认", "我确认", "确认验收", "提交申请", "提交报备", "确认报备", "保存", "确定保存"),
)
UNDERSTAND = ("我知道了", "知道了", "我已知晓", "已知晓", "我已了解", "好的,知道了", "Gotit")
DISMISS = (
    *(
        "我知道了",
        "知道了",
        "关闭",
        "稍后再说",
        "以后再说",
        "暂不",
        "暂不需要",
        "不再提示",
        "跳过",
        "取消",
        "Close",
        "×",
        "✕",
        "x",
    ),
    *("✖", "╳", "关闭窗口", "关闭弹窗"),
)
# Words that say no to whatever is asked. Not 取消订单, nor 我知道了, with which some sites take a yes.
DECLINE = re.compile(
    r"(取消|关闭|否|不|不了|不用了?|不需要了?|暂不.{0,4}|先不.{0,3}|以后再?(说|看|来|考虑)?|下次(再说|吧|再来)?|稍后(再说|再看|处理|提醒我?)?"
    r"|(残忍|狠心|忍痛|无情)(拒绝|离开|放弃|关闭)|拒绝|婉拒|不同意|不感兴趣|我?再(想想|考虑一?下?|看看)|考虑一下|跳过|跳过引导|关闭窗口|关闭弹窗|×|✕|✖|╳|x"
    r"|close|cancel|no|no,?thanks|notnow|later|maybelater|skip|dismiss)",
    re.IGNORECASE,
)
GIFT = ("赠品", "赠送", "赠", "附赠")
MORE_ACTIONS = ("更多", "更多操作", "操作", "操作▾", "操作∨", "...", "…", "···", "⋯", "⋮", "更多▾", "更多∨")
# What a box asks for that is there to find something by: 输入短信验证码或订单号 asks for no code.
SEARCH_BOX = re.compile(r"搜索|查询|查找|关键[词字]|订单号|订单编号|单号|search", re.IGNORECASE)
HIDDEN_NUMBER = re.compile(r"^(-*|—*|–*|/|无|暂无|确认后(可见|显示|可查看|查看).*|\*+)$")

_TRIM = re.compile(
    r"^[*＊]+|[*＊:：?？ⓘ↑↓⇅↕▲▼△▽▴▾▵▿⌃⌄∧∨︿﹀]+$|[(（](元|¥|￥|cny|rmb|人民币|单位:?元)[)）]$", re.IGNORECASE
)


# The texts of a page come again in each look, and from page to page.
@lru_cache(maxsize=1 << 14)
def heading(text: str) -> str:
    """A heading or label reduced to its word: 实付款(元) and *订单编号： become 实付款 and 订单编号."""
    word = fold(text.replace("ⓘ", ""))
    while (shorter := _TRIM.sub("", word)) != word:
        word = shorter
    return word


def is_one_of(text: str, words: Iterable[str]) -> bool:
    """True if the text is exactly one of the words, blanks, full-width forms and case aside."""
    return fold(text).lower() in _folded(tuple(words))


@lru_cache(maxsize=1 << 10)
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(w).lower() for w in words)


def field_of(text: str, vocabulary: Vocabulary) -> tuple[str, int] | None:
    """Which field a heading names, and how preferred that word is (0 best); None if it names none."""
    return _index(tuple(vocabulary.items())).get(heading(text).lower())


@cache
def _index(vocabulary: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for name, synonyms in vocabulary:
        for rank, synonym in enumerate(synonyms):
            found.setdefault(synonym.lower(), (name, rank))
    return found


S = TypeVar("S", OrderStatus, FilingStatus)


def state_of(text: str, states: dict[S, tuple[str, ...]]) -> S | None:
    """The state whose word the text is, or None."""
    word = fold(text)
    return next((state for state, words in states.items() if word in words), None)


_COUNTED = re.compile(
    r"^[(]?\d{1,3}(s|秒)?[)]?(后)?(可|可以|自动|再)?(点击)?|[(]?(剩余|还剩|请等待|等待)?:?\d{1,3}(s|秒)?(后可(用|点击|操作))?[)]?$",
    re.IGNORECASE,
)


def uncounted(label: str) -> str:
    """A button's words, folded, without the seconds that they count down: 确定(5s), 5秒后可确认."""
    text = fold(label)
    return _COUNTED.sub("", text) or text


def declines(label: str) -> bool:
    """True for the words of a button that say no."""
    return DECLINE.fullmatch(uncounted(label)) is not None
