"""Promise 6: passwords, account numbers and authenticator secrets stand in nothing that is written or printed."""

import base64
import json
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from agent.sandbox import Sandbox
from tests.flows.home import Home
from tests.support.processes import Agent, sync

PASSWORD = 'pä"s\\ w/密+7%&<q>'
OTHER = "bo=;Öl'9$ {0}#x"
ACCOUNT = "6222081234567890125"
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SECRETS = [PASSWORD, OTHER, ACCOUNT, TOTP]
WRONG = "gu?ess 密/“44”"


def spellings(secret: str) -> Iterator[str]:
    """What it may look like in a file, without what has fewer than six letters."""
    yield from (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1])
    for encoded in (quote(secret), quote(secret, safe=""), quote_plus(secret)):
        yield from (encoded, encoded.lower())
    yield escape(secret)
    raw = secret.encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            whole = encode(bytes(before) + raw).decode().rstrip("=")
            yield whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
    if secret.isdigit():
        yield " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def found_in(told: bytes, secrets: list[str]) -> list[str]:
    return [form for secret in secrets for form in spellings(secret) if form.encode() in told]


def written(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def assert_kept(home: Home, told: str, secrets: list[str]) -> None:
    files = written(home.folder)
    assert any(name.endswith(".png") for name in files)
    assert any(name.endswith("-failure.txt") for name in files)
    assert any("ledger" in name or name.endswith((".db", ".sqlite", ".sqlite3")) for name in files)
    leaks = {name: leak for name, content in files.items() if (leak := found_in(content, secrets))}
    assert leaks == {}
    assert found_in(told.encode(), secrets) == []


@pytest.mark.parametrize("secret", SECRETS)
def test_the_search_would_find_them(secret: str) -> None:
    for offset in range(3):
        header = base64.b64encode(b"x" * offset + secret.encode() + b"tail")
        assert found_in(header, [secret])
    for plain in (secret, json.dumps({"a": secret}), quote(secret), f"<b>{escape(secret)}</b>"):
        assert found_in(plain.encode(), [secret])


def test_good_runs_and_bad_ones_keep_them(tmp_path: Path) -> None:
    with Sandbox(shops=[["taobao"]], today=date(2026, 11, 23)) as box:
        (merchant,) = box.state.merchants
        merchant.taobao.login.password, merchant.backoffice.password = PASSWORD, OTHER
        kept = {"refundable", "unfiled", "other_awaiting"}  # enough for one filing and two refunds
        merchant.taobao.orders[:] = [o for o in merchant.taobao.orders if o.role in kept]
        merchant.filings[:] = [f for f in merchant.filings if f.order_no in {o.number for o in merchant.taobao.orders}]
        right = box.merchants_toml().replace(merchant.payee.account, ACCOUNT)
        planted = json.dumps(PASSWORD, ensure_ascii=False)
        assert planted in right
        right = right.replace(f"password = {planted}", f'password = {planted}\ntotp_secret = "{TOTP}"')
        assert TOTP in right
        home = Home(tmp_path, box, merchants=right.replace(planted, json.dumps(WRONG, ensure_ascii=False)), first=True)
        with sync(home.config) as wrong:
            status, answer, told = _run(wrong)
        assert (status, answer) == (1, "bad_password")
        assert_kept(home, told, [WRONG, *SECRETS])

        home.add(right)
        box.faults.unknown_status = True
        with sync(home.config) as changed:
            status, answer, told = _run(changed)
        assert (status, answer) == (1, "page_changed")
        assert_kept(home, told, SECRETS)

        box.faults.unknown_status = False
        with sync(home.config) as good:
            status, answer, told = _run(good)
        kinds = [e["kind"] for e in box.truth()["log"]]
        assert "refund" in kinds, told
        requested = [e for e in box.truth()["log"] if e["kind"] == "refund"]
        assert all(ACCOUNT in e["fields"].values() for e in requested)
        assert_kept(home, told, [*SECRETS, *box.state.sessions])
        assert answer in (None, "filing_rejected"), told


def _run(agent: Agent) -> tuple[int, str | None, str]:
    status, answer, told = agent.wait()
    (account,) = answer["accounts"]
    return status, account["reason"], told + json.dumps(answer, ensure_ascii=False)
