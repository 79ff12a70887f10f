"""What the words of a choice mean for where money goes: pure, and in doubt never ours."""

import re
from enum import StrEnum
from functools import lru_cache

from agent.domain.text import fold

_ACCOUNT = r"(账户|帐户|账号|帐号|卡号|银行卡|卡|收款人|收款信息|账户信息)"
# Money that goes anywhere but to a bank account; one such word is enough, whatever stands beside it.
_ELSEWHERE = re.compile(
    r"支付宝|微信|余额|财付通|零钱|钱包|原路|云闪付|数字人民币|数币|话费|积分|红包|抵扣|抵用|续费|代金|优惠|充值|现金|支票|信用卡|贷记卡"
    r"|承兑|蚂蚁|花呗|翼支付|快钱|连连|保证金|预存|货款|第三方|虚拟|集分宝|京东支付|京东白条|白条|qq|alipay|wechat|weixin|paypal|payoneer"
    r"|pingpong|wallet|zfb|balance|credit",
    re.IGNORECASE,
)
# Where a sentence says that money goes, if not to the account that is typed in; 不支持支付宝 says the contrary.
_STATED = re.compile(
    r"(到账|收款|退款|返款|打款|提现|退回|退至|退到|返至|返到|返还|打入|打至|转入|转至|汇入)(方式|账户|帐户|账号|帐号|渠道)?(到|至|为|给|是)?:?"
    r"[^,，。;；.不非勿无]{0,6}(支付宝|微信|余额|财付通|钱包|原路|原支付|原付款|默认(账户|帐户|账号))|(?<!如需)(?<!要求)原路(退回|返回|退款|返还)"
)
# An account that the site knows already, so that what is typed into boxes may not count.
_SAVED = re.compile(
    rf"尾号|末[四4]位|\*{{2,}}|[•●×xX]{{3,}}|(已|以)?(保存|绑定|登记|关联)的?{_ACCOUNT}|(默认|常用|原有|原|上次|历史|已有|现有|现|已保存|已绑定|我的|本人|会员|注册|登录|当前)(的|使用的|返款|收款|银行)*{_ACCOUNT}"
    rf"|(上次|上一次|历史|已保存|已绑定|同上|一致|沿用)|默认(收款|返款)|\d{{7,}}|[(（]\d{{3,5}}[)）]|行\d{{4}}$"
    r"|(工商|农业|建设|招商|交通|中国|中信|光大|民生|浦发|兴业|平安|华夏|广发|邮储|邮政储蓄|北京|上海|宁波|杭州|江苏|浙商|恒丰|渤海|网商|微众)银行|[工农建招交]行|农商|信用社"
    r"|(选择|从).{0,4}(地址簿|通讯录|列表)",
)  # fmt: skip
_NEW = re.compile(
    rf"^[+＋]?(我要)?(使用|添加|新增|填写|输入|绑定|改用|换用|更换|换|选择|返至|返到|返款至|返款到|打款到|转到)?(到|至|为)?(一个|一张)?"
    rf"(新|新的|其他|其它|另一|另一个|另一张|另外|别的|不同的)(的|一个|一张)?(返款|收款|银行)*{_ACCOUNT}(收款|返款)?$"
    rf"|^[+＋]?(添加|新增|新建|手动填写|手动输入|手工填写|重新填写|更换|填写|输入)(返款|收款|银行)*{_ACCOUNT}$"
    r"|^(手动|手工|重新|自行)(填写|输入)$|^(use)?(a)?(new|another|different)(bank)?(account|card)$",
    re.IGNORECASE,
)
_BANK = re.compile(
    r"^(使用|选择|通过|返款|退款|打款|提现|收款|转账|转|汇款)*(至|到|入|往)?(银行|储蓄|借记|网银|线下)"
    r"(卡|账户|帐户|账号|帐号|卡号|转账|汇款|打款|收款|返款|存款|结算|电汇|卡账户|卡收款|卡转账|卡返款|账户转账|转账汇款|结算账户)?$"
    r"|^(银行)?(转账|汇款|电汇)$|^(by)?bank(card|account|transfer)?$|^debitcard$",
    re.IGNORECASE,
)
_NATURE = (
    r"(账户|帐户|账号|帐号|银行账户|银行帐户|银行卡|银行账号|收款|打款|转账|用户|商户|付款|结算|收款账户|账户收款)?"
)
_COMPANY = re.compile(rf"^(对公|企业|公司|单位|机构|企业对公|公司对公|对公企业){_NATURE}$")
_PERSON = re.compile(rf"^(对私|个人|私人|个人对私){_NATURE}$")
# What may stand behind a word without changing what it means.
_BESIDE = re.compile(
    r"[(（【\[]?(推荐|支持全国各大银行|\d(-|~|至)?\d?个?(工作日|天)(内)?到账|实时到账|次日到账|免手续费|无手续费|免费|首选|✓|✔|√|●|○|◉)[)）】\]]?"
)
_OWNED_BY_COMPANY = re.compile(
    r"(公司|企业|合伙|事务所|中心|商行|经营部|工作室|厂|店|集团|合作社|个体工商户|[(（]有限合伙[)）])"
)


class Kind(StrEnum):
    """What an option of a form is. NEW and BANK are the ways to an account that is typed in; OURS names ours."""

    OURS = "ours"
    NEW = "new"
    BANK = "bank"
    COMPANY = "company"
    PERSON = "person"
    SAVED = "saved"
    ELSEWHERE = "elsewhere"
    OTHER = "other"


def goes_elsewhere(text: str) -> bool:
    """True for a sentence that says that the money goes anywhere but to the account that is typed in."""
    return _STATED.search(fold(text)) is not None


# The texts of a form come again in each look.
@lru_cache(maxsize=1 << 12)
def kind_of(text: str, account: str = "") -> Kind:
    """What the words of an option mean. `account` is the number of ours: only an option that shows it whole is OURS."""
    words = fold(text)
    if _ELSEWHERE.search(words):
        return Kind.ELSEWHERE
    if len(account) >= 8 and re.findall(r"\d{5,}", re.sub(r"[\s-]", "", words)) == [account] and "*" not in words:
        return Kind.OURS
    if _SAVED.search(words) and not _NEW.match(_plain(words)):
        return Kind.SAVED
    plain = _plain(words)
    kinds = ((_NEW, Kind.NEW), (_BANK, Kind.BANK), (_COMPANY, Kind.COMPANY), (_PERSON, Kind.PERSON))
    return next((kind for pattern, kind in kinds if pattern.match(plain)), Kind.OTHER)


def _plain(text: str) -> str:
    return _BESIDE.sub("", text).strip("*:：,，。.;；+＋")


def nature_of(holder: str) -> Kind | None:
    """COMPANY or PERSON for the name of an account's holder; None if it could be either."""
    text = fold(holder)
    if _OWNED_BY_COMPANY.search(text):
        return Kind.COMPANY
    return Kind.PERSON if re.fullmatch(r"[一-鿿·]{2,4}", text) else None
