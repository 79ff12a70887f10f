"""The language of the system, for a terminal that tells none: Windows has no LANG, nor what macOS itself starts."""

import sys
from collections.abc import Mapping


def system_language(environment: Mapping[str, str]) -> str:
    """Return the locale's name, such as zh_CN.UTF-8, or a language such as zh-Hans-CN; empty if nothing tells.

    As in POSIX, the first of the three variables that is set decides.
    """
    named = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((value for value in named if value), "") or _of_desktop()


def _of_desktop() -> str:
    if sys.platform == "win32":
        import ctypes

        return windows_language(ctypes.windll.kernel32.GetUserDefaultUILanguage())
    if sys.platform == "darwin":
        return mac_language()
    return ""


def windows_language(number: int) -> str:
    """Return the name of one of Windows' languages; empty for an unknown one."""
    from locale import windows_locale

    return windows_locale.get(number, "")


def mac_language(command: str = "/usr/bin/defaults") -> str:
    """Return the first of the languages that macOS is set to; empty if it does not tell."""
    import subprocess

    try:
        told = subprocess.run(
            [command, "read", "-g", "AppleLanguages"], capture_output=True, text=True, timeout=3, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    return next((line.strip(' ",') for line in told.splitlines() if '"' in line), "")
