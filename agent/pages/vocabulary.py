"""The words that pages use, folded: headings, states, buttons, messages. One place for every synonym."""

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
SITE_ERROR = re.compile(
    r"(系统|服务器?|网络)(繁忙|异常|错误|出错|超时|开小差)|(badgateway|gatewaytime-?out)|稍后(再试|重试)|加载失败|请求失败|被挤爆",
    re.IGNORECASE,
)
# What a server's own page says of an address that it does not know, and what stands where a domain was given up.
NOT_FOUND = re.compile(
    r"404|(页面|网页|地址|资源|内容)(未找到|不存在|找不到|已?失效|走丢了?)|找不到(该|此|您)?.{0,6}(页面|网页)|not ?found",
    re.IGNORECASE,
)
PARKED = re.compile(
    r"(此|该|本)?域名.{0,6}(出售|转让|停放|待售|已过期|到期)|domain.{0,12}(for ?sale|parked|expired)|buy ?this ?domain",
    re.IGNORECASE,
)
MAINTENANCE = re.compile(
    r"(系统|网站|平台|服务|服务器|服务市场|后台|本站|站点|页面|功能)?(正在|正|在)?(升级|维护|检修|停机|停服|割接)(升级|维护|更新|检修)?(中|期间|公告|通知)"
    r"|(系统|网站|平台|服务器|服务市场|后台|本站|站点)(正在)?(进行)?(例行|紧急|临时|全面)?(升级|维护|检修|停机)"
    r"|(正在|正|进行)(进行)?(系统|例行|紧急|临时|全面)?(升级|维护|检修)|暂停(服务|访问|使用|办理|开放)|暂时无法(访问|提供服务)"
    r"|(under|scheduled|for|in)maintenance|maintenance(mode|inprogress)|willbebacksoon|temporarilyunavailable|serviceunavailable",
    re.IGNORECASE,
)
TOO_EARLY = re.compile(r"(未满|未到|不满足|尚未|还未|不足|没到|未达|暂时无法申请|暂不(能|可)申请)")
SUCCESS = re.compile(r"成功|已提交|已确认|已添加|已保存|完成")
FAILURE = re.compile(
    r"失败|错误|有误|不能|无法|不可|不支持|不足|未满|必填|不能为空|请(选择|输入|填写)|繁忙|异常|稍后|变更|拒绝|重复|已存在|已失效|不完整|无效|超时"
    r"|未到|尚未|还未|没到|未达|不满足|暂不"
)
# A site that says so has it: it counts as taken, for asking once more would be asking twice.
HAS_IT_ALREADY = re.compile(
    r"重复(提交|报备|申请|操作|确认|添加)|已存在|已(经)?(报备|申请|提交|确认)过|(订单|该单)已(经)?(报备|申请|确认)"
)
# Agreeing to these would spend money. The word 订购 alone stands in many a harmless question, and that money paid long
# ago goes on to the seller (货款将支付给服务商) is what a confirmation is.
PAYING = re.compile(
    r"(确认|立即|马上|去|是否|确定)(要)?(支付|付款|购买|续费|续订|订购|充值|升级)(?!成功|的|该|此|订单)|(支付|续费|购买(?!的)|充值|付款)[^，。；]{0,12}[?？吗]|[需须请](要|先)?(支付|付款|缴费|充值)|(?<!货款)(?<!款项)(?<!资金)将(要|先)?(支付|付款|缴费|充值)|扣款|扣费|应付|自动(续费|续订)|余额(支付|结算|扣)|加购|\bpay\b|\bbuy\b",
    re.IGNORECASE,
)
BUYING = re.compile(r"支付|付款|购买|续费|续订|订购|充值|升级|下单|pay|buy|renew|upgrade", re.IGNORECASE)
# A page for consent has no business with money: any of these on it stops the work.
ASKS_FOR_MONEY = re.compile(
    rf"{PAYING.pattern}|(请|需|须|应|先|尚未|还未|没有|未|并)(要|您|先|再|予以)*(支付|付款|付费|续费|续订|订购|购买|充值)|"
    r"(?<!已)(支付|付款|付费)并|自动(续费|续订|扣)|余额不足|[¥￥$€£]\d|\d元|划扣|代扣|扣除|免密|年费|月费|服务费"
    r"|授权即(视为)?(订购|购买|付费)"
    r"|\d(rmb|cny|usd|eur)|(usd|rmb|cny|eur|us\$)\d|(service|subscription|annual|monthly|yearly)fee|be(charged|billed)",
    re.IGNORECASE,
)
PERMISSIONS = re.compile(r"权限|授权(内容|范围|项目)|(允许|可以|获得|获取).{0,8}(访问|操作|以下)|以下(操作|信息|数据)")
AUTHORIZED = re.compile(r"授权(已)?(成功|完成)|(已|成功)授权|重新授权成功|authorized", re.IGNORECASE)
UNDERSTOOD = re.compile(r"^我?(已|已经)?(仔细)?(知晓|阅读|了解|知悉|知道|同意|确认已)")
TERMS = re.compile(r"(阅读|同意|知悉).*(协议|条款|政策|声明|规则)|^(我已)?(阅读|同意|阅读并同意|已阅读并同意)$")
AGREEMENT = re.compile(
    r"(协议|条款|规则|承诺书)[》」]?(已|有)?(更新|变更|升级|修订).{0,20}(同意|签署|确认)|(签署|确认|同意).{0,12}(新版|最新|更新后的).{0,12}(协议|条款|规则|承诺书)"
    r"|签署.{0,12}(协议|承诺书)(后|才)"
)
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
