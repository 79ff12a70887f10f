"""What programs are answered: the same as `--json`, page by page, and nothing without a token."""

import re
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from prometheus_client.parser import text_string_to_metric_families

from agent.console.api import router
from tests.console.site import Site
from tests.console.world import NUMBER, OTHERS, PAID_OUT, World, fill

KINDS = ("accounts", "orders", "refunds", "runs", "challenges")


@pytest.fixture(scope="module")
def world(site: Site) -> World:
    return fill(site)


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    return site.add_token("tests")


def described() -> dict[str, Any]:
    app = FastAPI(title="fankuan", version="1")
    app.include_router(router)
    return app.openapi()


schema = schemathesis.openapi.from_dict(described())


def ask(site: Site, token: str, path: str, **given: object) -> httpx.Response:
    with site.client(authorization=f"Bearer {token}") as client:
        return client.get(path, params={name: str(value) for name, value in given.items()} or None)


def everything(site: Site, token: str, kind: str, limit: int) -> list[dict[str, Any]]:
    """Return all that there is, asked for page by page."""
    found, after = [], None
    for _ in range(50):
        answer = ask(site, token, f"/api/v1/{kind}", limit=limit, **({"after": after} if after else {})).json()
        assert answer["schema"] == 1
        assert len(answer[kind]) <= limit
        found += answer[kind]
        after = answer["after"]
        if after is None:
            return found
    raise AssertionError("it never ended")


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_made_up_requests_are_answered_as_the_description_says(
    case: Any,  # noqa: ANN401 - of a library without types
    site: Site,
    world: World,
    token: str,
) -> None:
    # The token goes with every request, also with those that are made without one; other tests leave it out.
    checks = schemathesis.checks
    without = [checks.ignored_auth, checks.missing_required_header, checks.negative_data_rejection]
    sent = {"authorization": f"Bearer {token}"}
    case.call_and_validate(base_url=site.url, headers=sent, excluded_checks=without)


@pytest.mark.parametrize("kind", KINDS)
def test_pages_of_one_give_all_that_a_large_page_gives(site: Site, world: World, token: str, kind: str) -> None:
    whole = everything(site, token, kind, 500)
    assert whole
    assert everything(site, token, kind, 1) == whole


def test_orders_are_as_the_command_line_prints_them(site: Site, world: World, token: str) -> None:
    from agent.cli.due import known_orders
    from agent.cli.orders import document

    printed = [document(each) for each in known_orders(site.settings, site.ledger)]
    answered = everything(site, token, "orders", 2)
    assert sorted(map(str, answered)) == sorted(map(str, printed))
    assert {NUMBER, OTHERS} <= {each["order_no"] for each in answered}


def test_refunds_tell_what_was_paid_out(site: Site, world: World, token: str) -> None:
    (paid,) = [each for each in everything(site, token, "refunds", 10) if each["order_no"] == PAID_OUT]
    assert (paid["stage"], paid["amount"], paid["account"]) == ("paid_out", "1200.00", "m1/taobao")
    assert paid["paid_out_at"] is not None


def test_runs_and_accounts_tell_how_it_went(site: Site, world: World, token: str) -> None:
    (run,) = everything(site, token, "runs", 10)
    assert run["outcomes"] == {"ok": 1, "failed": 1}
    accounts = {each["account"]: each for each in everything(site, token, "accounts", 10)}
    assert accounts["m2/taobao"]["last_run"]["reason"] == "page_changed"
    assert accounts["m1/jd"]["challenge"] == world.question


@pytest.mark.parametrize("path", [*(f"/api/v1/{kind}" for kind in KINDS), "/metrics"])
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer fk_wrong", "Basic dXNlcjpwYXNz", "bearer"])
def test_without_a_known_token_nothing_is_answered(site: Site, path: str, given: str) -> None:
    with site.client(authorization=given) as client:
        answer = client.get(path)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    "given", ["limit=0", "limit=501", "limit=x", "after=-1", "after=x", "after=99999999999999999999"]
)
def test_what_cannot_be_meant_is_refused(site: Site, token: str, given: str) -> None:
    assert ask(site, token, f"/api/v1/orders?{given}").status_code == 422


def test_a_cursor_that_is_no_account_is_refused(site: Site, token: str) -> None:
    assert ask(site, token, "/api/v1/accounts", after="m1").status_code == 422


def test_a_session_of_a_person_is_no_token(site: Site) -> None:
    assert site.logged_in("admin").get("/api/v1/orders").status_code == 401


def test_a_token_that_was_taken_back_opens_nothing(site: Site) -> None:
    token = site.add_token("short-lived")
    assert ask(site, token, "/api/v1/runs").status_code == 200
    with site.ledger.begin() as tx:
        tx.tokens.end("short-lived")
    assert ask(site, token, "/api/v1/runs").status_code == 401


def test_metrics_tell_money_by_stage(site: Site, world: World, token: str) -> None:
    found = {family.name: family for family in text_string_to_metric_families(ask(site, token, "/metrics").text)}
    paid = [s.value for s in found["fankuan_money"].samples if s.labels["stage"] == "paid_out"]
    assert paid == [1200.0]
    assert found["fankuan_challenges_waiting"].samples[0].value == 1


def test_the_description_names_no_page_for_people(site: Site) -> None:
    with site.client() as client:
        described = client.get("/api/v1/openapi.json").json()
    assert set(described["paths"]) == {f"/api/v1/{kind}" for kind in KINDS}


def test_the_alerts_and_the_dashboard_name_metrics_that_there_are(site: Site, world: World, token: str) -> None:
    from pathlib import Path

    import yaml

    deploy = Path(__file__).resolve().parents[2] / "deploy"
    there = {f.name for f in text_string_to_metric_families(ask(site, token, "/metrics").text)}
    rules = yaml.safe_load((deploy / "alerts.yml").read_text(encoding="utf-8"))
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    assert all({"alert", "expr", "annotations"} <= set(rule) for rule in alerts)
    board = yaml.safe_load((deploy / "grafana.json").read_text(encoding="utf-8"))
    asked = [*(rule["expr"] for rule in alerts), *(t["expr"] for p in board["panels"] for t in p["targets"])]
    named = {name for expression in asked for name in re.findall(r"fankuan_\w+", expression)}
    assert named <= there
    assert len(named) > 4
