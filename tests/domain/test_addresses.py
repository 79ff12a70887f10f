"""What one owner registered of an address."""

import pytest

from agent.domain.addresses import registrable_domain


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
