"""What the settings make of the declarations."""

from pathlib import Path

import pytest

from agent.domain.errors import UsageError
from agent.settings import Settings, backoffice, sites

LOGIN = "http://127.0.0.1:1/login"
FILING = "http://127.0.0.1:1/filing"
REFUND = "http://127.0.0.1:1/refund"


def settings(folder: Path, **office: str) -> Settings:
    return Settings.model_validate({"data_dir": folder, "backoffice": {"login_url": LOGIN, **office}})


@pytest.mark.parametrize(("given", "currency"), [({}, "CNY"), ({"currency": "USD"}, "USD")])
def test_an_added_platform_has_the_currency_that_the_settings_give(
    tmp_path: Path, given: dict[str, str], currency: str
) -> None:
    added = {"id": "new", "title": "某平台", "login_url": LOGIN, "orders_url": LOGIN, "services": ["网店管家"], **given}
    known = sites(Settings.model_validate({"data_dir": tmp_path, "platforms": [added]}))
    assert known["new"].currency == currency


class TestTheBackOffice:
    def test_asks_for_refunds_where_the_settings_say(self, tmp_path: Path) -> None:
        assert backoffice(settings(tmp_path, filing_url=FILING, refund_url=REFUND)).refund_url == REFUND

    def test_asks_for_refunds_where_it_files_when_the_settings_name_no_page_for_them(self, tmp_path: Path) -> None:
        assert backoffice(settings(tmp_path, filing_url=FILING)).refund_url == FILING

    def test_cannot_be_worked_without_a_page_to_file_on(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"backoffice\.filing_url is not set"):
            backoffice(settings(tmp_path, refund_url=REFUND))
