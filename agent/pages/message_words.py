"""What pages say in whole sentences: trouble of the site's own, success and failure, money, consent."""

# ruff: noqa: E501 - lists of words read better in long lines

import re

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
SUCCESS = re.compile(r"(?<![未不没])成功|已提交|已确认|已添加|已保存|完成|已受理|受理中|已接收|处理中|正在处理")
FAILURE = re.compile(
    r"失败|[未不没]成功|错误|有误|不能|无法|不可|不支持|不足|未满|必填|不能为空|请(选择|输入|填写)|繁忙|异常|稍后(?!到|在|可|将|会|请?(查看|刷新|留意|关注))|变更|拒绝|重复|已存在|已失效|不完整|无效|超时"
    r"|未到|尚未|还未|没到|未达|不满足|暂不"
)
# A site that says so has it: it counts as taken, for asking once more would be asking twice.
HAS_IT_ALREADY = re.compile(
    r"重复(提交|报备|申请|操作|确认|添加)|已存在|已(经)?(报备|申请|提交|确认)过|(订单|该单)已(经)?(报备|申请|确认)"
)
_NOT_ADVICE = r"(?<!勿)(?<!不要)(?<!不可)(?<!不能)(?<!不得)(?<!避免)(?<!防止)(?<!无法)(?<!无需)(?<!不会)"


def asking_again(doing: str) -> re.Pattern[str]:
    """What a question says that asks whether to do the same a second time; `doing` are the words of what is done, as
    alternatives. 请勿重复提交 is advice.
    """
    return re.compile(
        rf"(?<!我)已经?({doing})过|(存在|发现|检测到|已有)(相同|重复)|疑似重复|可能重复"
        rf"|(是否|仍要|仍然|继续|确定要?|确认要?)(再次|重复|重新)({doing})"
        rf"|{_NOT_ADVICE}重复({doing})(?=的?(订单|记录|数据)?[，,。；？?吗!！]|$)"
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
