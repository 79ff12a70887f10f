"""Secrets are masked in any text, however they are spelled there, and however many there are."""

import base64
import re
from itertools import count
from typing import SupportsIndex
from urllib.parse import quote_plus

from hypothesis import example, given
from hypothesis import strategies as st

from agent.domain.redaction import MASK, Redactor

SECRETS = st.text(st.characters(codec="utf-8", exclude_characters="*账号"), min_size=1).filter(lambda s: s == s.strip())
NUMBERS = st.from_regex(r"[0-9]{6,19}", fullmatch=True)


def hidden(*secrets: str) -> Redactor:
    found = Redactor()
    for secret in secrets:
        found.add(secret)
    return found


@given(st.lists(SECRETS, min_size=1), st.text(), st.text())
def test_no_secret_is_left(secrets: list[str], before: str, after: str) -> None:
    masked = hidden(*secrets).mask(f"{before}{secrets[0]}{after}")
    assert MASK in masked
    assert not any(len(secret) > len(MASK) and secret in masked for secret in secrets)


@given(SECRETS)
def test_neither_is_one_in_an_address_or_in_basic_auth(secret: str) -> None:
    assert hidden(secret).mask(f"账{quote_plus(secret)}号") == f"账{MASK}号"
    told = base64.b64encode(f"demo:{secret}.".encode()).decode()
    if len(secret.encode()) >= 8:
        assert MASK in hidden(secret).mask(told)


@given(NUMBERS, st.sampled_from((" ", "-")), st.integers(2, 5))
@example("571900000010001", " ", 4)
def test_an_account_number_is_masked_in_groups_of_any_size(number: str, gap: str, size: int) -> None:
    grouped = gap.join(re.findall(f".{{1,{size}}}", number))
    assert hidden(number).mask(f"账号：{grouped}（尾号）") == f"账号：{MASK}（尾号）"


@given(st.lists(NUMBERS), st.text(st.characters(categories=["L"]), max_size=300))
def test_a_text_without_any_stays_as_it_is(secrets: list[str], text: str) -> None:
    assert hidden(*secrets).mask(text) == text


def test_secrets_that_overlap_are_masked_whole() -> None:
    assert hidden("abcdef", "defghi").mask("see abcdefghi.") == f"see {MASK}."
    assert hidden("pw571900000010001", "571900000010001").mask("pw571900000010001") == MASK


class Growing(str):
    """A text in which one more secret comes up each time that a piece of it is read, as in another thread."""

    __slots__ = ("secrets",)

    secrets: Redactor

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        self.secrets.add(f"taobao-{'x' * next(LENGTHS)}")
        return super().__getitem__(key)


LENGTHS = count()


def test_secrets_may_be_added_while_a_text_is_masked() -> None:
    text = Growing("12:00:00 m1 taobao: taobao-1 57 19 was refused")
    text.secrets = hidden("taobao-1", "5719")
    assert text.secrets.mask(text) == f"12:00:00 m1 taobao: {MASK} {MASK} was refused"


def test_an_empty_secret_is_none() -> None:
    assert hidden("", "  ").mask("nothing to hide") == "nothing to hide"


def test_as_many_as_a_service_company_has_are_added_and_masked_in_no_time() -> None:
    """With one pattern of all of them, made anew for each, this took hours."""
    many = hidden(*(f"word-{n}" for n in range(5_000)))
    line = "12:00:00 INFO m4 douyin: word-4990 and word-4999 were refused " * 20
    for _ in range(100):
        assert many.mask(line).count(MASK) == 40


@given(st.from_regex(r"[0-9]{1,6}", fullmatch=True), st.from_regex(r"[0-9]{1,9}", fullmatch=True))
def test_a_number_inside_of_a_longer_one_is_none_if_whole_numbers_alone_count(secret: str, more: str) -> None:
    found = Redactor(whole_numbers=True)
    found.add(secret)
    assert found.mask(f"订单{more}{secret}，密码{secret}") == f"订单{more}{secret}，密码{MASK}"


def test_of_a_bank_account_the_last_four_digits_may_be_left() -> None:
    found = Redactor(whole_numbers=True)
    found.add("571900000010001", keep_ending=True)
    found.add("pw571900000010001")
    assert found.mask("账号 5719 0000 0010 001 pw571900000010001") == f"账号 {MASK}0001 {MASK}"
