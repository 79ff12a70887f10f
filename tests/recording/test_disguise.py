"""What is personal is replaced by something of the same form, the same everywhere, in each spelling of it."""

import base64
import json
import re
from collections.abc import Callable
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.recording.disguise import Disguise
from agent.recording.kinds import Kind, substitute

KEY = b"one key for all of these examples"
NUMBERS = st.text("0123456789", min_size=8, max_size=24)
LETTERS = st.text("abcdefXYZ0123456789赵钱孙李店@.- ", min_size=3, max_size=40).filter(str.strip)


def classes(text: str) -> str:
    return "".join(
        "9" if c.isdigit() else "z" if c.islower() else "Z" if c.isupper() else "字" if c > "㐀" else c for c in text
    )


@given(st.sampled_from([Kind.TOKEN, Kind.COOKIE, Kind.PASSWORD, Kind.NUMBER, Kind.BANK_ACCOUNT]), LETTERS)
def test_each_character_becomes_one_of_its_kind(kind: Kind, value: str) -> None:
    made = substitute(KEY, kind, value)
    assert classes(made) == classes(value)
    assert made == substitute(KEY, kind, value)


@given(NUMBERS)
def test_a_number_keeps_its_length_and_its_form(number: str) -> None:
    made = substitute(KEY, Kind.NUMBER, number)
    assert re.fullmatch(rf"\d{{{len(number)}}}", made)
    assert (made[0] == "0") <= (number[0] == "0")


def test_a_number_keeps_the_date_that_it_begins_with() -> None:
    made = substitute(KEY, Kind.NUMBER, "20240618213935123456")
    assert made.startswith("20240618")
    assert made != "20240618213935123456"


@given(st.lists(NUMBERS, unique=True, max_size=30))
def test_different_numbers_stay_different(numbers: list[str]) -> None:
    disguise = Disguise(KEY)
    for number in numbers:
        disguise.add(Kind.NUMBER, number)
    made = [disguise.replace(number) for number in numbers]
    assert len(set(made)) == len(numbers)
    assert not set(made) & set(numbers)


@given(NUMBERS, st.text(max_size=30), st.text(max_size=30))
def test_a_number_is_replaced_as_a_whole_and_not_inside_of_a_longer_one(number: str, before: str, after: str) -> None:
    disguise = Disguise(KEY)
    disguise.add(Kind.NUMBER, number)
    longer = f"{before} 7{number}7 {after}"
    assert f"7{number}7" in disguise.replace(longer)
    assert not re.search(rf"(?<!\d){number}(?!\d)", disguise.replace(f"{before} {number} {after}"))


SECRET = st.text("abcdefghij0123456789赵钱孙李", min_size=8, max_size=20).filter(
    lambda s: re.search("[a-z赵钱孙李]", s) is not None
)
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda s: s,
    "address": lambda s: quote(s, safe=""),
    "address in small letters": lambda s: re.sub("%..", lambda found: found[0].lower(), quote(s, safe="")),
    "address in GBK": lambda s: quote(s, safe="", encoding="gbk"),
    "twice for an address": lambda s: quote(quote(s, safe=""), safe=""),
    "JSON": lambda s: json.dumps({"a": s}),
    "HTML": lambda s: "".join(c if c.isascii() else f"&#{ord(c)};" for c in s),
    "base64": lambda s: base64.b64encode(f"user:{s}".encode()).decode(),
    "base64 for addresses": lambda s: base64.urlsafe_b64encode(f"user:{s}".encode()).decode().rstrip("="),
}


@given(SECRET, st.sampled_from(sorted(SPELLINGS)))
def test_a_secret_is_replaced_in_each_spelling_and_stays_readable(secret: str, spelling: str) -> None:
    disguise = Disguise(KEY)
    disguise.add(Kind.PASSWORD, secret)
    spell = SPELLINGS[spelling]
    assert disguise.replace(f"<{spell(secret)}>") == f"<{spell(disguise.replace(secret))}>"


@pytest.mark.parametrize("name", ["锦绣家居:客服-9", "tb_李四海", "李四海😀", "阿华(杭州)"])
@pytest.mark.parametrize("spelling", ["plain", "address", "JSON", "HTML", "base64"])
def test_a_name_with_signs_in_it_is_replaced_in_each_spelling(name: str, spelling: str) -> None:
    disguise = Disguise(KEY)
    disguise.add(Kind.NAME, name)
    spell = SPELLINGS[spelling]
    told = disguise.replace(f"<{spell(name)}>")
    assert spell(name) not in told
    assert disguise.replace(name) != name
    if spelling == "JSON":
        assert json.loads(told[1:-1]) == {"a": disguise.replace(name)}


def test_half_a_sign_in_a_name_ends_nothing() -> None:
    disguise = Disguise(KEY)
    disguise.add(Kind.NAME, json.loads('"李四海\\ud83d"'))
    assert "\\u674e" not in disguise.replace('{"a": "\\u674e\\u56db\\u6d77\\ud83d"}')


def test_a_bank_account_is_replaced_in_groups_too() -> None:
    disguise = Disguise(KEY)
    disguise.add(Kind.BANK_ACCOUNT, "571900000010001")
    made = disguise.replace("571900000010001")
    grouped = disguise.replace("开户 5719 0000 0010 001，5719+0000+0010+001")
    assert re.sub(r"\D", "", grouped) == made * 2
    assert grouped[3:21] == f"{made[:4]} {made[4:8]} {made[8:12]} {made[12:]}"


def test_a_name_that_holds_another_one_is_made_of_what_stands_in_for_that() -> None:
    disguise = Disguise(KEY)
    for name in ("锦绣家居", "锦绣家居旗舰店", "杭州锦绣家居有限公司"):
        disguise.add(Kind.NAME, name)
    short = disguise.replace("锦绣家居")
    assert disguise.replace("锦绣家居旗舰店") == f"{short}旗舰店"
    assert short in disguise.replace("杭州锦绣家居有限公司")
    assert disguise.replace("杭州锦绣家居有限公司").endswith("有限公司")


def test_what_everybody_reads_by_is_kept() -> None:
    disguise = Disguise(KEY, frozenset({"店铺名称", "网店管家"}))
    for word in ("店铺名称", "店铺名称：", "*店铺名称", "网店管家"):
        disguise.add(Kind.NAME, word)
    assert disguise.replace("*店铺名称：网店管家") == "*店铺名称：网店管家"


def test_the_listing_names_each_replacement_with_what_is_around_it_and_no_original() -> None:
    disguise = Disguise(KEY)
    disguise.add(Kind.PHONE, "13812345678")
    disguise.add(Kind.NAME, "张三丰")
    text = disguise.replace("联系人：张三丰，电话 13812345678，张三丰", "example.com/orders")
    assert unquote(text) == text
    name, phone = sorted(disguise.replacements(), key=lambda r: r.kind != Kind.NAME)
    assert (name.count, phone.count) == (2, 1)
    assert name.where == "example.com/orders"
    assert name.by in name.context
    assert "13812345678" not in name.context + phone.context
    assert "张三丰" not in name.context + phone.context


def test_what_is_around_a_replacement_holds_no_part_of_another_secret() -> None:
    for gap in range(30):
        disguise = Disguise(KEY)
        disguise.add(Kind.PHONE, "13812345678")
        disguise.add(Kind.PASSWORD, "Kj4-horse.xy-Pq7")
        disguise.replace(f"{'字' * 30} Kj4-horse.xy-Pq7{' ' * (gap % 3)}{'。' * gap}13812345678")
        for each in disguise.replacements():
            assert "horse" not in each.context, each.context
            assert "Pq7" not in each.context, each.context
