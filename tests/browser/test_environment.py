"""What the browser and its driver see of the environment: what they need, and nothing that they could give away."""

import os
from pathlib import Path

import psutil
import pytest

from tests.fixtures.market import Faults, Market
from tests.flows.home import Home
from tests.support.command import COMMAND
from tests.support.processes import started

PLANTED = {
    "AWS_SECRET_ACCESS_KEY": "aws-secret-planted",
    "DATABASE_PASSWORD": "database-planted",
    "DEBUG": "",
    "NODE_OPTIONS": "",
    "all_proxy": "",
    "SOMETHING_ELSE": "else-planted",
}
NEEDED = {
    *(
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TMPDIR",
        "TMP",
        "TEMP",
        "LANG",
        "LANGUAGE",
        "TZ",
        "LD_LIBRARY_PATH",
        "PWD",
    ),
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XMODIFIERS", "GTK_IM_MODULE", "QT_IM_MODULE", "NODE_EXTRA_CA_CERTS"),
}
BEGINNINGS = ("LC_", "XDG_", "FONTCONFIG_", "PW_", "PLAYWRIGHT_", "DBUS_", "CHROME_", "SSL_CERT_")


@pytest.mark.skipif(os.name == "nt", reason="the environment of other processes is read from /proc")
def test_neither_the_key_nor_anything_unasked_for_is_handed_down(tmp_path: Path) -> None:
    seen: dict[tuple[int, str], dict[str, str]] = {}

    def look(_path: str) -> None:
        for each in agent.helpers():
            if known := environment_of(each):
                seen[each.pid, " ".join(each.cmdline())] = known

    with Market("split-header", seed=3, orders=2, faults=Faults(on_read=look)) as market:
        home = Home(tmp_path, market)
        key = (home.settings.data_dir / "vault.key").read_text(encoding="utf-8").strip()
        planted = {"FANKUAN_VAULT_KEY": key} | PLANTED
        with started(*COMMAND, "--config", home.config, "sync", "--json", folder=tmp_path, **planted) as agent:
            status, _, told = agent.wait()
    assert status == 0, told
    assert any("run-driver" in command for _, command in seen)
    assert any("--headless" in command for _, command in seen)
    for (_, command), known in seen.items():
        values = " ".join(known.values())
        assert key not in values, command
        assert not any(value and value in values for value in PLANTED.values()), command
        if "--type=" in command:
            continue  # its title is written over the names
        unasked = {n for n in known if n not in NEEDED and not n.startswith(BEGINNINGS)}
        assert not unasked, (command, unasked)


def environment_of(process: psutil.Process) -> dict[str, str]:
    """Empty where it is not to be read: sandboxed processes hide theirs, others have just ended."""
    try:
        return process.environ()
    except psutil.Error:
        return {}
