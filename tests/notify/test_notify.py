"""People are told what is new, once, over a real webhook; a channel that refuses never fails a run."""

import asyncio
import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from agent.domain.accounts import AccountKey
from agent.domain.challenges import ChallengeKind
from agent.domain.errors import Outcome, UsageError
from agent.domain.orders import FilingStatus
from agent.domain.report import AccountReport
from agent.evidence.store import store_of
from agent.ledger import Asked, Ledger
from agent.ledger.overview import never_published
from agent.notify import tell_people
from agent.settings import ChannelSettings, Settings, load_settings
from agent.settings.site_model import BackofficeSettings
from tests.fixtures.bucket import serving
from tests.ledger.support import Clock, account, filing, merchant, order

TOKEN = "channel-t0ken"


@dataclass
class Hook:
    """A webhook that keeps what it was sent."""

    port: int = 0
    status: int = 200
    refused: int = 0
    meanwhile: Callable[[], None] = lambda: None
    got: list[dict[str, Any]] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        return [line for each in self.got for line in each["message"].splitlines()]


@contextmanager
def listening() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            hook.meanwhile()
            if hook.status == 200:
                hook.got.append(json.loads(body))
            else:
                hook.refused += 1
            self.send_response(hook.status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        hook.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield hook
        server.shutdown()
        thread.join()


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening() as made:
        yield made


@dataclass
class Telling:
    """A ledger and the settings that lead to the webhook."""

    settings: Settings
    ledger: Ledger
    clock: Clock

    def tell(self) -> list[str]:
        """What the operator is told of the channels."""
        return [text.en for text in tell_people(self.settings, self.ledger, never_published, self.clock.now, "en")]

    def tell_in_chinese(self) -> list[str]:
        return [text.zh for text in tell_people(self.settings, self.ledger, never_published, self.clock.now, "zh")]

    def run(self, outcome: Outcome, reason: str | None = None, *, dry_run: bool = False, merchant: str = "m1") -> None:
        with self.ledger.begin() as tx:
            run = tx.runs.start(dry_run=dry_run, started_by="test")
        with self.ledger.begin(run_id=run) as tx:
            tx.runs.record(AccountReport(AccountKey(merchant, "taobao"), outcome, reason))


@pytest.fixture
def telling(tmp_path: Path, hook: Hook) -> Iterator[Telling]:
    url = f"json://:{TOKEN}@127.0.0.1:{hook.port}/"
    told = ChannelSettings.model_validate({"url": url})
    settings = Settings(data_dir=tmp_path / "var", notify=(told,))
    clock = Clock()
    ledger = Ledger.open(settings, clock)
    with ledger.begin() as tx:
        tx.merchants.save([merchant(), merchant("m2")])
    yield Telling(settings, ledger, clock)
    ledger.close()


def about(hook: Hook, *words: str) -> list[str]:
    return [line for line in hook.lines if all(word in line for word in words)]


def test_a_refund_that_can_be_applied_for_without_a_filing_is_told(telling: Telling, hook: Hook) -> None:
    direct = BackofficeSettings.model_validate({"refund_url": "https://newc.wdgj.com/refunds"})
    telling.settings = telling.settings.model_copy(update={"backoffice": direct})
    with telling.ledger.begin() as tx:
        tx.merchants.save([merchant()])
    with telling.ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with telling.ledger.begin(run_id=run) as tx:
        tx.orders.save(account().key, [order()])
    telling.tell()
    assert len(about(hook, "taobao", "the refund can be requested")) == 1


def test_a_challenge_is_told_once_with_its_picture_and_once_more_before_its_deadline(
    telling: Telling, hook: Hook, tmp_path: Path
) -> None:
    (tmp_path / "code.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    asked = Asked(
        AccountKey("m1", "taobao"), ChallengeKind.SMS, "138****0000", str(tmp_path / "code.png"), timedelta(minutes=10)
    )
    with telling.ledger.begin() as tx:
        tx.challenges.ask(asked)
    assert telling.tell() == []
    assert len(about(hook, "m1/taobao", "138****0000", "fankuan answer 1")) == 1
    assert [len(each["attachments"]) for each in hook.got] == [1, 0]  # by itself, before all else
    telling.tell()
    assert len(about(hook, "m1/taobao")) == 1
    telling.clock.now += timedelta(minutes=8)
    telling.tell()
    telling.tell()
    assert len(about(hook, "m1/taobao", "until")) == 1


def test_a_picture_that_is_in_a_bucket_comes_along_too(telling: Telling, hook: Hook, tmp_path: Path) -> None:
    with serving(tmp_path / "s3") as server:
        (tmp_path / "f.toml").write_text(server.settings, encoding="utf-8")
        store = load_settings(tmp_path / "f.toml").evidence_store
        telling.settings = telling.settings.model_copy(update={"evidence_store": store})
        place = asyncio.run(store_of(telling.settings).put("run/m1-taobao/01-qr.png", b"\x89PNG"))
        with telling.ledger.begin() as tx:
            tx.challenges.ask(Asked(AccountKey("m1", "taobao"), ChallengeKind.QR, None, place, timedelta(minutes=10)))
        assert telling.tell() == []
    told, _digest = hook.got
    assert [base64.b64decode(each["base64"]) for each in told["attachments"]] == [b"\x89PNG"]


def test_platforms_are_called_by_their_names_in_chinese(telling: Telling, hook: Hook) -> None:
    for _ in range(3):
        telling.run(Outcome.FAILED, "page_changed")
    with telling.ledger.begin() as tx:
        tx.challenges.ask(Asked(AccountKey("m2", "jd"), ChallengeKind.SLIDER))
    telling.tell_in_chinese()
    assert len(about(hook, "m1 淘宝/天猫 已连续失败 3 次")) == 1
    assert len(about(hook, "m2 京东 需要人工验证")) == 1
    assert about(hook, "m1/taobao") == about(hook, "m2/jd") == []


def test_failures_are_told_once_they_are_three_in_a_row_and_once_a_streak(telling: Telling, hook: Hook) -> None:
    for _ in range(2):
        telling.run(Outcome.FAILED, "bad_password")
    telling.run(Outcome.FAILED, "bad_password", dry_run=True)
    telling.tell()
    assert about(hook, "in a row") == []
    for _ in range(2):
        telling.run(Outcome.FAILED, "page_changed")
        telling.tell()
    assert about(hook, "in a row") == [
        "m1: m1/taobao failed 3 times in a row: page_changed. Look at the evidence, and run the sync again."
    ]
    telling.run(Outcome.OK)
    for _ in range(3):
        telling.run(Outcome.FAILED, "page_changed")
    telling.run(Outcome.OK, dry_run=True)
    telling.tell()
    assert len(about(hook, "in a row")) == 2


def test_each_step_of_the_money_is_told_once(telling: Telling, hook: Hook) -> None:
    with telling.ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with telling.ledger.begin(run_id=run) as tx:
        tx.orders.save(account().key, [order()])
    with telling.ledger.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(offered=True)])
    telling.tell()
    telling.tell()
    assert len(about(hook, "can be requested", "62.80")) == 1


