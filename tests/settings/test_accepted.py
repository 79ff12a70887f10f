"""What an operator accepted of a probe counts below the settings file, can be read, and is undone by deleting it."""

from pathlib import Path

import pytest

from agent.domain.errors import UsageError
from agent.settings import load_settings, sites
from agent.settings.accepted import FILE, accept, accepted_in

LIST = "https://fuwu.suning.com/orders"
WRITTEN = """data_dir = "."
[[platforms]]
id = "p"
title = "某平台"
login_url = "https://p.cn/in"
services = ["网店管家"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "fankuan.toml"
    path.write_text(WRITTEN, encoding="utf-8")
    return path


def test_what_was_accepted_counts_for_built_in_platforms_and_for_added_ones(config: Path) -> None:
    accept(config.parent, "suning", {"orders_url": LIST, "headings": {"amount": ["到手价"]}})
    accept(config.parent, "p", {"orders_url": "https://p.cn/orders"})
    known = sites(load_settings(config))
    assert known["suning"].orders_url == LIST
    assert known["suning"].headings["amount"] == ("到手价",)
    assert known["p"].orders_url == "https://p.cn/orders"


def test_what_the_settings_file_says_counts_more(config: Path) -> None:
    accept(config.parent, "suning", {"orders_url": LIST})
    config.write_text(f'{WRITTEN}[sites.suning]\norders_url = "https://fuwu.suning.com/own"\n', encoding="utf-8")
    assert sites(load_settings(config))["suning"].orders_url == "https://fuwu.suning.com/own"


def test_it_is_undone_by_deleting_it(config: Path) -> None:
    path = accept(config.parent, "suning", {"orders_url": LIST})
    assert "Delete" in path.read_text(encoding="utf-8")
    path.unlink()
    assert sites(load_settings(config))["suning"].orders_url is None


def test_what_is_accepted_later_takes_the_place_of_the_same_key_alone(config: Path) -> None:
    accept(config.parent, "suning", {"orders_url": "https://fuwu.suning.com/old", "number": "[0-9]{11}"})
    accept(config.parent, "suning", {"orders_url": LIST})
    assert accepted_in(config.parent) == {"suning": {"orders_url": LIST, "number": "[0-9]{11}"}}


@pytest.mark.parametrize("spoilt", ["[sites", '[sites.suning]\nnonsense = "x"\n'])
def test_a_file_that_somebody_has_spoilt_is_named(config: Path, spoilt: str) -> None:
    (config.parent / FILE).write_text(spoilt, encoding="utf-8")
    with pytest.raises(UsageError, match=FILE):
        load_settings(config)
