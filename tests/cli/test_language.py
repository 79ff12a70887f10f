import pytest

from agent.cli.language import chinese, pick, say
from agent.domain.text import Text

NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((None, None, None), False),
        ((None, None, "zh_CN.UTF-8"), True),
        ((None, "zh_TW", "en_US.UTF-8"), True),
        (("C.UTF-8", "zh_CN.UTF-8", "zh_CN.UTF-8"), False),
        (("", "", "ZH"), True),
        (("en_US.UTF-8", None, "zh_CN"), False),
        ((None, None, "za_ZA"), False),
    ],
)
def test_the_first_variable_that_is_set_decides(
    monkeypatch: pytest.MonkeyPatch, values: tuple[str | None, ...], expected: bool
) -> None:
    for name, value in zip(NAMES, values, strict=True):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert chinese() is expected
    assert say(Text("order", "订单")) == pick("order", "订单") == ("订单" if expected else "order")