def test_a_day_has_one_digest(telling: Telling, hook: Hook) -> None:
    telling.run(Outcome.OK)
    for _ in range(2):
        telling.tell()
    telling.clock.now += timedelta(days=1)
    telling.tell()
    assert len(about(hook, "accounts well")) == 2


def test_the_digest_adds_up_yuan_alone(telling: Telling, hook: Hook) -> None:
    dollars = "339181234567891"
    with telling.ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    with telling.ledger.begin(run_id=run) as tx:
        tx.orders.save(account().key, [order(), order(dollars, currency="USD")])
    with telling.ledger.begin(run_id=run) as tx:
        tx.filings.save("m1", [filing(n, status=FilingStatus.REQUESTED) for n in (filing().order_no, dollars)])
    telling.tell()
    assert len(about(hook, "accounts well", "¥62.80 requested, not paid")) == 1


@pytest.fixture
def crowd(telling: Telling, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """So many merchants that not all are looked through at once (m1 and m2 before them); their ids in order."""
    monkeypatch.setattr("agent.notify.message._IN_TURN", 6)
    names = [f"x{number:02d}" for number in range(12)]
    with telling.ledger.begin() as tx:
        tx.merchants.save([merchant(name) for name in names])
    return names


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message has two lines."""
    monkeypatch.setattr("agent.notify.message._LINES", 2)
    monkeypatch.setattr("agent.ledger.notices._KEYS_AT_ONCE", 2)


def may_be_refunded(telling: Telling, *merchants: str) -> None:
    with telling.ledger.begin() as tx:
        run = tx.runs.start(dry_run=False, started_by="test")
    for name in merchants:
        with telling.ledger.begin(run_id=run) as tx:
            tx.orders.save(account(name).key, [order()])
        with telling.ledger.begin(run_id=run) as tx:
            tx.filings.save(name, [filing(offered=True)])


def refunds_told(hook: Hook) -> list[str]:
    """The merchants in order."""
    return [line.partition(":")[0] for line in about(hook, "can be requested")]


def test_of_a_crowd_of_merchants_all_are_told_of_in_turn_and_then_again(
    telling: Telling, hook: Hook, crowd: list[str]
) -> None:
    may_be_refunded(telling, crowd[-1])
    telling.run(Outcome.OK, merchant=crowd[-1])  # before the channel was there
    for _ in range(2):
        telling.tell()
        assert refunds_told(hook) == []
    telling.tell()
    assert refunds_told(hook) == [crowd[-1]]
    may_be_refunded(telling, "m1")  # the first of all
    telling.tell()
    assert refunds_told(hook) == [crowd[-1], "m1"]


def test_what_waits_for_a_person_waits_for_no_turn(telling: Telling, hook: Hook, crowd: list[str]) -> None:
    with telling.ledger.begin() as tx:
        tx.challenges.ask(Asked(AccountKey(crowd[-1], "taobao"), ChallengeKind.SLIDER))
    telling.tell()
    assert len(about(hook, f"{crowd[-1]}/taobao waits for a person")) == 1


def test_what_looks_have_found_waits_for_no_turn_however_many_they_were(
    telling: Telling, hook: Hook, crowd: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.notify.message._OUTCOMES", 2)
    hook.status = 500
    telling.tell()
    may_be_refunded(telling, *crowd[-5:])
    for name in crowd[-5:]:
        telling.run(Outcome.OK, merchant=name)
    hook.status = 200
    telling.clock.now += timedelta(minutes=1)
    assert telling.tell() == []
    assert refunds_told(hook) == crowd[-5:]


@pytest.mark.usefixtures("short")
def test_more_news_than_a_message_holds_are_all_told_and_each_once(
    telling: Telling, hook: Hook, crowd: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.notify.telling._MESSAGES", 1)
    may_be_refunded(telling, *crowd)
    for told in range(2, 13, 2):
        telling.tell()
        assert refunds_told(hook) == crowd[:told]
    telling.tell()
    assert refunds_told(hook) == crowd
    assert len(about(hook, "accounts well")) == 1  # the digest, once there was room for it


@pytest.mark.usefixtures("short")
def test_what_one_message_has_no_room_for_comes_in_the_next_ones(
    telling: Telling, hook: Hook, crowd: list[str]
) -> None:
    may_be_refunded(telling, *crowd[:4])
    telling.tell()
    assert refunds_told(hook) == crowd[:4]
    assert [len(each["message"].splitlines()) for each in hook.got] == [2, 2, 1]


def test_a_message_is_no_longer_than_the_smallest_bots_take(
    telling: Telling, hook: Hook, crowd: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.notify.message._BYTES", 170)
    may_be_refunded(telling, *crowd[:4])
    telling.tell()
    assert refunds_told(hook) == crowd[:4]
    assert max(len(each["message"].encode()) for each in hook.got) <= 170
    assert max(len(each["message"].splitlines()) for each in hook.got) == 2


@pytest.mark.usefixtures("crowd")
def test_what_is_found_while_one_channel_is_told_is_told_to_all_a_minute_later(telling: Telling, hook: Hook) -> None:
    (channel,) = telling.settings.notify
    other = channel.model_copy(update={"url": type(channel.url)(channel.url.get_secret_value() + "?other=1")})
    both = replace(telling, settings=telling.settings.model_copy(update={"notify": (channel, other)}))

    def find() -> None:
        hook.meanwhile = lambda: None
        may_be_refunded(telling, "m1")
        telling.run(Outcome.OK)

    hook.meanwhile = find
    both.tell()
    assert refunds_told(hook) == []
    both.tell()
    assert refunds_told(hook) == ["m1", "m1"]


@pytest.mark.usefixtures("short")
def test_failures_are_told_before_the_money(telling: Telling, hook: Hook) -> None:
    may_be_refunded(telling, "m1", "m2")
    for _ in range(3):
        telling.run(Outcome.FAILED, merchant="m2")
    telling.tell()
    assert "in a row" in hook.lines[0]


def test_one_address_may_stand_there_twice(telling: Telling, hook: Hook, crowd: list[str]) -> None:
    (channel,) = telling.settings.notify
    here = [channel.model_copy(update={"merchants": names}) for names in (tuple(crowd), ("m1",))]
    both = replace(telling, settings=telling.settings.model_copy(update={"notify": tuple(here)}))
    may_be_refunded(telling, crowd[-1], "m1")
    for _ in range(2):
        both.tell()
    assert sorted(refunds_told(hook)) == ["m1", crowd[-1]]


def test_a_channel_for_one_merchant_hears_of_no_other(telling: Telling, hook: Hook) -> None:
    (channel,) = telling.settings.notify
    mine = channel.model_copy(update={"merchants": ("m2",)})
    for one in ("m1", "m2"):
        with telling.ledger.begin() as tx:
            tx.challenges.ask(Asked(AccountKey(one, "taobao"), ChallengeKind.SLIDER))
    replace(telling, settings=telling.settings.model_copy(update={"notify": (mine,)})).tell()
    assert [line[:2] for line in hook.lines] == ["m2"]


def test_a_channel_that_refuses_hears_it_all_a_minute_later(telling: Telling, hook: Hook) -> None:
    with telling.ledger.begin() as tx:
        tx.challenges.ask(Asked(AccountKey("m1", "taobao"), ChallengeKind.SLIDER))
    hook.status = 500
    assert ["took no message" in text for text in telling.tell()] == [True]
    hook.status = 200
    assert telling.tell() == []
    assert hook.lines == []
    telling.clock.now += timedelta(minutes=1)
    assert telling.tell() == []
    assert len(about(hook, "m1/taobao")) == 1


def hours_of_refusals(telling: Telling, hook: Hook, hours: int) -> int:
    """How often the channel was tried meanwhile, with something to say every ten minutes."""
    with telling.ledger.begin() as tx:
        tx.challenges.ask(Asked(AccountKey("m1", "taobao"), ChallengeKind.SLIDER))
    hook.status, before = 403, hook.refused
    for _ in range(hours * 6):
        telling.tell()
        telling.clock.now += timedelta(minutes=10)
    hook.status = 200
    return hook.refused - before


def test_a_network_that_was_away_for_hours_switches_no_channel_off(telling: Telling, hook: Hook) -> None:
    assert 5 < hours_of_refusals(telling, hook, 12) < 20
    telling.clock.now += timedelta(hours=1)
    assert telling.tell() == []
    assert len(about(hook, "m1/taobao")) == 1


def test_a_channel_that_has_refused_for_a_day_is_switched_off_and_tried_once_a_day(
    telling: Telling, hook: Hook
) -> None:
    hours_of_refusals(telling, hook, 26)
    (text,) = telling.tell()
    assert "switched off" in text
    assert TOKEN not in text
    assert hook.lines == []
    telling.clock.now += timedelta(days=1)
    assert telling.tell() == []
    assert len(about(hook, "m1/taobao")) == 1


def test_nobody_at_the_other_end_fails_nothing(telling: Telling, hook: Hook) -> None:
    (channel,) = telling.settings.notify
    with listening() as gone:
        dead = channel.model_copy(update={"url": type(channel.url)(f"json://127.0.0.1:{gone.port}/")})
    assert len(replace(telling, settings=telling.settings.model_copy(update={"notify": (dead,)})).tell()) == 1
    assert hook.lines == []


def test_without_a_channel_nothing_is_looked_up(tmp_path: Path) -> None:
    def never(_platform: str, _day: date) -> date | None:
        raise AssertionError

    ledger = Ledger.open(Settings(data_dir=tmp_path), Clock())
    assert tell_people(Settings(data_dir=tmp_path), ledger, never, datetime.now().astimezone(), "en") == []
    ledger.close()


@pytest.mark.parametrize("url", ["dingtalk", "", "://x"])
def test_what_is_no_channel_is_refused_by_place_and_not_repeated(tmp_path: Path, url: str) -> None:
    (tmp_path / "f.toml").write_text(f'[[notify]]\nurl = "{url}"\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"notify\[0\]\.url") as caught:
        load_settings(tmp_path / "f.toml")
    assert "dingtalk://SECRET@TOKEN" in str(caught.value)


def test_the_address_stands_in_no_row(telling: Telling, tmp_path: Path) -> None:
    with telling.ledger.begin() as tx:
        tx.challenges.ask(Asked(AccountKey("m1", "taobao"), ChallengeKind.SLIDER))
    telling.tell()
    assert [p for p in tmp_path.rglob("*") if p.is_file() and TOKEN.encode() in p.read_bytes()] == []
