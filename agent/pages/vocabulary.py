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
LOGIN = (
    "登录",
    "立即登录",
    "登陆",
    "登入",
    "进入",
    "登录系统",
    "马上登录",
    "确认登录",
    "Login",
    "Signin",
    "Log in",
    "Sign in",
    "Log on",
)
NEXT_STEP = ("下一步", "继续", "下一步>", "Next", "Continue")
# What a box beside those for name and password asks for that nobody has told us: 企业号.
TENANT_BOX = re.compile(
    r"(企业|公司|租户|组织|机构|集团|商户|门店|单位|域|客户)(号|编码|代码|编号|ID|名称?|标识|账号|码)|tenant|company|corp|organi[sz]ation|domain",
    re.IGNORECASE,
)
USER_BOX = re.compile(
    r"账号|帐号|账户|用户|手机|邮箱|登录名|会员名|工号|昵称|account|user|e-?mail|phone|mobile|login", re.IGNORECASE
)
PASSWORD_TABS = ("密码登录", "账号登录", "账号密码登录", "帐号登录", "账户登录", "账密登录", "用密码登录")
EMAIL_TABS = ("邮箱登录", "邮箱密码登录", "邮箱账号登录")
OTHER_TABS = ("手机登录", "手机号登录", "短信登录", "验证码登录", "手机验证码登录", "扫码登录")
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
SITE_ERROR = re.compile(
    r"(系统|服务器?|网络)(繁忙|异常|错误|出错|超时|开小差)|(badgateway|gatewaytime-?out)|稍后(再试|重试)|加载失败|请求失败|被挤爆",
    re.IGNORECASE,
)
LOGGED_OUT = re.compile(
    r"(登[录陆]|会话|session)(状态|信息|态)?(已|已经)?(失效|过期|超时)|请(您)?(先|重新)?登[录陆]|重新登[录陆]|未登[录陆]"
    r"|youarenotloggedin|beenloggedout",
    re.IGNORECASE,
)
WRONG_LOGIN = re.compile(
    r"(密码|账号|帐号|用户名?|账户|会员名|登录名|登[录陆]信息|凭[证据]|口令).*(错误?|不正确|有误|不匹配|不符|不一致|不存在|不对|未注册|无效)"
    r"|(查无|无|没有|找不到)(此|该)(用户|账号|帐号|账户)|密码错"
    r"|(incorrect|invalid|wrong|bad|unknown).*(password|account|credential|user|login|sign-?in|details)"
    r"|(password|account|credential|user(name)?|login|details).*(incorrect|invalid|wrong|notmatch|n['’]tmatch|notfound|notrecogni[sz]ed|notexist|n['’]texist)"
    r"|authenticationfailed|accessdenied|couldn['’]?t(find|recogni[sz]e)your",
    re.IGNORECASE,
)
# What a log-in form says that is no answer to a log-in that was sent.
ABOUT_LOGIN = re.compile(r"密码|账号|帐号|账户|用户|登录名|会员名|口令|password|account|credential|user", re.IGNORECASE)
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
LOCKED = re.compile(r"(锁定|冻结|封禁|禁用|停用|限制登录|盗号风险|账号异常)")
PARDON = re.compile(
    r"敬请(谅解|见谅|期待)|带来(的)?不便|期间.{0,8}(无法|暂停|不可|不能)|耐心等待|sorryfortheinconvenience",
    re.IGNORECASE,
)
LOG_OUT = ("退出", "退出登录", "安全退出", "注销", "登出", "退出系统", "Log out", "Logout", "Sign out", "Sign off")
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
TOTAL = re.compile(
    r"(?:共计?|总计|总共|合计|total:?|of)(?:有|为|：|:)?(?P<all>\d+)(?:(?:条|单|个|项|笔|行|份|件|记录|数据|订单|结果|items?|records?|rows?|orders?)(?!/页|每页(?!显示|\d))|$)|(?P<some>\d+)(?:条|笔)(?:记录|数据|订单)|/共?(?P<after>\d+)条|^(?P<from>\d{1,4})[-~–—至到](?P<to>\d{1,4})[条项]?/(?P<of>\d+)[条项]?$",
    re.IGNORECASE,
)
# A count of these is not one of rows.
OTHER_COUNT = re.compile(r"消息|通知|公告|未读|评论|评价|优惠|待办|提醒|积分|商品|已选|张")
_PAGES = re.compile(r"共(?:计|有)?(\d+)页|\d+/共?(\d+)页|页[次码]:?\d+/(\d+)|\bpage\d+(?:of|/)(\d+)", re.IGNORECASE)
_OPEN_PAGE = re.compile(r"(?<![到至])第(\d+)/?(?:\d+)?页|(\d+)/共?\d+页|页[次码]:?(\d+)/|\bpage(\d+)", re.IGNORECASE)
_FRACTION = re.compile(r"(\d{1,4})/(\d{1,4})")
UNDERSTOOD = re.compile(r"^我?(已|已经)?(仔细)?(知晓|阅读|了解|知悉|知道|同意|确认已)")
TERMS = re.compile(r"(阅读|同意|知悉).*(协议|条款|政策|声明|规则)|^(我已)?(阅读|同意|阅读并同意|已阅读并同意)$")
CHOOSE_SHOP = re.compile(r"^(请)?(先)?选择(要登录的|登录的|您的|你的)?(店铺|商家|门店)")
SLIDER = re.compile(
    r"(按住|拖动|向右滑|滑动).*(滑块|验证|完成|拖)|滑块|拖动.*拼图|请按住|slide(right)?to(verify|continue|unlock|complete)|drag.{0,12}(slider|puzzle)",
    re.IGNORECASE,
)
# What stands above a slider, but above the box for a code, too.
VERIFICATION = re.compile(
    r"(请完成(安全|下列|以下)?验证|(?<!通过)(?<!完成)安全验证(?!中心|设置|管理|记录|成功|说明))"
    r"(?!后(才能|即可|可以?|方可|再)?(提现|提款|转账|修改|换绑|绑定|领取|参与|报名|开通|退款))"
    r"|securityverification|completetheverification",
    re.IGNORECASE,
)
# 点选: characters or pictures of a kind that are to be clicked in their order; also what is to be turned upright.
CLICK_PUZZLE = re.compile(
    r"(依次|按(顺序|语序|次序))点[击选按触]|点[击选按触](下图|图中|图片|图案|上图|以下)?.{0,8}(文字|汉字|字符|图案|图片|图形|物体)|(请|按.{0,4})(在)?(下|上|右|左)?图(中|内)?.{0,6}(依次|点[击选])"
    r"|选(择|出)所有|请选出|包含.{0,12}的(图片|图案)|(旋转|转动|拖动).{0,10}(图片|图形|角度|摆正|正)|图片.{0,6}(转正|摆正|旋转)|九宫格|请(按住|长按)|点击(按钮|此处|方框)?(进行|完成|开始|以)?(智能|安全|人机|行为)?验证$"
    r"|clickthe(characters|words|letters|images|pictures|following)|select(all|the).{0,20}(images|squares|pictures)|rotatethe|in(the)?order",
    re.IGNORECASE,
)
SMS_CODE = re.compile(
    r"(短信|手机)(验证|校验|动态)码|(验证|校验)码已发送|(获取|发送)(验证|校验)码|输入.*(验证|校验)码|短信验证"
    r"|\d位.*(验证|校验)码|verificationcode|\d-digitcode",
    re.IGNORECASE,
)
# What has a code sent; not a sentence which says that one was.
SEND_CODE = re.compile(
    r"^(点击)?(获取|发送|重新获取|重新发送|重发|免费获取)(短信|手机|邮箱|邮件|动态)?((验证|校验)?码)?$"
    r"|^(re)?send(me)?(a|the)?(new)?(verification)?(code)?(again)?$|^getcode$",
    re.IGNORECASE,
)
HAND_IN = (
    *("确定", "确认", "提交", "验证", "下一步", "登录", "提交认证", "提交验证", "立即验证", "完成验证", "完成", "继续"),
    *("确认登录", "Verify", "Submit", "Continue", "Next", "Confirm", "OK", "Log in", "Sign in"),
)
CODE_REFUSED = re.compile(
    r"(验证|校验|动态)码.{0,6}(错误|不正确|有误|不匹配|无效|不对|失效|过期)|(错误|失败|尝试)次数(过多|超限)"
    r"|(wrong|incorrect|invalid|expired).*code|code.*(wrong|incorrect|invalid|expired)",
    re.IGNORECASE,
)
APPROVAL = re.compile(
    r"(请|前往|打开).{0,16}(手机|App|客户端).{0,12}(确认|同意|批准).{0,4}(登录|授权|验证|身份)"
    r"|登录.{0,20}(手机|App|客户端).{0,12}(确认|同意|批准)|等待.{0,10}(手机|App).{0,6}确认"
    r"|approve.{0,20}(app|phone|device)",
    re.IGNORECASE,
)
AGREEMENT = re.compile(
    r"(协议|条款|规则|承诺书)[》」]?(已|有)?(更新|变更|升级|修订).{0,20}(同意|签署|确认)|(签署|确认|同意).{0,12}(新版|最新|更新后的).{0,12}(协议|条款|规则|承诺书)"
    r"|签署.{0,12}(协议|承诺书)(后|才)"
)
TOTP_CODE = re.compile(r"动态(口令|密码)|身份验证器|验证器(APP|应用)|谷歌验证|令牌|authenticator|totp", re.IGNORECASE)
EMAIL_CODE = re.compile(r"邮箱|邮件|email|e-mail", re.IGNORECASE)
LOG_IN = re.compile(r"登[录陆入]|sign-?in|log-?in", re.IGNORECASE)
QR_LOG_IN = re.compile(r"(扫码|二维码)(登录|登陆)")
IMAGE_CODE = re.compile(r"图[形片像](验证|校验)码|看不清|换一张|图中的?(字符|文字|数字)")
ANY_CODE = re.compile(
    r"(验证|校验|确认)码|(verification|security|confirmation|authentication|one-?time)code|passcode|\botp\b",
    re.IGNORECASE,
)
# What a box beside the one for a code asks for.
OTHER_BOX = re.compile(
    r"手机号|电话|账号|帐号|用户名|邮箱|邮件地址|搜索|关键[词字]|phone|mobile|e-?mail|search|user", re.IGNORECASE
)
# What a box asks for that is there to find something by: 输入短信验证码或订单号 asks for no code.
SEARCH_BOX = re.compile(r"搜索|查询|查找|关键[词字]|订单号|订单编号|单号|search", re.IGNORECASE)
# Not 扫一扫 alone: many a page offers its app that way.
QR_CHECK = re.compile(
    r"扫(码|一扫|描)[^，。；]{0,10}(验证|确认|校验|核验|认证)|(使用|打开)[^，。；]{0,16}扫(码|一扫|描)"
)
QR_CODE = re.compile(r"扫码登录|扫一扫|请使用.*扫")
QR_TABS = ("扫码登录", "二维码登录", "扫码", "APP扫码登录", "App扫码登录", "Log in with QR code")
QR_OVER = re.compile(
    r"二维码(已)?(经)?(失效|过期)|(请)?(点击|手动)?(刷新|重新获取)(二维码)?$|code(has)?expired", re.IGNORECASE
)
QR_RENEW = re.compile(r"刷新|重新获取|refresh", re.IGNORECASE)
QR_SCANNED = re.compile(r"(扫描|扫码)成功|已扫(码|描)|(请|在).*手机上?.*确认", re.IGNORECASE)
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
    """True where the text is exactly one of the words, blanks, full-width forms and case aside."""
    return fold(text).lower() in _folded(tuple(words))


