"""How well the words of a menu entry fit what is looked for, and which words are never pressed on the way."""

# ruff: noqa: E501 - lists of words read better in long lines

import re
from dataclasses import dataclass
from enum import StrEnum

from agent.domain.text import fold

STRONG = 5.0  # an entry that is called like the page itself, not like a group that may hold it
_DISTRACTS = -3.0


class Aim(StrEnum):
    """What is looked for: a platform's list of service orders, and the back office's two pages."""

    ORDERS = "orders"
    FILING = "filing"
    REFUND = "refund"


Weights = tuple[tuple[re.Pattern[str], float], ...]


def _weights(*pairs: tuple[str, float]) -> Weights:
    return tuple((re.compile(pattern, re.IGNORECASE), weight) for pattern, weight in pairs)


_GENERAL = _weights(
    (r"更多|全部(功能|应用|菜单|产品)|功能(导航|大全|地图|列表)|网站(导航|地图)|导航|菜单|sitemap|menu|more", 0.8),
    (
        r"(商家|卖家|会员|用户|个人|管理|运营)(后台|中心)|工作台|控制台|账[号户]中心|我的|home|dashboard|console|center|centre",
        0.5,
    ),
)
_ORDERS = _weights(
    (r"(订购|订阅)(记录|订单|历史|明细|列表|管理|查询|清单|关系)|(我的|历史|已|服务|应用|软件|全部|所有)(的)?(订购|订阅)", 8.0),
    (r"(服务|应用|软件|插件|服务市场)的?(订单|购买记录|订购)", 8.0),
    (r"已(购|买|订)|我(购买|订购|买|购)(过)?的", 6.0),
    (r"我的?(服务|应用|软件|插件)", 7.0),
    (r"(购买|采购|消费|交易|订单|续费)(记录|历史|明细)", 5.0),
    (r"(服务|应用|软件|插件|工具|商家服务)(市场|中心|商城|商店|平台|广场|管理)|商家服务|(服务|应用)(与|和|及|/)(服务|应用)", 4.0),
    (r"订单(查询|管理|中心|列表|明细)|(我的|全部|所有)订单", 3.0),
    (r"(费用|账单|消费)(中心|管理|明细)?|增值", 1.5),
    (r"授权(管理|记录|列表)|(应用|服务|店铺|我的)的?授权", 2.5),
    (r"服务|应用|软件|插件|isv|第三方", 1.2),
    (r"订购|订单|工具", 1.0),
    (r"(service|subscription|app|purchase)s? ?(orders?|records?|history|subscriptions?)|my ?(services|apps|subscriptions|purchases)|purchased|subscribed", 8.0),
    (r"(service|app|application)s? ?(market|store|center|centre|hub)|market ?place", 4.0),
    (r"my ?orders|orders|subscriptions?|services|apps", 2.0),
)  # fmt: skip
_FILING = _weights(
    (r"报备", 7.0),
    (r"(平台|订单|订购|返款)报备|报备(查询|记录|管理|列表|登记)", 3.0),
    (r"返款|返现|返利", 4.0),
    (r"自助|会员服务|管家服务|业务办理|财务(中心|管理)?|会员后台|客户服务", 3.0),
    (r"订购记录|订单查询|订单管理", 2.0),
    (r"服务|订单|订购|登记|申报", 1.0),
    (r"filings?|rebates?|refunds?|self ?-?service", 4.0),
)
_REFUND = _weights(
    (r"返款|返现|返利", 7.0),
    (r"订购返款|返款(申请|管理|列表|查询|记录)|申请返款", 3.0),
    (r"报备", 5.0),
    (r"自助|会员服务|管家服务|业务办理|财务(中心|管理)?|会员后台|客户服务|资金", 3.0),
    (r"订购记录|订单查询|订单管理|退款", 2.0),
    (r"服务|订单|订购", 1.0),
    (r"filings?|rebates?|refunds?|self ?-?service", 4.0),
)
_WORDS = {Aim.ORDERS: _ORDERS, Aim.FILING: _FILING, Aim.REFUND: _REFUND}
# What is typed into a box that finds functions by their names, the surest first.
TERMS = {
    Aim.ORDERS: ("订购", "我的服务", "服务订单"),
    Aim.FILING: ("报备",),
    Aim.REFUND: ("返款", "报备"),
}
_DISTRACTING = re.compile(
    r"商品|宝贝|货品|库存|物流|快递|运费|售后|营销|推广|直播|客服|买家|粉丝|素材|装修|钱包|保证金|发票|报表|规则|学习|大学|培训|帮助|公告|资讯|新闻|论坛|社区|招聘|关于|联系|隐私|协议|条款|备案|许可|开发者|开放平台"
    r"|help|about|privacy|terms|contact|product|logistic|campaign|coupon|invoice",
    re.IGNORECASE,
)

