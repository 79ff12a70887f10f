"""What can be configured (设置), and from where: defaults, a TOML file, the environment."""

from agent.settings.addresses import Verdict, address_problem, is_exposed, is_loopback
from agent.settings.model import (
    BackofficeSettings,
    BrowserSettings,
    CalendarSettings,
    ChannelSettings,
    PlatformSettings,
    Settings,
    SiteSettings,
)
from agent.settings.platforms import backoffice, sites
from agent.settings.sources import load_settings

__all__ = [
    "BackofficeSettings",
    "BrowserSettings",
    "CalendarSettings",
    "ChannelSettings",
    "PlatformSettings",
    "Settings",
    "SiteSettings",
    "Verdict",
    "address_problem",
    "backoffice",
    "is_exposed",
    "is_loopback",
    "load_settings",
    "sites",
]
