"""Which way a refund is asked for: by way of a filing, or directly. And what has to be known of the back office."""

from dataclasses import replace

import pytest

from agent.domain.accounts import SiteId
from agent.domain.merchants import Edition
from agent.sites import BUILT_IN, BackOffice, may_be_called, names_of_others, platforms_called
from agent.sites.wdgj import WDGJ

FILING, REFUND = "http://127.0.0.1:1/newc/SelfService/Filing", "http://127.0.0.1:1/newc/Refund"
DESK = BackOffice(WDGJ.title, WDGJ.login_url, FILING, REFUND)
OTHERS = set(Edition) - {Edition.ENTERPRISE}


def test_all_editions_but_the_enterprise_one_apply_directly() -> None:
    assert {e for e in Edition if DESK.direct(e)} == OTHERS
    assert DESK.list_url(Edition.ENTERPRISE) == FILING
    assert {DESK.list_url(e) for e in OTHERS} == {REFUND}
    assert {replace(DESK, filing_url=None).list_url(e) for e in OTHERS} == {REFUND}


def test_as_long_as_no_page_is_known_the_others_are_taken_to_apply() -> None:
    unknown = replace(DESK, filing_url=None, refund_url=None)
    assert {e for e in Edition if unknown.direct(e)} == OTHERS
    assert {unknown.list_url(e) for e in Edition} == {None}


@pytest.mark.parametrize("refund", [None, FILING, f"{FILING}/", f"{FILING}#list", f"{FILING}/#/"])
def test_where_both_are_one_page_everyone_files(refund: str | None) -> None:
    back_office = replace(DESK, refund_url=refund)
    assert not any(back_office.direct(e) for e in Edition)
    assert {back_office.list_url(e) for e in Edition} == {FILING}


def test_two_routes_of_one_application_are_two_pages() -> None:
    back_office = replace(
        DESK, filing_url="http://127.0.0.1:1/app#/filing", refund_url="http://127.0.0.1:1/app#/refund"
    )
    assert {e for e in Edition if back_office.direct(e)} == OTHERS


def test_the_back_office_calls_one_platform_by_two_names() -> None:
    taobao = names_of_others(BUILT_IN["taobao"], BUILT_IN.values())
    assert not taobao & {"淘宝", "天猫"}
    assert {"京东", "拍拍", "1688诚信通"} <= taobao
    added = replace(BUILT_IN["jd"], id=SiteId("market"), filing_name="淘宝")
    assert names_of_others(added, [*BUILT_IN.values(), added]) == taobao


def test_a_name_means_the_platforms_that_may_be_called_so() -> None:
    added = replace(BUILT_IN["jd"], id=SiteId("market"), filing_name="淘宝", filing_aliases=("集市",))
    called = platforms_called([*BUILT_IN.values(), added])
    assert called["天猫"] == called["淘宝"] == called["集市"] == {"taobao", "market"}
    assert called["京东"] == {"jd"}
    assert called["拍拍"] == {"paipai"}
    assert "亚马逊" not in called


def test_a_name_of_nobody_may_be_any_platforms_but_one_that_is_gone() -> None:
    others = {name: names_of_others(site, BUILT_IN.values()) for name, site in BUILT_IN.items()}
    may_be = {name for name, site in BUILT_IN.items() if may_be_called(site, "亚马逊", others[name])}
    assert may_be == {*BUILT_IN} - {"paipai", "yhd"}
    assert may_be == {name for name, site in BUILT_IN.items() if may_be_called(site, None, others[name])}
