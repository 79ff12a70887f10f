"""Whose a service is."""

import pytest

from agent.domain.orders import is_ours

NAMES, CODES = ["网店管家云端版"], ["网店管家云端版", "FW_GOODS-1870412"]


@pytest.mark.parametrize(
    ("service", "code", "services", "ours"),
    [
        ("网店管家云端版", None, NAMES, True),
        ("网店管家 云端版", None, NAMES, True),
        ("网店管家云端版 Pro", None, NAMES, False),
        ("改了名字的服务", "FW_GOODS-1870412", CODES, True),
        ("网店管家云端版", "FW_GOODS-999", CODES, False),
        ("网店管家云端版", "FW_GOODS-999", NAMES, False),
        ("网店管家云端版", "", CODES, False),
    ],
)
def test_a_code_decides_whose_a_service_is_and_the_exact_name_if_none_is_shown(
    service: str, code: str | None, services: list[str], ours: bool
) -> None:
    assert is_ours(service, code, services) is ours
