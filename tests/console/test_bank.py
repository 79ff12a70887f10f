"""A statement in the console: shown first, decided by a person, recorded as shown, taken back; and files that harm."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from agent.console.uploads import MOST, Uploads
from agent.domain.merchants import Payee
from agent.domain.orders import FilingStatus
from agent.domain.roles import Role
from agent.importing.bounded import read_bounded
from agent.importing.statement import read_statement
from tests.console.site import Site, hidden, running
from tests.fixtures.statements import ACCOUNT, VENDOR, every_bank, put_text, put_xlsx
from tests.ledger.support import ORDERED_AT, PLANTED, Clock, account, filing, merchant, order

A, B, C = "339181234567890", "339181234567891", "339181234567892"
HEAD = "交易日期,收入金额,支出金额,账户余额,对方户名,本方账号\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A console whose ledger knows two requested refunds of 62.80 and one of 88.00."""
    with running(tmp_path) as made:
        for role in Role:
            made.add_user(role.value, role)
        with made.ledger.begin() as tx:
            tx.merchants.save([merchant()])
            run = tx.runs.start(dry_run=False, started_by="test")
        with made.ledger.begin(run_id=run) as tx:
            tx.orders.save(account().key, [order(A), order(B), order(C, amount=Decimal("88.00"))])
            asked = [filing(number, status=FilingStatus.REQUESTED) for number in (A, B)]
            tx.filings.save("m1", [*asked, filing(C, amount=Decimal(88), status=FilingStatus.REQUESTED)])
        yield made


def paid(site: Site) -> set[str]:
    from agent.domain.stage import Stage

    with site.ledger.read() as tx:
        found = tx.order_stages.staged_of(["m1"])
    return {each.order_no or "" for each in found if each.stage is Stage.PAID_OUT}


def statement(folder: Path, *rows: str, name: str = "bank.csv") -> Path:
    return put_text(folder / name, HEAD + "".join(f"{row},{VENDOR},{ACCOUNT}\n" for row in rows), "gbk")


def send(client: httpx.Client, file: Path, **more: str) -> httpx.Response:
    proof = hidden(client.get("/bank"), "csrf")
    with file.open("rb") as content:
        return client.post("/bank", data={"csrf": proof, **more}, files={"statement": (file.name, content)})


def shown(client: httpx.Client, file: Path) -> tuple[str, httpx.Response]:
    sent = send(client, file)
    assert sent.status_code == 303, sent.text
    place = sent.headers["location"]
    return place, client.get(place)


def decide(client: httpx.Client, place: str, page: httpx.Response, act: str, **picks: list[str]) -> httpx.Response:
    data = {"csrf": hidden(page, "csrf"), "shown": hidden(page, "shown"), "act": act}
    return client.post(place, data={**data, **{f"pick-{row.strip('_')}": orders for row, orders in picks.items()}})


def settled(site: Site, client: httpx.Client) -> set[str]:
    client.get("/money")  # works out what has changed
    return paid(site)


