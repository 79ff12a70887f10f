"""What dialogs say: the questions that are ours pass, whatever speaks of something else besides does not."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.pages.inference.dialogs import AUTHORIZE, CONFIRM, FILE, REFUND, Matter, Verdict, judge

NUMBER, SERVICE, SHOP = "3391000000000000011", "网店管家J系列", "青禾母婴旗舰店"
KNOWN = {
    "numbers": frozenset({NUMBER, "0001"}),
    "amount": Decimal("62.80"),
    "day": date(2026, 6, 18),
    "names": frozenset({SERVICE, SHOP, "淘宝", "招商银行杭州分行", "招商银行", "杭州青禾母婴有限公司"}),
}
CONFIRMING, FILING, REFUNDING, AUTHORIZING = (Matter(step, **KNOWN) for step in (CONFIRM, FILE, REFUND, AUTHORIZE))  # type: ignore[arg-type]


def agreed(verdict: Verdict) -> bool:
    return not verdict.foreign and (verdict.of_step or verdict.of_click)


# One dialog a line; its pieces are parted by |.
OURS = """
确认已收到该服务？
确认订单?
提示|确认订单?
确认订单?|确认后服务将立即开通
您确认该服务商已完成服务吗？确认后款项将打给服务商，此操作不可撤销
确定要确认吗？
确认订单|确认后款项将结算给服务商，确定要确认「网店管家J系列」（订单 3391000000000000011）吗？
确认服务|确认后款项将结算给服务商，请仔细核对。
确认服务已开通？|订单编号：3391000000000000011，确认后款项将结算给服务商。
确认服务已开始？|网店管家J系列，确认后货款将支付给服务商。
确认服务已完成？|网店管家J系列，确认后款项将结算给服务商，不可撤销。
确认服务已交付吗？确认后款项将结算给服务商。
确认该服务已完成？
确认服务商已提供该服务吗？确认后款项将结算给服务商。
确认后款项将结算给服务商，且不可撤销，请确认服务已正常使用。|网店管家J系列　2026-06-18 21:39:35　¥62.80|确认订单?
确认收货|请确认您已收到服务，确认后资金将打给商家，无法撤回
温馨提示|您确定已收到该服务吗？确认后将无法申请退款
确认收货后，订单交易完成，货款将直接打入卖家账户，请谨慎操作！
是否确认该服务已履行完毕？
请确认服务商已按约定完成服务，确认后平台将与服务商进行结算
确认完成该订单吗？完成后不可恢复
操作确认|确定要执行此操作吗？
此操作不可撤销，是否继续？
二次确认|您正在确认订单 3391000000000000011|服务名称|网店管家J系列|实付金额|¥62.80|订购时间|2026-06-18 21:39:35
确认订单|订单编号：3391000000000000011|服务：网店管家J系列|金额：62.8元|确认后不可取消
您即将确认该笔订单，确认后系统将把款项支付给服务商。|我已知晓确认后不可撤销
请仔细核对订单信息，确认无误后点击“确定”
确认收到服务？|确认后服务费将结算给服务商；如有疑问请联系客服。
服务确认|请您确认服务商已完成上述服务，一经确认，不可撤销。
亲，确认收到服务后，款项将会释放给服务商哦
请收到货后，再确认收货！否则您可能钱货两空！
如您尚未收到服务，请勿确认。|确认已收到服务？
系统将于 2026-07-01 00:00:00 自动确认，您也可以现在确认。
确认后7个工作日内款项将结算至服务商账户。
您订购的服务已完成，是否确认？
确认验收|验收通过后，平台将向服务商支付服务费，验收后不可撤销
确定完成此服务单吗？
确认后，订单状态将变更为“交易成功”，不能再发起售后
确认服务完成后，将无法再对该订单申请售后，请确认服务商已为您提供服务
1、确认后款项将结算给服务商|2、确认后无法撤销|请确认您已收到服务
您确认收到「网店管家J系列」的服务了吗？
是否确认收货？货款将转给对方
确定|确认订单 3391000000000000011 ？
Confirm order?|This action cannot be undone.
Are you sure you want to confirm this order?
客服热线 4008009000，如有疑问请致电|确认订单？
到期时间：2027-06-18|订购周期：12个月|确认该订单？
确认该服务已经正常使用，确认后不可退款
确认服务后，平台将把您支付的服务费结算给服务商，请确认您已正常使用该服务。
确认完结该订单？
""".strip().splitlines()

FILED = """
确认提交报备？
提示|确认提交报备？提交后不可修改
是否提交该报备？
请确认报备信息无误，提交后将无法修改
确定要添加吗？
确认添加该报备记录？
提交确认|平台：淘宝|店铺名称：青禾母婴旗舰店|订单编号：3391000000000000011|订购金额：62.80|提交后不可更改
报备信息提交后将进入审核，审核中不能修改，是否继续？
您确定提交吗？
请核对订单编号 3391000000000000011 是否正确，报备后不可撤回
确认报备订单3391000000000000011？
提交后工作人员将在3个工作日内审核
确认保存？
""".strip().splitlines()

REFUNDED = """
确认申请返款？
返款将打入招商银行杭州分行尾号0001的账户，确认提交吗？
申请返款|返款金额：62.80元|提交后不可修改
确定要提交返款申请吗？提交后收款信息不可修改
请确认收款账户信息无误：户名 杭州青禾母婴有限公司，尾号0001
确认申请退款吗？|预计7个工作日内到账
是否提交申请？
款项将在审核通过后 3-5 个工作日内打款至指定账户
确定保存订购日期 2026-06-18 吗？
确认修改订购日期？
""".strip().splitlines()

FOREIGN = """
开通小额免密，让您以后的操作更便捷
专属客服助手首月特惠，到店咨询不漏接
恭喜获得专属权益：旗舰版客服助手首月特惠，是否立即开通？
确认已收到该服务？|同时为您开通连续包年
确认已收到该服务？同时为您开通连续包年，可随时取消
确认订单?|体验结束后按月收取
确认收货|勾选即同意自动续费
确认订单|点击确定即表示同意《免密支付协议》
确认服务？|服务费将从保证金划扣
确认已收到该服务？|□ 到期自动续费
确认收到服务，并加入商家成长计划
确认服务并订阅增值短信包
确认已收到该服务？赠送您7天会员试用
您的店铺可借款 5 万元，确认领取额度吗？
确认使用 1000 积分兑换优惠券？
确认将服务升级为旗舰版？
确认续费该服务？
确认支付 62.80 元？
确认订单|应付 ¥62.80|是否支付？
确认授权该应用访问店铺数据？
确认取消该订单吗？
确认申请退款吗？
确认关闭订单？
确认退订该服务？
确认删除该订单？
确认解除绑定？
确认订购网店管家J系列？
确认购买该服务？
确认已收到该服务？另购服务保障 9.90 元
确认订单|实付金额 ¥62.80|每月 ¥62.80
确认订单|金额 80.00 元
确认订单 3391000000000000012？
确认订单 12345678？
确认未收到该服务？
确认服务商未提供服务？
确认付款给服务商？
是否立即支付给服务商？
确认立即付款给服务商？
确认后您的店铺将转给服务商
确认将该店铺的服务订单转给服务商处理？
确认后您店铺的货款将支付给服务商
确认以后的订单都自动确认？
确认全部订单？
批量确认 3 笔订单？
确认 3 笔订单？
确认收货后自动加入运费险
确认后将为您投保退货险
确认后默认开启自动确认
确认后视为同意平台服务协议
我已阅读并同意《用户服务协议》|确认订单？
确认已收到该服务？|使用花呗分期支付
确认向服务商提供店铺数据？
确认结束服务？
确认接收平台消息通知
确认更新应用？
确认安装该软件？
确认后从您的账户资金中支付服务款项
服务商将收取服务费，确认吗？
确认服务？|推荐：智能客服 99 元/年
确认服务？|手续费 0.60 元
确认注销店铺？
确认退出登录？
离开此页面？您的更改将不会保存
请评价本次服务
确认已收到该服务？|成为超级会员
请输入支付密码
请阅读新版条款后确认
平台规则已更新，确认即代表同意
确认打款 62.80 元给平台
确认开启扣款
确认收到短信服务并开通
增值服务将立即开通
客服服务将立即开通
确认已收到该服务？|立减 20%
提示
请选择
""".strip().splitlines()

OTHER_STEP = """
确认删除该报备？
报备成功，是否立即申请返款？
确认撤回报备？
确认订购该服务？
确认提交报备？|同步开通代报备服务
确认提交报备？|代办费 10.00 元
确认提交报备？提交即同意《代扣协议》
""".strip().splitlines()

OTHER_REFUND = """
返款将打入支付宝账户，确认提交吗？
返款将打入尾号1234的账户，确认提交吗？
确认修改收款账户信息？
返款将转入账户余额，确认提交吗？
确认放弃返款？
确认取消返款申请？
确认申请返款？|扣除手续费 1.00 元
返款将抵扣下期服务费，确认？
申请返款|返款金额：80.00元
确认将返款用于续费？
""".strip().splitlines()


@pytest.mark.parametrize("text", OURS)
def test_an_ordinary_question_before_a_confirmation_is_ours(text: str) -> None:
    found = judge(text.split("|"), CONFIRMING)
    assert agreed(found), found


@pytest.mark.parametrize("text", FILED)
def test_an_ordinary_question_before_a_filing_is_ours(text: str) -> None:
    found = judge(text.split("|"), FILING)
    assert agreed(found), found


@pytest.mark.parametrize("text", REFUNDED)
def test_an_ordinary_question_before_a_refund_is_ours(text: str) -> None:
    found = judge(text.split("|"), REFUNDING)
    assert agreed(found), found


@pytest.mark.parametrize("text", FOREIGN)
def test_what_speaks_of_something_else_is_not_ours(text: str) -> None:
    for matter in (CONFIRMING, FILING):
        assert not agreed(judge(text.split("|"), matter)), matter.step.of_it


@pytest.mark.parametrize("text", OTHER_STEP)
def test_what_is_no_filing_is_not_ours(text: str) -> None:
    assert not agreed(judge(text.split("|"), FILING))


AUTHORIZING_OURS = """
确认授权？
授权给网店管家J系列，确认授权吗？
授权后该应用将可以访问店铺信息，确认授权？
""".strip().splitlines()


@pytest.mark.parametrize("text", AUTHORIZING_OURS)
def test_an_ordinary_question_before_an_authorisation_is_ours(text: str) -> None:
    assert agreed(judge(text.split("|"), AUTHORIZING))


@pytest.mark.parametrize(
    "text", ["授权即开通自动续费", "授权服务为收费项目，是否支付？", "确认收到该服务？", "确认解除授权？"]
)
def test_what_is_no_authorisation_is_not_ours(text: str) -> None:
    assert not agreed(judge(text.split("|"), AUTHORIZING))


@pytest.mark.parametrize("text", OTHER_REFUND)
def test_what_is_another_refund_is_not_ours(text: str) -> None:
    assert not agreed(judge(text.split("|"), REFUNDING))


def test_the_words_that_are_foreign_are_named() -> None:
    assert judge(["确认已收到该服务？", "同时为您开通连续包年"], CONFIRMING).words == "同时为您开通连续包年"


@pytest.mark.parametrize("sum_", ["¥62.80", "62.8元", "￥ 62.80", "62.80 元", "人民币62.80元"])
def test_the_orders_own_sum_is_ours_however_it_is_written(sum_: str) -> None:
    assert agreed(judge([f"确认订单，实付 {sum_}"], CONFIRMING))


@pytest.mark.parametrize("sum_", ["¥62.81", "62.80元/月", "每月62.80元", "$62.80", "628元", "¥0.01", "¥62.80起"])
def test_another_sum_is_foreign(sum_: str) -> None:
    assert not agreed(judge([f"确认订单，实付 {sum_}"], CONFIRMING))


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("打入尾号0001的账户，确认提交", True),
        ("打入 5719****0001，确认提交", True),
        ("打入账号 571900000010001，确认提交", True),
        ("打入尾号0002的账户，确认提交", False),
        ("打入 6222****0001，确认提交", False),
    ],
)
def test_the_account_may_be_shown_by_its_ends(text: str, *, ours: bool) -> None:
    matter = Matter(REFUND, numbers=frozenset({NUMBER, "571900000010001"}), amount=Decimal("62.80"))
    assert agreed(judge([text], matter)) is ours


# Dialogs made of pieces: those of ours in any order and number, and those into which one foreign piece is put.
_PLAIN = [piece for line in OURS for piece in line.split("|") if not judge([piece], CONFIRMING).foreign]
_FOREIGN = [p for line in FOREIGN for p in line.split("|") if judge([p], CONFIRMING).foreign]
_NOISE = st.sampled_from(["", " ", "\u200b", "\u3000", "！", "。", "\n"])
_OURS = st.lists(st.sampled_from(_PLAIN), min_size=1, max_size=6).map(lambda pieces: [*pieces, "确认该订单？"])


@st.composite
def mixed(draw: st.DrawFn) -> list[str]:
    """Pieces of ours, with one foreign piece as a piece of its own, or inside of one of ours after a comma."""
    pieces, foreign = draw(_OURS), draw(st.sampled_from(_FOREIGN))
    at = draw(st.integers(0, len(pieces) - 1))
    if draw(st.booleans()):
        pieces.insert(at, foreign)
    else:
        pieces[at] = pieces[at] + draw(st.sampled_from(["，", " ", "；", "\n", ""])) + foreign
    return pieces


@given(_OURS, _NOISE)
def test_any_dialog_of_our_pieces_alone_is_agreed_to(pieces: list[str], noise: str) -> None:
    found = judge([noise + piece + noise for piece in pieces], CONFIRMING)
    assert agreed(found), found


@given(mixed())
def test_any_dialog_with_one_foreign_piece_is_not_agreed_to(pieces: list[str]) -> None:
    assert not agreed(judge(pieces, CONFIRMING))


_KNOWN_SIGNS = set("".join(CONFIRM.plain) + "".join(p.pattern for p in CONFIRM.phrases))
_STRANGE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5).filter(lambda sign: sign not in _KNOWN_SIGNS)


@given(st.sampled_from(_PLAIN), _STRANGE, st.integers(0, 60))
def test_one_sign_that_is_in_no_word_of_ours_is_foreign(text: str, sign: str, at: int) -> None:
    assert judge([text[:at] + sign + text[at:]], CONFIRMING).foreign