# What says how things stand, and not what a press would do: 待确认订单, 已取消.
_STATE = re.compile(
    r"(待|未|已)(经)?(确认|付款|支付|取消|关闭|审核|退款|续费|开通|授权|使用|订购|订阅|购买|买|购|到期|过期|完成|结束|验收|签收|归档|发货|升级|签约|生效|失效)的?"
)
_NOUN = re.compile(
    r"(订购|订阅)(记录|订单|历史|明细|列表|管理|查询|清单|关系|信息|服务|应用|返款|时间|日志|中心|的)|(我的|历史|服务|应用|软件|全部|所有|我)的?(订购|订阅)|购买(记录|历史|明细|管理|查询|订单|列表|的|过的)|我(的)?购买"
    r"|授权(管理|记录|列表|查询|信息|中心)|(应用|服务|店铺|我的|平台)的?授权$|(返款|订购返款)申请|申请(记录|查询|列表)|使用(记录|说明|中)|服务订购|(续费|续订|充值|支付|付款|退款|开通|升级|购买|订购|签约|领取|使用|操作|登录|订购续费|订购/续费)(记录|历史|明细|日志|查询)$"
)
# The words of a filing and of a refund name the pages of the back office, with verbs in front.
_OWN = {
    Aim.ORDERS: re.compile(r"(?!)"),
    Aim.FILING: re.compile(r"(新增|新建|添加|我要|申请)?(平台|订单|订购)?报备(申请)?"),
    Aim.REFUND: re.compile(r"(新增|我要)?(申请)?(订购)?(返款|退款)(申请)?|(新增|我要)?(平台)?报备"),
}
_URGES = re.compile(
    r"立即|马上|立刻|即刻|一键|批量|现在就|点击|点我|免费|限时|抢|秒杀|特惠|快速|我要|赶紧|直接|^去|前往"
)
_ACTS = re.compile(
    r"退出|登出|注销|登录|登陆|注册|续费|续订|续约|续签|续期|支付|付款|缴费|充值|删|清空|清除|移除|作废|升级|开通|激活|领|签约|签署|签订|签到|提交|保存|发布|上架|下架|解绑|解除|解约|绑定|退订|退款|退货|同意|接受|允许|试用|体验|提现|转账|汇款|打款|还款|借|贷|报名|加入|收藏|关注|订阅"
    r"|导出|下载|打印|上传|导入|重置|恢复|停用|启用|禁用|停止|暂停|关闭|关店|终止|修改|编辑|更改|更换|变更|更新|新建|新增|添加|创建|复制|发货|投诉|举报|评价|安装|卸载|切换|催|撤销|撤回|取消|确认|审核|审批|批准|拒绝|驳回|收货|改价|代扣|免密|扣款|下单|加购|购物车|结算|抽奖|分享|邀请|认证|实名|验证|扫码|兑换|拨打|发送|推送|同步|生成|转让|合并|授权|订购|购买|买|申请|使用|开启|设为|标记|处理|完成|锁定|解锁|冻结|铺货"
    r"|结束|放弃|验收|签收|拒收|确收|收款|代付|结账|补缴|缴纳|转移|移交|迁移|过户|托管|委托|归档|屏蔽|隐藏|标为|已读|清零|还原|退店|闭店|下线|换绑|改密|找回密码|接单|拒单|抢单"
)
_ACTS_EN = re.compile(
    r"\b(log|sign)[ -]?(out|off|in|up)|\b(renew|pay|buy|order now|subscribe|unsubscribe|delete|remove|cancel|upgrade|activate|authori[sz]e|submit|save|confirm|agree|accept|claim|apply|check ?out|top ?up|withdraw|install|uninstall|download|upload|export|import|terminate|close|reset|clear|enable|disable|switch|add|create|publish|free trial|try|get|start|register|enrol?l|join|pay(ment)?|purchase|revoke|allow|approve|extend|redeem|deactivate|disconnect|suspend|pause|stop|exit|quit|archive|reject|deny|dismiss|launch|delegate|resubscribe|re-?order|reauthori[sz]e|auto-?renewal|place (an )?order|turn (on|off)|order services?)\b",
    re.IGNORECASE,
)  # fmt: skip
_LIST_EN = re.compile(
    r"\b(purchased?|purchase (orders?|records?|history)|subscribed|my (purchases|subscriptions))\b", re.IGNORECASE
)
_HARD = re.compile(
    r"\b((log|login|sign) ?(out|off)|unsub|xufei|fukuan|tuichu|zhuxiao|lingqu|quit|exit|del|delete|remove|drop|cancel|pay|payment|cashier|checkout|cart|renew|renewal|upgrade|unbind|unsubscribe|revoke|oauth|authorize|terminate|activate|claim|agree|accept|export|download|submit|do ?post ?back|trial|receive|withdraw|transfer|recharge|switch)\b"
)
_SCRIPTED = re.compile(
    r"\b((log|login|sign) ?(out|off)|xufei|fukuan|tuichu|zhuxiao|lingqu|confirm|cancel(?! bubble)|accept|agree|del|delete|pay|payment|cashier|checkout|buy|purchase|renew|renewal|upgrade|unbind|unsubscribe|revoke|oauth|authorize|activate|claim|export|download|submit|do ?post ?back|withdraw|transfer|recharge)\b"
)
_SOFT = re.compile(
    r"\b(buy|purchase|subscribe|apply|create|confirm|auth|update|use|save|open|add|edit|close|sign|reset|refund|launch)\b"
)
_COMMANDS = re.compile(r"[?&](?:act|action|op|do|cmd|method)=([^&#]+)", re.IGNORECASE)
_LISTING = re.compile(
    r"\b(list|lists|record|records|order|orders|history|query|search|manage|management|my|center|centre|index|home|bought)\b"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """How well an entry fits; `refused`: it could change something, whatever it is called otherwise."""

    score: float
    refused: bool


def judge(label: str, aim: Aim) -> Judged:
    """Judge the words of a menu entry."""
    return Judged(_score(label, aim), is_act(label, aim))


def _score(label: str, aim: Aim) -> float:
    text = fold(label)
    spaced = " ".join(label.split())
    fits = sum(
        weight for pattern, weight in (*_WORDS[aim], *_GENERAL) if pattern.search(text) or pattern.search(spaced)
    )
    return fits + (_DISTRACTS if _DISTRACTING.search(text) else 0.0)


def is_act(label: str, aim: Aim) -> bool:
    """True for words of what could change something: 退出登录, 立即续费, 一键授权. Not for 订购记录 and 应用授权."""
    text = fold(label)
    if _OWN[aim].fullmatch(text):
        return False
    if _URGES.search(text):
        return True
    plain = _NOUN.sub("", _STATE.sub("", text))
    spaced = _LIST_EN.sub("", " ".join(label.split()))
    return _ACTS.search(plain) is not None or _ACTS_EN.search(spaced) is not None


def leads_to_act(address: str, *, fits: bool) -> bool:
    """True if an address is spelled like one that does something. `fits`: the entry's words are
    those of the page that is looked for, so that a word which lists have, too, counts for nothing. A word of lists in
    front of the last step excuses nothing: /order/confirm.
    """
    text = _spelled(address)
    if _HARD.search(text) or any(_SOFT.search(_spelled(command)) for command in _COMMANDS.findall(address)):
        return True
    last = _last_step(address)
    if _SOFT.search(last) and not _LISTING.search(last):
        return not fits
    return _SOFT.search(text) is not None and not (fits or _LISTING.search(text))


def _last_step(address: str) -> str:
    """The last step of an address, or of its route behind #, that holds a word."""
    path = re.sub(r"^https?://[^/?#]*|\?[^#]*", "", address)
    return next((text for step in reversed(re.split(r"[/#?]", path)) if (text := _spelled(step))), "")


def runs_act(script: str) -> bool:
    """True if a piece of script is spelled like one that does something. What opens a menu removes a class, too."""
    return _SCRIPTED.search(_spelled(script)) is not None


def _spelled(address: str) -> str:
    """An address as words, without its host: /svc/toPay.htm#/renewNow as svc to pay htm renew now."""
    rest = re.sub(r"^https?://[^/?#]*", "", address)
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z]+", " ", rest).lower().split())
