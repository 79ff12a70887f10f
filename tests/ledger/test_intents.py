"""Intents: begun once, closed once, whoever tries, and whatever dies in between."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from agent.domain.accounts import AccountKey
from agent.domain.doubt import Experience, Heard
from agent.domain.report import StepKind, StepResult
from agent.ledger import IntentAlreadyOpen, IntentNotOpen, Ledger, known_orders
from agent.ledger.engine import open_engine, writing
from agent.ledger.tables import IntentRow
from agent.settings import Settings
from tests.ledger.support import NOW, account, merchant

TAOBAO, JD = account(), account("m1", "jd")
CLOSING = (StepResult.DONE, StepResult.ALREADY, StepResult.FAILED)


class TestOne:
    def test_is_open_until_it_is_closed(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            opened = tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {"order_no": "1", "shop": "锦绣家居"})
        with ledger.read() as tx:
            (intent,) = tx.intents.open_of(AccountKey("m1", "taobao"))
        assert (intent.id, intent.kind, intent.order_key, intent.run_id) == (opened, StepKind.FILE, "1", run)
        assert (intent.shop, intent.alike) == ("锦绣家居", 1)
        assert intent.begun_at.utcoffset() == NOW.utcoffset()
        with ledger.begin() as tx:
            tx.intents.close(opened, StepResult.DONE, "确认成功")
        with ledger.read() as tx:
            assert tx.intents.open_of(AccountKey("m1", "taobao")) == []

    def test_cannot_be_begun_twice(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {})
        with ledger.begin() as tx:
            other = tx.runs.start(dry_run=False, started_by="test")
        with pytest.raises(IntentAlreadyOpen, match="file · 1"), ledger.begin(run_id=other) as tx:
            tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {})

    def test_says_nothing_about_other_steps(self, ledger: Ledger, run: str) -> None:
        with ledger.begin() as tx:
            tx.merchants.save([merchant("m2")])
        with ledger.begin(run_id=run) as tx:
            tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {})
        with ledger.begin(run_id=run) as tx:
            tx.intents.begin(TAOBAO.key, StepKind.CONFIRM, "1", {})
        with ledger.begin(run_id=run) as tx:
            tx.intents.begin(TAOBAO.key, StepKind.FILE, "2", {})
        with ledger.begin(run_id=run) as tx:
            tx.intents.begin(JD.key, StepKind.FILE, "1", {})
        with ledger.begin(run_id=run) as tx:
            tx.intents.begin(account("m2").key, StepKind.FILE, "1", {})
        with ledger.read() as tx:
            assert [i.order_key for i in tx.intents.open_of(AccountKey("m1", "taobao"))] == ["1", "1", "2"]

    @pytest.mark.parametrize("first", CLOSING)
    def test_may_be_begun_again_once_it_is_closed(self, ledger: Ledger, run: str, first: StepResult) -> None:
        with ledger.begin(run_id=run) as tx:
            opened = tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {})
        with ledger.begin() as tx:
            tx.intents.close(opened, first, None)
        with ledger.begin(run_id=run) as tx:
            assert tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {}) > opened

    @pytest.mark.parametrize("second", CLOSING)
    def test_is_closed_once(self, ledger: Ledger, run: str, second: StepResult) -> None:
        with ledger.begin(run_id=run) as tx:
            opened = tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {})
        with ledger.begin() as tx:
            tx.intents.close(opened, StepResult.FAILED, None)
        with pytest.raises(IntentNotOpen), ledger.begin() as tx:
            tx.intents.close(opened, second, None)

    def test_that_does_not_exist_is_not_open(self, ledger: Ledger) -> None:
        with pytest.raises(IntentNotOpen), ledger.begin() as tx:
            tx.intents.close(4711, StepResult.DONE, None)

    @pytest.mark.parametrize("result", sorted(set(StepResult) - set(CLOSING)))
    def test_is_closed_only_by_what_is_certain(self, ledger: Ledger, run: str, result: StepResult) -> None:
        with ledger.begin(run_id=run) as tx:
            opened = tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {})
        with pytest.raises(ValueError, match="does not close"), ledger.begin() as tx:
            tx.intents.close(opened, result, None)
        with ledger.read() as tx:
            assert len(tx.intents.open_of(AccountKey("m1", "taobao"))) == 1

    @pytest.mark.parametrize(("run_id", "who"), [("no-run", TAOBAO.key), (None, AccountKey("nobody", "taobao"))])
    def test_belongs_to_a_run_and_an_account(
        self, ledger: Ledger, run: str, run_id: str | None, who: AccountKey
    ) -> None:
        with pytest.raises(IntegrityError), ledger.begin(run_id=run_id or run) as tx:
            tx.intents.begin(who, StepKind.FILE, "1", {})

    def test_the_database_refuses_a_second_open_one_too(self, ledger: Ledger, run: str, config: Settings) -> None:
        with ledger.begin(run_id=run) as tx:
            tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {})
        values = {"run_id": run, "merchant_id": "m1", "platform": "taobao", "kind": "file", "order_key": "1"}
        engine = open_engine(config.data_dir, config.database_url)
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(insert(IntentRow).values(**values, sent={}, begun_at=NOW))
        engine.dispose()


class TestAnswers:
    def test_are_kept_with_the_open_step(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            opened = tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {})
        with ledger.begin() as tx:
            tx.intents.hear(opened, Heard.ACCEPTED, wire_agrees=True)
        with ledger.read() as tx:
            (intent,) = tx.intents.open_of(AccountKey("m1", "taobao"))
        assert (intent.heard, intent.missing_since) == (Heard.ACCEPTED, None)
        assert intent.heard_at is not None
        assert intent.heard_at > intent.begun_at

    def test_come_too_late_for_a_closed_one(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            opened = tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {})
        with ledger.begin() as tx:
            tx.intents.close(opened, StepResult.DONE, None)
        with pytest.raises(IntentNotOpen), ledger.begin() as tx:
            tx.intents.hear(opened, Heard.ACCEPTED)

    def test_the_first_look_that_misses_it_counts(self, ledger: Ledger, run: str) -> None:
        with ledger.begin(run_id=run) as tx:
            opened = tx.intents.begin(TAOBAO.key, StepKind.FILE, "1", {})
        with ledger.begin() as tx:
            tx.intents.miss([opened])
        with ledger.read() as tx:
            (first,) = tx.intents.open_of(AccountKey("m1", "taobao"))
        with ledger.begin() as tx:
            tx.intents.miss([opened])
        with ledger.read() as tx:
            assert tx.intents.open_of(AccountKey("m1", "taobao")) == [first]

    def test_what_is_missing_is_known_to_all_accounts_that_share_the_list(self, ledger: Ledger, run: str) -> None:
        for kind in (StepKind.FILE, StepKind.CONFIRM):
            with ledger.begin(run_id=run) as tx:
                opened = tx.intents.begin(TAOBAO.key, kind, "1", {})
            with ledger.begin() as tx:
                tx.intents.hear(opened, Heard.ACCEPTED)
            with ledger.read() as tx:
                assert not tx.intents.experience(TAOBAO.key, kind).waiting
            with ledger.begin() as tx:
                tx.intents.miss([opened])
        with ledger.read() as tx:
            assert tx.intents.experience(JD.key, StepKind.FILE) == Experience(waiting=True, unproven=True)
        with ledger.read() as tx:
            assert tx.intents.experience(JD.key, StepKind.CONFIRM) == Experience()
        with ledger.read() as tx:
            assert tx.intents.experience(TAOBAO.key, StepKind.REQUEST_REFUND) == Experience()

    def test_how_soon_the_newest_was_shown_is_known(self, ledger: Ledger, run: str) -> None:
        for number, late in (("1", True), ("2", False), ("3", True)):
            with ledger.begin(run_id=run) as tx:
                opened = tx.intents.begin(TAOBAO.key, StepKind.FILE, number, {})
            if late:
                with ledger.begin() as tx:
                    tx.intents.miss([opened])
            with ledger.begin() as tx:
                tx.intents.close(opened, StepResult.DONE if number != "3" else StepResult.FAILED, None)
        with ledger.read() as tx:
            known = tx.intents.experience(JD.key, StepKind.FILE)
        assert (known.late, known.waiting) == (False, False)
        assert known.newest_listed is not None
        assert known.shown_within is not None
        with ledger.read() as tx:
            assert tx.intents.happened(TAOBAO.key) == {(StepKind.FILE, "1"), (StepKind.FILE, "2")}


class Intents(RuleBasedStateMachine):
    """Compares the ledger with a set of open steps."""

    opened = Bundle("opened")
    ledger: Ledger
    serial = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).serial += 1
        self.name = f"s{self.serial}"
        with self.ledger.begin() as tx:
            tx.merchants.save([merchant(self.name)])
        with self.ledger.begin() as tx:
            self.run_id = tx.runs.start(dry_run=False, started_by="test")
        self.open: dict[int, tuple[StepKind, str]] = {}

    @rule(target=opened, kind=st.sampled_from(StepKind), key=st.sampled_from("12"))
    def begin(self, kind: StepKind, key: str) -> int:
        if (kind, key) in self.open.values():
            with pytest.raises(IntentAlreadyOpen), self.ledger.begin(run_id=self.run_id) as tx:
                tx.intents.begin(account(self.name).key, kind, key, {})
            return next(i for i, step in self.open.items() if step == (kind, key))
        with self.ledger.begin(run_id=self.run_id) as tx:
            intent = tx.intents.begin(account(self.name).key, kind, key, {})
        assert intent not in self.open
        self.open[intent] = (kind, key)
        return intent

    @rule(intent=opened, result=st.sampled_from(CLOSING))
    def close(self, intent: int, result: StepResult) -> None:
        if self.open.pop(intent, None) is None:
            with pytest.raises(IntentNotOpen), self.ledger.begin() as tx:
                tx.intents.close(intent, result, None)
        else:
            with self.ledger.begin() as tx:
                tx.intents.close(intent, result, None)

    @invariant()
    def agrees(self) -> None:
        with self.ledger.read() as tx:
            seen = tx.intents.open_of(AccountKey(self.name, "taobao"))
        assert {i.id: (i.kind, i.order_key) for i in seen} == self.open


def test_any_sequence_of_steps(ledger: Ledger) -> None:
    machine = type("Bound", (Intents,), {"ledger": ledger})
    few = settings(max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=few)


class TestTogether:
    def test_of_many_that_begin_the_same_step_one_wins(self, reopen: Callable[[], Ledger], ledger: Ledger) -> None:
        with ledger.begin() as tx:
            run_id = tx.runs.start(dry_run=False, started_by="test")

        def attempt(own: Ledger) -> int:
            won = 0
            for step in range(10):
                try:
                    with own.begin(run_id=run_id) as tx:
                        tx.intents.begin(TAOBAO.key, StepKind.FILE, str(step), {})
                    won += 1
                except IntentAlreadyOpen:
                    continue
            return won

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(attempt, [reopen() for _ in range(4)])) == 10
        with ledger.read() as tx:
            assert len(tx.intents.open_of(AccountKey("m1", "taobao"))) == 10

    def test_of_two_that_close_the_same_intent_one_wins(self, reopen: Callable[[], Ledger], ledger: Ledger) -> None:
        with ledger.begin() as tx:
            run_id = tx.runs.start(dry_run=False, started_by="test")
        with ledger.begin(run_id=run_id) as tx:
            intents = [tx.intents.begin(TAOBAO.key, StepKind.FILE, str(n), {}) for n in range(10)]

        def attempt(own: Ledger) -> int:
            won = 0
            for intent in intents:
                try:
                    with own.begin() as tx:
                        tx.intents.close(intent, StepResult.DONE, None)
                    won += 1
                except IntentNotOpen:
                    continue
            return won

        with ThreadPoolExecutor(2) as pool:
            assert sum(pool.map(attempt, [reopen(), reopen()])) == 10


ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import sys
from pathlib import Path
from agent.domain.report import StepKind, StepResult
from agent.ledger import IntentAlreadyOpen, Ledger
from tests.ledger.support import Clock, account, filing, order, settings

folder, run_id, job = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
url = {"database_url": sys.argv[4]} if len(sys.argv) > 4 else {}
ledger = Ledger.open(settings(folder, **url), Clock())
print("ready", flush=True)
if job == "race":
    sys.stdin.readline()
    for step in range(20):
        try:
            with ledger.begin(run_id=run_id) as tx:
                tx.intents.begin(account().key, StepKind.FILE, f"r{step}", {})
            print("won", flush=True)
        except IntentAlreadyOpen:
            pass
step = 0
while job == "write":
    step += 1
    with ledger.begin(run_id=run_id) as tx:
        tx.orders.save(account().key, [order(f"{step}-{n}") for n in range(5)])
    with ledger.begin(run_id=run_id) as tx:
        intent = tx.intents.begin(account().key, StepKind.FILE, f"{step}-0", {})
    print("begun", intent, flush=True)
    with ledger.begin(run_id=run_id) as tx:
        tx.filings.save("m1", [filing(f"{step}-{n}") for n in range(5)])
    with ledger.begin() as tx:
        tx.intents.close(intent, StepResult.DONE, None)
    print("closed", intent, flush=True)
"""


