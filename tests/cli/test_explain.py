"""`fankuan explain`: the lines to add for a page that was not understood."""

import json
from pathlib import Path

from agent.domain.explanation import Stop
from agent.domain.text import Text
from agent.domain.unread import RowGap, UnreadRow
from agent.flows.runs.stops import keep_stop, kept_stop
from tests.support.command import fankuan

GAP = RowGap("status", "已受理", Text("the status says “已受理”", "状态为“已受理”"))
PRICE = RowGap("amount", "面议", Text("the amount says “面议”", "金额为“面议”"))
STOP = Stop("taobao", Text("2 rows", "2 行"), (UnreadRow("339100000000001", "网店管家云端版", (GAP, PRICE)),))


def test_what_is_kept_is_given_back_whole(tmp_path: Path) -> None:
    keep_stop(tmp_path, "m1/taobao/second", STOP)
    assert kept_stop(tmp_path, "m1/taobao/second") == STOP
    assert kept_stop(tmp_path, "m1/taobao") is None


def test_the_lines_to_add_are_printed(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    keep_stop(tmp_path / "var", "m1/taobao", STOP)
    answer = fankuan(tmp_path, "explain", "m1/taobao")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines() == [
        "# 2 rows",
        "# the amount says “面议”",
        "[sites.taobao]",
        'statuses = { "已受理" = "?" }  # in place of ?: unpaid, awaiting_confirmation, completed, closed, refunding',
    ]
    document = json.loads(fankuan(tmp_path, "explain", "m1/taobao", "--json").stdout)
    assert document["not_understood"] == [
        {"field": "status", "shows": "已受理"},
        {"field": "amount", "shows": "面议"},
    ]


def test_an_account_that_never_stopped_is_told_so(tmp_path: Path) -> None:
    answer = fankuan(tmp_path, "explain", "m1/taobao", language="zh_CN.UTF-8")
    assert (answer.returncode, "m1/taobao/second" in answer.stderr) == (2, True)
