"""What one owner registered of an address, and what of an address is told to people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.addresses import registrable_domain, tokens_out, without_tokens

TOKEN = "Zq81kfPw02LmXc7Rt5"


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://h5api.m.taobao.com/h5/x", "taobao.com"),
        ("https://a.b.com.cn/", "b.com.cn"),
        ("https://b.com.cn", "b.com.cn"),
        ("http://127.0.0.1:8000/orders", "127.0.0.1"),
        ("http://localhost:8000", "localhost"),
        ("about:blank", ""),
    ],
)
def test_a_registrable_domain_is_one_owners(address: str, domain: str) -> None:
    assert registrable_domain(address) == domain


def test_two_owners_under_com_cn_are_two() -> None:
    assert registrable_domain("https://shop.one.com.cn") != registrable_domain("https://shop.two.com.cn")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://a.cn/orders?page=2&size=20", "https://a.cn/orders?page=2&size=20"),
        (f"https://a.cn/orders?token={TOKEN}&page=2", "https://a.cn/orders?token=*****&page=2"),
        ("https://a.cn/cb?code=abc&state=", "https://a.cn/cb?code=*****&state="),
        (f"https://a.cn/?{TOKEN}", "https://a.cn/?*****"),
        (f"https://a.cn/orders.do;jsessionid={TOKEN}", "https://a.cn/orders.do"),
        (f"https://a.cn/s/{TOKEN}/list", "https://a.cn/s/*****/list"),
        ("https://a.cn/t/eyJhbGciOi.eyJzdWIi.c2ln", "https://a.cn/t/*****"),
        ("https://a.cn/my-subscription-orders/list2", "https://a.cn/my-subscription-orders/list2"),
        (f"https://a.cn/#access_token={TOKEN}&n=1", "https://a.cn/#access_token=*****&n=1"),
        (f"https://a.cn/#/list?sid={TOKEN}&p=1", "https://a.cn/#/list?sid=*****&p=1"),
        ("https://me:secret@a.cn:8443/x", "https://a.cn:8443/x"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("data:text/html,secret", "data:*****"),
        ("about:blank", "about:blank"),
        ("http://[", "*****"),
    ],
)
def test_an_address_is_told_without_what_lets_in(address: str, told: str) -> None:
    assert without_tokens(address) == told
    assert without_tokens(told) in (told, "*****")


@given(st.text(max_size=40), st.text("abcdefXYZ0123456789-_", min_size=20, max_size=40), st.sampled_from("?&#/;="))
def test_no_token_of_a_query_is_ever_told(before: str, word: str, mark: str) -> None:
    token = f"a7{word}"
    assert token not in without_tokens(f"https://a.cn/x?{before}{mark}{token}")


def test_each_address_in_a_text_is_told_so() -> None:
    text = f"见 https://a.cn/x?t={TOKEN}，或 http://b.cn/?k={TOKEN}"
    assert tokens_out(text) == "见 https://a.cn/x?t=*****，或 http://b.cn/?k=*****"
