"""What pages show, as files: the sheets of the command line, with the page's filters, for those who are logged in."""

import csv
import io
from dataclasses import replace

import httpx
import pytest
from openpyxl import load_workbook

from agent.domain.merchants import Edition
from tests.console.site import Site
from tests.console.world import NUMBER, OTHERS, PAID_OUT, REFUNDABLE, World, fill
from tests.ledger.support import PLANTED, merchant

FORMULA = "=1+1"


@pytest.fixture(scope="module")
def world(site: Site) -> World:
    made = fill(site)
    with site.ledger.begin() as tx:
        tx.merchants.save([replace(merchant(), edition=Edition.ENTERPRISE, name=FORMULA)])
        tx.audit.note("cli:test", "test", FORMULA)
    return made


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {NUMBER, PAID_OUT, REFUNDABLE, "7001", ""}),
        ("?stage=paid_out&platform=taobao", {PAID_OUT}),
        ("?stage=paid_out&platform=jd", set()),
        ("?merchant=m2", {"7001"}),
    ],
)
def test_orders_are_those_of_the_page(site: Site, world: World, query: str, numbers: set[str]) -> None:
    client = site.logged_in("viewer")
    found = {each["Order number"].strip() for each in rows(client.get(f"/export/orders.csv{query}"))}
    assert found == numbers
    assert OTHERS not in found


def test_the_page_leads_to_its_own_file(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    for path in ("/money?stage=paid_out&platform=taobao", "/money?merchant=m2", "/audit?who=nobody", "/runs"):
        text = client.get(path).text
        link = text.partition('href="/export/')[2].partition('"')[0].replace("&amp;", "&").replace(".xlsx", ".csv")
        assert client.get(f"/export/{link}").status_code == 200, link
        query = path.partition("?")[2]
        assert query in link, path


def test_a_workbook_is_sent_whole_in_the_language_of_who_asks(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    answer = client.get("/export/refunds.xlsx", headers={"accept-language": "zh-CN"})
    assert 'filename="fankuan-refunds-' in answer.headers["content-disposition"]
    page = load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    assert page["E1"].value == "订单编号"
    assert {page["E2"].value, page["E3"].value} == {PAID_OUT, REFUNDABLE}


def test_no_cell_becomes_a_formula_and_no_secret_is_in_a_file(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    for what in ("orders", "refunds", "runs", "audit"):
        text = client.get(f"/export/{what}.csv").text
        assert f"'{FORMULA}" in text
        assert not any(secret in text for secret in PLANTED)
        assert not any(cell[:1] in "=+-@\t" for row in csv.reader(io.StringIO(text)) for cell in row if cell)


def test_who_took_what_stands_in_the_audit_trail(site: Site, world: World) -> None:
    site.logged_in("viewer").get("/export/orders.csv?stage=paid_out")
    with site.ledger.read() as work:
        (newest,) = work.audit.entries(1)
    assert (newest.who, newest.action, newest.target, newest.details) == (
        "console:viewer",
        "export",
        "orders",
        {"stage": "paid_out"},
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/export/orders.csv?merchant=m9", 404),
        ("/export/orders.pdf", 422),
        ("/export/users.csv", 422),
        ("/export/orders.csv?stage=rich", 422),
    ],
)
def test_what_there_is_not_is_refused(site: Site, world: World, path: str, status: int) -> None:
    assert site.logged_in("viewer").get(path).status_code == status
