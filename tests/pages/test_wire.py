"""What a request says is compared with what was meant, whatever shape it has."""

import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.pages.inference.sent_form import Compared, agreement, compare_sent, days_in, pairs_of

ENTRY = {
    "platform": "淘宝",
    "shop": "锦绣家居旗舰店",
    "order_no": "3391800120240601117",
    "ordered_on": "2024-06-18",
    "amount": "1280.00",
}
PAYEE = {"bank": "招商银行杭州分行", "holder": "杭州锦绣家居有限公司", "account": "571900000010001"}
WHOLE = ENTRY | PAYEE


def compared(body: str, plan: dict[str, str] | None = None, kind: str = "", address: str = "http://a/b") -> Compared:
    return compare_sent(plan or ENTRY, pairs_of(address, body.encode(), kind))


def agrees(body: str, plan: dict[str, str] | None = None, kind: str = "", address: str = "http://a/b") -> bool | None:
    return agreement(plan or ENTRY, [compared(body, plan, kind, address)])


def multipart(fields: dict[str, str]) -> str:
    parts = "".join(f'--x1\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    return f"{parts}--x1--\r\n"


SENT = {"platform": "淘宝", "shopName": "锦绣家居旗舰店", "orderNo": ENTRY["order_no"], "date": "2024-06-18"}
NESTED = {"operationName": "file", "variables": {"input": SENT | {"amount": 1280.0, "remark": None, "items": []}}}


@pytest.mark.parametrize(
    "body",
    [
        urlencode(SENT | {"amount": "1280"}),
        json.dumps(SENT | {"amount": 128000}),
        json.dumps(NESTED, ensure_ascii=False),
        json.dumps([SENT | {"money": "¥1,280.00"}]),
        "data=" + quote(json.dumps(SENT | {"amount": "1280.0"})) + "&t=1718700000000&sign=abc",
        json.dumps({"data": json.dumps(SENT | {"amount": "1280.00"})}),
        "callback({})".format(json.dumps(SENT | {"amount": "1280.00"})),
        json.dumps(SENT | {"date": "2024-06-17T16:00:00.000Z", "amount": "1280.00"}),
        json.dumps(SENT | {"date": 1718640000000, "amount": "1280.00"}),
        json.dumps(SENT | {"date": "2024/6/18 00:00:00", "amount": "1280.00", "createTime": "2026-11-30 08:00:00"}),
        json.dumps(SENT | {"orderNo": 3391800120240601117, "amount": "1280.00"}),
    ],
)
def test_what_was_meant_is_found_in_any_shape(body: str) -> None:
    assert agrees(body) is True


def test_a_form_of_several_parts_and_an_address_are_read_too() -> None:
    assert agrees(multipart(SENT | {"amount": "1280.00"}), kind="multipart/form-data; boundary=x1") is True
    assert agrees("", address="http://a/b?" + urlencode(SENT | {"amount": "1280.00"})) is True


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"orderNo": "3391800120240601000"}, "order_no"),
        ({"orderNo": 3391800120240601000}, "order_no"),
        ({"orderNo": 3.39180012024060e18}, "order_no"),
        ({"orderNo": "339180012024060"}, "order_no"),
        ({"orderNo": "3391800120240602225"}, "order_no"),
        ({"orderNo": "339180012024060111"}, "order_no"),
        ({"id": 3391800120240601000, "orderNo": "3391800120240601117"}, "order_no"),
        ({"amount": "12.80"}, "amount"),
        ({"amount": 12800}, "amount"),
        ({"date": "2024-06-17"}, "ordered_on"),
        ({"date": "2026-11-30"}, "ordered_on"),
        ({"shopName": "青禾母婴"}, "shop"),
        ({"platform": "京东"}, "platform"),
    ],
)
def test_what_is_sent_otherwise_is_named(changed: dict[str, object], name: str) -> None:
    found = compared(json.dumps(SENT | {"amount": "1280.00"} | changed))
    assert [d.name for d in found.differences] == [name]


