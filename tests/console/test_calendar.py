"""The due dates in people's own calendars: under an address that can be taken back, and with nothing secret."""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from agent.domain.roles import Role
from tests.console.site import Site, hidden
from tests.console.world import NUMBER, World, fill
from tests.exporting.test_calendar import parsed
from tests.ledger.support import NOW, PLANTED, account, order


@pytest.fixture(scope="module")
def world(site: Site) -> World:
    made = fill(site)
    with site.ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with site.ledger.begin(run_id=run) as tx:
        tx.orders.save(account().key, [order(NUMBER), order("339181234560001", ordered_at=NOW - timedelta(days=2))])
    return made


def opened(client: httpx.Client) -> str:
    page = client.post("/calendar", data={"csrf": hidden(client.get("/calendar"), "csrf"), "act": "open"})
    address = page.text.partition("<code>")[2].partition("</code>")[0].replace("&amp;", "&")
    return urlsplit(address).path


def test_what_falls_due_is_in_the_calendar_and_nothing_secret(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    client.get("/money")
    path = opened(client)
    with site.client() as anybody:
        answer = anybody.get(path, params={"lang": "en"})
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = {dict(event)["DTSTART;VALUE=DATE"]: dict(event)["SUMMARY"] for event in parsed(answer.text)}
    assert found["20261127"] == "¥62.80 may be requested (1 order)"
    assert not any(secret in answer.text for secret in (*PLANTED, "m1", "锦绣", "339181234560001"))


def test_an_address_is_shown_once_and_ends_with_a_new_one_or_by_itself(site: Site, world: World) -> None:
    client = site.logged_in("operator")
    first = opened(client)
    secret = first.rpartition("/")[2].removesuffix(".ics")
    kept = b"".join(path.read_bytes() for path in site.settings.data_dir.rglob("*") if path.is_file())
    assert secret.encode() not in kept
    assert secret not in client.get("/calendar").text + client.get("/audit").text
    second = opened(client)
    with site.client() as anybody:
        assert [anybody.get(path).status_code for path in (first, second)] == [404, 200]
        client.post("/calendar", data={"csrf": hidden(client.get("/calendar"), "csrf"), "act": "close"})
        assert anybody.get(second).status_code == 404
        assert anybody.get("/calendar/anything.ics").status_code == 404
    with site.ledger.read() as tx:
        assert [each.action for each in tx.audit.entries(3)] == ["calendar_close", "calendar_open", "calendar_open"]


def test_an_address_opens_nothing_once_its_owner_is_gone(site: Site, world: World) -> None:
    path = opened(site.logged_in("admin"))
    with site.ledger.begin() as tx:
        tx.users.end("admin")
    with site.client() as anybody:
        assert anybody.get(path).status_code == 404
        site.add_user("admin", Role.ADMIN)  # nor does it when somebody of that name comes later
        assert anybody.get(path).status_code == 404
