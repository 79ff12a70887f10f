"""Which option of a form is ours, and which choices stop it: made of all kinds of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.pages.inference.payee_choice import Choice, Manner, Option, Payee, State, decide, ours, unclear
from agent.pages.inference.payee_words import Kind, kind_of, nature_of

ACCOUNT = "571900000010001"
COMPANY = Payee(ACCOUNT, Kind.COMPANY)
ELSEWHERE = (
    "支付宝",
    "微信",
    "微信零钱",
    "账户余额",
    "原路返回",
    "支付宝账户",
    "云闪付",
    "信用卡",
    "Alipay",
    "京东钱包",
    "抵扣续费",
)
SAVED = (
    "招商银行 尾号8888",
    "工商银行(1234)",
    "默认账户",
    "6222 **** **** 1234",
    "使用已保存的账户",
    "常用银行卡",
    "上次使用的账户",
)
NEW = ("使用新账户", "添加银行卡", "其他账户", "新增收款账户", "＋ 添加新账户", "另一个账户", "手动填写")
BANK = ("银行卡", "银行账户", "银行转账", "转账到银行卡", "银行卡（推荐）", "银行卡 1-3个工作日到账", "Bank card")
FOR_COMPANIES, FOR_PERSONS = ("对公账户", "企业", "公司账户", "企业银行账户"), ("对私账户", "个人", "个人银行卡")
OTHER = ("全额", "新订", "续订", "专用发票", "顺丰", "A", "其他方式", "银行承兑", "待定", "转下期")
KINDS = {
    Kind.ELSEWHERE: ELSEWHERE,
    Kind.SAVED: SAVED,
    Kind.NEW: NEW,
    Kind.BANK: BANK,
    Kind.COMPANY: FOR_COMPANIES,
    Kind.PERSON: FOR_PERSONS,
    Kind.OURS: ("招商银行 571900000010001", "5719 0000 0010 001"),
}
GOOD = {*NEW, *BANK, *FOR_COMPANIES, *KINDS[Kind.OURS]}


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind, group in KINDS.items() for text in group])
def test_the_words_of_an_option_are_understood(text: str, kind: Kind) -> None:
    assert kind_of(text, ACCOUNT) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("支付宝绑定的银行卡", Kind.ELSEWHERE),
        ("其他支付宝账户", Kind.ELSEWHERE),
        ("银行卡（尾号8888）", Kind.SAVED),
        ("571900000010002", Kind.SAVED),
        ("银行承兑汇票", Kind.ELSEWHERE),
        ("非银行卡", Kind.OTHER),
        ("不使用银行卡", Kind.OTHER),
    ],
)
def test_words_that_say_something_besides_are_not_ours(text: str, kind: Kind) -> None:
    assert kind_of(text, ACCOUNT) is kind


@pytest.mark.parametrize(
    ("holder", "nature"),
    [
        ("杭州锦绣家居有限公司", Kind.COMPANY),
        ("王小明", Kind.PERSON),
        ("西湖区锦绣家居店", Kind.COMPANY),
        ("Jinxiu", None),
    ],
)
def test_who_holds_an_account_is_told_by_the_name(holder: str, nature: Kind | None) -> None:
    assert nature_of(holder) is nature


def one(*text: str, taken: int | None = 0, label: str = "收款方式") -> Choice:
    return Choice(label, tuple(Option(s, i == taken) for i, s in enumerate(text)))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("支付宝", "银行卡"), "银行卡"),
        (("支付宝", "微信", "云闪付", "银行转账"), "银行转账"),
        (("招商银行 尾号8888", "使用新账户"), "使用新账户"),
        (("银行卡", "招商银行 尾号8888"), None),
        (("银行卡", "招商银行 尾号8888", "添加银行卡"), "添加银行卡"),
        (("对公账户", "个人银行卡", "支付宝"), "对公账户"),
        (("企业", "个人"), "企业"),
        (("使用新账户", "添加银行卡", "尾号8888"), None),
        (("支付宝", "微信"), None),
        (("招商银行 571900000010001", "工商银行 6222020000001111"), "招商银行 571900000010001"),
    ],
)
def test_ours_is_the_only_one_that_is_certain(texts: tuple[str, ...], expected: str | None) -> None:
    found = ours(one(*texts), COMPANY)
    assert (found.words if found else None) == expected


def test_an_account_of_a_holder_that_could_be_either_is_not_guessed() -> None:
    assert decide(one("企业", "个人"), Payee(ACCOUNT, None)).state is State.UNCLEAR


def test_a_choice_that_is_not_about_money_is_left_as_it_stands_or_stops_it() -> None:
    assert decide(one("否", "是", label="是否开票"), COMPANY).state is State.READY
    assert decide(one("新订", "续订", label="报备类型"), None).state is State.READY
    assert decide(one("续订", "新订", label="报备类型"), None).state is State.UNCLEAR
    assert decide(one("企业", "个人", label="发票抬头"), COMPANY).state is State.UNCLEAR
    nothing = Choice("发票类型", (Option("请选择", True), Option("专用发票", False)), required=True)
    assert decide(nothing, COMPANY).state is State.UNCLEAR


def test_a_kind_of_account_says_that_a_choice_is_about_the_payee_whatever_stands_beside_it() -> None:
    assert decide(one("对公账户", "全额", taken=1, label=""), COMPANY).state is State.SET
    assert decide(Choice("", (Option("对私账户", None),), Manner.BOX), COMPANY).state is State.OPENED
    assert decide(Choice("主体", (Option("企业", None),), Manner.BOX), COMPANY).state is State.UNCLEAR


@pytest.mark.parametrize(
    ("text", "ticked", "state"),
    [
        ("使用默认账户", True, State.SET),
        ("使用默认账户", False, State.READY),
        ("使用新账户", False, State.SET),
        ("我已阅读并同意《返款规则》", True, State.READY),
        ("同意开通自动续费", True, State.SET),
        ("设为默认账户", True, State.SET),
        ("抵扣下次续费", True, State.SET),
    ],
)
def test_a_tick_is_set_or_taken_away(text: str, ticked: bool, state: State) -> None:
    choice = Choice(text, (Option(text, ticked),), Manner.TICK)
    assert decide(choice, COMPANY).state is state


def test_a_declaration_that_goes_on_outside_of_its_label_is_taken_away() -> None:
    text = "我已阅读并同意《返款规则》"
    choice = Choice(f"{text} ，并同意从返款中抵扣服务费", (Option(text, True),), Manner.TICK)
    assert decide(choice, COMPANY).state is State.SET


WORDS = st.sampled_from([w for group in (*KINDS.values(), OTHER) for w in group]) | st.text(max_size=12)
OPTIONS = st.lists(
    st.builds(Option, WORDS, st.sampled_from([True, False, None]), st.booleans()), min_size=1, max_size=5
)
LABELS = st.sampled_from(["", "收款方式", "返款至", "账户类型", "返款账户", "方式", "请选择"])
CHOICES = st.builds(
    lambda label, options, manner: Choice(label, tuple(options[:1] if manner is Manner.BOX else options), manner),
    LABELS,
    OPTIONS,
    st.sampled_from([Manner.ONE, Manner.BOX]),
)


@given(st.lists(CHOICES, min_size=1, max_size=3), st.sampled_from([Kind.COMPANY, None]))
def test_no_form_is_ready_while_a_choice_of_the_payee_is_not_ours(choices: list[Choice], nature: Kind | None) -> None:
    payee = Payee(ACCOUNT, nature)
    known = {w for group in KINDS.values() for w in group}
    foreign = {*ELSEWHERE, *SAVED, *FOR_PERSONS}
    if unclear(choices, payee) is not None:
        return
    for choice in choices:
        taken = [o.words for o in choice.options if o.taken or choice.manner is Manner.BOX]
        assert not foreign & set(taken)
        if {o.words for o in choice.options} & (known - {"企业", "个人"}):
            assert taken
            assert set(taken) <= GOOD
            assert not (set(taken) & set(BANK) and {o.words for o in choice.options} & set(SAVED))


@given(CHOICES)
def test_what_is_to_be_clicked_is_ours_and_can_be(choice: Choice) -> None:
    verdict = decide(choice, COMPANY)
    if verdict.state is State.SET and verdict.option is not None:
        assert not verdict.option.disabled
        assert verdict.option.words in GOOD or verdict.option.words not in {*ELSEWHERE, *SAVED, *FOR_PERSONS, *OTHER}
