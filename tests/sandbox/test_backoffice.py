import pytest

from agent.sandbox import Sandbox
from tests.sandbox.clients import APPLY, CHECK, FILING, REFUND, SAVE_DATE, Member, selling, working

EARLY = "订购时间未满5个工作日，暂时无法申请返款"
FIELDS = {"ShopName": "店铺名称", "OrderNo": "订单编号", "OrderDate": "订购日期", "Amount": "订购金额"}


def test_log_in(box: Sandbox) -> None:
    with Member(box) as member, Member(box) as other:
        assert member.get(FILING).url.params["ReturnUrl"] == FILING
        assert "会员名或密码错误" in member.log_in("wrong").text
        assert member.log_in(target=FILING).url.path == FILING
        assert other.log_in(target="//evil.example").url.path == "/newc/Home/Index"
        assert box.truth()["backoffice"]["member001"]["logins"] == {"ok": 2, "bad": 1}


def test_forms_are_guarded(member: Member) -> None:
    member.token = "forged"
    assert member.file().status_code == 400
    assert member.submit(APPLY, id="1").status_code == 400
    assert not any(entry["applied"] for entry in member.box.truth()["log"])


def test_filing(member: Member) -> None:
    answer = member.file()
    assert "添加成功" in answer.text
    assert "添加成功" not in member.get(FILING).text
    first = member.filings()[0]
    assert (first["order_no"], first["date"], first["status"]) == ("1" * 19, "2026-10-09", "报备中")


def test_duplicates_are_accepted(member: Member) -> None:
    member.file()
    member.file()
    assert [filing["order_no"] for filing in member.filings()].count("1" * 19) == 2


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_required(member: Member, name: str) -> None:
    before = member.filings()
    assert f"请填写{FIELDS[name]}" in member.file(**{name: " "}).text
    assert member.filings() == before


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Platform", "某平台", "请选择平台名称"),
        ("OrderDate", "09/10/2026", "订购日期格式不正确"),
        ("OrderDate", "20261009", "订购日期格式不正确"),
        ("Amount", "¥1,280.00", "订购金额格式不正确"),
    ],
)
def test_senseless_fields_are_refused(member: Member, name: str, value: str, words: str) -> None:
    answer = member.file(**{name: value})
    assert words in answer.text
    assert ("1" * 19) in answer.text  # what was typed stays


def test_refund(member: Member) -> None:
    assert member.check("refundable") == {"ok": True, "message": ""}
    assert "提交成功" in member.apply("refundable").text
    filing = member.filing("refundable")
    assert (filing["status"], filing["account"]) == ("返款申请中", "571900000010001")
    assert "当前状态不可操作" in member.apply("refundable").text


def test_too_early(member: Member) -> None:
    before = member.filings()
    assert member.check("too_early") == {"ok": False, "message": EARLY}
    assert EARLY in member.apply("too_early").text
    assert member.filings() == before


def test_the_edge_of_the_waiting_time(box: Sandbox) -> None:
    with working(box, 1) as member:
        days = {order.role: order.ordered_at.date().isoformat() for order in member.merchant.taobao.orders}
        assert (days["unfiled"], days["too_early"]) == ("2026-11-16", "2026-11-17")
        assert EARLY in member.apply_directly(OrderDate=days["too_early"]).text
        assert "提交成功" in member.apply_directly(OrderDate=days["unfiled"]).text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Bank", "", "请填写开户银行"),
        ("Holder", "", "请填写户名"),
        ("Account", "", "请填写银行账号"),
        ("Account", "someone@example.com", "不支持支付宝返款"),
        ("Account", "13800000000", "不支持支付宝返款"),
    ],
)
def test_payee_is_checked(member: Member, name: str, value: str, words: str) -> None:
    assert words in member.apply("refundable", **{name: value}).text
    assert member.filing("refundable")["status"] == "报备中"


def test_date_has_to_be_saved_first(member: Member) -> None:
    assert "当前状态不可操作" in member.apply("no_date").text
    number = str(member.filing("no_date")["id"])
    assert "请填写订购日期" in member.submit(SAVE_DATE, id=number, date="").text
    assert "保存成功" in member.submit(SAVE_DATE, id=number, date="2026-09-01").text
    assert "当前状态不可操作" in member.submit(SAVE_DATE, id=number, date="2026-09-02").text
    assert member.filing("no_date")["date"] == "2026-09-01"
    assert "提交成功" in member.apply("no_date").text


def test_both_spellings_are_on_the_page(member: Member) -> None:
    page = member.get(REFUND).text
    assert ">申请返款</a>" in page
    assert ">申请退款</a>" in page


def test_second_page() -> None:
    with Sandbox(shops=[["taobao"]] * 5) as box, working(box, 4) as member:
        last = member.filing("no_date")["order_no"]
        assert last not in member.get(REFUND).text
        assert last in member.get(REFUND, params={"page": 2}).text
        assert last in member.get(FILING, params={"page": 99}).text


def test_without_the_enterprise_edition_nothing_is_filed(box: Sandbox) -> None:
    with working(box, 1) as member:
        page = member.get(FILING).text
        assert "当前版本无需报备，请在“订购返款”中直接申请" in page
        assert "平台名称" not in page
        assert "平台报备</a>" not in page
        assert "当前版本无需报备" in member.file().text
        assert member.merchant.filings == []


def test_applying_directly(box: Sandbox) -> None:
    with working(box, 1) as member:
        for _ in range(2):  # duplicates are accepted
            assert "提交成功" in member.apply_directly().text
        listed = [a for a in member.applications() if a["order_no"] == "1" * 19]
        assert [(a["status"], a["date"], a["account"]) for a in listed] == [
            ("返款申请中", "2026-10-09", "571900000010001")
        ] * 2
        assert member.get(REFUND).text.count("1" * 19) == 2
        member.merchant.applications.clear()
        assert "暂无返款记录" in member.get(REFUND).text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        *((name, "", f"请填写{label}") for name, label in FIELDS.items()),
        ("Platform", "", "请选择平台名称"),
        ("Bank", "", "请填写开户银行"),
        ("Holder", "", "请填写户名"),
        ("Account", "", "请填写银行账号"),
        ("Account", "someone@example.com", "不支持支付宝返款"),
        ("OrderDate", "2026-11-20", EARLY),
    ],
)
def test_what_is_applied_for_is_checked(box: Sandbox, name: str, value: str, words: str) -> None:
    with working(box, 1) as member:
        before = member.applications()
        assert words in member.apply_directly(**{name: value}).text
        assert member.applications() == before


def test_the_enterprise_edition_cannot_apply_directly(member: Member) -> None:
    assert "当前状态不可操作" in member.apply_directly().text
    assert member.applications() == []


def test_session_wears_out(member: Member) -> None:
    member.get(FILING)
    member.box.faults.expire_session_after = 2
    before = member.filings()
    assert "会员登录" in member.file().text
    assert member.filings() == before


def test_get_changes_nothing(box: Sandbox) -> None:
    with selling(box) as seller, working(box) as member:
        before = box.truth()
        seller.list()
        for path in ["/taobao/login", "/taobao/home.htm/QnworkbenchHome/", "/taobao/ser/order/biz_order_list.htm"]:
            seller.get(path)
        for path in [FILING, REFUND, SAVE_DATE, APPLY, CHECK, "/newc/Account/LogOff"]:
            member.get(path, params={"id": before["backoffice"]["member001"]["filings"][0]["id"], "date": "2026-01-01"})
        assert box.truth() == before
