"""A run with a trace keeps one of each site, none of a log-in, and no secret in any of them."""

import json
import zipfile
from pathlib import Path

from agent.domain.errors import Outcome
from agent.sandbox import Sandbox
from tests.flows.home import Home


def read(place: str) -> dict[str, bytes]:
    with zipfile.ZipFile(place) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


async def test_the_traces_of_a_run_hold_neither_a_log_in_nor_a_secret(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        home, told = Home(tmp_path, box, day=box.state.today), list[str]()
        report = await home.account(trace=told.append)
        assert report.outcome is Outcome.OK, report.text
        assert len(told) == 2
        merchant = box.state.merchants[0]
        secrets = (merchant.shops["suning"].login.password, merchant.backoffice.password, "571900000010001")
        for place in told:
            assert Path(place).parent.parent.parent == home.settings.evidence_dir
            files = read(place)
            events = [json.loads(line) for line in files["trace.trace"].splitlines()]
            assert any(event["type"] == "frame-snapshot" for event in events)
            network = files["trace.network"].decode()
            assert '"GET"' in network
            assert "password" not in network.lower()
            everything = b"".join(files.values())
            for secret in secrets:
                assert secret.encode() not in everything
            for line in network.splitlines():
                for each in json.loads(line)["snapshot"]["request"]["headers"]:
                    assert each["name"].lower() != "cookie" or each["value"] == "*****"


async def test_without_being_asked_for_no_trace_is_made(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        home = Home(tmp_path, box, day=box.state.today)
        await home.account(dry_run=True)
        assert [*home.settings.evidence_dir.rglob("*.zip")] == []