def worker(config: Settings, run_id: str, job: str) -> "Popen[str]":
    url = [config.database_url.get_secret_value()] if config.database_url else []
    arguments = [sys.executable, "-c", WORKER, str(config.data_dir), run_id, job, *url]
    return Popen(arguments, stdin=PIPE, stdout=PIPE, text=True, cwd=ROOT)


class TestProcesses:
    def test_of_two_that_begin_the_same_steps_exactly_one_wins_each(
        self, ledger: Ledger, run: str, config: Settings
    ) -> None:
        racers = [worker(config, run, "race") for _ in range(2)]
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        outputs = [""] * 2
        with ThreadPoolExecutor(2) as pool:
            outputs = [out for out, _ in pool.map(lambda racer: racer.communicate("go\n", timeout=60), racers)]
        assert "".join(outputs).count("won") == 20
        with ledger.read() as tx:
            assert len(tx.intents.open_of(AccountKey("m1", "taobao"))) == 20

    @pytest.mark.parametrize("lines", [1, 2, 5, 8])
    def test_one_that_is_killed_leaves_whole_transactions(
        self, ledger: Ledger, run: str, config: Settings, reopen: Callable[[], Ledger], lines: int
    ) -> None:
        with worker(config, run, "write") as process:
            assert process.stdout is not None
            seen = [process.stdout.readline().split() for _ in range(lines)]
            process.kill()
            # communicate() would lose the lines that readline() has read ahead.
            seen += [line.split() for line in process.stdout if line.endswith("\n")]
        begun = {int(words[1]) for words in seen if words[0] == "begun"}
        closed = {int(words[1]) for words in seen if words[0] == "closed"}

        found = reopen()
        with found.read() as tx:
            still_open = {i.id for i in tx.intents.open_of(AccountKey("m1", "taobao"))}
        orders = [*known_orders(found)]
        filed = [k for k in orders if k.filing_status]
        assert still_open.isdisjoint(closed)
        assert begun - closed - still_open == set() or len(filed) == len(orders)
        assert len(still_open) <= 1
        assert len(orders) % 5 == len(filed) % 5 == 0
        assert len(orders) - len(filed) in {0, 5}
        if config.database_url is None:
            _check_integrity(config)


def _check_integrity(config: Settings) -> None:
    engine = open_engine(config.data_dir, None)
    with writing(engine).begin() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()
