"""What can be configured (设置), and from where: defaults, a TOML file, the environment."""

from agent.settings.model import (
    BackofficeSettings,
    BrowserSettings,
    CalendarSettings,
    ChannelSettings,
    EvidenceStoreSettings,
    PlatformSettings,
    Settings,
    SiteSettings,
)
from agent.settings.platforms import applies_directly, backoffice, sites
from agent.settings.sources import load_settings

__all__ = [
    "BackofficeSettings",
    "BrowserSettings",
    "CalendarSettings",
    "ChannelSettings",
    "EvidenceStoreSettings",
    "PlatformSettings",
    "Settings",
    "SiteSettings",
    "applies_directly",
    "backoffice",
    "load_settings",
    "sites",
]
