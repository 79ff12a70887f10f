"""What the settings make of the declarations."""

from pathlib import Path

import pytest

from agent.settings import Settings, sites

LOGIN = "http://127.0.0.1:1/login"


@pytest.mark.parametrize(("given", "currency"), [({}, "CNY"), ({"currency": "USD"}, "USD")])
def test_an_added_platform_has_the_currency_that_the_settings_give(
    tmp_path: Path, given: dict[str, str], currency: str
) -> None:
    added = {"id": "new", "title": "某平台", "login_url": LOGIN, "orders_url": LOGIN, "services": ["网店管家"], **given}
    known = sites(Settings.model_validate({"data_dir": tmp_path, "platforms": [added]}))
    assert known["new"].currency == currency
