"""The written form of an account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.accounts import AccountKey

NAMES = st.from_regex(r"[0-9A-Za-z_-]{1,12}", fullmatch=True)
LABELS = st.just("") | st.from_regex(r"[0-9A-Za-z-]{1,32}", fullmatch=True)


@given(merchant=NAMES, platform=NAMES, label=LABELS)
def test_what_is_written_is_read_back(merchant: str, platform: str, label: str) -> None:
    key = AccountKey(merchant, platform, label)
    assert AccountKey.parse(str(key)) == key


def test_the_only_account_needs_no_label() -> None:
    assert str(AccountKey("m1", "taobao")) == "m1/taobao"
    assert str(AccountKey("m1", "taobao", "second")) == "m1/taobao/second"


@pytest.mark.parametrize(
    "written", ["", "m1", "m1/", "/taobao", "m1/taobao/", "m1/taobao/a/b", "m1/taobao/a b", "m1/taobao/" + 33 * "x"]
)
def test_anything_else_names_no_account(written: str) -> None:
    with pytest.raises(ValueError, match="is not an account"):
        AccountKey.parse(written)
