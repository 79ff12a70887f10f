from pathlib import Path

import pytest

from agent.cli.language import chinese, pick, say
from agent.cli.system_language import mac_language, system_language, windows_language
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


@pytest.mark.parametrize(("number", "name"), [(0x0804, "zh_CN"), (0x0404, "zh_TW"), (0x0409, "en_US"), (1, "")])
def test_the_languages_of_windows_are_known_by_their_numbers(number: int, name: str) -> None:
    assert windows_language(number) == name


def test_the_first_language_of_a_mac_counts(tmp_path: Path) -> None:
    tells = tmp_path / "defaults"
    tells.write_text('#!/bin/sh\nprintf \'(\\n    "zh-Hans-CN",\\n    "en-CN"\\n)\\n\'\n', encoding="ascii")
    tells.chmod(0o755)
    assert mac_language(str(tells)) == "zh-Hans-CN"
    assert mac_language(str(tmp_path / "missing")) == ""


def test_what_the_terminal_names_goes_before_the_system() -> None:
    assert system_language({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}) == "C.UTF-8"
    assert system_language({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}) == "zh_CN.UTF-8"
