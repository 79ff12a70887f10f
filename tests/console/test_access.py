"""Who gets into the console, and what keeps all others out."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from starlette.routing import Route

from agent.console.app import ROUTERS
from agent.console.visitor import SESSION
from agent.domain.errors import UsageError
from agent.domain.roles import Role
from agent.ledger.console_sessions import TRIED_WITHIN, TRIES, TRIES_OF_NAME
from agent.ledger.console_tables import AuditRow, ConsoleSessionRow, TokenRow, UserRow
from tests.console.site import PASSWORD, Site, hidden, log_in, running

OPEN = {"/healthz", "/readyz", "/login", "/language/{chosen}", "/api/v1/openapi.json", "/calendar/{secret}.ics"}


def entries(site: Site) -> list[tuple[str, str]]:
    with site.ledger.read() as tx:
        return [(each.who, each.action) for each in tx.audit.entries(100)]


# logging in and out


def test_the_password_leads_to_the_page_that_was_asked_for(site: Site) -> None:
    with site.client() as client:
        asked = client.get("/audit")
        assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=/audit")
        assert log_in(client, "viewer", following="/audit").headers["location"] == "/audit"
        assert client.get("/audit").status_code == 200


def test_the_filters_of_the_page_that_was_asked_for_survive_the_log_in(site: Site) -> None:
    with site.client() as client:
        asked = client.get("/money?stage=filed&platform=taobao")
        place = parse_qs(urlsplit(asked.headers["location"]).query)["next"][0]
        assert log_in(client, "viewer", following=place).headers["location"] == "/money?stage=filed&platform=taobao"


def test_filters_that_are_too_long_keep_nobody_out(site: Site) -> None:
    with site.client() as client:
        asked = client.get("/accounts", params={"q": "锦" * 60})
        place = parse_qs(urlsplit(asked.headers["location"]).query)["next"][0]
        form = client.get("/login", params={"next": place})
        sent = {"name": "viewer", "password": PASSWORD, "csrf": hidden(form, "csrf"), "next": hidden(form, "next")}
        assert client.post("/login", data=sent).headers["location"] == "/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "//[", "/\\evil.example", "evil", "/a\r\nb", "/\t/evil"]
)
def test_the_log_in_leads_nowhere_else(site: Site, elsewhere: str) -> None:
    with site.client() as client:
        assert log_in(client, "viewer", following=elsewhere).headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_look_the_same(site: Site) -> None:
    with site.client() as client:
        wrong, unknown = log_in(client, "operator", "not it at all"), log_in(client, "nobody", "not it at all")
    assert wrong.status_code == unknown.status_code == 401
    assert "wrong" in wrong.text
    assert ("console:operator", "login_failed") in entries(site)


def test_a_password_that_was_typed_as_a_name_is_kept_nowhere(site: Site) -> None:
    with site.client() as client:
        assert log_in(client, "My-Pa55word-Slipped", "x").status_code == 401
    assert ("console:?", "login_failed") in entries(site)
    kept = b"".join(path.read_bytes() for path in site.settings.data_dir.rglob("*") if path.is_file())
    assert b"My-Pa55word-Slipped" not in kept


def test_a_proxy_is_believed_only_if_it_is_named(tmp_path: Path) -> None:
    told = {"x-forwarded-for": "203.0.113.9"}
    for proxies, address in (((), "127.0.0.2"), (("127.0.0.0/24",), "203.0.113.9")):
        with running(tmp_path / str(len(proxies)), console={"proxies": proxies}) as site:
            way = httpx.HTTPTransport(local_address="127.0.0.2")
            with httpx.Client(base_url=site.url, transport=way, headers=told, trust_env=False) as client:
                log_in(client, "nobody")
            with site.ledger.read() as work:
                (newest,) = work.audit.entries(1)
            assert newest.address == address


def test_who_logs_in_and_out_stands_in_the_audit_trail(site: Site) -> None:
    client = site.logged_in("viewer")
    client.post("/logout", data={"csrf": hidden(client.get("/"), "csrf")})
    assert entries(site)[:2] == [("console:viewer", "logout"), ("console:viewer", "login")]


def test_what_was_taken_from_a_browser_opens_nothing_after_its_log_out(site: Site) -> None:
    client = site.logged_in("viewer")
    stolen = client.cookies[SESSION]
    with site.client() as thief:
        thief.cookies.set(SESSION, stolen)
        assert thief.get("/").status_code == 200
        client.post("/logout", data={"csrf": hidden(client.get("/"), "csrf")})
        assert thief.get("/").status_code == 303


def test_a_session_that_was_planted_before_the_log_in_is_not_used(site: Site) -> None:
    with site.client() as client:
        client.cookies.set(SESSION, "planted-by-somebody", domain="127.0.0.1")
        log_in(client, "viewer")
        with site.client() as planter:
            planter.cookies.set(SESSION, "planted-by-somebody")
            assert planter.get("/").status_code == 303


def test_the_log_in_ends_the_session_that_the_browser_had(site: Site) -> None:
    client = site.logged_in("viewer")
    earlier = client.cookies[SESSION]
    log_in(client, "operator")
    assert client.cookies[SESSION] != earlier
    with site.client() as other:
        other.cookies.set(SESSION, earlier)
        assert other.get("/").status_code == 303


def test_a_session_ends_by_itself(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        site.add_user("boss", Role.ADMIN)
        client = site.logged_in("boss")
        site.clock.now += timedelta(hours=3)
        assert client.get("/").status_code == 200
        site.clock.now += timedelta(hours=5)
        assert client.get("/").status_code == 303


def test_a_user_who_was_removed_is_out_at_once(tmp_path: Path) -> None:

    with running(tmp_path) as site:
        site.add_user("boss", Role.ADMIN)
        client = site.logged_in("boss")
        with site.ledger.begin() as tx:
            tx.users.end("boss")
        assert client.get("/").status_code == 303
        assert log_in(client, "boss").status_code == 401


def test_guessing_has_to_wait_even_with_the_right_password(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        site.add_user("boss", Role.ADMIN)
        with site.client() as client:
            answers = [log_in(client, "boss", f"guess number {n}").status_code for n in range(TRIES + 1)]
            assert answers == [401] * TRIES + [429]
            blocked = log_in(client, "boss", PASSWORD)
            assert (blocked.status_code, blocked.headers["retry-after"]) == (429, "900")
            site.clock.now += TRIED_WITHIN + timedelta(seconds=1)
            assert log_in(client, "boss", PASSWORD).status_code == 303


def test_nobody_locks_a_name_out_from_one_address(site: Site) -> None:
    with site.ledger.begin() as tx:
        tried = [tx.console_sessions.may_try("target", "10.6.6.6") for _ in range(100)]
        assert tried == [True] * TRIES + [False] * (100 - TRIES)
        assert tx.console_sessions.may_try("target", "10.0.0.1")


def test_a_name_is_guessed_no_faster_from_many_addresses(site: Site) -> None:
    with site.ledger.begin() as tx:
        tried = [tx.console_sessions.may_try("wanted", f"10.7.0.{n}") for n in range(100)]
    assert tried == [True] * TRIES_OF_NAME + [False] * (100 - TRIES_OF_NAME)


def test_a_log_in_form_of_another_browser_is_refused(site: Site) -> None:
    with site.client() as client, site.client() as other:
        token = hidden(other.get("/login"), "csrf")
        client.get("/login")
        refused = client.post("/login", data={"name": "viewer", "password": PASSWORD, "csrf": token})
    assert refused.status_code == 403


# what the ledger keeps


def test_the_ledger_keeps_no_password_no_session_and_no_token(site: Site) -> None:
    client, token = site.logged_in("admin"), site.add_token("kept")
    with site.ledger.read() as tx:
        rows = [
            vars(row) for kind in (UserRow, ConsoleSessionRow, TokenRow) for row in tx.session.scalars(select(kind))
        ]
    kept = str(rows)
    assert "$argon2id$" in kept
    for secret in (PASSWORD, client.cookies[SESSION], token):
        assert secret not in kept


def test_the_audit_trail_cannot_be_changed(site: Site) -> None:
    site.logged_in("viewer")
    for statement in (update(AuditRow).values(who="somebody else"), delete(AuditRow)):
        with pytest.raises(DBAPIError, match="append-only"), site.ledger.begin() as tx:
            tx.session.execute(statement)


@pytest.mark.parametrize(("name", "password"), [("ok", "short"), ("a b", PASSWORD), ("", PASSWORD), ("<b>", PASSWORD)])
def test_bad_names_and_short_passwords_are_refused(site: Site, name: str, password: str) -> None:
    from pydantic import SecretStr

    with pytest.raises(UsageError), site.ledger.begin() as tx:
        tx.users.add(name, Role.VIEWER, SecretStr(password))


# what holds for every request


ROUTES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, Route)
    for method in sorted((route.methods or set()) - {"HEAD"})
]


def test_nothing_is_shown_and_nothing_done_for_who_is_not_logged_in(site: Site) -> None:
    with site.client() as client:
        for method, path in ROUTES:
            if path in OPEN:
                continue
            answer = client.request(method, path.replace("{", "").replace("}", ""))
            assert answer.status_code in (303, 401), (method, path)
            assert answer.headers.get("location", "/login").startswith("/login"), (method, path)


def test_every_form_is_refused_without_its_proof(site: Site) -> None:
    client = site.logged_in("admin")
    sent = [path for method, path in ROUTES if method == "POST" and path != "/login"]
    assert "/logout" in sent
    for path in sent:
        for forged in ({}, {"csrf": "0" * 64}):
            answer = client.post(path.replace("{", "").replace("}", ""), data=forged)
            assert answer.status_code == 403, path


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_a_form_that_another_site_sends_is_refused_with_its_proof(site: Site, headers: dict[str, str]) -> None:
    client = site.logged_in("viewer")
    proof = hidden(client.get("/"), "csrf")
    assert client.post("/logout", data={"csrf": proof}, headers=headers).status_code == 403
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "evil.example:8750"])
def test_another_name_is_not_answered(site: Site, host: str) -> None:
    with site.client() as client:
        answer = client.get("/login", headers={"host": host})
    assert answer.status_code in (400, 421)


def test_a_name_of_the_settings_is_answered(tmp_path: Path) -> None:
    with running(tmp_path, console={"hosts": ["fankuan.example.com"]}) as site, site.client() as client:
        assert client.get("/login", headers={"host": "FANKUAN.example.com"}).status_code == 200


def test_more_than_a_form_can_hold_is_refused(site: Site) -> None:
    with site.client() as client:
        assert client.post("/login", content=b"x" * (1 << 21)).status_code == 413


def test_every_answer_forbids_code_that_is_not_ours(site: Site) -> None:
    with site.client() as client:
        for path in ("/login", "/", "/static/console.js", "/nothing", "/healthz"):
            policy = client.get(path).headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy


def test_no_page_has_code_or_style_of_its_own() -> None:
    from agent.console.render import HERE

    for template in (HERE / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert " style=" not in text, template.name
        assert " onclick=" not in text, template.name
        assert "<script>" not in text, template.name


def test_who_watches_the_service_needs_no_log_in(site: Site) -> None:
    with httpx.Client(base_url=site.url, trust_env=False, headers={"host": "10.0.0.7"}) as client:
        assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
