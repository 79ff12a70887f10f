"""What was recorded is cleaned of everything that identifies or gives access, and stays what a page is drawn by."""

import base64
import html
import io
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from PIL import Image

from agent.domain.errors import UsageError
from agent.recording.answers import Answers
from agent.recording.cleaning import Raw, cleaned, known_first, left_in
from agent.recording.disguise import Disguise
from agent.recording.exchange import Exchange
from agent.recording.folder import EXPECTED, FACTS, HAR, REPLACED, check_new, read_folder, write_folder
from agent.recording.kinds import Kind
from agent.recording.personal import found_in_answer, is_moment, looks_random

KEY = b"one key for all of these examples"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5OTEyMzQ1NiIsIm5hbWUiOiJsaXNpIn0.k3Jd8sKq0vZpQw1x"
PLANTED = {
    "password": "correct-horse-9",
    "phone": "13812345678",
    "id card": "330106198807084512",
    "e-mail": "li.si@mail.example.cn",
    "token": "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "jwt": JWT,
    "bank account": "6225880112345678",
    "order": "3391899276382420635",
    "buyer": "李四海",
    "address": "浙江省杭州市西湖区文三路478号",
    "user id": "99123",
}


def answer(
    body: str | bytes, mime: str = "application/json", address: str = "https://shop.example.com/list"
) -> Exchange:
    return Exchange(
        "GET", address, "", 200, {"content-type": mime, "set-cookie": "sid=abc"}, body, "2026-01-01T00:00:00Z"
    )


def rows() -> str:
    row = {
        "orderNo": PLANTED["order"],
        "buyerNick": PLANTED["buyer"],
        "mobile": PLANTED["phone"],
        "address": PLANTED["address"],
        "userId": 99123,
        "email": PLANTED["e-mail"],
        "amount": "62.80",
        "gmtCreate": 1718717975000,
        "day": "20240618",
    }
    return json.dumps(
        {"csrfToken": PLANTED["token"], "idCard": PLANTED["id card"], "total": "125.60", "rows": [row, row]}
    )


def page() -> str:
    once = base64.b64encode(f"user:{PLANTED['password']}".encode()).decode()
    return (
        f"<input type=hidden name=_csrf value={PLANTED['token']}>"
        f"<a href='/go?to={quote(PLANTED['buyer'])}'>买家：李四海</a>"
        f"<script>window.auth = 'Bearer {JWT}'; const basic = '{once}'; const n = 3391899276382420635;</script>"
        "开户账号 6225 8801 1234 5678"
    )


def clean(*exchanges: Exchange, facts: dict[str, object] | None = None) -> tuple[Raw, Disguise]:
    disguise = Disguise(KEY, frozenset({"网店管家"}))
    known_first([(Kind.PASSWORD, PLANTED["password"]), (Kind.BANK_ACCOUNT, PLANTED["bank account"])], disguise)
    return cleaned(Raw(exchanges, facts or {}), disguise), disguise


def test_nothing_that_was_planted_is_left_in_a_folder(tmp_path: Path) -> None:
    told, disguise = clean(
        answer(rows()),
        answer(page(), "text/html"),
        replace(answer("ok", "text/plain"), posted=f"pwd={quote(PLANTED['password'])}&m={PLANTED['phone']}"),
        facts={"shop": PLANTED["buyer"], "note": PLANTED["phone"]},
    )
    write_folder(tmp_path / "made", told, disguise.replacements())
    files = [*(tmp_path / "made").iterdir()]
    assert {f.name for f in files} == {HAR, FACTS, REPLACED}
    everything = b"".join(f.read_bytes() for f in files)
    for secret in [*PLANTED.values()][:-1]:
        raw = secret.encode()
        for form in (
            raw,
            quote(secret).encode(),
            json.dumps(secret)[1:-1].encode(),
            base64.b64encode(raw).rstrip(b"=")[:-1],
        ):
            assert form not in everything, secret
    assert b"set-cookie" not in everything
    assert left_in(told, disguise, {PLANTED["password"], PLANTED["bank account"]}) == []


