"""Each account's evidence has a folder of its own."""

import asyncio
from pathlib import Path

import pytest

from agent.domain.accounts import AccountKey
from agent.evidence.recorder import Evidence
from agent.ledger import Ledger
from tests.ledger.support import Clock, account, merchant, settings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (AccountKey("m1", "taobao", "jd"), AccountKey("m1-taobao", "jd")),
        (AccountKey("m1", "shop-second"), AccountKey("m1", "shop", "second")),
        (AccountKey("m1", "shop-", "x"), AccountKey("m1", "shop", "-x")),
    ],
)
def test_what_was_recorded_of_one_account_is_not_written_over_by_another(
    tmp_path: Path, one: AccountKey, other: AccountKey
) -> None:
    config = settings(tmp_path / "var", evidence_folder=tmp_path / "pictures")
    ledger, places = Ledger.open(config, Clock()), []
    for key in (one, other):
        known = account(key.merchant_id, key.platform, label=key.label)
        evidence = Evidence.of(config, ledger, merchant(key.merchant_id, ()), known, run_id="run", started_by="test")
        places.append(asyncio.run(evidence.keep_picture("confirm", key.label.encode())))
    ledger.close()
    assert [Path(place).read_bytes() for place in places] == [one.label.encode(), other.label.encode()]
