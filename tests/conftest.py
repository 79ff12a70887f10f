"""Settings of the tests' tools."""

import signal

import pytest
from hypothesis import settings

# A busy machine makes any example slow; how long it took says nothing about whether it holds.
settings.register_profile("ours", deadline=None, derandomize=True)
# `--hypothesis-profile search` looks further than every run can, and elsewhere each time.
settings.register_profile("search", deadline=None, max_examples=10_000)
settings.load_profile("ours")

# Where a script has started the tests in the background, Ctrl-C is off, and would be in every process that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Begun with first, so that the other processes of pytest do not wait for one of them at the end.
LONG = (
    *("test_fleet.py", "test_demo.py", "test_killed_anywhere.py", "test_serve.py", "test_killed_on_taobao.py"),
    *("test_scheduler.py", "test_secrets.py"),
)


# Rooms and files whose tests start browsers, servers or the command itself, and what gives others one.
SLOW = {"browser", "cli", "console", "fixtures", "flows", "promises", "sandbox", "sites", "test_scheduler.py"}
BROWSERS = {"browser", "small", "live"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of the longest files come first; those that need no browser are marked as `quick`."""
    items.sort(key=lambda item: item.path.name not in LONG)
    for item in items:
        starts = SLOW & {*item.nodeid.partition("::")[0].split("/")} | BROWSERS & {*getattr(item, "fixturenames", ())}
        if not starts:
            item.add_marker(pytest.mark.quick)
