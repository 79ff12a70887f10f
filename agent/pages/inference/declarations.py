"""Whether a box of a form declares that the form is true, or that its own rules were read: words in, a verdict out."""

# ruff: noqa: E501, SIM905 - lists of words read better in long lines

import re
from functools import lru_cache

from agent.domain.text import fold

# Nothing that pays, opens, lends or gives away is among the words, so a label that speaks of such things is not covered.
_WORDS = frozenset(
    """
    我 本人 我们 我方 我司 本公司 本店 本企业 本单位 本商家 您 已 已经 均 均已 都 都已 全部 仔细 认真 完整 完全 充分 自愿 郑重 特此 在此 将 会
    阅读 知晓 了解 知悉 理解 悉知 清楚 明白 同意 接受 认可 遵守 遵循 确认 确定 核对 核实 检查 承诺 保证 声明 并 并且 且 和 及 以及 与 或 的 地 后 对 对于
    以上 上述 上面 下述 以下 所 本 此 该 本次 这次 此次 表单 本表单 页面 填写 填 提交 提供 填报 录入 上报 申报 登记 报备 返款 返现 退款 申请 订购
    信息 内容 资料 材料 数据 记录 凭证 账户 帐户 账号 帐号 收款 收款人 银行 银行卡 卡号 开户 开户行 户名 订单 编号 单号 订单号 订单编号 日期 时间 金额 店铺 平台 名称 网店 网店管家
    为 是 真实 有效 真实性 有效性 准确性 完整性 合法性 准确 正确 无误 合法 属实 一致 相符 合规 可靠 不存在 没有 无 任何 虚假 隐瞒 伪造 错误 有误 不实 不符 误差
    如 如有 若 若有 如果 因 由于 由 由此 而 导致 造成 产生 引起 引发 的一切 一切 相关 所有 后果 责任 法律责任 法律 损失 延误 失败 自行 承担 自负 负责 自己 愿 愿意 愿意承担
    规则 须知 说明 细则 规定 规范 流程 要求 政策 公告 办法 管理 承诺书 声明书 告知书 指南 条件 标准 条款 协议 注意事项 事项 会员 后台 企业版 云端版
    i we have has read and agree accept to the that all above information is are true accurate correct valid refund filing rules terms confirm submitted provided complete of
    """.split()
)
_LONGEST = max(map(len, _WORDS))
_PHRASES = re.compile(
    r"(取消|丧失|不予)(返款|报备|返现|退款)(资格)?|(将)?不予(返款|受理|通过|报备)|(返款|退款|报备)(失败|延误|延迟)|打款失败|无法(返款|到账|打款)"
    r"|我(已|已经)?勾选|请(您)?(先|务必)*(仔细)?(阅读)?(并|后)?(勾选|同意)[^，。,;；]{0,6}$|[(（]?必[填选][)）]?"
)
_DECLARES = re.compile(r"阅读|知晓|了解|知悉|悉知|同意|确认|承诺|保证|声明|遵守|agree|confirm|read", re.IGNORECASE)
# What a declaration must be about: this form's information, or its own rules.
_ABOUT_THIS = re.compile(
    r"(返款|返现|退款|报备|填写|提交|提供|以上|上述|所填|账户|收款|订单|订购|信息|资料|内容).{0,24}"
    r"(真实|准确|正确|有效|无误|属实|一致|相符|合法|虚假|规则|须知|说明|细则|规定|规范|流程|要求|政策|办法|承诺书|声明|告知书|条款|协议|条件|标准|公告|事项)"
    r"|(真实|准确|正确|属实|无误).{0,12}(信息|资料|内容|填写|账户)|information.*(true|accurate|correct)|(refund|filing).*(rules|terms)",
    re.IGNORECASE,
)
# An agreement or a policy that is no refund's and no filing's is somebody else's, whatever stands beside it.
_OF_RULES = re.compile(r"协议|政策|条款|公告|标准|条件")
_OWN_RULES = re.compile(
    r"(返款|返现|退款|报备)[^《》，。,;；]{0,10}(协议|政策|条款|公告|标准|条件)|(refund|filing)(rules|terms)"
)
_SILENT = re.compile(r"[^\w\u4e00-\u9fff%¥￥$€£]|_")
_TITLE = re.compile(r"《([^《》]*)》|〈([^〈〉]*)〉|「([^「」]*)」")
_OF_OURS = re.compile(r"返款|返现|退款|报备", re.IGNORECASE)
_ASKS = re.compile(
    r"请(您|先|务必|仔细|需|须|确认|并|阅读|了解|知悉|知晓|已|后|同意|以上|以下|相关)*(勾选|同意|选中)"
    r"|(未|没有|尚未|还未|需|须|需要|必须|应)(您)?(先)?(勾选|同意|阅读并同意)"
    r"|(勾选|同意)[^，。,;；]{0,16}(后|之后)?(方可|才能|才可|即可|方能|再)(提交|申请|继续|操作|返款|报备|添加)"
    r"|请(您)?先?(仔细)?阅读[^，。,;；]{0,20}(规则|须知|说明|协议|条款|承诺)|请先(确认|承诺)[^，。,;；]{0,16}(真实|无误|准确|属实|有效)"
)


@lru_cache(maxsize=1 << 10)
def declares(text: str) -> bool:
    """True for the words of a box that says of this form alone that it is true, or that its rules were read."""
    words = fold(text).lower()
    titles = ["".join(found) for found in _TITLE.findall(words)]
    if not all(_OF_OURS.search(title) for title in titles):
        return False
    foreign_rules = len(_OF_RULES.findall(words)) > sum(
        len(_OF_RULES.findall(m[0])) for m in _OWN_RULES.finditer(words)
    )
    about = _DECLARES.search(words) is not None and _ABOUT_THIS.search(words) is not None
    return about and not foreign_rules and _is_covered(words)


def asks_to_declare(text: str) -> bool:
    """True for words that want a box ticked before anything is sent (请先阅读并勾选返款规则)."""
    return len(text) <= 80 and _ASKS.search(fold(text)) is not None


def _is_covered(text: str) -> bool:
    """True if a text is made of the words of declarations alone."""
    reached = [True] + [False] * len(text)
    for at, char in enumerate(text):
        if not reached[at]:
            continue
        if _SILENT.fullmatch(char):
            reached[at + 1] = True
        for length in range(1, min(_LONGEST, len(text) - at) + 1):
            if text[at : at + length] in _WORDS:
                reached[at + length] = True
        if found := _PHRASES.match(text, at):
            reached[found.end()] = True
    return reached[-1]