def test_nothing_is_recorded_before_it_was_shown_and_confirmed(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    place, page = shown(client, statement(tmp_path, "2026-10-15,88.00,,1088.00"))
    assert C in page.text
    assert "¥88.00" in page.text
    assert settled(site, client) == set()
    assert decide(client, place, page, "record").headers["location"] == "/bank"
    assert settled(site, client) == {C}
    assert client.get(place).status_code == 404  # it cannot be recorded twice
    text = client.get("/bank").text + client.get("/audit").text
    assert "reconcile" in text
    assert "bank.csv" in text
    assert not any(secret in text + page.text for secret in PLANTED)


def test_a_file_that_is_named_by_its_account_gives_the_number_away_nowhere(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    place, page = shown(client, statement(tmp_path, "2026-10-15,88.00,,1088.00", name=f"{ACCOUNT}_202610.csv"))
    assert decide(client, place, page, "record").status_code == 303
    listed = client.get("/bank").text + client.get("/audit").text
    assert "_202610.csv" in listed
    assert ACCOUNT not in page.text + listed
    kept = b"".join(path.read_bytes() for path in site.settings.data_dir.rglob("*") if path.is_file())
    assert ACCOUNT.encode() not in kept


def test_what_fits_several_orders_is_decided_by_a_person_and_shown_before_it_counts(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    place, page = shown(client, statement(tmp_path, "2026-10-15,62.80,,1062.80"))
    assert "several orders fit" in page.text
    again = decide(client, place, page, "record", _2=[B])
    assert settled(site, client) == set()  # nothing is recorded that was not shown
    assert decide(client, place, again, "show", _2=[B]).text.count("checked") == 1
    ready = decide(client, place, again, "show", _2=[B])
    assert decide(client, place, ready, "record", _2=[B]).status_code == 303
    assert settled(site, client) == {B}


def test_a_decision_that_does_not_add_up_is_refused_and_kept_to_be_corrected(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    place, page = shown(client, statement(tmp_path, "2026-10-15,62.80,,1062.80"))
    answer = decide(client, place, page, "show", _2=[A, C])
    assert answer.status_code == 422
    assert "¥62.80 was paid, the orders are ¥150.80" in answer.text
    assert 'value="339181234567890" checked' in answer.text


def test_what_changed_since_it_was_shown_is_not_recorded(site: Site, tmp_path: Path) -> None:
    client, other = site.logged_in("operator"), site.logged_in("admin")
    first, second = "2026-10-15,88.00,,1088.00", "2026-10-16,125.60,,1213.60"
    place, page = shown(client, statement(tmp_path, first, second))
    for row, known in ((first, {C}), (second, {A, B, C})):  # first a part of it is recorded meanwhile, then the rest
        theirs, same = shown(other, statement(tmp_path, row, name="other.csv"))
        assert decide(other, theirs, same, "record").status_code == 303
        page = decide(client, place, page, "record")
        assert page.status_code == 200
        assert "not what you saw before" in page.text
        assert settled(site, client) == known


def test_what_cannot_be_read_any_more_is_told(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    place, page = shown(client, statement(tmp_path, "2026-10-15,88.00,,1088.00"))
    with site.ledger.begin() as tx:
        tx.merchants.save([replace(merchant(), payee=Payee("招商银行", "锦绣", SecretStr("6222020200112233445")))])
    for answer in (client.get(place), decide(client, place, page, "show"), decide(client, place, page, "record")):
        assert answer.status_code == 422
        assert "the payee of no merchant" in answer.text


def test_of_two_platforms_orders_of_one_number_the_ticked_one_is_paid(site: Site, tmp_path: Path) -> None:
    with site.ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with site.ledger.begin(run_id=run) as tx:
        long_ago = ORDERED_AT - timedelta(days=60)
        tx.orders.save(account(platform="jd").key, [order(C, amount=Decimal("88.00"), ordered_at=long_ago)])
        asked = filing(C, platform="京东", amount=Decimal(88), status=FilingStatus.REQUESTED)
        tx.filings.save("m1", [asked], {"淘宝": {"taobao"}, "京东": {"jd"}})
    client = site.logged_in("operator")
    place, page = shown(client, statement(tmp_path, "2026-10-15,88.00,,1088.00"))
    assert [f'value="{name}/{C}"' in page.text for name in ("taobao", "jd")] == [True, True]
    picked = decide(client, place, page, "show", _2=[f"jd/{C}"])
    assert f'value="jd/{C}" checked' in picked.text
    assert decide(client, place, picked, "record", _2=[f"jd/{C}"]).status_code == 303
    settled(site, client)
    with site.ledger.read() as tx:
        stages = {s.account.platform: s.stage.value for s in tx.order_stages.staged_of(["m1"]) if s.order_no == C}
    assert stages == {"taobao": "requested", "jd": "paid_out"}


def test_a_statement_is_taken_back_by_its_batch(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    place, page = shown(client, every_bank(tmp_path)["cmb"])
    picked = decide(client, place, page, "show", _7=[A])
    decide(client, place, picked, "record", _7=[A])
    assert settled(site, client) == {A}
    listed = client.get("/bank")
    batch = listed.text.partition('action="/bank/batches/')[2].partition("/undo")[0]
    sent = {"csrf": hidden(listed, "csrf")}
    assert client.post(f"/bank/batches/{batch}/undo", data=sent).status_code == 303
    assert settled(site, client) == set()
    assert "taken back" in client.get("/bank").text
    assert client.post(f"/bank/batches/{batch}/undo", data=sent).status_code == 422
    with site.ledger.read() as tx:
        assert [each.action for each in tx.audit.entries(2)] == ["reconcile_undo", "reconcile"]


def test_a_viewer_uploads_nothing_and_sees_nobodys_upload(site: Site, tmp_path: Path) -> None:
    place, _ = shown(site.logged_in("operator"), statement(tmp_path, "2026-10-15,88.00,,1088.00"))
    viewer = site.logged_in("viewer")
    assert send(viewer, statement(tmp_path, "2026-10-15,88.00,,1088.00")).status_code == 403
    assert viewer.get(place).status_code == 404
    assert site.logged_in("admin").get(place).status_code == 404
    assert 'type="file"' not in viewer.get("/bank").text


def test_an_upload_is_forgotten_after_an_hour(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    place, _ = shown(client, statement(tmp_path, "2026-10-15,88.00,,1088.00"))
    site.clock.now += timedelta(minutes=61)
    assert client.get(place).status_code == 404


def test_what_others_upload_makes_nobodys_forgotten(tmp_path: Path) -> None:
    read = read_statement(statement(tmp_path, "2026-10-15,88.00,,1088.00"), {}, [VENDOR])
    uploads = Uploads(Clock())
    mine = uploads.keep("console:a", read, ())
    theirs = [uploads.keep("console:b", read, ()) for _ in range(MOST + 1)]
    assert uploads.find(mine.id, "console:a") is mine
    assert [each for each in theirs if uploads.find(each.id, "console:b")] == theirs[1:]


def test_what_is_wrong_with_a_file_is_told_by_the_name_it_was_sent_under(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    for name, text, said in (
        ("empty.csv", "", "empty.csv: has no row with the headings"),
        ("page.xls", "<html>", "page.xls: cannot be read"),
        ("notes.pdf", "x", "notes.pdf: is of no known kind"),
        ("other.csv", f"{HEAD}2026-10-15,88.00,,1,{VENDOR},6222000000009999\n", "the payee of no merchant"),
    ):
        answer = send(client, put_text(tmp_path / name, text, "gbk"))
        assert answer.status_code == 422, name
        assert said in answer.text
        assert f"/{name}" not in answer.text  # nor where it lay meanwhile
    assert send(client, statement(tmp_path, "2026-10-15,1,,1"), merchant="m9").status_code == 422
    assert client.post("/bank", data={"csrf": hidden(client.get("/bank"), "csrf")}).status_code == 422


def test_more_than_a_statement_holds_is_refused(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    (tmp_path / "large.csv").write_bytes(b"x" * (9 << 20))
    assert send(client, tmp_path / "large.csv").status_code == 413


def test_the_headings_of_another_bank_are_told_by_a_file(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    text = f"哪天,多少,谁,账号\n2026-10-15,88.00,{VENDOR},{ACCOUNT}\n"
    file = put_text(tmp_path / "odd.csv", text, "gbk")

    def mapped(mapping: str) -> httpx.Response:
        files = {"statement": ("odd.csv", file.read_bytes()), "mapping": ("map.toml", mapping.encode())}
        return client.post("/bank", data={"csrf": hidden(client.get("/bank"), "csrf")}, files=files)

    sent = mapped('date = "哪天"\nincome = "多少"\npayer = "谁"\n')
    assert sent.status_code == 303, sent.text
    assert C in client.get(sent.headers["location"]).text
    wrong = mapped("colour = 1")
    assert wrong.status_code == 422
    assert "map.toml: colour: is not a known field" in wrong.text
    assert "/map" not in wrong.text
    assert mapped("#" * (1 << 17)).status_code == 413


def bomb(path: Path) -> Path:
    """A workbook of a megabyte with one text of more than a gigabyte."""
    put_xlsx(path, [["交易日期"]])
    packed = path.with_suffix(".bomb.xlsx")
    with zipfile.ZipFile(path) as made, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name in made.namelist():
            if name != "xl/sharedStrings.xml":
                out.writestr(name, made.read(name))
        with out.open("xl/sharedStrings.xml", "w", force_zip64=True) as texts:
            texts.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>')
            for _ in range(1100):
                texts.write(b"1" * (1 << 20))
            texts.write(b"</t></si></sst>")
    return packed


def corners(path: Path) -> Path:
    """A small workbook with a cell in its first and one in its last corner."""
    put_xlsx(path, [["交易日期"]])
    packed = path.with_suffix(".far.xlsx")
    with zipfile.ZipFile(path) as made, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name in made.namelist():
            text = made.read(name)
            if name.startswith("xl/worksheets/"):
                text = text.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            out.writestr(name, text)
    return packed


def test_a_file_that_unpacks_to_gigabytes_harms_nobody(site: Site, tmp_path: Path) -> None:
    client = site.logged_in("operator")
    for file in (bomb(tmp_path / "a.xlsx"), corners(tmp_path / "b.xlsx")):
        assert file.stat().st_size < 2 << 20
        answer = send(client, file)
        assert answer.status_code == 422, file
        assert "unpacks to more" in answer.text
    assert client.get("/").status_code == 200


def test_what_is_read_apart_is_what_is_read_otherwise(tmp_path: Path) -> None:
    for file in every_bank(tmp_path).values():
        apart = read_bounded(file, {}, [VENDOR])
        assert replace(apart, file=file) == read_statement(file, {}, [VENDOR])
