"""What is written beside the pictures: a record without the merchant's secrets, however they are spelled in it."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from agent.domain.orders import SHANGHAI
from agent.evidence.recorder import Evidence
from agent.evidence.store import Folder
from agent.ledger import Ledger
from agent.pages.actions.answer import Answer
from agent.pages.live.network import Exchange
from agent.pages.view import PageSnapshot

ACCOUNT, PASSWORD = "571900000010001", 'a"b\\c 密 1'
ORDER = f"33{ACCOUNT}99"


async def recorded(folder: Path, sent: str, text: str, address: str, secrets: list[str]) -> str:
    """The line that a step leaves in steps.jsonl."""
    book = cast("Ledger", SimpleNamespace())
    evidence = Evidence(Folder(folder), "run/m1-jd", book, run_id="run", started_by="test", secrets=secrets)
    answer = Answer(PageSnapshot(()), writes=[Exchange("POST", address, "xhr", 0.0, 200)], messages=[text])
    await evidence.record("01-file", datetime.now(SHANGHAI), {"order_no": ORDER, "holder": sent}, answer, [])
    (line,) = (folder / "run" / "m1-jd" / "steps.jsonl").read_text(encoding="utf-8").splitlines()
    return line


@pytest.mark.parametrize(
    "spelled",
    [ACCOUNT, "5719 0000 0010 001", "5719-0000-0010-001", "5719\u00a00000\u00a00010\u00a0001", "571900 000010001"],
)
async def test_an_account_number_is_masked_in_groups_too(spelled: str, tmp_path: Path) -> None:
    asked = f"http://desk/add?account={spelled.replace(' ', '+')}&x=1"
    line = await recorded(tmp_path / "e", spelled, f"收款账户 {spelled} 有误", asked, [ACCOUNT])
    told = json.loads(line)
    assert told["sent"]["holder"] == "*****"
    assert told["answered"] == ["收款账户 ***** 有误"]
    assert told["requests"][0]["address"] == "http://desk/add?account=*****&x=1"
    assert told["sent"]["order_no"] == ORDER  # has the same digits among others, and stays whole


@pytest.mark.parametrize("address", ["http://desk/add", "http://desk/add?p=a%22b%5Cc+%E5%AF%86+1"])
async def test_a_password_is_masked_where_json_would_spell_it_otherwise(address: str, tmp_path: Path) -> None:
    line = await recorded(tmp_path / "e", PASSWORD, f"{PASSWORD} 错误", address, [PASSWORD])
    assert json.loads(line)["answered"] == ["***** 错误"]
    assert json.dumps(PASSWORD, ensure_ascii=False)[1:-1] not in line
    assert "%22b%5Cc" not in line


def test_a_file_of_the_evidence_is_for_its_owner_alone_and_comes_in_one_piece(tmp_path: Path) -> None:
    store = Folder(tmp_path / "shots")
    for content in (b"first", b"second"):
        place = Path(asyncio.run(store.put("run/m1-jd/01-qr.png", content)))
        assert store.get(str(place)) == content
        assert [each.name for each in place.parent.iterdir()] == ["01-qr.png"]
        assert place.stat().st_mode & 0o777 == 0o600
        assert place.parent.stat().st_mode & 0o777 == 0o700