def test_the_same_stays_the_same_and_sums_still_add_up() -> None:
    told, _ = clean(answer(rows()), answer(page(), "text/html"))
    body = told.exchanges[0].body
    assert isinstance(body, str)
    data = json.loads(body)
    first, second = data["rows"]
    assert first == second
    assert sum(Decimal(row["amount"]) for row in data["rows"]) == Decimal(data["total"])
    assert (first["gmtCreate"], first["day"]) == (1718717975000, "20240618")
    assert len(first["orderNo"]) == 19
    assert str(first["userId"]) != PLANTED["user id"]
    other = told.exchanges[1].body
    assert isinstance(other, str)
    assert first["orderNo"] in other
    assert f"买家：{first['buyerNick']}" in other


def test_a_secret_in_a_spelling_that_nobody_undoes_is_found() -> None:
    told, disguise = clean(answer(f"<p>{PLANTED['password'][::-1]}</p>", "text/html"))
    (left,) = left_in(told, disguise, {PLANTED["password"]})
    assert left.where == "shop.example.com/list"
    assert PLANTED["password"][::-1] not in f"{left}"


def test_a_secret_in_a_font_is_found() -> None:
    told, disguise = clean(answer(b"\x00wOFF" + PLANTED["password"].encode(), "font/woff2"))
    assert [left.kind for left in left_in(told, disguise, {PLANTED["password"]})] == ["secret of the ledger"]


def test_pictures_are_blank_and_of_the_same_size() -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (120, 40), "red").save(drawn, "PNG")
    told, _ = clean(
        answer(drawn.getvalue(), "image/png"),
        answer(b"no picture", "image/webp"),
        answer(b"PK\x03\x04", "application/zip"),
    )
    first, second, third = (e.body for e in told.exchanges)
    assert isinstance(first, bytes)
    with Image.open(io.BytesIO(first)) as now:
        assert now.size == (120, 40)
        assert now.convert("L").getextrema() in ((255, 255), (0, 0))
    assert second != b"no picture"
    assert third == b""


def test_a_script_keeps_the_numbers_that_it_reckons_with() -> None:
    script = "const K = [1732584193, 4023233417]; const abc = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';"
    told, _ = clean(answer(script, "text/javascript"))
    assert told.exchanges[0].body == script


@pytest.mark.parametrize(
    ("word", "random"),
    [
        (PLANTED["token"], True),
        ("kJ8dk2LxP0qW7vB3nM5tR9yZ", True),
        ("ant-table-thead-sticky-holder-2", False),
        ("E20240618213935000000001", False),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", False),
        ("subscriptionOrderListContainer", False),
    ],
)
def test_keys_are_told_from_words(word: str, random: bool) -> None:
    assert looks_random(word) is random


@pytest.mark.parametrize(
    ("digits", "told", "moment"),
    [
        ("20240618", False, True),
        ("20240618213935", False, True),
        ("20241318", False, False),
        ("1718717975000", True, True),
        ("1718717975000", False, False),
        ("13812345678", True, False),
    ],
)
def test_moments_are_told_from_numbers(digits: str, told: bool, moment: bool) -> None:
    assert is_moment(digits, told) is moment


def test_what_is_inside_of_a_text_in_json_is_found_by_its_name() -> None:
    inner = json.dumps({"result": json.dumps({"contactName": "王小二"})})
    assert (Kind.NAME, "王小二") in [*found_in_answer(inner, "application/json")]
    assert (Kind.NAME, "王小二") in [*found_in_answer(f"jsonp12({inner});", "text/javascript")]


def test_what_the_browser_stores_is_found_by_the_name_beside_it() -> None:
    entries = [{"name": "accessToken", "value": "k9short7"}, {"name": "lang", "value": "zh"}]
    state = {"origins": [{"localStorage": entries}]}
    told, _ = clean(facts={"state": state})
    (token, language) = told.facts["state"]["origins"][0]["localStorage"]
    assert (token["name"], language["value"]) == ("accessToken", "zh")
    assert token["value"] != "k9short7"


