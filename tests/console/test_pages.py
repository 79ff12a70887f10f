"""What the pages show, in both languages, and how many questions to the ledger each of them takes."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from agent.console.app import ROUTERS
from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import Outcome
from agent.domain.report import AccountReport
from agent.ledger import Asked, Picture
from tests.console.site import Site, hidden
from tests.console.world import NUMBER, OTHERS, PAID_OUT, REFUNDABLE, World, fill

PAGES = ("/", "/money", "/calendar", "/bank", "/accounts", f"/orders/{NUMBER}", "/runs", "/people", "/health", "/audit")
PARTS = ("/money?stage=filed", "/money?merchant=m2", "/accounts?state=failing&q=m")


@pytest.fixture(scope="module")
def world(site: Site) -> World:
    return fill(site)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach any database meanwhile, but for those of what catches up behind the pages."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not threading.current_thread().name.startswith("asyncio_"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", [*PAGES, *PARTS])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_is_drawn_in_both_languages(site: Site, world: World, path: str, language: str) -> None:
    client = site.logged_in("viewer")
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert ("款项" in answer.text) == (language == "zh-CN")


@pytest.mark.parametrize("path", [*PAGES, *PARTS, "/runs/RUN"])
def test_a_script_in_a_name_stays_a_name(site: Site, world: World, path: str) -> None:
    client = site.logged_in("operator")
    text = client.get(path.replace("RUN", world.run)).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_a_script_is_shown_as_what_it_is(site: Site, world: World) -> None:
    client = site.logged_in("operator")
    for path in ("/accounts", "/people", f"/runs/{world.run}", "/orders/7001"):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get(path).text, path


def test_the_language_is_kept_and_leads_back(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    answer = client.get("/language/zh", params={"following": "/money?stage=filed"})
    assert answer.headers["location"] == "/money?stage=filed"
    assert "款项" in client.get("/money").text


def test_each_number_of_money_leads_to_its_orders(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    overview = client.get("/money").text
    for stage, amount, number in (("paid_out", "¥1,200.00", PAID_OUT), ("refundable", "¥300.00", REFUNDABLE)):
        assert amount in overview
        listed = client.get(f"/money?stage={stage}&platform=taobao").text
        assert number in listed
        assert amount in listed
        assert number not in client.get(f"/money?stage={stage}&platform=jd").text


def test_other_vendors_orders_are_no_money_of_ours(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    assert OTHERS not in client.get("/money?merchant=m1").text
    assert "not ours" in client.get(f"/orders/{OTHERS}").text


def test_an_order_shows_its_steps_with_pictures_before_and_after(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    text = client.get(f"/orders/{NUMBER}").text
    assert "报备成功" in text
    assert f'src="/pictures/{world.before}"' in text
    picture = client.get(f"/pictures/{world.before}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")


def test_a_run_leads_to_the_page_on_which_an_account_ended_and_to_what_is_told_of_it(site: Site, world: World) -> None:
    folder = site.settings.evidence_dir
    places = {"text/plain; charset=utf-8": folder / "01-x-failure.txt", "image/png": folder / "01-x-failure.png"}
    with site.ledger.begin() as tx:
        run = tx.runs.start(dry_run=True, started_by="test")
    for place in places.values():
        place.write_bytes(b"looked for: <b>")
        with site.ledger.begin(run_id=run) as tx:
            tx.evidence.add(None, Picture(str(place), "0" * 64, "failure", "http://127.0.0.1/"))
    failed = AccountReport(
        AccountKey("m2", "taobao"), Outcome.FAILED, "page_changed", evidence=(*map(str, places.values()),)
    )
    with site.ledger.begin(run_id=run) as tx:
        tx.runs.record(failed)
    client = site.logged_in("viewer")
    links = re.findall(r'href="(/pictures/[0-9]+)"[^>]*>(text|picture)<', client.get(f"/runs/{run}").text)
    assert [name for _, name in links] == ["text", "picture"]
    assert [client.get(link).headers["content-type"] for link, _ in links] == [*places]


def test_an_order_that_is_not_known_is_not_there(site: Site, world: World) -> None:
    assert site.logged_in("viewer").get("/orders/nothing").status_code == 404


def test_a_picture_outside_the_evidence_is_never_served(site: Site, world: World) -> None:
    client = site.logged_in("admin")
    for path in (
        f"/pictures/{world.outside}",
        "/pictures/0",
        "/pictures/99999999999999999999999",
        "/pictures/..%2f..%2fvault.key",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2fvault.py",
    ):
        assert client.get(path).status_code in (404, 422), path


def test_the_search_finds_a_merchant_by_part_of_its_name(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    found = client.get("/accounts", params={"q": "锦绣"}).text
    assert 'href="/money?merchant=m1"' in found
    assert 'href="/money?merchant=m2"' not in found
    assert "m1" not in client.get("/accounts", params={"q": "100%_"}).text.partition("<table")[2]


def test_only_what_failed_is_shown_if_that_is_asked_for(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    assert "page_changed" in client.get("/").text
    waiting = client.get("/accounts?state=needs_person").text
    assert 'href="/money?merchant=m1"' in waiting
    assert 'href="/money?merchant=m2"' not in waiting


def test_a_viewer_is_offered_nothing_that_changes_anything(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    for path in ("/accounts", "/people", f"/runs/{world.run}"):
        forms = client.get(path).text.count('method="post"')
        assert forms <= 2 if path == "/accounts" else forms == 1, path
    assert 'name="act"' not in client.get("/accounts").text


def test_a_viewer_may_change_nothing(site: Site, world: World) -> None:
    client = site.logged_in("viewer")
    proof = {"csrf": hidden(client.get("/"), "csrf"), "answer": "123456", "act": "sync", "account": "m1/taobao"}
    for router in ROUTERS:
        for route in router.routes:
            path = getattr(route, "path", "")
            if "POST" in getattr(route, "methods", ()) and path not in ("/login", "/logout", "/calendar"):  # their own
                sent = path.format(number=world.question, run_id=world.run, batch="x")
                assert client.post(sent, data=proof).status_code == 403, path


def test_a_code_that_comes_after_its_time_is_not_taken_and_it_is_said_what_to_do(site: Site, world: World) -> None:
    with site.ledger.begin() as tx:
        late = tx.challenges.ask(Asked(AccountKey("m2", "taobao"), ChallengeKind.SMS, None, lasts=timedelta(minutes=1)))
    then = site.clock.now
    site.clock.now += timedelta(minutes=2)
    client = site.logged_in("operator")
    answer = client.post(f"/people/{late}", data={"csrf": hidden(client.get("/people"), "csrf"), "answer": "864213"})
    assert "came after its time" in client.get(answer.headers["location"]).text
    with site.ledger.begin() as tx:
        asked = tx.challenges.find(late)
        assert asked is not None
        assert not asked.answered
        tx.challenges.end(asked.account)
    site.clock.now = then


def test_an_operator_answers_a_question_and_the_answer_is_shown_nowhere(site: Site, world: World) -> None:
    client = site.logged_in("operator")
    asked = client.get("/people")
    sent = {"csrf": hidden(asked, "csrf"), "answer": "864213"}
    assert client.post(f"/people/{world.question}", data=sent).headers["location"] == "/people"
    after = client.get("/people")
    assert "An answer is there" in after.text
    trail = client.get("/audit").text
    assert "console:operator" in trail
    assert "864213" not in after.text + trail
    with site.ledger.read() as tx:
        answered = tx.challenges.find(world.question)
    assert answered is not None
    assert answered.answered


def test_the_shop_that_an_operator_chose_stands_in_the_trail(site: Site, world: World) -> None:
    with site.ledger.begin() as tx:
        question = tx.challenges.ask(Asked(AccountKey("m2", "taobao"), ChallengeKind.SHOP))
    client = site.logged_in("operator")
    sent = {"csrf": hidden(client.get("/people"), "csrf"), "answer": "锦绣家居旗舰店"}
    assert client.post(f"/people/{question}", data=sent).status_code == 303
    with site.ledger.begin() as tx:
        (newest, *_) = tx.audit.entries(1)
        tx.challenges.end(AccountKey("m2", "taobao"))
    assert (newest.target, dict(newest.details)) == ("m2/taobao", {"kind": "shop", "shop": "锦绣家居旗舰店"})


def test_an_operator_pauses_an_account_and_lets_it_go_on(site: Site, world: World) -> None:
    client = site.logged_in("operator")
    for act, shown, noted in (("pause", True, "account_paused"), ("resume", False, "account_active")):
        proof = hidden(client.get("/accounts"), "csrf")
        sent = {"csrf": proof, "act": act, "account": ["m2/taobao", "m2/nothing"]}
        assert client.post("/accounts/start", data=sent).headers["location"] == "/accounts"
        assert ("tag paused" in client.get("/accounts").text) == shown
        trail = client.get("/audit").text
        assert noted in trail
        assert "m2/nothing" not in trail


def test_what_is_retried_is_what_did_not_end_well(site: Site, world: World) -> None:
    with site.ledger.read() as tx:
        assert [str(each) for each in tx.run_log.in_trouble(world.run)] == ["m2/taobao"]
        assert tx.run_log.in_trouble("nothing") == []


@pytest.mark.parametrize("path", ["/money?stage=nothing", "/money?after=2026-99-99_1&stage=filed", "/runs/x?after=-1"])
def test_what_cannot_be_meant_is_refused(site: Site, world: World, path: str) -> None:
    assert site.logged_in("viewer").get(path).status_code == 422


def test_no_page_shows_a_whole_account_number_or_a_password(site: Site, world: World) -> None:
    from tests.ledger.support import PLANTED

    client = site.logged_in("admin")
    for path in [*PAGES, *PARTS, f"/runs/{world.run}"]:
        text = client.get(path).text
        assert not [secret for secret in PLANTED if secret in text], path


# Each page asks the ledger as often, however much there is; the log-in takes two of them, catching up up to six.
MOST = {
    "/": 22,
    "/money": 15,
    "/accounts": 12,
    f"/orders/{NUMBER}": 15,
    "/runs": 8,
    "/people": 6,
    "/health": 14,
    "/audit": 6,
}


@pytest.mark.parametrize("path", MOST)
def test_a_page_asks_the_ledger_a_few_times(site: Site, world: World, path: str) -> None:
    client = site.logged_in("viewer")
    with counted() as statements:
        assert client.get(path).status_code == 200
    asked = [each for each in statements if not each.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) <= MOST[path], "\n".join(asked)


@pytest.mark.parametrize("path", MOST)
def test_no_page_counts_a_whole_table(site: Site, world: World, path: str) -> None:
    client = site.logged_in("viewer")
    with counted() as statements:
        client.get(path)
    whole = [each for each in statements if "count(" in each and "WHERE" not in each and "GROUP BY" not in each]
    assert whole == []
