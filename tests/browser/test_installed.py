"""Where browsers are found on the three systems, in the order in which they are taken."""

from pathlib import Path

import pytest

from agent.browser.installed import places


def names(system: str, environment: dict[str, str], home: str = "/home/li") -> list[str]:
    return [place.as_posix() for place in places(system, environment, Path(home))]


def test_on_windows_chrome_of_all_users_and_of_one_and_then_edge_is_found() -> None:
    found = names("win32", {"PROGRAMFILES": "C:/Program Files", "LOCALAPPDATA": "C:/Users/li/AppData/Local"})
    assert found == [
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
        "C:/Users/li/AppData/Local/Google/Chrome/Application/chrome.exe",
        "C:/Program Files/Chromium/Application/chrome.exe",
        "C:/Users/li/AppData/Local/Chromium/Application/chrome.exe",
        "C:/Program Files/Microsoft/Edge/Application/msedge.exe",
        "C:/Users/li/AppData/Local/Microsoft/Edge/Application/msedge.exe",
    ]


def test_on_a_mac_applications_of_all_users_and_of_one_are_found() -> None:
    found = names("darwin", {}, "/Users/li")
    assert found[0] == "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    assert found[1] == "/Users/li/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    assert found[-2] == "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"


@pytest.mark.parametrize("system", ["linux", "freebsd14"])
def test_elsewhere_the_usual_places_are_looked_at(system: str) -> None:
    assert "/opt/google/chrome/chrome" in names(system, {"LOCALAPPDATA": "C:/"})