@pytest.mark.parametrize(
    "body",
    ["", "payload=QUJDREVGRw==", json.dumps({"event": "click", "date": "2026-11-30", "amount": 5}), "not json {"],
)
def test_what_cannot_be_told_is_neither_right_nor_wrong(body: str) -> None:
    assert agrees(body) is None


def test_other_orders_beside_ours_are_no_difference() -> None:
    rows = [SENT | {"amount": "1280.00"}, {"orderNo": "3391800120240602225"}]
    assert agrees(json.dumps({"rows": rows})) is True


MONEY = {"bankName": PAYEE["bank"], "accountName": PAYEE["holder"], "cardNo": "5719 0000 0010 001"}


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"payType": "alipay"}, "method"),
        ({"receiveMethod": "支付宝"}, "method"),
        ({"savedAccountId": 88}, "method"),
        ({"useDefault": True}, "method"),
        ({"cardNo": "571900000010000"}, "account"),
        ({"cardNo": "6222****8888"}, "account"),
        ({"cardNo": "6222021234567890"}, "account"),
        ({"cardNo": 571900000010001e3}, "account"),
        ({"accountName": "张三"}, "holder"),
        ({"bankName": "工商银行"}, "bank"),
    ],
)
def test_another_payee_is_named_and_no_number_of_it_is_told(changed: dict[str, object], name: str) -> None:
    found = compared(json.dumps(MONEY | changed), PAYEE)
    assert name in [d.name for d in found.differences]
    for difference in found.differences:
        for told in (difference.text.en, difference.text.zh):
            assert PAYEE["account"] not in told
            assert "571900" not in told


@pytest.mark.parametrize(
    "also", [{}, {"payType": "bank"}, {"cardId": ""}, {"cardId": 0}, {"useSaved": False}, {"id": 7, "bankId": 3}]
)
def test_our_payee_is_found(also: dict[str, object]) -> None:
    assert agrees(json.dumps(MONEY | also), PAYEE) is True


@pytest.mark.parametrize(
    "text", ["2024-06-18", "20240618", "2024年6月18日", "2024-06-18 23:59", "2024-06-17T16:30:00Z"]
)
def test_a_day_is_read_in_any_form(text: str) -> None:
    assert [f"{d:%Y%m%d}" for d in days_in(text)] == ["20240618"]


@given(st.text(max_size=60), st.sampled_from(["", "application/json", "multipart/form-data", "text/plain"]))
def test_whatever_is_sent_is_read_without_trouble(body: str, kind: str) -> None:
    compared(body, WHOLE, kind)


@given(st.from_regex(r"[1-9][0-9]{15,20}", fullmatch=True), st.sampled_from(["orderNo", "no", "bizId", "x"]))
def test_a_number_that_a_script_rounds_is_never_taken_for_ours(number: str, key: str) -> None:
    rounded = str(int(float(number)))
    shortest = format(float(number), ".17g")
    for sent in {rounded, shortest, str(int(float(shortest)))}:
        assume(sent != number)
        found = compared(urlencode({key: sent, "shop": ENTRY["shop"]}), ENTRY | {"order_no": number})
        assert [d.name for d in found.differences] == ["order_no"]


@given(st.from_regex(r"[1-9][0-9]{11,20}", fullmatch=True), st.dates(), st.decimals(1, 99999, places=2), st.booleans())
def test_what_is_sent_as_it_was_meant_is_never_held_back(number: str, day: object, amount: object, fen: bool) -> None:
    plan = ENTRY | {"order_no": number, "ordered_on": "2024-06-18", "amount": f"{amount}"}
    sent = SENT | {"orderNo": number, "amount": int(float(f"{amount}") * 100 + 0.5) if fen else f"{amount}"}
    sent |= {"updateTime": f"{day}", "t": "1764489600000"}
    assert compared(json.dumps(sent), plan).differences == ()
