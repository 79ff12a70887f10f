"""What a page states of this account, now, against advice, notices and questions that only speak of it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.text import fold
from agent.pages import login_words, message_words
from agent.pages.inference.statements import stated

PATTERNS = {
    "locked": login_words.LOCKED,
    "trouble": message_words.SITE_ERROR,
    "logged out": login_words.LOGGED_OUT,
    "slider": login_words.SLIDER,
    "wrong": login_words.WRONG_LOGIN,
    "verify": login_words.VERIFICATION,
    "maintained": message_words.MAINTENANCE,
}
REAL = [
    ("locked", "您的账号已被锁定"),
    ("locked", "账号已被冻结，请联系客服"),
    ("locked", "您的账号已被冻结，如有疑问请联系客服"),
    ("locked", "密码连续输错5次，账号已被锁定"),
    ("locked", "该账号已停用"),
    ("locked", "账号已锁定，请30分钟后再试"),
    ("locked", "当前账号被限制登录"),
    ("locked", "由于多次输入错误，您的账号已被锁定。"),
    ("locked", "抱歉！该账户已被封禁"),
    ("locked", "温馨提示：您的账号已被冻结"),
    ("trouble", "系统繁忙，请稍后再试"),
    ("trouble", "系统繁忙"),
    ("trouble", "当前系统繁忙，请稍后重试"),
    ("trouble", "服务器错误"),
    ("trouble", "网络异常，请检查网络后重试"),
    ("trouble", "加载失败，点击重试"),
    ("trouble", "抱歉，服务异常，请稍后再试"),
    ("trouble", "网络开小差了"),
    ("trouble", "哎呀，服务器开小差了"),
    ("trouble", "502 Bad Gateway"),
    ("maintained", "机房搬迁，系统暂停使用"),
    ("maintained", "今日系统结算中，暂停办理"),
    ("trouble", "请求失败"),
    ("trouble", "系统错误（500）"),
    ("trouble", "登录失败，请稍后再试"),
    ("logged out", "登录已失效，请重新登录"),
    ("logged out", "您的登录状态已过期"),
    ("logged out", "请先登录"),
    ("logged out", "会话已超时，请重新登录"),
    ("logged out", "您还未登录，请登录后查看"),
    ("logged out", "登录信息已过期，请重新登录！"),
    ("logged out", "You are not logged in"),
    ("slider", "请按住滑块，拖动到最右边"),
    ("slider", "向右滑动完成验证"),
    ("slider", "拖动滑块完成拼图"),
    ("slider", "按住左边按钮拖动完成上方拼图"),
    ("slider", "请拖动滑块完成验证"),
    ("slider", "Slide to verify"),
    ("verify", "请完成安全验证"),
    ("verify", "为了您的账号安全，请完成验证"),
    ("verify", "安全验证"),
    ("verify", "请完成下列验证后继续"),
    ("maintained", "系统升级维护中"),
    ("maintained", "系统正在维护，请稍后访问"),
    ("maintained", "网站维护中"),
    ("maintained", "服务市场正在进行系统升级，暂停服务"),
    ("maintained", "The site is under maintenance"),
    ("wrong", "密码错误"),
    ("wrong", "账号或密码错误"),
    ("wrong", "用户名或密码不正确，请重新输入"),
    ("wrong", "登录信息有误"),
    ("wrong", "该用户不存在"),
    ("wrong", "密码错误，您还可以尝试4次"),
    ("wrong", "Incorrect username or password"),
    ("wrong", "账号或密码错误，如忘记密码请点击找回"),
]
HARMLESS = [
    ("locked", "账号被冻结怎么办？"),
    ("locked", "账号被冻结怎么办"),
    ("locked", "连续输错5次密码，账号将被锁定"),
    ("locked", "密码连续输错5次后账号会被锁定2小时"),
    ("locked", "公告：旧版入口已停用，请使用新版登录"),
    ("locked", "请勿禁用浏览器 Cookie"),
    ("locked", "部分资金已锁定"),
    ("locked", "为避免账号被冻结，请勿频繁登录"),
    ("locked", "如何解除账号锁定"),
    ("locked", "若账号被锁定，请联系客服"),
    ("locked", "如账号被冻结，请拨打客服电话"),
    ("locked", "账号冻结的常见原因"),
    ("locked", "账号停用说明"),
    ("locked", "多次输错可能导致账号锁定"),
    ("locked", "旧版客户端已停用"),
    ("locked", "【公告】违规店铺封禁名单"),
    ("locked", "不要使用外挂，以免账号被封禁"),
    ("locked", "账号被盗、被封禁怎么处理？"),
    ("trouble", "公告：昨日系统繁忙问题已修复"),
    ("trouble", "昨日系统异常已恢复"),
    ("trouble", "如遇系统繁忙，请稍后再试"),
    ("trouble", "若页面加载失败，请刷新"),
    ("trouble", "加载失败怎么办"),
    ("trouble", "提示系统错误如何处理？"),
    ("trouble", "双十一期间可能出现系统繁忙"),
    ("trouble", "上周网络异常的说明"),
    ("trouble", "通知：系统异常期间的订单已处理"),
    ("trouble", "如果提示网络异常，请检查网络"),
    ("trouble", "系统繁忙时请耐心等待"),
    ("logged out", "如遇问题请重新登录"),
    ("logged out", "如页面空白，请重新登录"),
    ("logged out", "修改密码后将会被要求重新登录"),
    ("logged out", "登录失效怎么办"),
    ("logged out", "若提示登录已过期，请重新登录"),
    ("logged out", "长时间不操作会导致登录超时，可能需要重新登录"),
    ("slider", "如遇滑块验证失败请刷新"),
    ("slider", "滑块验证失败怎么办？"),
    ("slider", "若出现滑块，请拖动完成验证"),
    ("slider", "滑块验证常见问题的解决办法"),
    ("slider", "滑块拖不动怎么办"),
    ("verify", "安全验证不通过怎么办？"),
    ("verify", "如需安全验证，请联系管理员"),
    ("verify", "安全验证说明"),
    ("verify", "请完成安全验证后提现"),
    ("maintained", "公告：系统将于今晚进行升级维护"),
    ("maintained", "系统将于11月30日凌晨进行维护"),
    ("maintained", "若提示系统维护中，请稍后再试"),
    ("maintained", "昨日系统维护已完成"),
    ("wrong", "忘记密码或密码错误怎么办？"),
    ("wrong", "若提示密码错误，请找回密码"),
    ("wrong", "密码错误超过5次将被锁定"),
    ("wrong", "账号不存在怎么办"),
    ("wrong", "为什么提示账号或密码错误"),
]


@pytest.mark.parametrize(("kind", "text"), REAL)
def test_what_is_said_of_this_account_now_is_a_state(kind: str, text: str) -> None:
    assert stated(fold(text), PATTERNS[kind])


@pytest.mark.parametrize(("kind", "text"), HARMLESS)
def test_what_only_speaks_of_it_is_no_state(kind: str, text: str) -> None:
    assert not stated(fold(text), PATTERNS[kind])


@given(
    text=st.sampled_from(REAL),
    frame=st.sampled_from(
        [
            "{}怎么办？",
            "如遇{}请刷新",
            "若{}，请联系客服",
            "公告：昨日{}的问题已修复",
            "为什么会{}？",
            "如何处理{}",
            "以免{}",
        ]
    ),
)
def test_any_state_within_a_question_a_condition_or_a_notice_is_none(text: tuple[str, str], frame: str) -> None:
    kind, words = text
    clause = re.split(r"[，。！!]", words)[0]
    assert not stated(fold(frame.format(clause)), PATTERNS[kind])


@given(
    text=st.sampled_from(REAL),
    before=st.sampled_from(["", "抱歉，", "您好，", "温馨提示：", "×", "提示", "错误：", "!"]),
    after=st.sampled_from(["", "。", "！", "，请联系客服", "，如有疑问请联系客服", "（错误码：10023）"]),
)
def test_any_state_between_ordinary_words_stays_one(text: tuple[str, str], before: str, after: str) -> None:
    kind, words = text
    assert stated(fold(before + words.rstrip("。！!") + after), PATTERNS[kind])