@pytest.mark.parametrize("said", ["王小二", "k9short7", "tb-nick.9"])
def test_json_in_a_query_or_a_form_is_found_by_its_name(said: str) -> None:
    name = "ticket" if said == "k9short7" else "contactName"
    data = quote(json.dumps({name: said}, ensure_ascii=False), safe="")
    asked = answer("", address=f"https://shop.example.com/h5?jsv=2.6&data={data}")
    told, _ = clean(asked, replace(answer(""), posted=f"data={data}"))
    for exchange in told.exchanges:
        assert said not in unquote(exchange.address + exchange.posted)


def test_what_is_no_form_is_not_read_as_one() -> None:
    posted = json.dumps({"nick": "x", "url": "https://a.example.com/?status=paid"})
    told, _ = clean(replace(answer("paid", "text/plain"), posted=posted))
    assert told.exchanges[0].posted == posted


@pytest.mark.parametrize(
    "spell",
    [
        lambda told: f"<script>window.__STATE__ = {told}</script>",
        lambda told: f"<script>window.__STATE__ = JSON.parse({json.dumps(told)})</script>",
        lambda told: f'<div data-state="{html.escape(told)}"></div>',
        lambda told: f"<script>var nick = {json.dumps(json.loads(told))};</script>",
    ],
)
def test_json_that_stands_in_a_page_is_found_by_its_names(spell: Callable[[str], str]) -> None:
    state = json.dumps({"contactName": "王小二", "ticket": "k9short7", "status": "paid"}, ensure_ascii=False)
    told, _ = clean(answer(spell(state), "text/html"))
    body = told.exchanges[0].body
    assert isinstance(body, str)
    for said in ("王小二", json.dumps("王小二")[1:-1], "k9short7"):
        assert said not in body
    assert "paid" in body


def test_a_key_behind_the_hash_of_an_address_is_found() -> None:
    told, _ = clean(facts={"login_url": "https://shop.example.com/home#access_token=k9short7&lang=zh"})
    assert "k9short7" not in told.facts["login_url"]
    assert told.facts["login_url"].endswith("&lang=zh")


def test_each_recorded_answer_is_given_before_one_is_given_again() -> None:
    first, second = answer("1"), answer("2")
    answers = Answers([first, second])
    assert [answers.to("GET", "https://shop.example.com/list", "") for _ in range(3)] == [first, second, first]


def test_the_answer_whose_form_has_most_in_common_is_given() -> None:
    pages = [replace(answer(str(n)), method="POST", posted=f"page={n}&_sign={n}f3") for n in (1, 2)]
    answers = Answers(pages)
    assert answers.to("POST", "https://shop.example.com/list?t=99", "page=2&_sign=zz") == pages[1]
    assert answers.to("POST", "https://shop.example.com/list", json.dumps({"page": 1})) == pages[0]
    assert answers.to("GET", "https://shop.example.com/other", "") is None
    assert answers.missing == ["GET https://shop.example.com/other"]


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    told, disguise = clean(answer(rows()), answer(b"\x00wOFF", "font/woff2"), facts={"platform": "taobao"})
    write_folder(tmp_path / "made", told, disguise.replacements())
    again = read_folder(tmp_path / "made")
    assert again.exchanges == told.exchanges
    assert again.facts == {"schema": 1, "platform": "taobao"}
    assert not (tmp_path / "made" / EXPECTED).exists()


def test_no_folder_that_holds_something_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds something"):
        check_new(tmp_path)
    check_new(tmp_path / "new")


@pytest.mark.parametrize("spoilt", ["", "{}", '{"log": {"entries": [{}]}}', "[]"])
def test_what_is_no_recording_is_said_to_be_none(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / HAR).write_text(spoilt, encoding="utf-8")
    (tmp_path / FACTS).write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="is no recording"):
        read_folder(tmp_path)
