"""`fankuan serve` and `fankuan schedule`, as users run them, on simulated sites."""

import json
import signal
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from agent.cli.session import now
from agent.sandbox import leave_nothing_to_do
from tests.cli.living import SETTINGS, at_home, once, running, waiting
from tests.cli.test_merchants import SAMPLE
from tests.support.command import TIMEOUT, fankuan

WHOLE_DAY = '\n[schedule]\nhours = "00:00-00:00"\n'


def planned(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(fankuan(folder, *SETTINGS, "schedule", "--json").stdout)["schedule"]
    return found


def test_what_is_due_is_done_by_itself_and_planned_anew_and_sigterm_ends_it(tmp_path: Path) -> None:
    with at_home(tmp_path, ["jd", "suning"], ["weimob"], settings=WHOLE_DAY) as box:
        assert {each["why"] for each in planned(tmp_path)} == {"new"}
        with running(tmp_path, "serve") as service:
            once(lambda: all(each["why"] != "new" for each in planned(tmp_path)))
            assert "now" not in fankuan(tmp_path, *SETTINGS, "schedule").stdout
            assert all(datetime.fromisoformat(each["at"]) > now() for each in planned(tmp_path))
            (worker,) = json.loads(fankuan(tmp_path, *SETTINGS, "fleet", "--json").stdout)["workers"]
            assert (worker["kind"], worker["pid"], worker["alive"]) == ("serve", service.pid, True)
            second = fankuan(tmp_path, *SETTINGS, "serve")
            assert (second.returncode, "One is enough" in second.stderr) == (2, True), second.stderr
            assert "Serving" not in second.stderr
            service.send_signal(signal.SIGTERM)
            out, err = service.communicate(timeout=TIMEOUT)
        assert (service.returncode, "Stopped." in err) == (0, True), err
        assert json.loads(fankuan(tmp_path, *SETTINGS, "fleet", "--json").stdout)["workers"] == []
        assert sorted(line.split()[2].split("/")[1] for line in out.splitlines()) == ["jd", "suning", "weimob"], out
        assert {entry["kind"] for entry in box.truth()["log"]} >= {"confirm", "file", "refund"}
        assert box.truth()["purchases"] == 0


def test_an_answer_that_was_left_is_taken_up_by_itself(tmp_path: Path) -> None:
    with at_home(tmp_path, ["weimob"], settings=WHOLE_DAY) as box:
        leave_nothing_to_do(box)
        box.faults.challenge = "sms"
        with running(tmp_path, "serve") as service:
            asked = once(lambda: waiting(tmp_path))[0]
            box.faults.challenge = None
            with running(tmp_path, "answer", str(asked["id"]), "123456") as answer:
                answer.communicate(timeout=TIMEOUT)
            once(lambda: not waiting(tmp_path))
            service.send_signal(signal.SIGTERM)
            assert service.wait(TIMEOUT) == 0


def test_a_step_that_was_begun_is_ended_before_it_stops_and_no_other_is_begun(tmp_path: Path) -> None:
    def ask_to_stop(_post: object, stage: str) -> None:
        if stage == "before":
            services[0].send_signal(signal.SIGTERM)

    services: list[Any] = []
    with at_home(tmp_path, ["jd"], settings=WHOLE_DAY, on_post=ask_to_stop) as box:
        with running(tmp_path, "serve") as service:
            services.append(service)
            _, err = service.communicate(timeout=TIMEOUT)
        assert service.returncode == 0, err
        assert [entry["applied"] for entry in box.truth()["log"]] == [True]
        (following,) = planned(tmp_path)
        assert following["why"] == "cut_short"
        status = json.loads(fankuan(tmp_path, *SETTINGS, "sync", "--json").stdout)
        assert status["accounts"][0]["outcome"] == "ok"


@pytest.mark.parametrize("command", ["serve", "worker", "sync"])
def test_plain_http_that_nobody_accepted_is_refused_before_anything_is_begun(tmp_path: Path, command: str) -> None:
    (tmp_path / "m.toml").write_text(SAMPLE, encoding="utf-8")
    assert fankuan(tmp_path, "merchants", "import", "m.toml").returncode == 0
    answer = fankuan(tmp_path, command)
    assert answer.returncode == 2
    assert "backoffice.login_url is plain http" in answer.stderr
    assert "Serving" not in answer.stderr
    checks = json.loads(fankuan(tmp_path, "doctor", "--json").stdout)["checks"]
    (unfit,) = [each for each in checks if each["check"] == "settings"]
    assert unfit["status"] == "problem"
    assert "backoffice.login_url" in unfit["detail"]


def test_without_accounts_there_is_nothing_to_show(tmp_path: Path) -> None:
    assert "No account is planned" in fankuan(tmp_path, "schedule").stdout
