"""Runs with their outcomes and evidence, and that no secret reaches the disk by any of the ledger's doors."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from agent.domain.accounts import AccountKey, SiteId
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import Outcome
from agent.domain.merchants import Credentials, Payee
from agent.domain.page_shape import PageShape
from agent.domain.report import AccountReport, Action, StepKind, StepResult
from agent.domain.text import Text
from agent.ledger import Asked, KnownWay, Ledger, Picture, RefusedLogin, console_tables, payment_tables
from agent.ledger.engine import open_engine
from agent.ledger.run_tables import EvidenceRow, OutcomeRow, RunRow
from agent.ledger.scrub import Scrubber, without_query
from agent.ledger.tables import Base
from agent.settings import Settings
from tests.ledger.support import PLANTED, account, filing, merchant, order

TAOBAO = account()
SECRETS = Text(" ".join(PLANTED), "".join(PLANTED))


@pytest.fixture
def session(config: Settings) -> Iterator[Session]:
    engine = open_engine(config.data_dir, config.database_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


UNRECORDED = ("history", "notices", "channels", "bookmarks", "schedule", "leases", "workers")
# What the console and bank statements write is tried in tests/console and tests/bank.
ELSEWHERE = {
    row.__tablename__
    for module in (console_tables, payment_tables)
    for row in vars(module).values()
    if getattr(row, "__tablename__", None)
}


class TestRuns:
    def test_whose_evidence_is_money_s_is_known_and_what_is_in_doubt(self, ledger: Ledger) -> None:
        with ledger.begin() as tx:
            idle, begun, later = (tx.runs.start(dry_run=False, started_by="test") for _ in range(3))
        with ledger.begin(run_id=begun) as tx:
            intent = tx.intents.begin(TAOBAO.key, StepKind.FILE, "339", {})
        with ledger.begin(run_id=later) as tx:
            tx.evidence.add(intent, Picture("p.png", "0" * 64, "after", "https://x.cn/"))
            tx.evidence.add(None, Picture("q.png", "0" * 64, "failure", "https://x.cn/"))
            tx.runs.finish()
        told = {"of_money": {begun, later}, "in_doubt": {begun, later}, "finished": {later}}
        with ledger.read() as tx:
            found = tx.evidence.of_runs([idle, begun, later, "20200101-000000-ab12"])
        assert {each.run_id for each in found} == {idle, begun, later}
        assert {name: {each.run_id for each in found if getattr(each, name)} for name in told} == told
        with ledger.begin(run_id=later) as tx:
            tx.intents.close(intent, StepResult.DONE, None)
            assert not any(each.in_doubt for each in tx.evidence.of_runs([begun, later]))

    def test_ids_sort_by_time_and_differ(self, ledger: Ledger) -> None:
        ids = []
        for _ in range(20):
            with ledger.begin() as tx:
                ids.append(tx.runs.start(dry_run=False, started_by="test"))
        assert ids == sorted(ids)
        assert len(set(ids)) == 20
        assert all(re.fullmatch(r"20261123-1245\d\d-[0-9a-f]{4}", i) for i in ids)

    def test_end_once_they_are_finished(self, ledger: Ledger, run: str, session: Session) -> None:
        row = session.get_one(RunRow, run)
        assert (row.dry_run, row.started_by, row.finished_at) == (False, "test", None)
        session.rollback()
        with ledger.begin(run_id=run) as tx:
            tx.runs.finish()
        session.expire_all()
        row = session.get_one(RunRow, run)
        assert row.finished_at is not None
        assert row.finished_at > row.started_at

    def test_that_is_unknown_cannot_end(self, ledger: Ledger) -> None:
        with pytest.raises(LookupError, match="no run x"), ledger.begin(run_id="x") as tx:
            tx.runs.finish()

    def test_keep_the_outcome_with_every_action(self, ledger: Ledger, run: str, session: Session) -> None:
        actions = [
            Action(StepKind.CONFIRM, "1", StepResult.DONE, evidence=("a.png", "b.png")),
            Action(StepKind.REQUEST_REFUND, "1", StepResult.WAITING, order().ordered_at.date(), "too_early", SECRETS),
        ]
        report = AccountReport(AccountKey("m1", "taobao"), Outcome.FAILED, "page_changed", SECRETS, [], actions)
        with ledger.begin(run_id=run) as tx:
            tx.runs.record(report)
        (row,) = session.scalars(select(OutcomeRow))
        assert (row.outcome, row.reason, row.message) == ("failed", "page_changed", "***** ***** *****8911")
        assert [(s.kind, s.result, s.reason, s.evidence) for s in row.steps] == [
            ("confirm", "done", None, ["a.png", "b.png"]),
            ("request_refund", "waiting", "too_early", []),
        ]


class TestEvidence:
    def test_is_kept_with_its_sum(self, ledger: Ledger, run: str, session: Session) -> None:
        with ledger.begin(run_id=run) as tx:
            intent = tx.intents.begin(TAOBAO.key, StepKind.CONFIRM, "1", {})
        address = f"https://x.cn/{PLANTED[2]}/list?token=s3cret#/a?token=s3cret"
        with ledger.begin(run_id=run) as tx:
            tx.evidence.add(intent, Picture("s3://b/before.png", "5u m", "before", address))
        with ledger.begin(run_id=run) as tx:
            tx.evidence.add(None, Picture("s3://b/failure.png", "5u m", "failure", "about:blank"))
        first, second = session.scalars(select(EvidenceRow).order_by(EvidenceRow.id))
        assert (first.intent_id, first.run_id, first.path, first.role) == (intent, run, "s3://b/before.png", "before")
        assert first.sha256 == "5u m"
        assert first.address == "https://x.cn/*****8911/list#/a"
        assert (second.intent_id, second.role, second.address) == (None, "failure", "about:blank")


class TestScrubbing:
    def clean(self, words: str, password: str = PLANTED[0]) -> str:
        login = Credentials("u", SecretStr(password))
        one = replace(merchant(), accounts=(replace(TAOBAO, login=login),))
        return Scrubber([one]).clean(words)

    @pytest.mark.parametrize(
        ("words", "shown"),
        [
            (f"账号{PLANTED[2]}无效", "账号*****8911无效"),
            ("卡号 6228 4800 1234 5678 911 无效", "卡号 *****8911 无效"),
            ("6228-4800-1234-5678-911", "*****8911"),
            (f"密码{PLANTED[0]}错误", "密码*****错误"),
            (f"password={PLANTED[1]}&x", "password=*****&x"),
            ("尾号8911", "尾号8911"),
            ("订单 339181234567890 已确认", "订单 339181234567890 已确认"),
        ],
    )
    def test_masks_what_is_secret_alone(self, words: str, shown: str) -> None:
        assert self.clean(words) == shown

    def test_a_weak_password_does_not_spoil_order_numbers(self) -> None:
        assert self.clean("订单 339123456789 密码 123456", "123456") == "订单 339123456789 密码 *****"

    def test_a_password_is_no_pattern(self) -> None:
        assert self.clean("a.c abc", "a.c") == "***** abc"

    def test_a_merchant_without_secrets_changes_nothing(self) -> None:
        assert Scrubber([]).clean("x") == "x"

    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("https://u.cn/a/b?c=d#e", "https://u.cn/a/b#e"),
            ("https://u.cn/#/list?page=2", "https://u.cn/#/list"),
            ("", ""),
        ],
    )
    def test_addresses_lose_their_query(self, address: str, shown: str) -> None:
        assert without_query(address) == shown


def disguises(secret: str) -> set[bytes]:
    """The ways in which a secret could stand in a file: as it is, URL-encoded, escaped, and inside any base64."""
    raw = secret.encode()
    plain = {secret, quote(secret, safe=""), quote_plus(secret), secret.encode("unicode_escape").decode()}
    found = {form.encode() for form in plain} | {secret.encode("utf-16-le")}
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * offset + raw)
            found.add(whole[4 if offset else 0 : len(whole) // 4 * 4 - 4])
    return found


class TestSecrets:
    def use_every_repository(self, ledger: Ledger, run: str) -> None:
        words = SECRETS.en
        changed = replace(merchant(), payee=Payee("b", "h", SecretStr(PLANTED[2])), name="x")
        with ledger.begin() as tx:
            tx.merchants.save([changed])
        with ledger.begin(run_id=run) as tx:
            tx.orders.save(TAOBAO.key, [order(), order(None)])
        with ledger.begin(run_id=run) as tx:
            tx.filings.save("m1", [filing()])
        intent = 0
        for result in (StepResult.FAILED, StepResult.DONE):
            with ledger.begin(run_id=run) as tx:
                intent = tx.intents.begin(
                    TAOBAO.key, StepKind.FILE, "1", {"收款账号": PLANTED[2], "password": PLANTED[0]}
                )
            with ledger.begin() as tx:
                tx.intents.close(intent, result, words)
        with ledger.begin() as tx:
            tx.refunds.note_too_early(TAOBAO.key, "1", words)
            tx.ways.keep(SiteId("taobao"), "cloud", "https://x.cn/login", {"orders": KnownWay("https://x.cn/orders")})
            tx.page_shapes.note(SiteId("taobao"), "orders", PageShape(headings=("订单编号",)), ())
        with ledger.begin(run_id=run) as tx:
            tx.authorizations.note(TAOBAO.key, date(2027, 1, 1))
        said_by_page = Asked(AccountKey("m1", "jd"), ChallengeKind.SMS, SECRETS.en)
        with ledger.begin(run_id=run) as tx:
            tx.challenges.answer(tx.challenges.ask(said_by_page), SecretStr(PLANTED[2]))
        with ledger.begin(run_id=run) as tx:
            tx.sessions.keep(AccountKey("m1", "taobao"), SecretStr(f'{{"cookie": "{PLANTED[0]}"}}'), None)
        with ledger.begin() as tx:
            tx.log_ins.note(AccountKey("m1", "jd"), RefusedLogin(SecretStr(PLANTED[1]), "bad_password", words))
        with ledger.begin() as tx:
            tx.leases.take_account(AccountKey("m1", "taobao"), holder="1", place="here#")
        with ledger.begin() as tx:
            tx.notices.note("c1", ["challenge:1"])
        with ledger.begin() as tx:
            tx.notices.note_failed("c1")
        with ledger.begin(run_id=run) as tx:
            tx.evidence.add(intent, Picture("p.png", "5u m", "after", f"https://x.cn/?p={quote(PLANTED[0])}"))
        actions = [Action(StepKind.FILE, "1", StepResult.FAILED, text=SECRETS)]
        with ledger.begin(run_id=run) as tx:
            tx.runs.record(AccountReport(AccountKey("m1", "taobao"), Outcome.FAILED, "refused", SECRETS, [], actions))
        with ledger.read() as tx:
            tx.merchants.find()

    def test_stand_in_no_file(self, ledger: Ledger, run: str, config: Settings, tmp_path: Path) -> None:
        self.use_every_repository(ledger, run)
        for moment in ("open", "closed"):
            files = [p for p in config.data_dir.rglob("*") if p.is_file()]
            assert files, moment
            held = {p.name: p.read_bytes() for p in files}
            found = [(n, form) for n, b in held.items() for s in PLANTED for form in disguises(s) if form in b]
            assert found == []
            ledger.close()

    def test_stand_in_no_row(
        self, ledger: Ledger, run: str, config: Settings, tmp_path: Path, session: Session
    ) -> None:
        self.use_every_repository(ledger, run)
        rows = [str(session.execute(text(f"SELECT * FROM {table}")).all()) for table in Base.metadata.tables]  # noqa: S608
        assert len(rows) >= 20
        assert not [form for row in rows for s in PLANTED for form in disguises(s) if form in row.encode()]

    def test_the_search_would_find_them(self) -> None:
        for secret in PLANTED:
            for hidden in (
                secret.encode(),
                quote(secret, safe="").encode(),
                base64.b64encode(b"user:" + secret.encode()),
                base64.urlsafe_b64encode(b"ab" + secret.encode() + b"tail"),
            ):
                assert any(form in hidden for form in disguises(secret))


def test_every_change_has_its_history(
    ledger: Ledger, run: str, tmp_path: Path, history: Callable[[str], list[tuple[str, str, dict[str, Any]]]]
) -> None:
    TestSecrets().use_every_repository(ledger, run)
    with ledger.begin(run_id=run) as tx:
        tx.runs.finish()
    silent = [table for table in Base.metadata.tables if table not in (*UNRECORDED, *ELSEWHERE) and not history(table)]
    assert silent == []
    assert history("runs")[-1][1] == "changed"
    assert [event for _, event, _ in history("intents")] == ["added", "changed"] * 2
    assert [event for _, event, _ in history("refunds")] == ["added"]


def test_all_that_did_not_end_well_is_found_in_the_order_of_the_ends(ledger: Ledger, run: str) -> None:
    jd, taobao = AccountKey("m1", "jd"), AccountKey("m1", "taobao")
    with ledger.begin(run_id=run) as tx:
        tx.runs.record(AccountReport(taobao, Outcome.UNKNOWN))
        tx.runs.record(AccountReport(jd, Outcome.NEEDS_HUMAN))
        other = tx.runs.start(dry_run=False, started_by="test")
    with ledger.begin(run_id=other) as tx:
        tx.runs.record(AccountReport(taobao))
        assert tx.run_log.in_trouble(run) == [taobao, jd]
        assert tx.run_log.in_trouble(other) == []


def test_of_many_steps_each_has_its_picture(ledger: Ledger, run: str) -> None:
    steps = [Action(StepKind.FILE, f"{n}", StepResult.DONE, evidence=(f"{n}.png",)) for n in range(2000)]
    with ledger.begin(run_id=run) as tx:
        intent = tx.intents.begin(TAOBAO.key, StepKind.FILE, "1999", {})
        for name in ("0.png", "1999.png"):
            tx.evidence.add(intent, Picture(name, "0" * 64, "after", "https://x.cn/"))
        tx.runs.record(AccountReport(TAOBAO.key, actions=steps))
    with ledger.read() as tx:
        (found,) = tx.run_log.outcomes_of(run, 1)
    assert [each.order_no for each in found.steps if each.pictures] == ["0", "1999"]