@lru_cache(maxsize=1 << 10)
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(w).lower() for w in words)


def field_of(text: str, vocabulary: Vocabulary) -> tuple[str, int] | None:
    """Which field a heading names, and how preferred that word is (0 best); None where it names none."""
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


_THOUSANDS, _CLAUSE_ENDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), re.compile(r"[,，;；。|]")


def total_in(text: str) -> int | None:
    """The count of rows in a sentence such as 共 37 条，每页 10 条 or 1-10 of 37; None where the text states none.

    Of 显示第 1 到第 10 条记录，总共 15 条记录 it is the 15. What counts something else (已选 2 条) is no total.
    """
    clauses = _CLAUSE_ENDS.split(_THOUSANDS.sub("", fold(text)))
    found = [m for c in clauses if not OTHER_COUNT.search(c) for m in TOTAL.finditer(c) if _is_in_order(m)]
    match = next((m for m in found if m["all"]), found[0] if found else None)
    return int(next(g for g in (match["all"], match["some"], match["after"], match["of"]) if g)) if match else None


def _is_in_order(match: re.Match[str]) -> bool:
    """True where 1-10/37 counts rows: a date has its numbers in another order."""
    return match["of"] is None or int(match["from"]) <= int(match["to"]) <= int(match["of"])


def bare_control(text: str) -> str:
    """What a pager's control says, folded, in small letters, without the brackets and arrows around it."""
    return fold(text).lower().strip("[]()«»‹›<>〈〉《》【】≪≫←→")


def loads_more(text: str) -> bool:
    """True for the words of a control that brings further rows: 加载更多, 展开剩余 4 条, 查看更早的订单 ▾."""
    return len(text) <= 20 and LOAD_MORE.fullmatch(bare_control(text).strip("▾▼∨⌄˅↓﹀")) is not None


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


def pages_in(text: str) -> tuple[int | None, int] | None:
    """The open page, where it is said, and the count of pages: 第 1/2 页, 共 4 页, 第 3 页 共 4 页; None without."""
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
