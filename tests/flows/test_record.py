"""A recording of a page with secrets on it holds none of them, and replays to the same rows."""

import base64
import json
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from agent.browser import Chrome
from agent.domain.accounts import AccountKey
from agent.domain.calendar import WorkCalendar
from agent.domain.errors import SecretsLeft
from agent.flows.runs.record import Recording, run_record
from agent.flows.runs.replay import Replay, run_replay
from agent.flows.runs.replayed import differences
from agent.ledger import Ledger
from agent.recording.folder import read_expected, read_folder, write_folder
from agent.sandbox import Sandbox
from tests.flows.home import Home
from tests.flows.test_pages_found import Bare

RECORDED = Path(__file__).parents[1] / "fixtures" / "recorded"
PHONE, CARD, TOKEN = "13812345678", "330106198807084512", "9f8e7d6c5b4a39281706f5e4d3c2b1a0"


async def recorded(home: Home, platform: str) -> Recording:
    ledger = Ledger.open(home.settings, home.clock)
    try:
        return await run_record(home.context(ledger, chrome=home.chrome), AccountKey("m1", platform))
    finally:
        ledger.close()


async def replayed(folder: Path) -> Replay:
    chrome = Home.chrome
    assert isinstance(chrome, Chrome)
    return await run_replay(read_folder(folder), chrome, WorkCalendar(frozenset(), frozenset()))


@pytest.mark.parametrize("platform", ["suning", "pinduoduo"])
async def test_planted_secrets_are_not_in_a_recording_that_replays_to_the_same_rows(
    tmp_path: Path, platform: str
) -> None:
    with Sandbox(shops=[[platform]]) as box:
        merchant = box.state.merchants[0]
        login, shop = merchant.shops[platform].login, merchant.shops[platform]
        foreign = [o for o in shop.orders if not o.ours]
        foreign[0].service = f"打单 电话{PHONE} {CARD}"
        foreign[1].service = f"key {TOKEN} {base64.b64encode(f'u:{login.password}'.encode()).decode()}"
        home = Home(tmp_path, Bare(box), day=date(2026, 11, 23))
        made = await recorded(home, platform)
        secrets = (PHONE, CARD, TOKEN, login.password, login.username, shop.name, merchant.backoffice.password)
        numbers = [o.number for o in shop.orders]
        assert box.truth()["log"] == []
        truth = [(o.ours, f"{o.amount:.2f}", o.ordered_at.date()) for o in shop.orders]
    write_folder(tmp_path / "made", made.clean, made.replacements)
    everything = b"".join(path.read_bytes() for path in (tmp_path / "made").iterdir())
    for secret in (*secrets, *numbers):
        raw = secret.encode()
        for form in (raw, quote(secret).encode(), json.dumps(secret)[1:-1].encode(), base64.b64encode(raw).strip(b"=")):
            assert form not in everything, secret
    found = await replayed(tmp_path / "made")
    assert found.ended is None, found.ended
    assert sorted((o.ours, f"{o.amount:.2f}", o.ordered_at.date()) for o in found.orders) == sorted(truth)
    assert not {o.order_no for o in found.orders} & {*numbers}


async def test_what_cannot_be_cleaned_is_not_recorded(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        shop = box.state.merchants[0].shops["suning"]
        left = shop.login.password[::-1]
        next(o for o in shop.orders if not o.ours).service = left
        home = Home(tmp_path, Bare(box), day=date(2026, 11, 23))
        with pytest.raises(SecretsLeft) as refused:
            await recorded(home, "suning")
    assert left not in f"{refused.value}{refused.value.text.zh}"
    assert "order" in f"{refused.value}"


@pytest.mark.parametrize("folder", sorted(RECORDED.iterdir()), ids=lambda path: path.name)
async def test_each_recorded_platform_is_read_as_a_person_has_approved(folder: Path) -> None:
    expected = read_expected(folder)
    assert expected is not None
    assert expected["approved"] is not None
    found = await replayed(folder)
    assert [str(text) for text in differences(expected, found.to_json())] == []


def test_a_row_that_is_read_otherwise_is_named() -> None:
    folder = next(iter(sorted(RECORDED.iterdir())))
    before = read_expected(folder)
    assert before is not None
    now = json.loads(json.dumps(before))
    now["orders"][0]["amount"] = "1.00"
    told = [str(text) for text in differences(before, now)]
    assert [line.split(":")[1].strip() for line in told] == ["gone", "new"]
    assert "1.00" in told[1]
