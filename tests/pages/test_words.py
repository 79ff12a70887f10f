"""The words of pages: what counts as one word, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.orders import OrderStatus
from agent.domain.text import fold
from agent.pages import list_words, login_words, message_words, vocabulary


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("共 37 条", 37),
        ("共37条记录", 37),
        ("总共 1,037 条", 1037),
        ("1-10 of 37", 37),
        ("Total 37 items", 37),
        ("共 0 条", 0),
        ("合计：37 单", 37),
        ("第 1-10 条/共 37 条", 37),
        ("显示第 1 到第 10 条记录，总共 15 条记录", 15),
        ("共 ３７ 条", 37),
        ("总计 37 个", 37),
        ("共 37 条，每页 10 条", 37),
        ("共37条，每页10条，到第", 37),
        ("已选择 0 项，共计 37 项", 37),
        ("1-10 / 37", 37),
        ("显示第 1 到 10 条，共 37 记录", 37),
        ("共 5 条消息", None),
        ("2026-11/30", None),
        ("10 条/页", None),
        ("每页 10 条", None),
        ("第 3 页", None),
        ("共 4 页", None),
        ("订单编号", None),
        ("", None),
        ("合计 ¥37.00", None),
    ],
)
def test_the_total_that_a_page_states(text: str, total: int | None) -> None:
    assert list_words.total_in(text) == total


@pytest.mark.parametrize(
    "text",
    [
        "加载更多",
        "点击加载更多",
        "展开剩余 4 条",
        "点击查看更早的订单",
        "更多 ▾",
        "查看更多订单 (4)",
        "展开其余4条记录",
    ],
)
def test_words_that_bring_further_rows(text: str) -> None:
    assert list_words.loads_more(text)


@pytest.mark.parametrize("text", ["更多操作", "查看更多公告", "更多活动", "展开", "还有4条消息", "查看订单", "订单"])
def test_words_that_bring_no_rows(text: str) -> None:
    assert not list_words.loads_more(text)


@given(st.integers(0, 10**6))
def test_any_total_is_read(count: int) -> None:
    assert list_words.total_in(f"共 {count} 条") == list_words.total_in(f"共 {count:,} 条记录") == count


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("订单编号", "order_no"),
        ("*订单编号：", "order_no"),
        ("订 单 号", "order_no"),
        ("订购单号 ↑", "order_no"),
        ("Order No.", "order_no"),
        ("实付款(元)", "amount"),
        ("实付款（元）", "amount"),
        ("支付金额 ⓘ", "amount"),
        ("应用名称", "service"),
        ("下单时间", "ordered_at"),
        ("有效期至", "expires_at"),
        ("交易状态", "status"),
        ("管理", "action"),
        ("买家店铺", "shop"),
    ],
)
def test_a_heading_names_its_field(text: str, field: str) -> None:
    found = vocabulary.field_of(text, vocabulary.ORDER_FIELDS)
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    "text", ["", "订单编号说明", "请输入订单编号", "金额最高", "我的订单", "3391899276382420635", "服务市场"]
)
def test_what_only_resembles_a_heading_names_none(text: str) -> None:
    assert vocabulary.field_of(text, vocabulary.ORDER_FIELDS) is None


def test_no_heading_means_two_fields() -> None:
    for known in (vocabulary.ORDER_FIELDS, vocabulary.FILING_FIELDS, vocabulary.FORM_LABELS):
        for name, synonyms in known.items():
            for synonym in synonyms:
                found = vocabulary.field_of(synonym, known)
                assert found is not None
                assert found[0] == name, synonym


def test_no_word_means_two_states() -> None:
    for status, text in vocabulary.ORDER_STATUS.items():
        for word in text:
            assert vocabulary.state_of(f" {word[0]} {word[1:]}", vocabulary.ORDER_STATUS) is status


@pytest.mark.parametrize("text", ["", "待评价", "交易成功了", "不待确认", "待确认?"])
def test_an_unknown_state_is_none(text: str) -> None:
    assert vocabulary.state_of(text, vocabulary.ORDER_STATUS) is None


@pytest.mark.parametrize("text", ["确 认", "确认", " 确认\n", "去确认", "Confirm"])
def test_the_button_to_confirm_has_these_words(text: str) -> None:
    assert vocabulary.is_one_of(text, vocabulary.CONFIRM)


@pytest.mark.parametrize("text", ["确认续费", "确认支付", "取消确认", "已确认", "详情", "立即续费", "确认付款", ""])
def test_these_are_other_buttons(text: str) -> None:
    assert not vocabulary.is_one_of(text, vocabulary.CONFIRM)
    assert not vocabulary.is_one_of(text, vocabulary.AGREE)


def test_nothing_that_agrees_or_confirms_buys() -> None:
    for text in (
        *vocabulary.CONFIRM,
        *vocabulary.AGREE,
        *vocabulary.SUBMIT,
        *vocabulary.DISMISS,
        *vocabulary.ADD,
        *vocabulary.SAVE,
    ):
        assert not message_words.BUYING.search(text) or text == "确认订购", text


def test_unpaid_is_never_taken_for_anything_else() -> None:
    unpaid = set(vocabulary.ORDER_STATUS[OrderStatus.UNPAID])
    assert not unpaid & {w for s, ws in vocabulary.ORDER_STATUS.items() if s is not OrderStatus.UNPAID for w in ws}


@pytest.mark.parametrize(
    "text",
    [
        "请先支付 ¥99.00 后继续",
        "确认支付",
        "立即续费",
        "您尚未订购该服务",
        "需要付费后使用",
        "请续费",
        "授权并支付",
        "支付并授权",
        "到期自动续费",
        "余额不足",
        "服务费 99元",
        "是否购买？",
        "Subscription fee: US $29.99 / month",
        "Your card will be charged",
        "服务费将按年从店铺货款中自动划扣",
        "授权即订购本服务一年",
        "费用从保证金中扣除",
        "30 USD",
    ],
)
def test_a_page_that_asks_for_money_is_known(text: str) -> None:
    assert message_words.ASKS_FOR_MONEY.search(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "续费",
        "View feedback and coffee orders",
        "读取店铺订单与物流信息",
        "查询订购关系",
        "我已阅读并同意《授权协议》",
        "授权成功",
        "当前授权到期",
    ],
)
def test_words_of_a_harmless_consent_ask_for_none(text: str) -> None:
    assert message_words.ASKS_FOR_MONEY.search(fold(text)) is None


@pytest.mark.parametrize(
    ("text", "pays"),
    [
        ("确认青禾母婴专营店购买的网店管家J系列?", False),
        ("确认购买的服务？", False),
        ("是否购买该服务？", True),
        ("购买此服务吗？", True),
        ("确认购买？", True),
        ("余额支付购买的服务吗？", True),
        ("是否续费？", True),
        ("需付款 62.80 元，继续吗？", True),
        ("将扣款 62.80 元，继续吗？", True),
        ("您已付款 62.80 元，确认收到服务吗？", False),
        ("确认服务已开始？网店管家，确认后货款将支付给服务商。", False),
        ("确认后您将支付 62.80 元", True),
        ("确认后服务将立即开通，且不可撤销。", False),
    ],
)
def test_what_would_spend_money(text: str, pays: bool) -> None:
    assert bool(message_words.PAYING.search(text)) is pays


@pytest.mark.parametrize(
    "text",
    [
        "Your account name or password is incorrect.",
        "The password you entered doesn't match our records",
        "Incorrect password",
        "账号名或登录密码不正确",
    ],
)
def test_a_refused_password_is_known_in_both_languages(text: str) -> None:
    assert login_words.WRONG_LOGIN.search(fold(text))


@pytest.mark.parametrize("text", ["Please slide to verify", "Drag the slider to complete", "请按住滑块，拖动到最右边"])
def test_a_slider_is_known_in_both_languages(text: str) -> None:
    assert login_words.SLIDER.search(fold(text))


@pytest.mark.parametrize("text", ["Forgot password?", "Slide show", "Password", "View account"])
def test_other_english_words_are_neither(text: str) -> None:
    assert login_words.SLIDER.search(fold(text)) is None
    assert login_words.WRONG_LOGIN.search(fold(text)) is None


@pytest.mark.parametrize(
    "text", ["请在手机淘宝App上点击确认登录", "请前往手机客户端确认登录", "Approve it on your phone"]
)
def test_a_yes_that_is_wanted_on_a_phone_is_known(text: str) -> None:
    assert login_words.APPROVAL.search(fold(text))


@pytest.mark.parametrize("text", ["打开京麦App 扫一扫登录", "下载手机App", "确认订单", "手机号", "请确认订单信息"])
def test_other_words_about_phones_want_none(text: str) -> None:
    assert login_words.APPROVAL.search(fold(text)) is None


@pytest.mark.parametrize(
    "text", ["《服务市场协议》已更新，请阅读并同意", "请签署新版《商家服务协议》", "签署承诺书后才能继续"]
)
def test_an_agreement_that_is_to_be_accepted_is_known(text: str) -> None:
    assert message_words.AGREEMENT.search(fold(text))


@pytest.mark.parametrize(
    "text", ["我已阅读并同意《授权协议》", "服务协议", "用户协议和隐私政策", "规则中心", "平台规则更新公告"]
)
def test_agreements_that_only_stand_there_are_none(text: str) -> None:
    assert message_words.AGREEMENT.search(fold(text)) is None
