"""A page of a site that looks otherwise is told by `status` and `doctor`, and to people, before anything fails."""

import json
from datetime import datetime
from pathlib import Path

from agent.domain.accounts import SiteId
from agent.domain.orders import SHANGHAI
from agent.domain.page_shape import PageShape
from agent.ledger import Ledger
from agent.notify.notices import page_changes
from agent.settings import load_settings
from tests.support.command import fankuan


def test_a_page_that_looks_otherwise_is_told(tmp_path: Path) -> None:
    config = tmp_path / "fankuan.toml"
    config.write_text('data_dir = "var"\n', encoding="utf-8")
    ledger = Ledger.open(load_settings(config), lambda: datetime.now(SHANGHAI))
    try:
        for heading in ("金额", "实付"):
            with ledger.begin() as tx:
                tx.page_shapes.note(SiteId("taobao"), "orders", PageShape(("订单号", heading)), ())
        with ledger.read() as tx:
            (change,) = tx.page_shapes.changed(datetime(2026, 1, 1, tzinfo=SHANGHAI))
    finally:
        ledger.close()
    status = json.loads(fankuan(tmp_path, "--config", config, "status", "--json").stdout)
    (told,) = status["pages_changed"]
    assert (told["site"], told["page"]) == ("taobao", "orders")
    assert "heading gone: 金额; new heading: 实付" in told["message"]
    checks = json.loads(fankuan(tmp_path, "--config", config, "doctor", "--json").stdout)["checks"]
    (page,) = [check for check in checks if check["check"] == "page"]
    assert page["status"] == "warning"
    assert "fankuan probe" in page["cure"]
    (notice,) = page_changes([change])
    assert notice.merchant is None
    assert "实付" in notice.text.zh
