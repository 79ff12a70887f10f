import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from agent.settings import load_settings
from tests.support.command import COMMAND, environment, fankuan


@pytest.fixture
def served(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMAND, "sandbox"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        yield process
        process.kill()


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().split(" at ")[1].split(" ")[0]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(served: subprocess.Popen[str], how: signal.Signals) -> None:
    url = address(served)
    assert httpx.get(f"{url}_truth", timeout=10, trust_env=False).json()
    served.send_signal(how)
    assert served.wait(20) == 0
    assert served.stdout
    assert served.stderr
    leaflet = served.stdout.read()
    assert served.stderr.read() == "Stopped.\n"
    assert f'login_url = "{url}taobao/login"' in leaflet
    assert "[[merchants.accounts]]" in leaflet


def test_what_a_script_has_started_in_the_background_is_stopped_by_sigterm_too(tmp_path: Path) -> None:
    ignoring = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", *COMMAND, "sandbox"]
    with subprocess.Popen(
        ignoring, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        address(process)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_a_port_that_is_taken_is_2(served: subprocess.Popen[str], tmp_path: Path) -> None:
    port = address(served).rstrip("/").rsplit(":", 1)[1]
    answer = fankuan(tmp_path, "sandbox", "--port", port)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert f"Port {port} cannot be used" in answer.stderr
    assert fankuan(tmp_path, "sandbox", "--port", "65536").returncode == 2


@pytest.mark.parametrize("words", [("--challenge", "slidr"), ("--fault", "emty")])
def test_an_unknown_switch_is_2_and_the_nearest_is_named(tmp_path: Path, words: tuple[str, str]) -> None:
    answer = fankuan(tmp_path, "sandbox", *words)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "Did you mean “slider”?" in answer.stderr or "Did you mean “empty”?" in answer.stderr


def test_its_switches_can_be_set_from_the_start(tmp_path: Path) -> None:
    words = ["--challenge", "sms", "--fault", "broken_list", "--later", "20"]
    with subprocess.Popen(
        [*COMMAND, "sandbox", *words],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        url = address(process)
        shown = httpx.get(f"{url}_control", timeout=10, trust_env=False).text
        process.terminate()
    assert 'value="sms" checked' in shown
    assert 'name="broken_list" checked' in shown
    assert "已过去 20 个工作日" in shown


def test_it_writes_settings_and_merchants_that_lead_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "rehearsal"
    for _ in range(2):  # what it wrote itself it writes anew
        with subprocess.Popen(
            [*COMMAND, "sandbox", "--port", "0", "--config", str(folder)],
            cwd=tmp_path,
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            process.terminate()
        assert "Simulated sites at http://127.0.0.1:" in first
    settings = load_settings(folder / "fankuan.toml")
    assert settings.data_dir == folder / "sandbox-data"
    imported = fankuan(tmp_path, "--config", folder / "fankuan.toml", "merchants", "import", folder / "merchants.toml")
    assert imported.returncode == 0, imported.stderr


@pytest.mark.parametrize("name", ["fankuan.toml", "merchants.toml"])
def test_it_overwrites_no_file_that_it_did_not_write(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("# of real shops\n", encoding="utf-8")
    answer = fankuan(tmp_path, "sandbox", "--port", "0", "--config", ".")
    assert answer.returncode == 2
    assert f"{name} exists, and was not written by `fankuan sandbox`." in answer.stderr
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.glob("*.toml")} == {
        name: "# of real shops\n"
    }
